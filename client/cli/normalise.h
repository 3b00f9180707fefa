// Dirty values of published catalogues, made fit for the ledger; each change is noted, nothing is
// dropped silently.
#pragma once

#include <string>
#include <vector>

namespace sanquan::cli {

// One value that was changed: where, from what, to what, and why.
struct Normalisation {
    std::string field;
    std::string from;
    std::string to;
    std::string why;
};

// Notes changes while values pass through; one per record.
class Normaliser {
  public:
    // One line of at most `bytes_max` bytes without control, format or doubled blank characters.
    std::string name(const std::string& field, const std::string& value, std::size_t bytes_max);
    // An ISO 8601 date (2014, 2014-07, 2014-07-30); the time of day is cut off, anything else
    // becomes empty.
    std::string date(const std::string& field, const std::string& value);
    // An ISO 8601 repeating duration (R/P1M); English words are translated, "irregular" and the
    // rest become empty.
    std::string periodicity(const std::string& field, const std::string& value);
    // A licence URL of Creative Commons or Open Data Commons, https and without a last slash; else
    // empty.
    std::string licence(const std::string& field, const std::string& value);
    // An http or https URL; else empty.
    std::string url(const std::string& field, const std::string& value, std::size_t bytes_max);
    // A media type (RFC 6838); "application/octet-stream" for the rest.
    std::string media_type(const std::string& field, const std::string& value);
    // A language tag (RFC 5646) with its parts in the usual case and order; "us-EN" becomes
    // "en-US".
    std::string language(const std::string& field, const std::string& value);

    void note(std::string field, std::string from, std::string to, std::string why);
    [[nodiscard]] const std::vector<Normalisation>& notes() const { return notes_; }

  private:
    std::string changed(const std::string& field, const std::string& from, std::string to,
                        const char* why);
    std::vector<Normalisation> notes_;
};

// "daily", "Weekly", "R/PT1S", "real-time"… mean data that is collected continuously.
bool is_real_time(const std::string& periodicity);

// Lower-case ASCII with single blanks: two spellings of one publisher give one key.
std::string fold_name(const std::string& name);

}  // namespace sanquan::cli
