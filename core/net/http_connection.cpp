#include "core/net/http_connection.hpp"

#include <poll.h>

#include <algorithm>
#include <cassert>
#include <chrono>

namespace core {

HttpConnection::HttpConnection(Endpoint to, const TlsContext& tls, Resolver& resolver, const HttpSettings& settings)
    : wire_{std::move(to), tls, resolver, settings.wire}, settings_{settings}, reader_{settings.max_body} {
    idle_deadline_ = Time::max();
}

void HttpConnection::start(const HttpRequest& request, Time now) {
    assert(state_ == State::idle);
    deadline_ = now + request.deadline;
    begin_deadline_ = request.begin_within.count() > 0 ? std::min(deadline_, now + request.begin_within) : deadline_;
    written_ = 0;
    stale_ = false;
    state_ = State::busy;
    ++requests_;
    if (!may_be_sent(request)) return fail(NetPhase::write, NetFault::address, "not a request that can be sent");
    request_ = http_text(request, wire_.to().authority());
    reader_ = HttpReader{settings_.max_body, request.method == "HEAD"};
    answer_deadline_ = deadline_;
}

HttpConnection::State HttpConnection::step(Time now) {
    if (state_ == State::idle) {
        if (now >= idle_deadline_) {
            wire_.finish();
            wire_.close();
            return state_ = State::closed;
        }
        look_whether_it_lives();
    }
    if (state_ != State::busy) return state_;
    if (wire_.state() != Wire::State::open) {
        const auto opening = wire_.advance(now);
        if (opening == Wire::State::closed) {
            fail_like_wire(wire_.failure().phase);
        } else if (opening != Wire::State::open && now >= begin_deadline_) {
            constexpr NetPhase phases[]{NetPhase::resolve, NetPhase::connect, NetPhase::tls};
            fail(phases[static_cast<std::size_t>(opening)], NetFault::timeout, "the request's deadline passed");
        }
        if (state_ != State::busy || opening != Wire::State::open) return state_;
    }
    if (written_ != request_.size()) write(now);
    if (state_ == State::busy && written_ == request_.size()) read(now);
    return state_;
}

void HttpConnection::write(Time now) {
    if (written_ == 0 && now >= begin_deadline_)
        return fail(NetPhase::write, NetFault::timeout, "too late to begin it");
    while (written_ != request_.size()) {
        const auto [io, count] = wire_.write(std::string_view{request_}.substr(written_));
        if (io == Wire::Io::cut) {
            stale_ = requests_ > 1;
            return fail_like_wire(NetPhase::write);
        }
        if (io == Wire::Io::again) {
            if (now >= deadline_) fail(NetPhase::write, NetFault::timeout, "the server does not read");
            return;
        }
        written_ += count;
    }
    answer_deadline_ = std::min(deadline_, now + settings_.answer);
}

void HttpConnection::read(Time now) {
    char bytes[16 * 1024];
    while (state_ == State::busy) {
        const auto [io, count] = wire_.read(bytes, sizeof bytes);
        if (io == Wire::Io::again) {
            if (now >= answer_deadline_) fail(NetPhase::read, NetFault::timeout, "no answer in time");
            return;
        }
        if (io == Wire::Io::ok) {
            came(reader_.feed({bytes, count}));
            continue;
        }
        stale_ = requests_ > 1 && !reader_.begun();
        if (io == Wire::Io::cut) return fail_like_wire(NetPhase::read);
        if (!reader_.begun()) return fail(NetPhase::read, NetFault::closed, "without an answer");
        came(reader_.end());
    }
}

void HttpConnection::came(const Result<bool>& complete) {
    if (!complete) {
        const auto error = complete.error();
        const auto fault = error == Error::oversized   ? NetFault::oversized
                           : error == Error::truncated ? NetFault::cut
                                                       : NetFault::protocol;
        return fail(NetPhase::read, fault, "the answer is " + std::string{name(error)});
    }
    if (!*complete) return;
    const bool again = reader_.keeps_alive();
    result_.emplace(reader_.take());
    state_ = State::done;
    if (!again) wire_.close();
}

void HttpConnection::fail(NetPhase phase, NetFault fault, std::string detail) {
    // All of it went to the socket: the server may have it. Of less it can make nothing.
    const bool unknown = !request_.empty() && written_ == request_.size();
    result_.emplace(
        NetFailure{.phase = phase, .fault = fault, .unknown_outcome = unknown, .code = 0, .detail = std::move(detail)});
    state_ = State::done;
    wire_.close();
}

HttpResult HttpConnection::take() {
    assert(state_ == State::done);
    auto result = std::move(*result_);
    result_.reset();
    request_.clear();
    state_ = wire_.state() == Wire::State::open ? State::idle : State::closed;
    idle_deadline_ = std::chrono::steady_clock::now() + settings_.idle;
    return result;
}

/// A kept connection on which anything comes was ended by the server, or is out of step.
void HttpConnection::look_whether_it_lives() {
    char byte;
    if (wire_.state() != Wire::State::open || wire_.read(&byte, 1).io == Wire::Io::again) return;
    wire_.close();
    state_ = State::closed;
}

HttpConnection::Wait HttpConnection::wait() const noexcept {
    if (state_ == State::idle) return {wire_.descriptor(), false, idle_deadline_};
    if (wire_.state() == Wire::State::open) {
        const bool writing = written_ != request_.size();
        return {wire_.descriptor(), writing, writing ? deadline_ : answer_deadline_};
    }
    return {wire_.descriptor(), wire_.wants_write(), std::min(deadline_, wire_.deadline())};
}

HttpResult http_fetch(const Endpoint& to, const HttpRequest& request, const TlsContext& tls, Resolver& resolver,
                      const HttpSettings& settings) {
    using std::chrono::steady_clock;
    HttpConnection connection{to, tls, resolver, settings};
    connection.start(request, steady_clock::now());
    while (connection.step(steady_clock::now()) == HttpConnection::State::busy) {
        const auto wait = connection.wait();
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(wait.until - steady_clock::now()).count();
        // While the name is looked up, or one address gave no answer and the next is due, nothing tells us: look again.
        constexpr long longest_ms = 100;
        const auto ms = std::clamp<long>(left, 0, wait.descriptor < 0 ? 1 : longest_ms);
        ::pollfd ready{
            .fd = wait.descriptor, .events = static_cast<short>(wait.write ? POLLOUT : POLLIN), .revents = 0};
        ::poll(&ready, 1, static_cast<int>(ms));
    }
    return connection.take();
}

}  // namespace core
