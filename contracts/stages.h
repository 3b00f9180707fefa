// Contracts of the five stages: licence, aggregation, processing, or the signed reason why one is
// not needed. Each has a file named after it.
#pragma once

#include "contracts/contract.h"
#include "ledger/codec/transaction.pb.h"

namespace sanquan::contracts {

struct LicenseAssetContract {
    using Operation = wire::LicenseAsset;
    static constexpr Rule kRule{"stage.license", 1};
    static Verdict preflight(const Operation& operation, const Context& context);
    static Verdict check(const Preflighted<Operation>& stage, const ReadView& view);
    static Outcome apply(const Checked<Operation>& stage, Overlay& overlay);
};

struct AggregateAssetsContract {
    using Operation = wire::AggregateAssets;
    static constexpr Rule kRule{"stage.aggregate", 1};
    static Verdict preflight(const Operation& operation, const Context& context);
    static Verdict check(const Preflighted<Operation>& stage, const ReadView& view);
    static Outcome apply(const Checked<Operation>& stage, Overlay& overlay);
};

struct ProcessAssetContract {
    using Operation = wire::ProcessAsset;
    static constexpr Rule kRule{"stage.process", 1};
    static Verdict preflight(const Operation& operation, const Context& context);
    static Verdict check(const Preflighted<Operation>& stage, const ReadView& view);
    static Outcome apply(const Checked<Operation>& stage, Overlay& overlay);
};

struct DeclareStageNotNeededContract {
    using Operation = wire::DeclareStageNotNeeded;
    static constexpr Rule kRule{"stage.not_needed", 1};
    static Verdict preflight(const Operation& operation, const Context& context);
    static Verdict check(const Preflighted<Operation>& stage, const ReadView& view);
    static Outcome apply(const Checked<Operation>& stage, Overlay& overlay);
};

}  // namespace sanquan::contracts
