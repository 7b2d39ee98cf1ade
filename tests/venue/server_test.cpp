#include "tools/venue/server/server.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <string>

namespace {

venue::SimulatorSettings small() {
    venue::SimulatorSettings settings;
    settings.source.warm_up = std::chrono::seconds{5};
    return settings;
}

/// A blocking client; reads end after five seconds.
struct Wire {
    int socket{::socket(AF_INET, SOCK_STREAM, 0)};
    explicit Wire(std::uint16_t port) {
        const timeval limit{5, 0};
        ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address.sin_port = htons(port);
        EXPECT_EQ(::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    }
    ~Wire() { ::close(socket); }
    Wire(const Wire&) = delete;
    Wire& operator=(const Wire&) = delete;
    void send(const std::string& bytes) const {
        EXPECT_EQ(::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL), static_cast<ssize_t>(bytes.size()));
    }
    /// What comes until `mark` was in it, or the end.
    std::string until(const std::string& mark) const {
        std::string text;
        char buffer[4096];
        while (text.find(mark) == std::string::npos) {
            const auto size = ::recv(socket, buffer, sizeof buffer, 0);
            if (size <= 0) break;
            text.append(buffer, static_cast<std::size_t>(size));
        }
        return text;
    }
};

std::string get(const std::string& target) {
    return "GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n";
}

/// One unfragmented text frame of a client, short enough for one length byte, masked with zeros.
std::string frame(const std::string& text) {
    std::string bytes{'\x81', static_cast<char>(0x80 | text.size())};
    return bytes + std::string(4, '\0') + text;
}

const std::string upgrade =
    "GET /ws/btcusdt@trade HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

}  // namespace

TEST(VenueServer, AnswersHttpAndWebSocketOnOnePort) {
    venue::Server server{{}, small()};
    server.start();
    Wire http{server.port()};
    http.send(get("/api/v3/time"));
    EXPECT_NE(http.until("serverTime").find("200 OK"), std::string::npos);
    http.send(get("/nowhere"));
    EXPECT_NE(http.until("Path not found").find("404"), std::string::npos);

    Wire web{server.port()};
    web.send(upgrade);
    const auto accepted = web.until("\r\n\r\n");
    EXPECT_NE(accepted.find("101"), std::string::npos);
    EXPECT_NE(accepted.find("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), std::string::npos);  // RFC 6455, 1.3
    web.send(frame(R"({"method":"LIST_SUBSCRIPTIONS","id":3})"));
    EXPECT_NE(web.until("\"id\":3").find("btcusdt@trade"), std::string::npos);
    server.with([](venue::Simulator& inside) { EXPECT_GT(inside.engine().now().count(), 0); });
    server.stop();
}

TEST(VenueServer, CutsWhoSendsNonsenseAndServesTheNext) {
    venue::Server server{{}, small()};
    server.start();
    for (const auto& bytes : {std::string{"\x16\x03\x01\x02\x00\x01"}, std::string(20'000, 'a'),
                              std::string{"GET / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n"}}) {
        Wire wire{server.port()};
        wire.send(bytes + "\r\n\r\n");
        wire.until("never");
    }
    Wire wire{server.port()};
    wire.send(get("/api/v3/ping"));
    EXPECT_NE(wire.until("{}").find("200 OK"), std::string::npos);
}

TEST(VenueServer, AHalfOpenConnectionStaysAndSaysNothing) {
    venue::Server server{{}, small()};
    server.start();
    Wire web{server.port()};
    web.send(upgrade);
    web.until("\r\n\r\n");
    Wire http{server.port()};
    http.send(
        "POST /sim/faults HTTP/1.1\r\nHost: x\r\nContent-Length: "
        "38\r\n\r\n{\"kind\":\"half_open\",\"lasting\":\"300ms\"}");
    EXPECT_NE(http.until("faults").find("200"), std::string::npos);
    web.send(frame(R"({"method":"LIST_SUBSCRIPTIONS","id":77})"));
    // Nothing until the fault ends, then the end of the connection.
    EXPECT_EQ(web.until("\"id\":77").find("\"id\":77"), std::string::npos);
}

TEST(VenueServer, SpeaksTlsThatItsAuthorityVouchesFor) {
    venue::ServerSettings settings;
    settings.tls = true;
    venue::Server server{settings, small()};
    server.start();
    ASSERT_NE(server.authority().find("BEGIN CERTIFICATE"), std::string::npos);

    SSL_CTX* context = SSL_CTX_new(TLS_client_method());
    BIO* pem = BIO_new_mem_buf(server.authority().data(), static_cast<int>(server.authority().size()));
    X509* authority = PEM_read_bio_X509(pem, nullptr, nullptr, nullptr);
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context), authority);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
    Wire wire{server.port()};
    SSL* stream = SSL_new(context);
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(stream), "127.0.0.1");
    SSL_set_fd(stream, wire.socket);
    EXPECT_EQ(SSL_connect(stream), 1);
    EXPECT_EQ(SSL_get_verify_result(stream), X509_V_OK);
    const auto request = get("/api/v3/time");
    SSL_write(stream, request.data(), static_cast<int>(request.size()));
    std::string text;
    char buffer[2048];
    while (text.find("serverTime") == std::string::npos) {
        const int size = SSL_read(stream, buffer, sizeof buffer);
        if (size <= 0) break;
        text.append(buffer, static_cast<std::size_t>(size));
    }
    EXPECT_NE(text.find("200 OK"), std::string::npos);
    SSL_free(stream);
    X509_free(authority);
    BIO_free(pem);
    SSL_CTX_free(context);
}

TEST(VenueServer, RefusesAnAddressThatIsTaken) {
    venue::Server server{{}, small()};
    venue::ServerSettings same;
    same.port = server.port();
    EXPECT_THROW((venue::Server{same, small()}), std::runtime_error);
}
