// Strand: one thread that runs tasks in order. Consensus and execution have one each, so neither needs locks inside.
//
// Owned by node.h. post() may be called from any thread; tasks may post.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace sanquan::node {

class Strand {
  public:
    using Clock = std::chrono::steady_clock;
    using Task = std::function<void()>;

    explicit Strand(std::string name) : name_(std::move(name)) {}
    ~Strand() { stop(); }
    Strand(const Strand&) = delete;
    Strand& operator=(const Strand&) = delete;

    // Runs posted tasks; `after_batch`, when given, runs after each batch of tasks and at the moment that it last asked
    // for, and answers when it wants to be called again at the latest.
    void start(std::function<Clock::time_point()> after_batch = {});
    // False once the strand is stopping.
    bool post(Task task);
    // Finishes the running task, drops the others, joins. Not from its own thread.
    void stop();

    [[nodiscard]] std::size_t waiting() const;

  private:
    void run();

    const std::string name_;
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<Task> tasks_;
    bool stopping_ = false;
    std::function<Clock::time_point()> after_batch_;
    std::thread thread_;
};

}  // namespace sanquan::node
