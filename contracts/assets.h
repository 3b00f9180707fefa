// Contracts of registration: notice, objection and appeal, certificate, grading, reviews. Each has a file
// named after it.
#pragma once

#include "contracts/contract.h"
#include "ledger/codec/transaction.pb.h"

namespace sanquan::contracts {

struct RegisterAssetContract {
    using Operation = wire::RegisterAsset;
    static constexpr Rule kRule{"asset.register", 1};
    static Verdict preflight(const Operation& operation, const Context& context);
    static Verdict check(const Preflighted<Operation>& stage, const ReadView& view);
    static Outcome apply(const Checked<Operation>& stage, Overlay& overlay);
};

struct ObjectToAssetContract {
    using Operation = wire::ObjectToAsset;
    static constexpr Rule kRule{"asset.object", 1};
    static Verdict preflight(const Operation& operation, const Context& context);
    static Verdict check(const Preflighted<Operation>& stage, const ReadView& view);
    static Outcome apply(const Checked<Operation>& stage, Overlay& overlay);
};

struct ResolveObjectionContract {
    using Operation = wire::ResolveObjection;
    static constexpr Rule kRule{"asset.resolve_objection", 1};
    static Verdict preflight(const Operation& operation, const Context& context);
    static Verdict check(const Preflighted<Operation>& stage, const ReadView& view);
    static Outcome apply(const Checked<Operation>& stage, Overlay& overlay);
};

struct AppealObjectionContract {
    using Operation = wire::AppealObjection;
    static constexpr Rule kRule{"asset.appeal_objection", 1};
    static Verdict preflight(const Operation& operation, const Context& context);
    static Verdict check(const Preflighted<Operation>& stage, const ReadView& view);
    static Outcome apply(const Checked<Operation>& stage, Overlay& overlay);
};

struct CertifyAssetContract {
    using Operation = wire::CertifyAsset;
    static constexpr Rule kRule{"asset.certify", 1};
    static Verdict preflight(const Operation& operation, const Context& context);
    static Verdict check(const Preflighted<Operation>& stage, const ReadView& view);
    static Outcome apply(const Checked<Operation>& stage, Overlay& overlay);
};

struct ReviewGradingContract {
    using Operation = wire::ReviewGrading;
    static constexpr Rule kRule{"asset.review_grading", 1};
    static Verdict preflight(const Operation& operation, const Context& context);
    static Verdict check(const Preflighted<Operation>& stage, const ReadView& view);
    static Outcome apply(const Checked<Operation>& stage, Overlay& overlay);
};

struct ChangeAssetStatusContract {
    using Operation = wire::ChangeAssetStatus;
    static constexpr Rule kRule{"asset.change_status", 1};
    static Verdict preflight(const Operation& operation, const Context& context);
    static Verdict check(const Preflighted<Operation>& stage, const ReadView& view);
    static Outcome apply(const Checked<Operation>& stage, Overlay& overlay);
};

struct RecordReviewContract {
    using Operation = wire::RecordReview;
    static constexpr Rule kRule{"asset.review", 1};
    static Verdict preflight(const Operation& operation, const Context& context);
    static Verdict check(const Preflighted<Operation>& stage, const ReadView& view);
    static Outcome apply(const Checked<Operation>& stage, Overlay& overlay);
};

}  // namespace sanquan::contracts
