// Which operations touched which record: the gateway's own index over finalized blocks, built when
// first asked.
//
// Not part of the ledger: it can be deleted and is built again, as it is when it is found to be of
// another chain or ahead of the ledger. Each question first reads the blocks that are new since the
// last one, for a bounded time. Thread-safe.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "ledger/store/kv_store.h"
#include "node/ledger_service.h"

namespace sanquan::wire {
class Operation;
class OperationResult;
}  // namespace sanquan::wire

namespace sanquan::node {

struct HistoryPlace {
    Height height;
    std::uint32_t transaction = 0;  // index in the block
    std::uint32_t operation = 0;    // index in the transaction
};

struct HistoryPage {
    std::vector<HistoryPlace> places;  // in ledger order
    std::string next_cursor;           // empty: no more
    Height indexed_to;                 // blocks above are not in the index yet; ask again
};

// Whether `subject` can be the id of a record: such alone are in the index, since any text may stand in an operation.
bool is_subject(std::string_view subject);

// Whether the operation names `subject`, created it, or names an order, a listing or a grant of it.
bool concerns(const ReadView& view, const wire::Operation& operation,
              const wire::OperationResult* result, const std::string& subject);

class HistoryIndex {
  public:
    HistoryIndex(LedgerService& ledger, std::unique_ptr<KvStore> store);

    // Operations that name `subject` (an id of an asset, grant, listing, order, …) or created it,
    // after `cursor`. kBadRequest (cursor), kIo, kCorrupt.
    Result<HistoryPage> find(const std::string& subject, const std::string& cursor,
                             std::size_t limit);

  private:
    Status load();
    Status clear();
    Status catch_up();
    Status index_block(Height height, KvBatch& batch);

    LedgerService& ledger_;
    std::unique_ptr<KvStore> store_;
    std::mutex mutex_;
    Height indexed_;
    bool loaded_ = false;
};

}  // namespace sanquan::node
