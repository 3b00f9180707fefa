#include "client/cli/node_status.h"

#include <boost/json/object.hpp>
#include <charconv>
#include <thread>

#include "client/cli/record_json.h"
#include "ledger/codec/strict_json.h"

namespace sanquan::cli {
namespace {

namespace json = boost::json;

std::string text_of(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    const auto* text = value == nullptr ? nullptr : value->if_string();
    return text == nullptr ? std::string() : std::string(text->data(), text->size());
}

std::uint64_t number_of(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    if (value != nullptr && value->is_int64()) {
        return static_cast<std::uint64_t>(value->get_int64());
    }
    const std::string text = text_of(object, name);
    std::uint64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

NodeState ask(const client::NodeAddress& node, std::chrono::milliseconds timeout) {
    NodeState state;
    state.address = node;
    client::HttpClient http(node);
    client::HttpRequest request;
    request.target = "/v1/status";
    const auto response = http.request(request, timeout);
    if (!response) {
        state.failure = to_string(response.error());
        return state;
    }
    const auto document = parse_strict_json(response->body);
    const auto* body = document ? document->if_object() : nullptr;
    if (response->status != 200 || body == nullptr) {
        state.failure = "HTTP " + std::to_string(response->status);
        return state;
    }
    state.answered = true;
    state.role = text_of(*body, "role");
    state.build = text_of(*body, "build");
    state.height = number_of(*body, "height");
    state.view = number_of(*body, "view");
    state.time_ms = number_of(*body, "time_ms");
    state.state_root = text_of(*body, "state_root");
    state.peers = number_of(*body, "peers_connected");
    state.pool = number_of(*body, "pool_transactions");
    const auto* diverged = body->if_contains("diverged");
    state.diverged = diverged != nullptr && diverged->is_bool() && diverged->get_bool();
    state.divergence = text_of(*body, "divergence");
    state.abstaining = text_of(*body, "abstaining");
    return state;
}

}  // namespace

std::vector<NodeState> ask_nodes(const std::vector<client::NodeAddress>& nodes,
                                 std::chrono::milliseconds timeout) {
    std::vector<NodeState> states(nodes.size());
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        threads.emplace_back([&, i] { states[i] = ask(nodes[i], timeout); });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    return states;
}

std::string state_word(const Context& context, const NodeState& state, const char* well) {
    return !state.answered            ? paint(context, 'r', context.say("down", "未响应"))
           : state.diverged           ? paint(context, 'r', context.say("diverged", "分歧"))
           : state.abstaining.empty() ? paint(context, 'g', well)
                                      : paint(context, 'y', context.say("abstaining", "弃权"));
}

std::string reasons(const Context& context, const std::vector<NodeState>& states) {
    std::string text;
    for (const NodeState& state : states) {
        if (state.diverged) {
            text += state.address.name + context.say(" diverged: ", " 分歧：") +
                    visible(state.divergence) + '\n';
        }
        if (!state.abstaining.empty()) {
            text += state.address.name + context.say(" abstains: ", " 弃权：") +
                    visible(state.abstaining) + '\n';
        }
    }
    return text;
}

}  // namespace sanquan::cli
