#pragma once

#include "core/net/net_thread.hpp"
#include "core/net/websocket.hpp"

#include <algorithm>
#include <atomic>
#include <memory>
#include <utility>

namespace core {

/// A WebSocket that is opened on the cold thread for a hot one: names, handshakes and TLS take milliseconds. Whoever
/// asked looks whether it is `done`, and then owns the socket.
class SocketOpening {
public:
    /// Begins; from any thread. `tls` and `resolver` outlive the socket.
    SocketOpening(NetThread& thread, const Url& url, const TlsContext& tls, Resolver& resolver,
                  const WebSocketSettings& settings)
        : task_{std::make_shared<Task>()} {
        task_->socket = std::make_unique<WebSocket>(url, tls, resolver, settings);
        thread.wake(task_);
    }
    SocketOpening(const SocketOpening&) = delete;
    SocketOpening& operator=(const SocketOpening&) = delete;
    /// Given up: the cold thread lets it go.
    ~SocketOpening() { task_->dropped.store(true, std::memory_order_relaxed); }

    /// The socket, open or closed for good (failure() says why); nullptr while the cold thread is at it.
    std::unique_ptr<WebSocket> take() noexcept {
        // Acquire: pairs with the release in step(), after which the cold thread does not touch the socket.
        if (!task_->done.load(std::memory_order_acquire)) return nullptr;
        return std::move(task_->socket);
    }

private:
    struct Task final : NetThread::Task {
        std::unique_ptr<WebSocket> socket;
        std::atomic<bool> done{};     // Release by the cold thread: see take().
        std::atomic<bool> dropped{};  // Relaxed: a hint; the task owns what it works on.

        std::optional<NetThread::Wait> step(NetThread::Time now) override {
            if (dropped.load(std::memory_order_relaxed)) return std::nullopt;
            if (socket->advance() != WebSocket::State::opening) {
                done.store(true, std::memory_order_release);
                return std::nullopt;
            }
            // Nothing tells when a name was found or an address gave no answer.
            return NetThread::Wait{.descriptor = socket->wire().descriptor(),
                                   .write = socket->wants_write(),
                                   .until = std::min(socket->deadline(), now + std::chrono::milliseconds{2})};
        }
    };
    std::shared_ptr<Task> task_;
};

}  // namespace core
