// Signed transactions on the sample genesis, and its state as a view.
#pragma once

#include <string>
#include <vector>

#include "contracts/genesis_state.h"
#include "ledger/model/transaction.h"
#include "tests/support/sample_genesis.h"

namespace sanquan::testing {

// The state that `writes` make of nothing.
class MapView final : public ReadView {
  public:
    explicit MapView(StateWrites writes) : values_(std::move(writes)) {}
    [[nodiscard]] std::optional<Bytes> get(ByteView key) const override {
        const auto found = values_.find(key);
        return found == values_.end() ? std::nullopt : found->second;
    }
    void apply(const StateWrites& writes) {
        for (const auto& [key, value] : writes) {
            values_[key] = value;
        }
    }

  private:
    StateWrites values_;
};

// A body by `sender`, valid for a minute after the genesis time, ATOMIC, with the given operations.
wire::TransactionBody body_of(const Genesis& genesis, const std::string& sender,
                              const std::vector<wire::Operation>& operations);

// Encodes and signs with key_of each name.
Bytes sign(const Genesis& genesis, const wire::TransactionBody& body,
           const std::vector<std::string>& key_names);

// decode_transaction of the above; must succeed.
Transaction signed_transaction(const Genesis& genesis, const wire::TransactionBody& body,
                               const std::vector<std::string>& key_names);

// The bank puts money onto the ledger.
wire::Operation issue(const std::string& to, std::uint64_t amount, const std::string& reference);

}  // namespace sanquan::testing
