// The usual way: Beast's WebSocket on Asio's TLS stream, asynchronous operations on an io_context.
#include "bench/core/net/echo_server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>

namespace bench {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;

class BeastClient : public EchoClient {
public:
    BeastClient(const EchoServer& server, std::size_t size, bool spin) : text_(size, 'x'), spin_{spin} {
        tls_.load_verify_file(server.ca_file());
        tls_.set_verify_mode(asio::ssl::verify_peer);
        auto& tcp = beast::get_lowest_layer(stream_);
        tcp.connect({asio::ip::make_address("127.0.0.1"), server.port()});
        tcp.socket().set_option(asio::ip::tcp::no_delay{true});
        stream_.next_layer().handshake(asio::ssl::stream_base::client);
        stream_.handshake("127.0.0.1", "/");
        stream_.text(true);
    }
    bool round_trip() override {
        done_ = failed_ = false;
        stream_.async_write(asio::buffer(text_),
                            [this](boost::system::error_code error, std::size_t) { failed_ = failed_ || error; });
        stream_.async_read(buffer_, [this](boost::system::error_code error, std::size_t size) {
            failed_ = failed_ || error || size != text_.size();
            buffer_.consume(buffer_.size());
            done_ = true;
        });
        if (spin_)
            while (!done_) io_.poll();
        else
            io_.run();
        io_.restart();
        return !failed_;
    }

private:
    asio::io_context io_{1};
    asio::ssl::context tls_{asio::ssl::context::tls_client};
    beast::websocket::stream<beast::ssl_stream<beast::tcp_stream>> stream_{io_, tls_};
    beast::flat_buffer buffer_;
    std::string text_;
    bool spin_, done_{}, failed_{};
};

}  // namespace

std::unique_ptr<EchoClient> beast_run_client(const EchoServer& server, std::size_t size) {
    return std::make_unique<BeastClient>(server, size, false);
}
std::unique_ptr<EchoClient> beast_poll_client(const EchoServer& server, std::size_t size) {
    return std::make_unique<BeastClient>(server, size, true);
}

}  // namespace bench
