#pragma once

#include "tools/venue/server/certificate.hpp"

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <memory>

namespace venue {

/// Ends TLS: a client's encrypted bytes on one side, a local socket with the plain ones on the other. What reads and
/// writes the near end needs to know nothing of TLS.
class TlsTunnels {
public:
    /// Throws boost::system::system_error when OpenSSL does not take the identity.
    explicit TlsTunnels(const Identity& identity);
    ~TlsTunnels();

    /// A tunnel to this client; it lives until either side is closed. Not open when there is no socket left.
    boost::asio::generic::stream_protocol::socket near_end(boost::asio::ip::tcp::socket client,
                                                           boost::system::error_code& failed);

private:
    struct Context;
    std::unique_ptr<Context> context_;
};

}  // namespace venue
