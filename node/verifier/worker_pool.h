// The node's worker threads: signature checks and decoding, blocks before new transactions.
//
// Queues are bounded: a caller learns at once when there is no room. Owned by node.h.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace sanquan::node {

class WorkerPool {
  public:
    // `threads` 0: one per core. At most `queue_max` tasks wait.
    WorkerPool(std::size_t threads, std::size_t queue_max);
    // Finishes the running tasks and drops the waiting ones.
    ~WorkerPool();
    WorkerPool(const WorkerPool&) = delete;
    WorkerPool& operator=(const WorkerPool&) = delete;

    // False when the queue is full or the pool is stopping.
    bool post(std::function<void()> task);

    // Runs work(0) ... work(count - 1) on the workers and the calling thread; returns when all are done. Ahead of
    // everything posted.
    void parallel(std::size_t count, const std::function<void(std::size_t)>& work);

    [[nodiscard]] std::size_t waiting() const;
    [[nodiscard]] std::size_t threads() const { return threads_.size(); }

  private:
    struct Batch;
    void run();

    const std::size_t queue_max_;
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<std::function<void()>> queue_;
    std::deque<std::shared_ptr<Batch>> batches_;
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace sanquan::node
