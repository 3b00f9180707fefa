#include "node/runtime/strand.h"

#include <pthread.h>

namespace sanquan::node {

void Strand::start(std::function<Clock::time_point()> after_batch) {
    after_batch_ = std::move(after_batch);
    thread_ = std::thread([this] { run(); });
    pthread_setname_np(thread_.native_handle(), name_.substr(0, 15).c_str());
}

bool Strand::post(Task task) {
    {
        const std::lock_guard lock(mutex_);
        if (stopping_) {
            return false;
        }
        tasks_.push_back(std::move(task));
    }
    wake_.notify_one();
    return true;
}

void Strand::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_one();
    if (thread_.joinable()) {
        thread_.join();
    }
    const std::lock_guard lock(mutex_);
    tasks_.clear();
}

std::size_t Strand::waiting() const {
    const std::lock_guard lock(mutex_);
    return tasks_.size();
}

void Strand::run() {
    // ORDER: what was posted before the start comes before the first look of after_batch.
    auto wake_at = after_batch_ ? Clock::time_point::min() : Clock::time_point::max();
    std::deque<Task> batch;
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        if (tasks_.empty() && Clock::now() < wake_at) {
            if (wake_at == Clock::time_point::max()) {
                wake_.wait(lock);
            } else {
                wake_.wait_until(lock, wake_at);
            }
            continue;
        }
        batch.swap(tasks_);
        lock.unlock();
        for (Task& task : batch) {
            task();
        }
        batch.clear();
        if (after_batch_) {
            wake_at = after_batch_();
        }
        lock.lock();
    }
}

}  // namespace sanquan::node
