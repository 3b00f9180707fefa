#include <algorithm>

#include "ledger/base/assert.h"
#include "node/vectors/groups.h"

namespace sanquan::vectors {
namespace {

std::vector<OpEntry> collect() {
    std::vector<OpEntry> entries;
    for (const auto group : {signature_ops(), merkle_ops(), text_ops(), x509_ops(), ledger_ops(),
                             certificate_ops(), http_ops()}) {
        entries.insert(entries.end(), group.begin(), group.end());
    }
    std::sort(entries.begin(), entries.end(),
              [](const OpEntry& a, const OpEntry& b) { return a.name < b.name; });
    const auto same = [](const OpEntry& a, const OpEntry& b) { return a.name == b.name; };
    SANQUAN_ASSERT(std::adjacent_find(entries.begin(), entries.end(), same) == entries.end());
    return entries;
}

}  // namespace

std::span<const OpEntry> all_ops() {
    static const std::vector<OpEntry> kEntries = collect();
    return kEntries;
}

}  // namespace sanquan::vectors
