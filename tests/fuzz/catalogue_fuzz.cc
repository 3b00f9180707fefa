// Goal: a published catalogue, however dirty, becomes records that the ledger takes, or says why not; and a mapping is
// taken whole or refused. Method: any JSON is read in both formats; usable records meet the ledger's rules for names.
#include <sys/mman.h>
#include <unistd.h>

#include "client/cli/catalogue.h"
#include "client/cli/sector_mapping.h"
#include "ledger/base/limits.h"
#include "ledger/base/text.h"
#include "ledger/codec/strict_json.h"
#include "ledger/model/asset_code.h"
#include "tests/fuzz/fuzz.h"

namespace {

using namespace sanquan;

void require_optional_name(const std::string& text, std::size_t bytes_max) {
    REQUIRE_THAT(text.empty() || check_name(text, bytes_max).has_value());
}

void judge(const Result<std::vector<cli::CatalogueRecord>>& records) {
    if (!records) {
        REQUIRE_THAT(records.error().code == Code::kBadCatalogue);
        return;
    }
    REQUIRE_THAT(records->size() <= cli::kCatalogueRecordsMax);
    std::size_t previous = 0;
    for (const cli::CatalogueRecord& record : *records) {
        REQUIRE_THAT(record.number > previous);
        previous = record.number;
        if (!record.unusable.empty()) {
            continue;
        }
        const wire::Dataset& dataset = record.dataset;
        REQUIRE_THAT(!dataset.identifier().empty() && !dataset.publisher().empty());
        REQUIRE_THAT(!dataset.title().zh().empty() || !dataset.title().en().empty());
        require_optional_name(dataset.identifier(), limits::kNameBytesMax);
        require_optional_name(dataset.publisher(), limits::kNameBytesMax);
        require_optional_name(dataset.title().zh(), limits::kNameBytesMax);
        require_optional_name(dataset.title().en(), limits::kNameBytesMax);
        require_optional_name(dataset.media_type(), limits::kReferenceBytesMax);
        require_optional_name(dataset.accrual_periodicity(), limits::kReferenceBytesMax);
        require_optional_name(dataset.spatial(), limits::kNameBytesMax);
        require_optional_name(dataset.temporal(), limits::kNameBytesMax);
        require_optional_name(dataset.license(), limits::kNameBytesMax);
        require_optional_name(dataset.landing_page(), 2 * limits::kNameBytesMax);
        require_optional_name(dataset.issued(), limits::kIdentifierBytesMax);
        require_optional_name(dataset.modified(), limits::kIdentifierBytesMax);
        for (const std::string& keyword : dataset.keywords()) {
            require_optional_name(keyword, limits::kReferenceBytesMax);
        }
        REQUIRE_THAT(check_name(record.owner).has_value());
    }
}

// Mappings are read from files; this one lies in memory.
void judge_mapping(ByteView text) {
    const int file = memfd_create("mapping", 0);
    REQUIRE_THAT(file >= 0);
    REQUIRE_THAT(write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
    const auto mapping = cli::load_sector_mapping("/proc/self/fd/" + std::to_string(file));
    close(file);
    if (mapping) {
        REQUIRE_THAT(is_sector_shape(mapping->unmapped));
        for (const auto& [subject, sector] : mapping->subjects) {
            REQUIRE_THAT(is_sector_shape(sector));
            REQUIRE_THAT(mapping->sector_of({subject}).first == sector);
        }
    }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = fuzz::input(data, size);
    judge_mapping(text);
    if (const auto document = parse_strict_json(text)) {
        judge(cli::read_dcat_us(*document, "seed"));
        judge(cli::read_firstdata(*document, "seed"));
    }
    return 0;
}
