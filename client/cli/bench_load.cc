#include "client/cli/bench_load.h"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <future>
#include <optional>
#include <thread>

#include "ledger/crypto/random.h"
#include "ledger/crypto/signature.h"
#include "ledger/crypto/signing_key.h"

namespace sanquan::cli {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

void count(const client::SubmitResult& sent, LoadResult& result) {
    const auto answer = sent.response
                            ? client::parse_submit_answer(*sent.response)
                            : Result<client::SubmitAnswer>(tl::unexpected(sent.response.error()));
    if (answer && answer->accepted) {
        ++result.accepted;
        return;
    }
    ++result.failed;
    result.failure = answer ? sent.response->body.substr(0, 400) : to_string(answer.error());
}

}  // namespace

Rotation::Rotation(std::size_t transactions, std::size_t period)
    : transactions_(transactions), period_(std::max<std::size_t>(period, 1)) {
    for (std::size_t number = 0; number < std::min(transactions_, period_); ++number) {
        ready_.insert(number);
    }
}

std::optional<std::size_t> Rotation::next() {
    if (ready_.empty()) {
        return std::nullopt;
    }
    return ready_.extract(ready_.begin()).value();
}

void Rotation::answered(std::size_t number) {
    if (number + period_ < transactions_) {
        ready_.insert(number + period_);
    }
}

Result<LoadResult> run_load(const std::vector<client::NodeAddress>& nodes,
                            const MakeTransaction& make, const LoadShape& shape) {
    std::vector<client::SignedTransaction> ready;
    ready.reserve(shape.transactions);
    for (std::size_t i = 0; i < shape.transactions; ++i) {
        SANQUAN_TRY_ASSIGN(auto one, make());
        ready.push_back(std::move(one));
    }
    LoadResult result;
    Rotation rotation(ready.size(), shape.period);
    client::BulkOptions options;
    options.wait = client::Stage::kFinal;
    options.connections = std::min({shape.connections, shape.period, ready.size()});
    const auto start = Clock::now();
    SANQUAN_TRY(client::submit_all(
        nodes, options,
        [&]() -> std::optional<client::SubmitTask> {
            const auto at = rotation.next();
            return at ? std::optional(client::SubmitTask{*at, std::move(ready[*at])})
                      : std::nullopt;
        },
        [&](const client::SubmitResult& sent) {
            rotation.answered(sent.number);
            count(sent, result);
        }));
    result.seconds = seconds_since(start);
    return result;
}

Result<std::vector<double>> run_light(client::LedgerClient& ledger, const MakeTransaction& make,
                                      client::Stage stage, std::size_t transactions,
                                      std::size_t per_second) {
    std::vector<double> milliseconds;
    const auto step = std::chrono::duration<double>(1.0 / static_cast<double>(per_second));
    auto due = Clock::now();
    for (std::size_t i = 0; i < transactions; ++i) {
        SANQUAN_TRY_ASSIGN(const auto one, make());
        const auto start = Clock::now();
        SANQUAN_TRY_ASSIGN(const auto answer, ledger.submit(one, stage));
        if (!answer.accepted) {
            return fail(Code::kRefusedByLedger, boost::json::serialize(answer.body).substr(0, 400));
        }
        milliseconds.push_back(seconds_since(start) * 1'000);
        due += std::chrono::duration_cast<Clock::duration>(step);
        std::this_thread::sleep_until(due);
    }
    std::sort(milliseconds.begin(), milliseconds.end());
    return milliseconds;
}

double signature_ceiling(unsigned cores) {
    const auto key = SigningKey::generate(KeyAlgorithm::kEd25519);
    const Bytes message = random_bytes(300);
    const Bytes signature = key.sign(message);
    const auto start = Clock::now();
    const auto verify_some = [&] {
        std::uint64_t verified = 0;
        while (seconds_since(start) < 0.5) {
            for (int i = 0; i < 100; ++i) {
                verified += verify(key.public_key(), message, signature) ? 1U : 0U;
            }
        }
        return static_cast<double>(verified) / seconds_since(start);
    };
    std::vector<std::future<double>> others;
    for (unsigned core = 1; core < cores; ++core) {
        others.push_back(std::async(std::launch::async, verify_some));
    }
    double sum = verify_some();
    for (auto& other : others) {
        sum += other.get();
    }
    return sum / cores;
}

double percentile(const std::vector<double>& values, double share) {
    if (values.empty()) {
        return 0;
    }
    return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1) + 0.5)];
}

}  // namespace sanquan::cli
