// An executor over stores in memory, and the blocks that a test hands it: as a node meets them, but one at a time.
//
// Three blocks stand at first: genesis, a final block 1 and an executed block 2 that is not final; each holds one issue
// of money. Every wait has a deadline.
#pragma once

#include <string>

#include "ledger/store/memory_kv_store.h"
#include "node/executor/executor.h"
#include "node/mempool/intake.h"
#include "tests/support/sample_genesis.h"
#include "tests/support/virtual_disk.h"

namespace sanquan::testing {

struct ExecutorBench {
    static constexpr std::uint64_t kDriftMs = 500;

    explicit ExecutorBench(Genesis of = decoded_sample(), bool keep_history = true);

    // An issue of money by the bank, signed; every call another one.
    [[nodiscard]] Bytes issue_money() const;
    // Takes a transaction as from a client and waits for the answer.
    Result<node::IntakeAnswer> submit(const Bytes& raw);
    // What the leader of `view` builds from the pool on `parent`.
    node::SharedBlock build(const BlockDigest& parent, Height height, View view);
    // Whether the node would vote for `block`.
    bool check(const consensus::Proposal& proposal, const node::SharedBlock& block);
    bool execute(const node::SharedBlock& block);
    // Under a certificate that names the block and that nobody signed.
    void commit(const node::SharedBlock& block);
    // Submits `raw`, builds a block on the head in `view` and makes it final.
    node::SharedBlock finalize(const Bytes& raw, View view);

    Genesis genesis;
    TimeMs now;  // this node's clock
    tests::VirtualDisk disk;
    std::unique_ptr<StateStore> state;
    std::unique_ptr<BlockStore> blocks;
    node::TxPool pool{{}};
    node::WorkerPool workers;
    node::Verifier verifier;
    std::vector<Error> divergences;
    std::vector<std::vector<Bytes>> gossiped;  // frames, from the worker that admitted
    int gossip_asked = 0;                      // times that the intake wanted gossip_due()
    std::unique_ptr<node::Executor> executor;
    std::unique_ptr<node::Intake> intake;
    Bytes first;   // in block 1
    Bytes second;  // in block 2
    node::SharedBlock final_block;
    node::SharedBlock tip;

  private:
    void open(bool keep_history);
};

// The proposal that the leader whom `header` names makes of it.
consensus::Proposal proposal_of(const BlockHeader& header, const BlockDigest& digest);

// What the node logged at the level of errors since the last call; the log of the whole test program.
std::string logged_errors();

}  // namespace sanquan::testing
