// The node's worker threads: signature checks and decoding, blocks before new transactions.
//
// One queue for each kind of asker, taken in turn, so that a flood of one leaves the others' work untouched. Queues are
// bounded in tasks and bytes: a caller learns at once when there is no room. Owned by node.h.
#pragma once

#include <array>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace sanquan::node {

enum class WorkClass : std::uint8_t {
    kClient = 0,
    kGossip = 1,
    kServing = 2,
    kServingFollowers = 3
};
constexpr std::size_t kWorkClasses = 4;

// What may wait in one queue.
struct WorkLimits {
    std::size_t tasks = 0;
    std::size_t bytes = 0;
};
// By WorkClass.
using WorkQueueLimits = std::array<WorkLimits, kWorkClasses>;

class WorkerPool {
  public:
    // `threads` 0: one per core.
    WorkerPool(std::size_t threads, const WorkQueueLimits& limits);
    // Finishes the running tasks and drops the waiting ones.
    ~WorkerPool();
    WorkerPool(const WorkerPool&) = delete;
    WorkerPool& operator=(const WorkerPool&) = delete;

    // Queues a task that holds `bytes` of input. False when the class's queue is full or the pool is stopping.
    bool post(WorkClass work_class, std::size_t bytes, std::function<void()> task);

    // Runs work(0) ... work(count - 1) on the workers and the calling thread; returns when all are done. Ahead of
    // everything posted.
    void parallel(std::size_t count, const std::function<void(std::size_t)>& work);

    [[nodiscard]] std::size_t waiting() const;
    [[nodiscard]] std::size_t threads() const { return threads_.size(); }

  private:
    struct Batch;
    struct Task {
        std::size_t bytes = 0;
        std::function<void()> run;
    };
    struct Queue {
        std::deque<Task> tasks;
        std::size_t bytes = 0;
    };
    void run();
    // The next task, the queues in turn; empty when none waits. Under the mutex.
    std::function<void()> take();

    const WorkQueueLimits limits_;
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::array<Queue, kWorkClasses> queues_;
    std::size_t turn_ = 0;
    std::deque<std::shared_ptr<Batch>> batches_;
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace sanquan::node
