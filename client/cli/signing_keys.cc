#include "client/cli/signing_keys.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <charconv>
#include <iostream>
#include <map>
#include <memory>

#include "client/cli/reader.h"
#include "client/lib/ledger_client.h"
#include "client/lib/transaction_builder.h"

namespace sanquan::cli {
namespace {

namespace json = boost::json;

std::string text_of(const json::object& entry, std::string_view name) {
    const auto* value = entry.if_contains(json::string_view(name.data(), name.size()));
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : "";
}

// A 64-bit number of the API, which omits zero.
std::uint64_t number_of(const json::object& entry, std::string_view name) {
    const std::string text = text_of(entry, name);
    std::uint64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

bool is_live(const json::object& entry, TimeMs now) {
    const std::uint64_t until = number_of(entry, "valid_until_ms");
    return number_of(entry, "revoked_ms") == 0 && number_of(entry, "valid_from_ms") <= now.value &&
           (until == 0 || now.value < until);
}

Result<SigningKeys> ask(Context& context, const std::string& organisation) {
    SANQUAN_TRY_ASSIGN(auto* ring, context.keys());
    SANQUAN_TRY_ASSIGN(auto held, ring->keys_of(organisation));
    if (held.size() == 1) {
        return held;
    }
    SANQUAN_TRY_ASSIGN(auto ledger, open_ledger(context, ""));
    const auto entry = ledger.get("/v1/organisations/" + client::percent_encode(organisation));
    if (entry) {
        return registered_keys(held, *entry, client::now_ms());
    }
    if (entry.error().code != Code::kNotFound) {
        std::cerr << context.say("no node says which keys are registered, so all ",
                                 "无节点可查询已登记密钥，故使用 ")
                  << organisation << context.say(" key files sign: ", " 的全部密钥文件签名：")
                  << held.size() << '\n';
    }
    return held;
}

}  // namespace

SigningKeys registered_keys(const SigningKeys& held, const json::object& register_entry,
                            TimeMs now) {
    SigningKeys live;
    const auto* list = register_entry.if_contains("keys");
    if (list == nullptr || !list->is_array()) {
        return held;
    }
    for (const auto* key : held) {
        const std::string id = key->id().hex();
        const auto listed = [&](const json::value& entry) {
            return entry.is_object() && text_of(entry.get_object(), "key_id") == id &&
                   is_live(entry.get_object(), now);
        };
        if (std::any_of(list->get_array().begin(), list->get_array().end(), listed)) {
            live.push_back(key);
        }
    }
    return live.empty() ? held : live;
}

SigningKeysOf signing_keys(Context& context) {
    const auto known = std::make_shared<std::map<std::string, SigningKeys>>();
    return [&context, known](const std::string& organisation) -> Result<SigningKeys> {
        const auto found = known->find(organisation);
        if (found != known->end()) {
            return found->second;
        }
        SANQUAN_TRY_ASSIGN(auto keys, ask(context, organisation));
        return known->emplace(organisation, std::move(keys)).first->second;
    };
}

}  // namespace sanquan::cli
