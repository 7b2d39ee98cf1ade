#include "bench/core/net/echo_server.hpp"

#include "bench/core/rings/two_threads.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/sha.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <thread>
#include <vector>

namespace bench {
namespace {

std::string accept_text(std::string_view request) {
    constexpr std::string_view field = "Sec-WebSocket-Key: ";
    const auto text =
        std::string{request.substr(request.find(field) + field.size(), 24)} + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    unsigned char digest[SHA_DIGEST_LENGTH], encoded[32];
    SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest);
    const auto size = static_cast<std::size_t>(EVP_EncodeBlock(encoded, digest, SHA_DIGEST_LENGTH));
    return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
           std::string{reinterpret_cast<const char*>(encoded), size} + "\r\n\r\n";
}

void append_frame(std::string& to, std::string_view payload) {
    to += '\x81';
    if (payload.size() < 126) {
        to += static_cast<char>(payload.size());
    } else {
        to += '\x7e';
        to += static_cast<char>(payload.size() >> 8);
        to += static_cast<char>(payload.size() & 0xff);
    }
    to += payload;
}

struct Connection {
    int socket;
    SSL* stream;
    bool websocket;
    std::string received{}, answer{};

    void write(std::string_view bytes) const {
        while (!bytes.empty()) {
            const int count = SSL_write(stream, bytes.data(), static_cast<int>(bytes.size()));
            if (count > 0) bytes.remove_prefix(static_cast<std::size_t>(count));
        }
    }
    void poll() {
        char bytes[16 * 1024];
        const int count = SSL_read(stream, bytes, sizeof bytes);
        if (count <= 0) return;
        if (!websocket) return write({bytes, static_cast<std::size_t>(count)});
        received.append(bytes, static_cast<std::size_t>(count));
        for (;;) {  // masked frames below 64 KiB
            if (received.size() < 8) return;
            const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(received[at]); };
            const bool wide = (byte(1) & 0x7fU) == 126;
            const std::size_t size = wide ? byte(2) * 256U + byte(3) : byte(1) & 0x7fU;
            const std::size_t head = wide ? 8 : 6;
            if (received.size() < head + size) return;
            for (std::size_t i = 0; i < size; ++i)
                received[head + i] = static_cast<char>(received[head + i] ^ received[head - 4 + i % 4]);
            answer.clear();
            append_frame(answer, std::string_view{received}.substr(head, size));
            received.erase(0, head + size);
            write(answer);
        }
    }
};

}  // namespace

struct EchoServer::Impl {
    SSL_CTX* context{SSL_CTX_new(TLS_server_method())};
    EVP_PKEY* key{EVP_EC_gen("P-256")};
    X509* certificate{X509_new()};
    std::string ca_file;
    int listener{-1};
    std::uint16_t port{};
    std::atomic<int> active{-1}, count{}, flooded{-1};
    std::atomic<std::uint64_t> flood_frames{};
    std::atomic<std::size_t> flood_size{};
    std::atomic<bool> stop{};
    std::thread thread;

    void certify() {
        X509_set_version(certificate, 2);
        ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
        X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
        X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
        X509_set_pubkey(certificate, key);
        auto* subject = X509_get_subject_name(certificate);
        X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("bench"), -1, -1,
                                   0);
        X509_set_issuer_name(certificate, subject);
        for (const auto& [id, value] :
             {std::pair{NID_basic_constraints, "critical,CA:TRUE"}, std::pair{NID_subject_alt_name, "IP:127.0.0.1"}}) {
            auto* extension = X509V3_EXT_conf_nid(nullptr, nullptr, id, value);
            X509_add_ext(certificate, extension, -1);
            X509_EXTENSION_free(extension);
        }
        X509_sign(certificate, key, EVP_sha256());
        char pattern[] = "/tmp/omega-bench-XXXXXX";
        std::FILE* out = ::fdopen(::mkstemp(pattern), "w");
        PEM_write_X509(out, certificate);
        std::fclose(out);
        ca_file = pattern;
        SSL_CTX_use_certificate(context, certificate);
        SSL_CTX_use_PrivateKey(context, key);
    }
    void listen() {
        listener = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        ::sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        ::bind(listener, reinterpret_cast<const ::sockaddr*>(&address), sizeof address);
        ::listen(listener, 16);
        ::socklen_t size = sizeof address;
        ::getsockname(listener, reinterpret_cast<::sockaddr*>(&address), &size);
        port = ntohs(address.sin_port);
    }
    /// Blocks until the client has shaken hands; whoever begins with GET is a WebSocket.
    Connection welcome(int socket) const {
        const int on = 1;
        ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        SSL* stream = SSL_new(context);
        SSL_set_fd(stream, socket);
        SSL_accept(stream);
        std::string request;
        char bytes[4096];
        do {
            const int got = SSL_read(stream, bytes, sizeof bytes);
            if (got <= 0) break;
            request.append(bytes, static_cast<std::size_t>(got));
        } while (request.starts_with("GET") && request.find("\r\n\r\n") == std::string::npos);
        Connection connection{socket, stream, request.starts_with("GET")};
        connection.write(connection.websocket ? accept_text(request) : request);
        ::fcntl(socket, F_SETFL, O_NONBLOCK);
        return connection;
    }
    void flood_now(Connection& connection) const {
        std::string frames;
        const std::string payload(flood_size.load(), 'x');
        std::uint64_t left = flood_frames.load();
        while (left > 0) {
            frames.clear();
            for (; left > 0 && frames.size() + payload.size() + 4 < 16'000; --left) append_frame(frames, payload);
            connection.write(frames);
        }
    }
    void run() {
        pin_to(1);
        std::vector<Connection> connections;
        while (!stop.load(std::memory_order_relaxed)) {
            const int now = active.load(std::memory_order_acquire);
            if (now >= 0 && now < static_cast<int>(connections.size())) {
                if (flooded.load(std::memory_order_acquire) == now) {
                    flooded.store(-1, std::memory_order_relaxed);
                    flood_now(connections[static_cast<std::size_t>(now)]);
                }
                connections[static_cast<std::size_t>(now)].poll();
                continue;
            }
            const int socket = ::accept(listener, nullptr, nullptr);
            if (socket < 0) continue;
            connections.push_back(welcome(socket));
            count.fetch_add(1, std::memory_order_release);
        }
        for (auto& connection : connections) {
            SSL_free(connection.stream);
            ::close(connection.socket);
        }
    }
};

bool EchoClient::trips(int count, std::vector<double>& times_ns) {
    for (; count > 0; --count) {
        const double start = now_ns();
        if (!round_trip()) return false;
        times_ns.push_back(now_ns() - start);
    }
    return true;
}

EchoServer::EchoServer() : impl_{std::make_unique<Impl>()} {
    impl_->certify();
    impl_->listen();
    impl_->thread = std::thread{[this] { impl_->run(); }};
}
EchoServer::~EchoServer() {
    impl_->stop = true;
    impl_->thread.join();
    ::close(impl_->listener);
    std::remove(impl_->ca_file.c_str());
    SSL_CTX_free(impl_->context);
    X509_free(impl_->certificate);
    EVP_PKEY_free(impl_->key);
}
std::uint16_t EchoServer::port() const noexcept {
    return impl_->port;
}
const std::string& EchoServer::ca_file() const noexcept {
    return impl_->ca_file;
}
void EchoServer::serve(int connection) noexcept {
    impl_->active.store(connection, std::memory_order_release);
}
void EchoServer::flood(int connection, std::uint64_t frames, std::size_t size) noexcept {
    impl_->flood_frames = frames;
    impl_->flood_size = size;
    impl_->flooded.store(connection, std::memory_order_release);
    serve(connection);
}
int EchoServer::connections() const noexcept {
    return impl_->count.load(std::memory_order_acquire);
}

}  // namespace bench
