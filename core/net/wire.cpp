#include "core/net/wire.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace core {
namespace {

std::string text_of(int error) {
    return std::system_category().message(error);
}

/// The oldest entry of OpenSSL's queue, which is emptied.
std::string tls_problem() {
    const auto code = ERR_get_error();
    ERR_clear_error();
    if (code == 0) return "the connection ended";
    const char* reason = ERR_reason_error_string(code);
    return reason != nullptr ? reason : "error " + std::to_string(code);
}

}  // namespace

/// The descriptor and what was read from it but not decrypted yet. OpenSSL reads from this memory, so that a poll that
/// finds nothing costs one system call and never enters the record layer.
struct Wire::Socket {
    static constexpr std::size_t capacity = 128 * 1024;

    int descriptor{-1};
    SSL* stream{};
    std::size_t begin{}, end{};
    std::uint64_t cycles{};
    bool wants_write{};
    bool ended{};  // the other side sends no more
    int error{};   // errno of the socket, 0 if none
    std::array<char, capacity> bytes;

    Socket() noexcept {}  // the bytes stay as they are
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;
    ~Socket() { close(); }
    void close() noexcept {
        if (stream != nullptr) {
            // Else OpenSSL forgets the session of whoever leaves without goodbyes; a broken one it forgot before.
            if (SSL_is_init_finished(stream)) SSL_set_shutdown(stream, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
            SSL_free(stream);
        }
        stream = nullptr;
        if (descriptor >= 0) ::close(descriptor);
        descriptor = -1;
    }

    /// One recv into the empty memory; false when nothing came.
    bool fill() noexcept {
        const auto count = ::recv(descriptor, bytes.data(), capacity, MSG_DONTWAIT);
        if (count > 0) {
            cycles = Tsc::now();
            begin = 0;
            end = static_cast<std::size_t>(count);
            return true;
        }
        if (count == 0)
            ended = true;
        else if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)
            error = errno;
        return false;
    }
    std::size_t take(char* to, std::size_t room) noexcept {
        const auto count = std::min(room, end - begin);
        std::memcpy(to, bytes.data() + begin, count);
        begin += count;
        return count;
    }

    /// OpenSSL's way to the socket.
    static const BIO_METHOD* method() {
        static BIO_METHOD* const made = [] {
            BIO_METHOD* m = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "omega wire");
            BIO_meth_set_read(m, [](BIO* bio, char* to, int room) {
                auto* self = static_cast<Socket*>(BIO_get_data(bio));
                BIO_clear_retry_flags(bio);
                if (self->begin != self->end) return static_cast<int>(self->take(to, static_cast<std::size_t>(room)));
                if (self->ended || self->error != 0) return 0;
                BIO_set_retry_read(bio);
                return -1;
            });
            BIO_meth_set_write(m, [](BIO* bio, const char* from, int size) {
                auto* self = static_cast<Socket*>(BIO_get_data(bio));
                BIO_clear_retry_flags(bio);
                const auto count =
                    ::send(self->descriptor, from, static_cast<std::size_t>(size), MSG_DONTWAIT | MSG_NOSIGNAL);
                if (count >= 0) return static_cast<int>(count);
                if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)
                    BIO_set_retry_write(bio);
                else
                    self->error = errno;
                return -1;
            });
            BIO_meth_set_ctrl(m,
                              [](BIO*, int command, long, void*) -> long { return command == BIO_CTRL_FLUSH ? 1 : 0; });
            return m;
        }();
        return made;
    }
};

Wire::Wire(Endpoint to, const TlsContext& tls, Resolver& resolver, const WireSettings& settings)
    : to_{std::move(to)}, tls_{tls}, settings_{settings}, lookup_{resolver.ask(to_)} {
    deadline_ = std::chrono::steady_clock::now() + settings_.resolve;
}

Wire::~Wire() = default;

int Wire::descriptor() const noexcept {
    return socket_ ? socket_->descriptor : -1;
}
bool Wire::wants_write() const noexcept {
    return state_ == State::connecting || (socket_ && socket_->wants_write);
}
bool Wire::pending() const noexcept {
    return socket_ &&
           (socket_->begin != socket_->end || (socket_->stream != nullptr && SSL_pending(socket_->stream) > 0));
}
std::uint64_t Wire::receive_cycles() const noexcept {
    return socket_ ? socket_->cycles : 0;
}
bool Wire::resumed() const noexcept {
    return socket_ && socket_->stream != nullptr && SSL_session_reused(socket_->stream) == 1;
}
std::string_view Wire::protocol() const noexcept {
    return socket_ && socket_->stream != nullptr ? SSL_get_version(socket_->stream) : "plain";
}

Wire::State Wire::fail(NetPhase phase, NetFault fault, std::string detail) {
    failure_ = {.phase = phase, .fault = fault, .unknown_outcome = false, .code = 0, .detail = std::move(detail)};
    if (socket_) socket_->close();
    return state_ = State::closed;
}

Wire::State Wire::advance(Time now) {
    for (auto before = State::closed; before != state_;) {
        before = state_;
        switch (state_) {
            case State::resolving: resolve(now); break;
            case State::connecting: connect(now); break;
            case State::tls: handshake(now); break;
            case State::open:
            case State::closed: return state_;
        }
    }
    return state_;
}

Wire::State Wire::resolve(Time now) {
    // Acquire: pairs with the release of the thread that looked the name up.
    if (!lookup_->done.load(std::memory_order_acquire)) {
        if (now >= deadline_) return fail(NetPhase::resolve, NetFault::timeout, "no answer from the name service");
        return state_;
    }
    if (lookup_->found.empty())
        return fail(NetPhase::resolve, NetFault::unreachable, to_.host + ": " + lookup_->problem);
    socket_ = std::make_unique<Socket>();
    deadline_ = now + settings_.connect;
    state_ = State::connecting;
    return connect_next(now);
}

Wire::State Wire::connect_next(Time now) {
    while (next_address_ < lookup_->found.size()) {
        const auto left = lookup_->found.size() - next_address_;
        const auto& address = lookup_->found[next_address_++];
        if (!to_.tls && !settings_.plain_anywhere && !address.loopback())
            return fail(NetPhase::connect, NetFault::address, "plain TCP is for loopback only");
        socket_->close();
        socket_->descriptor = ::socket(address.bytes.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (socket_->descriptor < 0) {
            last_problem_ = text_of(errno);
            continue;
        }
        const int on = 1;
        ::setsockopt(socket_->descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        // An address that does not answer must leave time for the others.
        address_deadline_ = now + (deadline_ - now) / static_cast<std::int64_t>(left);
        if (::connect(socket_->descriptor, address.get(), address.size) == 0) return connected(now);
        if (errno == EINPROGRESS) return state_;
        last_problem_ = text_of(errno);
    }
    return fail(NetPhase::connect, now >= deadline_ ? NetFault::timeout : NetFault::unreachable, last_problem_);
}

Wire::State Wire::connect(Time now) {
    ::pollfd ready{.fd = socket_->descriptor, .events = POLLOUT, .revents = 0};
    if (::poll(&ready, 1, 0) == 0) {
        if (now < address_deadline_) return state_;
        last_problem_ = "no answer in time";
        return connect_next(now);
    }
    int error = 0;
    ::socklen_t size = sizeof error;
    ::getsockopt(socket_->descriptor, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error == 0) return connected(now);
    last_problem_ = text_of(error);
    return connect_next(now);
}

Wire::State Wire::connected(Time now) {
    if (!to_.tls) return state_ = State::open;
    socket_->stream = tls_.open(to_);
    if (socket_->stream == nullptr) return fail(NetPhase::tls, NetFault::address, "the host name does not fit");
    BIO* bio = BIO_new(Socket::method());
    BIO_set_data(bio, socket_.get());
    BIO_set_init(bio, 1);
    SSL_set_bio(socket_->stream, bio, bio);
    deadline_ = now + settings_.tls;
    return state_ = State::tls;
}

Wire::State Wire::handshake(Time now) {
    SSL* stream = socket_->stream;
    for (;;) {
        ERR_clear_error();
        const int done = SSL_do_handshake(stream);
        if (done == 1) {
            socket_->wants_write = false;
            return state_ = State::open;
        }
        const int error = SSL_get_error(stream, done);
        socket_->wants_write = error == SSL_ERROR_WANT_WRITE;
        if (error == SSL_ERROR_WANT_READ && (socket_->fill() || socket_->ended || socket_->error != 0)) continue;
        if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) break;
        if (now >= deadline_) return fail(NetPhase::tls, NetFault::timeout, "the handshake took too long");
        return state_;
    }
    const auto verified = SSL_get_verify_result(stream);
    if (verified != X509_V_OK) {
        ERR_clear_error();
        return fail(NetPhase::tls, NetFault::certificate, X509_verify_cert_error_string(verified));
    }
    return fail(NetPhase::tls, NetFault::tls, tls_problem());
}

Wire::Done Wire::broken(const char* what) noexcept {
    try {
        std::string detail = what;
        if (socket_->error != 0) detail += ": " + text_of(socket_->error);
        ERR_clear_error();
        fail(NetPhase::open, NetFault::cut, std::move(detail));
    } catch (...) {  // no memory for the detail
        state_ = State::closed;
    }
    return {Io::cut, 0};
}

Wire::Done Wire::read(char* to, std::size_t room) noexcept {
    if (state_ != State::open) return {Io::cut, 0};
    auto& socket = *socket_;
    for (bool asked = false;;) {
        if (socket.begin == socket.end && (socket.stream == nullptr || SSL_pending(socket.stream) == 0)) {
            if (asked) return {Io::again, 0};
            asked = true;
            if (!socket.fill()) {
                if (!socket.ended && socket.error == 0) [[likely]]
                    return {Io::again, 0};
                if (socket.stream == nullptr && socket.error == 0) return {Io::closed, 0};
                return broken("without a TLS goodbye");
            }
        }
        if (socket.stream == nullptr) return {Io::ok, socket.take(to, room)};
        std::size_t count = 0;
        if (SSL_read_ex(socket.stream, to, room, &count) == 1) return {Io::ok, count};
        // Want-read is told by the stream's state alone: OpenSSL's error queue is not asked where nothing is wrong.
        if (SSL_want_read(socket.stream) && (SSL_get_shutdown(socket.stream) & SSL_RECEIVED_SHUTDOWN) == 0 &&
            socket.begin == socket.end && socket.error == 0)
            continue;
        if ((SSL_get_shutdown(socket.stream) & SSL_RECEIVED_SHUTDOWN) != 0) return {Io::closed, 0};
        return broken("TLS record");
    }
}

Wire::Done Wire::write(std::string_view bytes) noexcept {
    if (state_ != State::open) return {Io::cut, 0};
    if (bytes.empty()) return {Io::ok, 0};
    auto& socket = *socket_;
    if (socket.stream == nullptr) {
        const auto count = ::send(socket.descriptor, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
        if (count >= 0) return {Io::ok, static_cast<std::size_t>(count)};
        if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return {Io::again, 0};
        socket.error = errno;
        return broken("send");
    }
    std::size_t count = 0;
    if (SSL_write_ex(socket.stream, bytes.data(), bytes.size(), &count) == 1) return {Io::ok, count};
    if (SSL_want_write(socket.stream) && socket.error == 0) return {Io::again, 0};
    return broken("send");
}

void Wire::close() noexcept {
    if (socket_) socket_->close();
    state_ = State::closed;
}

void Wire::finish() noexcept {
    if (state_ != State::open) return;
    if (socket_->stream != nullptr) {
        SSL_shutdown(socket_->stream);
        ERR_clear_error();
    } else {
        ::shutdown(socket_->descriptor, SHUT_WR);
    }
}

}  // namespace core
