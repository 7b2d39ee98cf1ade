#include "core/net/async_websocket.hpp"

#include <algorithm>
#include <chrono>
#include <future>
#include <utility>
#include <vector>

namespace core {

struct AsyncWebSocket::Impl : NetThread::Task {
    WebSocket socket;
    WebSocketEvents events;
    Clock& clock;
    std::vector<std::string> waiting;
    bool opened{}, stopped{};

    Impl(const Url& url, const TlsContext& tls, Resolver& resolver, WebSocketSettings settings, WebSocketEvents e,
         Clock& c)
        : socket{url, tls, resolver, std::move(settings)}, events{std::move(e)}, clock{c} {}

    std::optional<NetThread::Wait> step(NetThread::Time now) override {
        if (stopped) return std::nullopt;
        for (std::uint64_t before = ~std::uint64_t{}; before != socket.counts().messages;) {
            before = socket.counts().messages;
            socket.poll(clock, [this](const WebSocketMessage& message) {
                tell_opened();
                if (!stopped && events.message) events.message(message);
            });
        }
        if (socket.state() == WebSocket::State::open) tell_opened();
        if (stopped) return std::nullopt;
        if (socket.state() == WebSocket::State::closed) {
            stopped = true;
            if (events.closed) events.closed(socket.failure());
            return std::nullopt;
        }
        auto until = socket.deadline();
        // Nothing tells when a name was found or an address did not answer; bytes left over are to be looked at.
        if (socket.state() == WebSocket::State::opening) until = std::min(until, now + std::chrono::milliseconds{2});
        if (socket.wire().pending()) until = now;
        return NetThread::Wait{.descriptor = socket.wire().descriptor(), .write = socket.wants_write(), .until = until};
    }

    void tell_opened() {
        if (std::exchange(opened, true)) return;
        for (const auto& text : std::exchange(waiting, {})) socket.send(text);
        if (events.opened) events.opened();
    }
};

AsyncWebSocket::AsyncWebSocket(NetThread& thread, const Url& url, const TlsContext& tls, Resolver& resolver,
                               WebSocketSettings settings, WebSocketEvents events)
    : thread_{thread},
      impl_{std::make_shared<Impl>(url, tls, resolver, std::move(settings), std::move(events), thread.clock())} {
    thread_.wake(impl_);
}

AsyncWebSocket::~AsyncWebSocket() {
    if (thread_.is_current()) {
        impl_->stopped = true;
        thread_.wake(impl_);
        return;
    }
    auto stopped = std::make_shared<std::promise<void>>();
    auto done = stopped->get_future();
    thread_.post([&, stopped] {
        impl_->stopped = true;
        thread_.wake(impl_);  // lets go of it
        stopped->set_value();
    });
    done.wait();
}

void AsyncWebSocket::send(std::string text) {
    thread_.post([impl = impl_, &thread = thread_, text = std::move(text)]() mutable {
        if (impl->stopped) return;
        if (impl->opened)
            impl->socket.send(text);
        else
            impl->waiting.push_back(std::move(text));
        thread.wake(impl);
    });
}

void AsyncWebSocket::close(std::uint16_t code) {
    thread_.post([impl = impl_, &thread = thread_, code] {
        if (impl->stopped) return;
        impl->socket.close(code);
        thread.wake(impl);
    });
}

}  // namespace core
