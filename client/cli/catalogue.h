// Published catalogues as records for registration: DCAT-US 1.1 and FirstData.
#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <vector>

#include "client/cli/normalise.h"
#include "ledger/base/result.h"
#include "ledger/codec/operations_asset.pb.h"
#include "ledger/codec/operations_party.pb.h"

namespace sanquan::cli {

struct CatalogueRecord {
    std::size_t number = 0;  // position in the file, from 1
    wire::Dataset dataset;
    std::string owner;  // publisher, else the named source
    wire::OrganisationKind owner_kind = wire::INSTITUTION;
    wire::SourceClass source_class = wire::PUBLIC_DATA;
    std::vector<std::string> subjects;  // themes or domains, in the source's order
    std::vector<Normalisation> notes;
    std::string unusable;  // why it cannot be registered; empty: it can
};

constexpr std::size_t kCatalogueBytesMax = 64U << 20U;
constexpr std::size_t kCatalogueRecordsMax = 100'000;

// `catalogue` names the catalogue in every record. kBadCatalogue when the document is not of the
// format.
Result<std::vector<CatalogueRecord>> read_dcat_us(const boost::json::value& document,
                                                  const std::string& catalogue);
Result<std::vector<CatalogueRecord>> read_firstdata(const boost::json::value& document,
                                                    const std::string& catalogue);

// The id of the keyless, unclaimed organisation that stands for a name: "X-U" and 24 digits of its
// hash.
std::string unclaimed_id(const std::string& owner_name);

}  // namespace sanquan::cli
