#include "tests/core/net/loopback.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <atomic>
#include <thread>
#include <vector>

namespace test {
namespace {

class PlainPeer : public Peer {
public:
    explicit PlainPeer(int socket) : socket_{socket} {}
    ~PlainPeer() override { ::close(socket_); }
    std::string read(std::size_t most) override {
        if (!kept_.empty()) return take(most);
        std::string bytes(most, '\0');
        const auto count = ::recv(socket_, bytes.data(), most, 0);
        bytes.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
        return bytes;
    }
    bool write(std::string_view bytes) override {
        while (!bytes.empty()) {
            const auto count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (count <= 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(count));
        }
        return true;
    }
    void end() override { ::shutdown(socket_, SHUT_WR); }
    void cut() override {
        const ::linger now{.l_onoff = 1, .l_linger = 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
        ::close(socket_);
        socket_ = -1;
    }

protected:
    std::string take(std::size_t most) {
        auto bytes = kept_.substr(0, most);
        kept_.erase(0, bytes.size());
        return bytes;
    }
    int socket_;
};

class TlsPeer : public PlainPeer {
public:
    TlsPeer(int socket, SSL_CTX* context) : PlainPeer{socket}, stream_{SSL_new(context)} {
        SSL_set_fd(stream_, socket_);
        ready_ = SSL_accept(stream_) == 1;
        ERR_clear_error();
    }
    ~TlsPeer() override { SSL_free(stream_); }
    [[nodiscard]] bool ready() const { return ready_; }
    std::string read(std::size_t most) override {
        if (!kept_.empty()) return take(most);
        std::string bytes(most, '\0');
        const auto count = SSL_read(stream_, bytes.data(), static_cast<int>(most));
        ERR_clear_error();
        bytes.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
        return bytes;
    }
    bool write(std::string_view bytes) override {
        const bool sent = bytes.empty() || SSL_write(stream_, bytes.data(), static_cast<int>(bytes.size())) > 0;
        ERR_clear_error();
        return sent;
    }
    void end() override {
        SSL_shutdown(stream_);
        PlainPeer::end();
    }

private:
    SSL* stream_;
    bool ready_;
};

}  // namespace

std::string Peer::read_to(std::string_view mark) {
    std::string bytes;
    while (bytes.find(mark) == std::string::npos) {
        const auto more = read(4096);
        if (more.empty()) return bytes;
        bytes += more;
    }
    const auto end = bytes.find(mark) + mark.size();
    kept_ = bytes.substr(end) + kept_;
    bytes.resize(end);
    return bytes;
}

std::string Peer::exactly(std::size_t count) {
    std::string bytes;
    while (bytes.size() < count) {
        const auto more = read(count - bytes.size());
        if (more.empty()) break;
        bytes += more;
    }
    return bytes;
}

std::string Peer::accept() {
    auto request = read_to("\r\n\r\n");
    if (!request.empty())
        write(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
            accept_for(request) + "\r\n\r\n");
    return request;
}

Peer::Frame Peer::frame() {
    const auto head = exactly(2);
    if (head.size() < 2) return {};
    const auto byte = [](char c) { return static_cast<unsigned>(static_cast<unsigned char>(c)); };
    EXPECT_NE(byte(head[1]) & 0x80U, 0U) << "a client must mask";
    std::uint64_t size = byte(head[1]) & 0x7fU;
    if (size >= 126) {
        const auto more = exactly(size == 126 ? 2 : 8);
        size = 0;
        for (const char c : more) size = size << 8 | byte(c);
    }
    const auto mask = exactly(4);
    Frame frame{.opcode = byte(head[0]) & 0x0fU, .payload = exactly(size)};
    for (std::size_t i = 0; i < frame.payload.size(); ++i)
        frame.payload[i] = static_cast<char>(frame.payload[i] ^ mask[i % 4]);
    return frame;
}

std::string server_frame(std::string_view payload, unsigned head) {
    std::string frame{static_cast<char>(head)};
    const auto size = payload.size();
    const auto put = [&](int bytes) {
        for (int i = bytes - 1; i >= 0; --i) frame += static_cast<char>(size >> (8 * i) & 0xff);
    };
    if (size < 126) {
        frame += static_cast<char>(size);
    } else if (size < 65536) {
        frame += '\x7e';
        put(2);
    } else {
        frame += '\x7f';
        put(8);
    }
    return frame.append(payload);
}

std::string accept_for(std::string_view request) {
    constexpr std::string_view field = "Sec-WebSocket-Key: ";
    const auto begin = request.find(field) + field.size();
    const auto text = std::string{request.substr(begin, 24)} + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    unsigned char digest[SHA_DIGEST_LENGTH];
    SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest);
    unsigned char encoded[32];
    return {reinterpret_cast<const char*>(encoded), static_cast<std::size_t>(EVP_EncodeBlock(encoded, digest, 20))};
}

std::string http_ok(std::string_view body) {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string{body};
}

struct Loopback::Impl {
    Options options;
    std::function<void(Peer&)> serve;
    int listener{-1};
    std::uint16_t port{};
    SSL_CTX* context{};
    std::atomic<int> accepted{};
    std::thread thread;
    std::vector<std::thread> threads;

    void listen() {
        ::sockaddr_storage address{};
        socklen_t size = sizeof(::sockaddr_in);
        listener = ::socket(options.ipv6 ? AF_INET6 : AF_INET, SOCK_STREAM, 0);
        if (options.ipv6) {
            auto* v6 = reinterpret_cast<::sockaddr_in6*>(&address);
            v6->sin6_family = AF_INET6;
            v6->sin6_addr = in6addr_loopback;
            size = sizeof(::sockaddr_in6);
        } else {
            auto* v4 = reinterpret_cast<::sockaddr_in*>(&address);
            v4->sin_family = AF_INET;
            v4->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        }
        ::bind(listener, reinterpret_cast<const ::sockaddr*>(&address), size);
        ::listen(listener, 64);
        ::getsockname(listener, reinterpret_cast<::sockaddr*>(&address), &size);
        port = ntohs(options.ipv6 ? reinterpret_cast<::sockaddr_in6*>(&address)->sin6_port
                                  : reinterpret_cast<::sockaddr_in*>(&address)->sin_port);
    }
    void run() {
        for (;;) {
            const int socket = ::accept(listener, nullptr, nullptr);
            if (socket < 0) break;
            threads.emplace_back([this, socket, number = accepted.fetch_add(1)] { talk(socket, number); });
        }
        for (auto& each : threads) each.join();
    }
    void talk(int socket, int number) const {
        const ::timeval patience{.tv_sec = 10, .tv_usec = 0};
        ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        ::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
        if (context == nullptr) {
            PlainPeer peer{socket};
            peer.connection = number;
            serve(peer);
        } else {
            TlsPeer peer{socket, context};
            peer.connection = number;
            if (peer.ready()) serve(peer);
        }
    }
};

Loopback::Loopback(const Options& options, std::function<void(Peer&)> serve) : impl_{std::make_unique<Impl>()} {
    impl_->options = options;
    impl_->serve = std::move(serve);
    if (options.certificate != nullptr) {
        impl_->context = SSL_CTX_new(TLS_server_method());
        SSL_CTX_use_certificate(impl_->context, options.certificate->certificate);
        SSL_CTX_use_PrivateKey(impl_->context, options.certificate->key);
        if (options.tls_1_1) {
            SSL_CTX_set_security_level(impl_->context, 0);  // OpenSSL itself would not
            SSL_CTX_set_max_proto_version(impl_->context, TLS1_1_VERSION);
        }
    }
    impl_->listen();
    impl_->thread = std::thread{[this] { impl_->run(); }};
}

Loopback::~Loopback() {
    ::shutdown(impl_->listener, SHUT_RDWR);  // whoever waits in accept wakes up
    impl_->thread.join();
    ::close(impl_->listener);
    SSL_CTX_free(impl_->context);
}

std::uint16_t Loopback::port() const noexcept {
    return impl_->port;
}
std::string Loopback::url(const std::string& target) const {
    return std::string{impl_->context != nullptr ? "wss" : "ws"} +
           (impl_->options.ipv6 ? "://[::1]:" : "://127.0.0.1:") + std::to_string(impl_->port) + target;
}
int Loopback::accepted() const noexcept {
    return impl_->accepted.load();
}

}  // namespace test
