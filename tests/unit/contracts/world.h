// A small ledger for contract tests: parties with roles, two sectors, and operations run through
// the registry with the invariants checked after each, as apply_block does.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "contracts/contract.h"
#include "contracts/invariants/whole_state.h"
#include "ledger/codec/transaction.pb.h"
#include "ledger/state/overlay.h"

namespace sanquan::contracts::testing {

class EmptyView final : public ReadView {
  public:
    [[nodiscard]] std::optional<Bytes> get(ByteView /*key*/) const override { return std::nullopt; }
};

struct Ran {
    Code code = Code::kOk;
    std::string subject;
    std::vector<Fact> facts;
    std::vector<Fact> would_pass;
};

// Organisations (region 530000 unless said): SA1, SA2 sector authorities of S01 and S02; IA, KA, CA
// the informatisation, secrecy and cyber-security authorities; PC a platform company; EX an
// exchange with members OW1, OW2; US a user; SP a provider accredited for desensitising,
// decryption, annotation and cleaning; UN unclaimed; FAR in region 440000; LG1, LG2, LG3 the
// leading group with quorum 2, OFFICE its office, BANK the settlement bank. P01 is a pilot sector
// led by SA1. Currencies CNY, XTS; Ed25519 keys are admitted; height 1.
class World {
  public:
    World();

    // Runs one operation as `sender`, signed also by `signers`.
    Ran run(const std::string& sender, const std::set<std::string>& signers,
            const wire::Operation& operation);

    // The id that the next operation's first record will have.
    [[nodiscard]] std::string next_id(const std::string& prefix) const;
    void set_height(std::uint64_t height) { height_.value = height; }
    void set_profile(ChainProfile profile) { chain_.profile = profile; }
    [[nodiscard]] const Chain& chain() const { return chain_; }
    void tick(std::uint64_t milliseconds) { time_.value += milliseconds; }
    void franchise(const std::string& sector, const std::string& platform, std::uint64_t until_ms);
    void balance(const std::string& organisation, const std::string& currency,
                 std::uint64_t amount);
    void parameter(const std::string& name, std::uint64_t value);
    void serial(const std::string& region, const std::string& sector, std::uint64_t last);
    void organisation(const std::string& id, const std::string& region, std::uint32_t threshold);
    void role(const std::string& id, int role, const std::string& scope = {});
    void freeze(const std::string& subject_key, std::uint64_t until_ms);

    [[nodiscard]] const Overlay& state() const { return overlay_; }
    [[nodiscard]] Overlay& state() { return overlay_; }
    [[nodiscard]] TimeMs time() const { return time_; }
    // A context for questions; lives as long as the world.
    [[nodiscard]] Context context() const;

  private:
    EmptyView empty_;
    Overlay overlay_{empty_};
    Chain chain_;
    TimeMs time_{1'800'000'000'000};
    void governance();

    Height height_{1};
    std::uint64_t transactions_ = 0;
};

// What the invariants find broken after `write`, as apply_block asks them; empty when nothing is. The
// write is undone.
std::string breach_of(World& world, const std::function<void(Overlay&)>& write);

// Scans what was written, for an overlay over an empty state, which must outlive it.
StateScan scan_of(const Overlay& overlay);

// What check_whole_state says of the state; empty when all is well.
std::string whole_breach_of(const Overlay& state);

}  // namespace sanquan::contracts::testing
