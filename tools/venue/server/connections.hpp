#pragma once

// Included by server.cpp alone: Beast is compiled there and nowhere else in this library.
#include "tools/venue/simulator.hpp"

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>

#include <algorithm>
#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace venue {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
/// A TCP socket, or the near end of a TlsTunnel: one type, so that all of Beast is compiled once.
using Stream = beast::basic_stream<asio::generic::stream_protocol>;
using Failure = beast::error_code;

inline constexpr auto idle_http = std::chrono::seconds{120};
inline constexpr std::size_t max_body = 1 << 20, max_message = 1 << 20;

/// A WebSocket as the rest of the server sees it.
struct Socket {
    virtual ~Socket() = default;
    virtual void send(std::string text) = 0;
    virtual void close(std::uint16_t code, const std::string& reason) = 0;
    virtual void ping() = 0;
    virtual void resume() = 0;
    /// Takes the connection away from its owner and leaves it open; its descriptor.
    virtual int park() = 0;
};

/// Counts a connection as long as it lives.
template <class ServerState>
struct Counted {
    explicit Counted(ServerState* of) : state{of} { ++state->connections; }
    ~Counted() { --state->connections; }
    Counted(const Counted&) = delete;
    Counted& operator=(const Counted&) = delete;
    ServerState* state;
};

template <class ServerState>
class WebSocket final : public Socket, public std::enable_shared_from_this<WebSocket<ServerState>> {
public:
    WebSocket(Stream&& stream, std::shared_ptr<Counted<ServerState>> counted, ConnectionId id)
        : socket_{std::move(stream)}, counted_{std::move(counted)}, id_{id} {}

    void accept(http::request<http::string_body> request) {
        beast::get_lowest_layer(socket_).expires_never();
        websocket::stream_base::timeout limits{std::chrono::seconds{10}, websocket::stream_base::none(), false};
        socket_.set_option(limits);
        socket_.read_message_max(max_message);
        request_ = std::move(request);
        socket_.async_accept(request_, [self = this->shared_from_this()](Failure failed) {
            if (failed) return self->end();
            self->open_ = true;
            self->read();
            self->write();
        });
    }

    void send(std::string text) override {
        unsent_ += text.size();
        if (unsent_ > state().settings.max_unsent) return drop();
        queue_.push_back(std::move(text));
        if (queue_.size() == 1) write();
    }
    void close(std::uint16_t code, const std::string& reason) override {
        if (gone_) return;
        if (code == 1006) return drop();
        gone_ = true;
        websocket::close_reason why{static_cast<websocket::close_code>(code)};
        why.reason = reason.substr(0, 100);
        socket_.async_close(why, [self = this->shared_from_this()](Failure) { self->drop(); });
    }
    void ping() override {
        if (open_ && !gone_ && !pinging_) {
            pinging_ = true;
            socket_.async_ping({}, [self = this->shared_from_this()](Failure) { self->pinging_ = false; });
        }
    }
    void resume() override {
        if (std::exchange(paused_, false)) read();
    }
    int park() override {
        gone_ = true;
        Failure ignored;
        return beast::get_lowest_layer(socket_).socket().release(ignored);
    }

private:
    auto& state() { return *counted_->state; }
    void read() {
        if (gone_) return;
        if (!state().simulator.reading()) {
            paused_ = true;
            return;
        }
        socket_.async_read(buffer_, [self = this->shared_from_this()](Failure failed, std::size_t) {
            if (failed) return self->end();
            const auto text = beast::buffers_to_string(self->buffer_.data());
            self->buffer_.consume(self->buffer_.size());
            self->state().catch_up();
            self->state().simulator.message(self->id_, text);
            self->read();
        });
    }
    void write() {
        if (!open_ || gone_ || queue_.empty()) return;
        socket_.text(true);
        socket_.async_write(asio::buffer(queue_.front()),
                            [self = this->shared_from_this()](Failure failed, std::size_t) {
                                if (failed) return self->end();
                                self->unsent_ -= self->queue_.front().size();
                                self->queue_.pop_front();
                                self->write();
                            });
    }
    void drop() {
        gone_ = true;
        Failure ignored;
        beast::get_lowest_layer(socket_).socket().close(ignored);
        end();
    }
    void end() {
        gone_ = true;
        state().simulator.closed(id_);
        state().sockets.erase(id_);
    }

    websocket::stream<Stream> socket_;
    std::shared_ptr<Counted<ServerState>> counted_;
    ConnectionId id_;
    http::request<http::string_body> request_;
    beast::flat_buffer buffer_;
    std::deque<std::string> queue_;
    std::size_t unsent_{};
    bool open_{}, gone_{}, pinging_{}, paused_{};
};

template <class ServerState>
class HttpConnection : public std::enable_shared_from_this<HttpConnection<ServerState>> {
public:
    HttpConnection(ServerState* state, Stream&& stream, bool loopback)
        : counted_{std::make_shared<Counted<ServerState>>(state)},
          stream_{std::move(stream)},
          timer_{stream_.get_executor()},
          loopback_{loopback} {}

    void start() { read(); }

private:
    auto& state() { return *counted_->state; }

    void read() {
        parser_.emplace();
        parser_->body_limit(max_body);
        parser_->header_limit(16 * 1024);
        beast::get_lowest_layer(stream_).expires_after(idle_http);
        http::async_read(stream_, buffer_, *parser_, [self = this->shared_from_this()](Failure failed, std::size_t) {
            if (failed) return self->shut();
            self->answer();
        });
    }

    HttpRequest taken(const http::request<http::string_body>& message) const {
        auto request =
            HttpRequest::make(std::string{message.method_string()}, std::string{message.target()}, message.body());
        request.loopback = loopback_;
        for (const auto& field : message) {
            auto name = std::string{field.name_string()};
            std::ranges::transform(name, name.begin(),
                                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
            request.headers.emplace_back(std::move(name), std::string{field.value()});
        }
        return request;
    }

    void answer() {
        auto message = parser_->release();
        const auto request = taken(message);
        state().catch_up();
        if (websocket::is_upgrade(message)) return upgrade(std::move(message), request);
        auto reply = state().simulator.http(request);
        if (reply.drop) return shut();
        if (reply.delay.count() > 0) {
            timer_.expires_after(reply.delay);
            beast::get_lowest_layer(stream_).expires_never();
            timer_.async_wait(
                [self = this->shared_from_this(), reply = std::move(reply), version = message.version(),
                 keep = message.keep_alive()](Failure) mutable { self->write(std::move(reply), version, keep); });
            return;
        }
        write(std::move(reply), message.version(), message.keep_alive());
    }

    void upgrade(http::request<http::string_body> message, const HttpRequest& request) {
        const auto id = state().simulator.open(request);
        if (id == 0) return write(HttpReply{.status = 404, .body = "{}"}, message.version(), false);
        auto socket = std::make_shared<WebSocket<ServerState>>(std::move(stream_), counted_, id);
        state().sockets[id] = socket;
        socket->accept(std::move(message));
    }

    void write(HttpReply reply, unsigned version, bool keep) {
        response_ = {};
        response_.version(version);
        response_.result(static_cast<unsigned>(reply.status));
        response_.set(http::field::content_type, reply.content_type);
        for (const auto& [name, value] : reply.headers) response_.set(name, value);
        response_.body() = std::move(reply.body);
        response_.keep_alive(keep);
        response_.prepare_payload();
        http::async_write(stream_, response_, [self = this->shared_from_this(), keep](Failure failed, std::size_t) {
            if (failed || !keep) return self->shut();
            self->read();
        });
    }

    void shut() {
        Failure ignored;
        beast::get_lowest_layer(stream_).socket().shutdown(asio::socket_base::shutdown_both, ignored);
        beast::get_lowest_layer(stream_).socket().close(ignored);
    }

    std::shared_ptr<Counted<ServerState>> counted_;
    Stream stream_;
    asio::steady_timer timer_;
    beast::flat_buffer buffer_;
    std::optional<http::request_parser<http::string_body>> parser_;
    http::response<http::string_body> response_;
    bool loopback_;
};

}  // namespace venue
