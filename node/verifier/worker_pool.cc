#include "node/verifier/worker_pool.h"

#include <algorithm>
#include <atomic>
#include <exception>

#include "node/log.h"

namespace sanquan::node {

// Indexes are handed out one by one; whoever finishes the last wakes the caller.
struct WorkerPool::Batch {
    std::size_t count = 0;
    const std::function<void(std::size_t)>* work = nullptr;
    std::atomic<std::size_t> next{0};
    std::mutex mutex;
    std::condition_variable all_done;
    std::size_t done = 0;

    void help() {
        std::size_t finished = 0;
        for (std::size_t i = next.fetch_add(1); i < count; i = next.fetch_add(1)) {
            (*work)(i);
            ++finished;
        }
        if (finished > 0) {
            const std::lock_guard lock(mutex);
            done += finished;
            if (done == count) {
                all_done.notify_all();
            }
        }
    }
};

namespace {

// SECURITY: what a stranger's bytes set off ends this task alone, not the process. A task that owes an answer leaves it
// owed: its asker has a deadline.
void run_one(std::function<void()> task) {
    try {
        task();
    } catch (const std::exception& error) {
        log(LogLevel::kError, "task_failed", {{"what", error.what()}});
    }
}

}  // namespace

WorkerPool::WorkerPool(std::size_t threads, const WorkQueueLimits& limits) : limits_(limits) {
    const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
    const std::size_t count = threads == 0 ? cores : threads;
    for (std::size_t i = 0; i < count; ++i) {
        threads_.emplace_back([this] { run(); });
    }
}

WorkerPool::~WorkerPool() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        queues_ = {};
    }
    wake_.notify_all();
    for (std::thread& thread : threads_) {
        thread.join();
    }
}

bool WorkerPool::post(WorkClass work_class, std::size_t bytes, std::function<void()> task) {
    const auto index = static_cast<std::size_t>(work_class);
    {
        const std::lock_guard lock(mutex_);
        Queue& queue = queues_[index];
        const WorkLimits& limits = limits_[index];
        if (stopping_ || queue.tasks.size() >= limits.tasks || bytes > limits.bytes - queue.bytes) {
            return false;
        }
        queue.bytes += bytes;
        queue.tasks.push_back({bytes, std::move(task)});
    }
    wake_.notify_one();
    return true;
}

std::function<void()> WorkerPool::take() {
    for (std::size_t i = 0; i < kWorkClasses; ++i) {
        Queue& queue = queues_[turn_];
        turn_ = (turn_ + 1) % kWorkClasses;
        if (!queue.tasks.empty()) {
            Task task = std::move(queue.tasks.front());
            queue.tasks.pop_front();
            queue.bytes -= task.bytes;
            return std::move(task.run);
        }
    }
    return {};
}

void WorkerPool::parallel(std::size_t count, const std::function<void(std::size_t)>& work) {
    if (count <= 1) {
        if (count == 1) {
            work(0);
        }
        return;
    }
    auto batch = std::make_shared<Batch>();
    batch->count = count;
    batch->work = &work;
    {
        const std::lock_guard lock(mutex_);
        batches_.push_back(batch);
    }
    wake_.notify_all();
    batch->help();
    {
        std::unique_lock lock(batch->mutex);
        batch->all_done.wait(lock, [&] { return batch->done == batch->count; });
    }
    const std::lock_guard lock(mutex_);
    batches_.erase(std::remove(batches_.begin(), batches_.end(), batch), batches_.end());
}

std::size_t WorkerPool::waiting() const {
    const std::lock_guard lock(mutex_);
    std::size_t tasks = 0;
    for (const Queue& queue : queues_) {
        tasks += queue.tasks.size();
    }
    return tasks;
}

void WorkerPool::run() {
    std::unique_lock lock(mutex_);
    for (;;) {
        while (!batches_.empty() && batches_.front()->next >= batches_.front()->count) {
            batches_.pop_front();
        }
        if (!batches_.empty()) {
            const auto batch = batches_.front();
            lock.unlock();
            batch->help();
            lock.lock();
        } else if (stopping_) {
            return;
        } else if (auto task = take()) {
            lock.unlock();
            run_one(std::move(task));
            lock.lock();
        } else {
            wake_.wait(lock);
        }
    }
}

}  // namespace sanquan::node
