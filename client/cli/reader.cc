#include "client/cli/reader.h"

#include <algorithm>
#include <charconv>
#include <fstream>

#include "client/cli/signing_keys.h"

namespace sanquan::cli {

Result<client::LedgerClient> open_ledger(Context& context, const std::string& as) {
    SANQUAN_TRY_ASSIGN(const auto* profile, context.profile());
    SANQUAN_TRY_ASSIGN(auto nodes, context.nodes());
    client::LedgerClient ledger(profile->chain, std::move(nodes));
    if (!as.empty()) {
        SANQUAN_TRY_ASSIGN(const auto signers, signing_keys(context)(profile->organisation_id(as)));
        ledger.authenticate_with(signers.front());
    }
    return ledger;
}

Result<Bytes> read_whole_file(const std::filesystem::path& file, std::size_t bytes_max) {
    std::ifstream stream(file, std::ios::binary);
    if (!stream) {
        return fail(Code::kIo, "cannot read " + file.string());
    }
    Bytes content;
    char piece[16'384];
    while (stream.read(piece, sizeof piece), stream.gcount() > 0) {
        content.append(piece, static_cast<std::size_t>(stream.gcount()));
        if (content.size() > bytes_max) {
            return fail(Code::kTooLong,
                        file.string() + " has more than " + std::to_string(bytes_max) + " bytes");
        }
    }
    return content;
}

std::string file_and_line(const std::filesystem::path& file, const Bytes& text, std::size_t at) {
    const auto end = text.begin() +
                     static_cast<std::ptrdiff_t>(at == Bytes::npos ? 0 : std::min(at, text.size()));
    return file.string() + ":" + std::to_string(1 + std::count(text.begin(), end, '\n'));
}

Error at_line_of(const std::filesystem::path& file, const Bytes& text, Error refusal) {
    constexpr std::string_view kPlace = "at byte ";
    const auto place = refusal.context.rfind(kPlace);
    std::size_t at = Bytes::npos;
    if (place != std::string::npos) {
        const char* digits = refusal.context.data() + place + kPlace.size();
        std::from_chars(digits, refusal.context.data() + refusal.context.size(), at);
    }
    refusal.context = file_and_line(file, text, at) + ": " + refusal.context;
    return refusal;
}

Status replace_file(const std::filesystem::path& file, const Bytes& content) {
    std::ofstream stream(file, std::ios::binary | std::ios::trunc);
    stream.write(content.data(), static_cast<std::streamsize>(content.size()));
    stream.flush();
    if (!stream) {
        return fail(Code::kIo, "cannot write " + file.string());
    }
    return {};
}

}  // namespace sanquan::cli
