// What `sanquan bench` trades with: parties, money, certified assets and mandates, made through the
// public API on the network that is measured (profile demo: the notice period must end in seconds).
//
// Assets go to and fro between the two parties of a pair, so that every sale is one that the rules
// accept, for as long as the run lasts.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "client/cli/command.h"
#include "client/lib/ledger_client.h"
#include "client/lib/profile.h"
#include "client/lib/transaction_builder.h"
#include "ledger/crypto/signing_key.h"

namespace sanquan::cli {

struct BenchSizes {
    std::size_t pairs = 16;           // parties are twice as many
    std::size_t assets = 10'000;      // traded singly and in batches under mandates
    std::size_t batch = 100;          // operations of one batch
    std::size_t signed_groups = 128;  // groups of `batch` assets, traded in batches that both sign
};

class BenchWorld {
  public:
    // Registers and certifies everything; what the ledger refuses, kTimeout when the notice period
    // does not end.
    static Result<std::unique_ptr<BenchWorld>> make(Context& context, const BenchSizes& sizes,
                                                    Progress& progress);

    // Sales of `operations` assets, signed by the exchange alone under both parties' mandates.
    Result<client::SignedTransaction> under_mandates(std::size_t operations);
    // One sale, or one batch of sales between the same two, with both parties' own signatures.
    Result<client::SignedTransaction> signed_by_both(std::size_t operations);

    // After so many transactions of `operations` singly traded assets the same assets come again.
    [[nodiscard]] std::size_t single_period(std::size_t operations) const {
        return singles_.size() / operations;
    }

  private:
    struct Asset {
        std::string code;
        std::size_t owner = 0;  // index into parties_
    };
    BenchWorld(const client::Profile& profile, const BenchSizes& sizes);

    Status prepare(Context& context, Progress& progress);
    Status register_parties();
    Status grant_mandates();
    Status register_assets(std::vector<Asset>& assets, const std::string& prefix);
    Status certify(const std::vector<Asset>& assets);
    // Subjects of all operations in order; the first refusal as an error.
    Result<std::vector<std::string>> accepted(std::vector<client::SignedTransaction> all);
    Result<client::SignedTransaction> sign(client::TransactionBuilder& builder,
                                           const std::vector<const SigningKey*>& keys) const;
    wire::Operation sale(Asset& asset);
    // The next `operations` neighbours among the singly traded ones; begins at a multiple of them.
    Asset* next_singles(std::size_t operations);
    [[nodiscard]] std::string party(std::size_t index) const;

    const client::Profile& profile_;
    BenchSizes sizes_;
    std::string run_;
    std::vector<client::NodeAddress> nodes_;
    std::vector<SigningKey> parties_;
    std::vector<const SigningKey*> exchange_keys_;
    std::vector<const SigningKey*> bank_keys_;
    std::vector<const SigningKey*> authority_keys_;
    std::vector<Asset> singles_;
    std::vector<Asset> grouped_;  // sizes_.batch neighbours belong to one pair
    std::size_t next_single_ = 0;
    std::size_t next_group_ = 0;
    std::uint64_t next_reference_ = 0;
};

}  // namespace sanquan::cli
