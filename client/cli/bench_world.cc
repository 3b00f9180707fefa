#include "client/cli/bench_world.h"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <thread>

#include "client/cli/signing_keys.h"
#include "ledger/base/amount.h"
#include "ledger/base/bytes.h"
#include "ledger/crypto/digest.h"
#include "ledger/crypto/random.h"
#include "ledger/model/key_possession.h"
#include "ledger/model/wire_keys.h"

namespace sanquan::cli {
namespace {

namespace json = boost::json;

constexpr const char* kExchange = "data-exchange";
constexpr const char* kBank = "settlement-bank";
constexpr const char* kAuthority = "sector-authority";
constexpr const char* kSector = "S08";
constexpr const char* kRegion = "530000";
constexpr std::size_t kChunk = 200;         // operations of one transaction of the preparation
constexpr std::size_t kGradingChunk = 100;  // gradings and certificates of one; gradings weigh more
constexpr std::size_t kPartyChunk = 50;
constexpr std::chrono::seconds kNoticeDeadline{30};
constexpr std::chrono::milliseconds kNoticePoll{250};
constexpr std::uint64_t kMandateTermMs = 30ULL * 24 * 3'600 * 1'000;

Digest evidence(const std::string& text) { return hash(HashAlgorithm::kSha256, {text}); }

wire::Operation with_money(const std::string& to, std::uint64_t amount, const std::string& why) {
    wire::Operation operation;
    auto& issue = *operation.mutable_issue_money();
    issue.set_to(to);
    issue.mutable_money()->set_currency("XTS");
    issue.mutable_money()->set_amount(Amount(amount).encode());
    issue.set_reference(why);
    return operation;
}

// The results of all operations of a receipt; the first refusal is an error.
Status collect_subjects(const json::object& body, std::vector<std::string>& subjects) {
    const auto* receipt = body.if_contains("receipt");
    const auto* results = receipt != nullptr && receipt->is_object()
                              ? receipt->get_object().if_contains("results")
                              : nullptr;
    if (results == nullptr || !results->is_array()) {
        return fail(Code::kBadAnswer, "an answer without a receipt");
    }
    for (const auto& result : results->get_array()) {
        const auto& object = result.as_object();
        if (object.at("code").as_string() != "OK") {
            return fail(Code::kRefusedByLedger, json::serialize(result));
        }
        subjects.emplace_back(object.at("subject").as_string());
    }
    return {};
}

}  // namespace

BenchWorld::BenchWorld(const client::Profile& profile, const BenchSizes& sizes)
    : profile_(profile), sizes_(sizes), run_(to_hex(random_bytes(5))) {
    for (char& letter : run_) {
        letter = letter >= 'a' ? static_cast<char>(letter - 'a' + 'A') : letter;
    }
}

Result<std::unique_ptr<BenchWorld>> BenchWorld::make(Context& context, const BenchSizes& sizes,
                                                     Progress& progress) {
    SANQUAN_TRY_ASSIGN(const auto* profile, context.profile());
    std::unique_ptr<BenchWorld> world(new BenchWorld(*profile, sizes));
    SANQUAN_TRY(world->prepare(context, progress));
    return world;
}

std::string BenchWorld::party(std::size_t index) const {
    return "X-BENCH-" + run_ + "-" + std::to_string(index);
}

Status BenchWorld::prepare(Context& context, Progress& progress) {
    SANQUAN_TRY_ASSIGN(nodes_, context.nodes());
    const auto keys_of = signing_keys(context);
    SANQUAN_TRY_ASSIGN(exchange_keys_, keys_of(profile_.organisation_id(kExchange)));
    SANQUAN_TRY_ASSIGN(bank_keys_, keys_of(profile_.organisation_id(kBank)));
    SANQUAN_TRY_ASSIGN(authority_keys_, keys_of(profile_.organisation_id(kAuthority)));
    progress.update(context.say("parties and mandates", "主体与委托"));
    SANQUAN_TRY(register_parties());
    SANQUAN_TRY(grant_mandates());
    singles_.resize(sizes_.assets);
    for (std::size_t i = 0; i < singles_.size(); ++i) {
        singles_[i].owner = i % (2 * sizes_.pairs);
    }
    grouped_.resize(sizes_.signed_groups * sizes_.batch);
    for (std::size_t i = 0; i < grouped_.size(); ++i) {
        grouped_[i].owner = i / sizes_.batch % sizes_.pairs * 2;
    }
    progress.update(context.say("assets", "资产"));
    SANQUAN_TRY(register_assets(singles_, "single-"));
    SANQUAN_TRY(register_assets(grouped_, "group-"));
    progress.update(context.say("notice period", "公示期"));
    SANQUAN_TRY(certify(singles_));
    return certify(grouped_);
}

Result<client::SignedTransaction> BenchWorld::sign(
    client::TransactionBuilder& builder, const std::vector<const SigningKey*>& keys) const {
    SANQUAN_TRY_ASSIGN(const auto unsigned_one, builder.build());
    return client::sign_transaction(unsigned_one, keys);
}

Result<std::vector<std::string>> BenchWorld::accepted(std::vector<client::SignedTransaction> all) {
    std::vector<std::vector<std::string>> subjects(all.size());
    Status failure;
    std::size_t next = 0;
    client::BulkOptions options;
    options.connections = 8;
    SANQUAN_TRY(client::submit_all(
        nodes_, options,
        [&]() -> std::optional<client::SubmitTask> {
            if (next == all.size() || !failure) {
                return std::nullopt;
            }
            const std::size_t at = next++;
            return client::SubmitTask{at, std::move(all[at])};
        },
        [&](const client::SubmitResult& sent) {
            const auto note = [&](Status status) {
                if (failure && !status) {
                    failure = std::move(status);
                }
            };
            if (!sent.response) {
                return note(tl::unexpected(sent.response.error()));
            }
            const auto answer = client::parse_submit_answer(*sent.response);
            if (!answer) {
                return note(tl::unexpected(answer.error()));
            }
            note(collect_subjects(answer->body, subjects[sent.number]));
        }));
    SANQUAN_TRY(failure);
    std::vector<std::string> flat;
    for (auto& part : subjects) {
        flat.insert(flat.end(), part.begin(), part.end());
    }
    return flat;
}

Status BenchWorld::register_parties() {
    std::vector<client::SignedTransaction> all;
    std::vector<client::SignedTransaction> money;
    for (std::size_t first = 0; first < 2 * sizes_.pairs; first += kPartyChunk) {
        client::TransactionBuilder registrations(profile_.chain,
                                                 profile_.organisation_id(kExchange));
        client::TransactionBuilder issues(profile_.chain, profile_.organisation_id(kBank));
        for (std::size_t i = first; i < std::min(first + kPartyChunk, 2 * sizes_.pairs); ++i) {
            parties_.push_back(SigningKey::generate(KeyAlgorithm::kEd25519));
            const SigningKey& key = parties_.back();
            wire::Operation operation;
            auto& one = *operation.mutable_register_organisation();
            one.set_id(party(i));
            one.set_kind(wire::INDIVIDUAL);
            one.set_region(kRegion);
            one.set_threshold(1);
            auto& registration = *one.add_keys();
            *registration.mutable_key() = to_wire(key.public_key());
            registration.set_possession(
                key.sign(possession_message(profile_.chain, party(i), key.public_key())));
            registrations.add(std::move(operation));
            issues.add(with_money(party(i), 1'000'000'000, "bench-" + party(i)));
        }
        SANQUAN_TRY_ASSIGN(auto registered, sign(registrations, exchange_keys_));
        all.push_back(std::move(registered));
        SANQUAN_TRY_ASSIGN(auto issued, sign(issues, bank_keys_));
        money.push_back(std::move(issued));
    }
    SANQUAN_TRY(accepted(std::move(all)));
    SANQUAN_TRY(accepted(std::move(money)));
    return {};
}

Status BenchWorld::grant_mandates() {
    std::vector<client::SignedTransaction> all;
    for (std::size_t i = 0; i < parties_.size(); ++i) {
        client::TransactionBuilder builder(profile_.chain, party(i));
        wire::Operation operation;
        auto& mandate = *operation.mutable_grant_mandate();
        mandate.set_reference("bench");
        mandate.set_broker(profile_.organisation_id(kExchange));
        mandate.set_may_buy(true);
        mandate.set_may_sell(true);
        mandate.mutable_price_max()->set_currency("XTS");
        mandate.mutable_price_max()->set_amount(Amount(1'000).encode());
        mandate.set_valid_until_ms(client::now_ms().value + kMandateTermMs);
        builder.add(std::move(operation));
        SANQUAN_TRY_ASSIGN(auto one, sign(builder, {&parties_[i]}));
        all.push_back(std::move(one));
    }
    SANQUAN_TRY(accepted(std::move(all)));
    return {};
}

Status BenchWorld::register_assets(std::vector<Asset>& assets, const std::string& prefix) {
    std::vector<client::SignedTransaction> all;
    for (std::size_t first = 0; first < assets.size(); first += kChunk) {
        client::TransactionBuilder builder(profile_.chain, profile_.organisation_id(kExchange));
        for (std::size_t i = first; i < std::min(first + kChunk, assets.size()); ++i) {
            wire::Operation operation;
            auto& asset = *operation.mutable_register_asset();
            auto& dataset = *asset.mutable_dataset();
            dataset.set_identifier(prefix + std::to_string(i));
            dataset.set_catalogue("bench-" + run_);
            dataset.mutable_title()->set_en("Measured asset " + std::to_string(i));
            dataset.set_publisher("bench");
            dataset.set_media_type("text/csv");
            dataset.set_access(wire::PUBLIC);
            auto& owner = *asset.add_owners();
            owner.set_organisation(party(assets[i].owner));
            owner.set_basis_points(10'000);
            asset.set_sector(kSector);
            asset.set_region(kRegion);
            asset.set_level(wire::GENERAL);
            asset.set_source_class(wire::ENTERPRISE_DATA);
            asset.set_content(Bytes(evidence(run_ + prefix + std::to_string(i)).view()));
            builder.add(std::move(operation));
        }
        SANQUAN_TRY_ASSIGN(auto one, sign(builder, exchange_keys_));
        all.push_back(std::move(one));
    }
    SANQUAN_TRY_ASSIGN(const auto codes, accepted(std::move(all)));
    SANQUAN_ASSERT(codes.size() == assets.size());
    for (std::size_t i = 0; i < codes.size(); ++i) {
        assets[i].code = codes[i];
    }
    return {};
}

Status BenchWorld::certify(const std::vector<Asset>& assets) {
    const auto batch = [&](std::size_t first, std::size_t last) {
        client::TransactionBuilder builder(profile_.chain, profile_.organisation_id(kAuthority));
        for (std::size_t i = first; i < last; ++i) {
            wire::Operation grading;
            auto& review = *grading.mutable_review_grading();
            review.set_asset(assets[i].code);
            review.set_level(wire::GENERAL);
            review.set_evidence(Bytes(evidence(assets[i].code).view()));
            builder.add(std::move(grading));
            wire::Operation certificate;
            certificate.mutable_certify_asset()->set_asset(assets[i].code);
            builder.add(std::move(certificate));
        }
        return sign(builder, authority_keys_);
    };
    // The last asset's notice ends last: once it is certified, so can all others be.
    const auto deadline = std::chrono::steady_clock::now() + kNoticeDeadline;
    for (;;) {
        SANQUAN_TRY_ASSIGN(auto last, batch(assets.size() - 1, assets.size()));
        std::vector<client::SignedTransaction> one;
        one.push_back(std::move(last));
        const auto done = accepted(std::move(one));
        if (done) {
            break;
        }
        if (std::chrono::steady_clock::now() > deadline) {
            return fail(done.error().code,
                        done.error().context +
                            "; bench needs a network of the profile `demo`, whose notice period "
                            "lasts seconds");
        }
        std::this_thread::sleep_for(kNoticePoll);
    }
    std::vector<client::SignedTransaction> all;
    for (std::size_t first = 0; first + 1 < assets.size(); first += kGradingChunk) {
        SANQUAN_TRY_ASSIGN(auto one,
                           batch(first, std::min(first + kGradingChunk, assets.size() - 1)));
        all.push_back(std::move(one));
    }
    SANQUAN_TRY(accepted(std::move(all)));
    return {};
}

wire::Operation BenchWorld::sale(Asset& asset) {
    const std::size_t buyer = asset.owner ^ 1U;
    wire::Operation operation;
    auto& trade = *operation.mutable_trade_ownership();
    trade.set_asset(asset.code);
    trade.set_seller(party(asset.owner));
    trade.set_buyer(party(buyer));
    trade.mutable_price()->set_currency("XTS");
    trade.mutable_price()->set_amount(Amount(1).encode());
    trade.set_client_reference("bench-" + run_ + "-" + std::to_string(next_reference_++));
    asset.owner = buyer;
    return operation;
}

BenchWorld::Asset* BenchWorld::next_singles(std::size_t operations) {
    std::size_t first = (next_single_ + operations - 1) / operations * operations;
    first = first + operations > singles_.size() ? 0 : first;
    next_single_ = first + operations;
    return &singles_[first];
}

Result<client::SignedTransaction> BenchWorld::under_mandates(std::size_t operations) {
    client::TransactionBuilder builder(profile_.chain, profile_.organisation_id(kExchange));
    Asset* first = next_singles(operations);
    for (std::size_t i = 0; i < operations; ++i) {
        builder.add(sale(first[i]));
    }
    return sign(builder, exchange_keys_);
}

Result<client::SignedTransaction> BenchWorld::signed_by_both(std::size_t operations) {
    Asset* first = operations == 1 ? next_singles(1) : &grouped_[next_group_ * sizes_.batch];
    const std::size_t seller = first->owner;
    client::TransactionBuilder builder(profile_.chain, party(seller));
    builder.cosigner(party(seller ^ 1U));
    for (std::size_t i = 0; i < operations; ++i) {
        builder.add(sale(first[i]));
    }
    if (operations != 1) {
        next_group_ = (next_group_ + 1) % sizes_.signed_groups;
    }
    return sign(builder, {&parties_[seller], &parties_[seller ^ 1U]});
}

}  // namespace sanquan::cli
