#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <filesystem>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace test {

/// A certificate of 127.0.0.1, its own authority.
struct Identity {
    EVP_PKEY* key{EVP_EC_gen("P-256")};
    X509* certificate{X509_new()};

    explicit Identity(const char* name = "IP:127.0.0.1") {
        X509_set_version(certificate, 2);
        ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
        X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
        X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
        X509_set_pubkey(certificate, key);
        auto* subject = X509_get_subject_name(certificate);
        X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("tiny"), -1, -1,
                                   0);
        X509_set_issuer_name(certificate, subject);
        for (const auto& [id, value] :
             {std::pair{NID_basic_constraints, "critical,CA:TRUE"}, std::pair{NID_subject_alt_name, name}}) {
            auto* extension = X509V3_EXT_conf_nid(nullptr, nullptr, id, value);
            X509_add_ext(certificate, extension, -1);
            X509_EXTENSION_free(extension);
        }
        X509_sign(certificate, key, EVP_sha256());
    }
    ~Identity() {
        X509_free(certificate);
        EVP_PKEY_free(key);
    }
    Identity(const Identity&) = delete;
    Identity& operator=(const Identity&) = delete;

    [[nodiscard]] std::string write(const std::filesystem::path& file) const {
        std::FILE* out = std::fopen(file.c_str(), "w");
        PEM_write_X509(out, certificate);
        std::fclose(out);
        return file.string();
    }
};

/// Gives its answers, one a connection, to whoever connects on loopback; an empty answer: says nothing until the client
/// leaves. Plain, or TLS with an identity.
class TinyServer {
public:
    explicit TinyServer(std::vector<std::string> answers, const Identity* identity = nullptr)
        : answers_{std::move(answers)}, identity_{identity}, listener_{::socket(AF_INET, SOCK_STREAM, 0)} {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        ::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address);
        ::listen(listener_, 8);
        socklen_t size = sizeof address;
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
        port_ = ntohs(address.sin_port);
        thread_ = std::thread{[this] { serve(); }};
    }
    ~TinyServer() {
        ::shutdown(listener_, SHUT_RDWR);  // whoever waits in accept wakes up
        thread_.join();
        ::close(listener_);
    }
    TinyServer(const TinyServer&) = delete;
    TinyServer& operator=(const TinyServer&) = delete;

    [[nodiscard]] std::string url(const std::string& target = "/") const {
        return (identity_ != nullptr ? "https" : "http") + std::string{"://127.0.0.1:"} + std::to_string(port_) +
               target;
    }
    [[nodiscard]] int served() const noexcept { return served_; }
    /// What the first client asked; only after an answer came.
    [[nodiscard]] const std::string& request() const noexcept { return request_; }

private:
    void serve() {
        for (const auto& answer : answers_) {
            const int client = ::accept(listener_, nullptr, nullptr);
            if (client < 0) return;
            if (identity_ == nullptr)
                talk(
                    answer,
                    [client](char* to, int size) {
                        return static_cast<int>(::recv(client, to, static_cast<std::size_t>(size), 0));
                    },
                    [client](const std::string& bytes) { ::send(client, bytes.data(), bytes.size(), MSG_NOSIGNAL); });
            else
                talk_tls(answer, client);
            ++served_;
            ::close(client);
        }
    }
    template <class Read, class Write>
    void talk(const std::string& answer, Read read, Write write) {
        char buffer[4096];
        std::string request;
        while (request.find("\r\n\r\n") == std::string::npos) {
            const int count = read(buffer, sizeof buffer);
            if (count <= 0) return;
            request.append(buffer, static_cast<std::size_t>(count));
        }
        if (served_ == 0) request_ = request;
        if (answer.empty())
            while (read(buffer, sizeof buffer) > 0) {
            }
        else
            write(answer);
    }
    void talk_tls(const std::string& answer, int client) {
        SSL_CTX* context = SSL_CTX_new(TLS_server_method());
        SSL_CTX_use_certificate(context, identity_->certificate);
        SSL_CTX_use_PrivateKey(context, identity_->key);
        SSL* stream = SSL_new(context);
        SSL_set_fd(stream, client);
        if (SSL_accept(stream) == 1) {
            talk(
                answer, [stream](char* to, int size) { return SSL_read(stream, to, size); },
                [stream](const std::string& bytes) {
                    SSL_write(stream, bytes.data(), static_cast<int>(bytes.size()));
                });
            SSL_shutdown(stream);
        }
        SSL_free(stream);
        SSL_CTX_free(context);
    }

    std::vector<std::string> answers_;
    const Identity* identity_;
    int listener_;
    std::uint16_t port_{};
    std::atomic<int> served_{};
    std::string request_;
    std::thread thread_;
};

inline std::string ok(const std::string& body) {
    return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
}

}  // namespace test
