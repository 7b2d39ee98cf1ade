#pragma once

#include "core/net/url.hpp"

#include <cstdint>
#include <memory>
#include <string>

struct ssl_st;  // OpenSSL's SSL

namespace core {

/// Whom to trust.
struct TlsSettings {
    std::string ca_file{};          ///< PEM of further authorities, "" for none (a test's)
    std::string ca_pem{};           ///< the same as text (an embedded simulator's)
    bool system_authorities{true};  ///< also those of the system
};

/// What all TLS connections of a program share: the authorities, and the sessions to be resumed. TLS 1.2 at least, the
/// certificate and the host's name always verified. Any thread may open connections with it.
class TlsContext {
public:
    /// Throws std::runtime_error when the authorities cannot be read (they are settings, read at the start).
    explicit TlsContext(const TlsSettings& settings = {});
    ~TlsContext();
    TlsContext(const TlsContext&) = delete;
    TlsContext& operator=(const TlsContext&) = delete;

    /// A client's side of one connection to `to`: server name, name verification and the kept session are set.
    /// Nullptr when the host cannot be asked for. The caller owns it (SSL_free).
    [[nodiscard]] ssl_st* open(const Endpoint& to) const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace core
