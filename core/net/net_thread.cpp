#include "core/net/net_thread.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <thread>

namespace core {

namespace asio = boost::asio;
using boost::system::error_code;

struct NetThread::Impl {
    /// One task and what it waits for. The descriptor is a duplicate, so that the task may close its own at any time.
    struct Waiting {
        std::shared_ptr<Task> task;
        asio::posix::stream_descriptor descriptor;
        asio::steady_timer timer;
        std::uint64_t round{};  // an event of an earlier wait is no news
    };

    asio::io_context io{1};
    asio::executor_work_guard<asio::io_context::executor_type> work{io.get_executor()};
    std::map<Task*, std::shared_ptr<Waiting>> tasks;
    Clock clock;
    Time calibrated{std::chrono::steady_clock::now()};
    std::thread thread;

    void step(const std::shared_ptr<Waiting>& waiting) {
        ++waiting->round;
        error_code ignored;
        waiting->timer.cancel(ignored);
        waiting->descriptor.close(ignored);
        const auto now = std::chrono::steady_clock::now();
        if (now - calibrated > std::chrono::seconds{1}) {
            clock.recalibrate();
            calibrated = now;
        }
        const auto wait = waiting->task->step(now);
        if (!wait) {
            tasks.erase(waiting->task.get());
            return;
        }
        const auto again = [this, waiting, round = waiting->round](error_code) {
            if (waiting->round == round && tasks.contains(waiting->task.get())) step(waiting);
        };
        const int duplicate = wait->descriptor < 0 ? -1 : ::dup(wait->descriptor);
        auto until = wait->until;
        // No descriptors left: looked at now and then, for a wait without one would be over at once, again and again.
        if (wait->descriptor >= 0 && duplicate < 0) until = std::min(until, now + std::chrono::milliseconds{10});
        if (until != Time::max()) {
            waiting->timer.expires_at(until);
            waiting->timer.async_wait(again);
        }
        if (duplicate < 0) return;
        waiting->descriptor.assign(duplicate, ignored);
        waiting->descriptor.async_wait(asio::posix::stream_descriptor::wait_read, again);
        if (wait->write) waiting->descriptor.async_wait(asio::posix::stream_descriptor::wait_write, again);
    }
};

NetThread::NetThread() : impl_{std::make_unique<Impl>()} {
    impl_->thread = std::thread{[impl = impl_.get()] { impl->io.run(); }};
}

NetThread::~NetThread() {
    impl_->io.stop();
    impl_->thread.join();
    impl_->tasks.clear();
}

void NetThread::post(std::function<void()> work) {
    asio::post(impl_->io, std::move(work));
}

void NetThread::wake(std::shared_ptr<Task> task) {
    asio::post(impl_->io, [impl = impl_.get(), task = std::move(task)] {
        auto& waiting = impl->tasks[task.get()];
        if (!waiting)
            waiting = std::make_shared<Impl::Waiting>(
                Impl::Waiting{task, asio::posix::stream_descriptor{impl->io}, asio::steady_timer{impl->io}});
        impl->step(std::shared_ptr{waiting});
    });
}

Clock& NetThread::clock() noexcept {
    return impl_->clock;
}

bool NetThread::is_current() const noexcept {
    return std::this_thread::get_id() == impl_->thread.get_id();
}

}  // namespace core
