#include "tools/venue/server/tls_tunnel.hpp"

#include <boost/asio/local/connect_pair.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>

#include <array>

namespace venue {

namespace asio = boost::asio;
using Failure = boost::system::error_code;

struct TlsTunnels::Context {
    asio::ssl::context of{asio::ssl::context::tls_server};
};

namespace {

class Tunnel : public std::enable_shared_from_this<Tunnel> {
public:
    Tunnel(asio::ip::tcp::socket client, asio::local::stream_protocol::socket far, asio::ssl::context& context)
        : outside_{std::move(client), context}, inside_{std::move(far)} {}

    void start() {
        outside_.async_handshake(asio::ssl::stream_base::server, [self = shared_from_this()](Failure failed) {
            if (failed) return self->end();
            self->inwards();
            self->outwards();
        });
    }

private:
    void inwards() {
        outside_.async_read_some(asio::buffer(in_), [self = shared_from_this()](Failure failed, std::size_t size) {
            if (failed) return self->end();
            asio::async_write(self->inside_, asio::buffer(self->in_, size),
                              [self](Failure wrong, std::size_t) { return wrong ? self->end() : self->inwards(); });
        });
    }
    void outwards() {
        inside_.async_read_some(asio::buffer(out_), [self = shared_from_this()](Failure failed, std::size_t size) {
            if (failed) return self->end();
            asio::async_write(self->outside_, asio::buffer(self->out_, size),
                              [self](Failure wrong, std::size_t) { return wrong ? self->end() : self->outwards(); });
        });
    }
    void end() {
        Failure ignored;
        inside_.close(ignored);
        outside_.lowest_layer().close(ignored);
    }

    asio::ssl::stream<asio::ip::tcp::socket> outside_;
    asio::local::stream_protocol::socket inside_;
    std::array<char, 16'384> in_{}, out_{};
};

}  // namespace

TlsTunnels::TlsTunnels(const Identity& identity) : context_{std::make_unique<Context>()} {
    context_->of.use_certificate_chain(asio::buffer(identity.certificate));
    context_->of.use_private_key(asio::buffer(identity.key), asio::ssl::context::pem);
}

TlsTunnels::~TlsTunnels() = default;

asio::generic::stream_protocol::socket TlsTunnels::near_end(asio::ip::tcp::socket client, Failure& failed) {
    const auto executor = client.get_executor();
    asio::local::stream_protocol::socket near{executor}, far{executor};
    asio::local::connect_pair(near, far, failed);
    if (failed) return asio::generic::stream_protocol::socket{executor};
    std::make_shared<Tunnel>(std::move(client), std::move(far), context_->of)->start();
    return asio::generic::stream_protocol::socket{std::move(near)};
}

}  // namespace venue
