// The only file that parses Beast.
#include "feeds/conditions/http_get.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <optional>

namespace feeds::conditions {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace ssl = asio::ssl;
using asio::ip::tcp;
using boost::system::error_code;

using Answer = core::Result<std::string, HttpFailure>;

HttpFailure failure(HttpError error, std::string detail, int status = 0) {
    return {.error = error, .status = status, .detail = std::move(detail)};
}

/// What follows once a stream is connected: the same for plain and TLS streams.
template <class Stream>
class Exchange {
public:
    Exchange(asio::io_context& io, Stream& stream, const Url& url, const HttpLimits& limits)
        : stream_{stream}, resolver_{io}, url_{url}, max_bytes_{limits.max_bytes} {
        request_.version(11);
        request_.method(http::verb::get);
        request_.target(url.target);
        request_.set(http::field::host, url.host);
        request_.set(http::field::user_agent, "omega");
        request_.set(http::field::accept, "application/json");
        request_.set(http::field::connection, "close");
        parser_.body_limit(std::numeric_limits<std::uint64_t>::max());  // none would refuse every length (Boost 1.74)
    }

    void start() {
        resolver_.async_resolve(
            url_.host, url_.port, [this](error_code error, const tcp::resolver::results_type& found) {
                if (error) return fail(HttpError::resolve, error);
                beast::get_lowest_layer(stream_).async_connect(found, [this](error_code failed, const tcp::endpoint&) {
                    if (failed) return fail(HttpError::connect, failed);
                    connected();
                });
            });
    }

    [[nodiscard]] std::optional<Answer>& answer() noexcept { return answer_; }

private:
    void connected() {
        if constexpr (std::is_same_v<Stream, beast::tcp_stream>)
            write();
        else
            stream_.async_handshake(ssl::stream_base::client, [this](error_code error) {
                if (error) return fail(HttpError::tls, error);
                write();
            });
    }
    void write() {
        http::async_write(stream_, request_, [this](error_code error, std::size_t) {
            if (error) return fail(HttpError::protocol, error);
            http::async_read_header(stream_, buffer_, parser_,
                                    [this](error_code failed, std::size_t) { next(failed); });
        });
    }
    /// After the header and after every piece of the body. The limit is watched here: the parser's own lets a response
    /// with a length pass (Boost 1.74).
    void next(error_code error) {
        if (error == http::error::header_limit || error == http::error::buffer_overflow)
            return fail(HttpError::oversized, error);
        if (error) return fail(HttpError::protocol, error);
        const auto announced = parser_.content_length();
        if ((announced && *announced > max_bytes_) || parser_.get().body().size() > max_bytes_)
            return fail(HttpError::oversized, http::make_error_code(http::error::body_limit));
        if (!parser_.is_done())
            return http::async_read_some(stream_, buffer_, parser_,
                                         [this](error_code failed, std::size_t) { next(failed); });
        const auto status = static_cast<int>(parser_.get().result_int());
        if (status != 200) {
            answer_.emplace(failure(HttpError::status, "status " + std::to_string(status), status));
            return;
        }
        answer_.emplace(std::move(parser_.get().body()));
    }
    void fail(HttpError error, const error_code& why) { answer_.emplace(failure(error, why.message())); }

    Stream& stream_;
    tcp::resolver resolver_;
    const Url& url_;
    std::size_t max_bytes_;
    http::request<http::empty_body> request_;
    http::response_parser<http::string_body> parser_;
    beast::flat_buffer buffer_;
    std::optional<Answer> answer_;
};

template <class Stream>
Answer run(asio::io_context& io, Stream& stream, const Url& url, const HttpLimits& limits) {
    Exchange exchange{io, stream, url, limits};
    exchange.start();
    io.run_for(limits.deadline);
    if (!exchange.answer()) {
        error_code ignored;
        beast::get_lowest_layer(stream).socket().close(ignored);
        exchange.answer().emplace(failure(HttpError::timeout, "no answer in time"));
    }
    return *std::move(exchange.answer());
}

bool is_address(const std::string& host) {
    error_code error;
    asio::ip::make_address(host, error);
    return !error;
}

Answer run_tls(asio::io_context& io, const Url& url, const HttpLimits& limits) {
    ssl::context context{ssl::context::tls_client};
    context.set_options(ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1);
    context.set_verify_mode(ssl::verify_peer);
    error_code error;
    if (limits.ca_file.empty())
        context.set_default_verify_paths(error);
    else
        context.load_verify_file(limits.ca_file, error);
    if (error) return failure(HttpError::tls, "certificates: " + error.message());
    beast::ssl_stream<beast::tcp_stream> stream{io, context};
    stream.set_verify_callback(ssl::host_name_verification(url.host));
    // A name for servers of many names; addresses are not sent (RFC 6066).
    if (!is_address(url.host) && SSL_ctrl(stream.native_handle(), SSL_CTRL_SET_TLSEXT_HOSTNAME,
                                          TLSEXT_NAMETYPE_host_name, const_cast<char*>(url.host.c_str())) != 1)
        return failure(HttpError::tls, "the host name does not fit");
    return run(io, stream, url, limits);
}

}  // namespace

core::Result<Url> parse_url(std::string_view text) {
    constexpr std::size_t longest = 2000;
    if (text.size() > longest) return core::Error::oversized;
    if (!std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; }))
        return core::Error::malformed;
    const auto scheme = text.find("://");
    if (scheme == std::string_view::npos) return core::Error::malformed;
    Url url;
    url.tls = text.substr(0, scheme) == "https";
    if (!url.tls && text.substr(0, scheme) != "http") return core::Error::refused;
    auto rest = text.substr(scheme + 3);
    const auto slash = rest.find_first_of("/?");
    const auto authority = rest.substr(0, slash);
    url.target = slash == std::string_view::npos ? "/" : std::string{rest.substr(slash)};
    if (url.target.front() == '?') url.target.insert(0, 1, '/');
    const auto colon = authority.rfind(':');
    url.host = authority.substr(0, colon);
    url.port = colon == std::string_view::npos ? (url.tls ? "443" : "80") : std::string{authority.substr(colon + 1)};
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    const auto in_host = [&](char c) {
        return digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '-' || c == '_';
    };
    if (url.host.empty() || !std::all_of(url.host.begin(), url.host.end(), in_host)) return core::Error::malformed;
    if (url.port.empty() || url.port.size() > 5 || !std::all_of(url.port.begin(), url.port.end(), digit) ||
        std::stoi(url.port) == 0 || std::stoi(url.port) > 65535)
        return core::Error::malformed;
    if (url.target.find('#') != std::string::npos) return core::Error::malformed;
    return url;
}

std::string_view name(HttpError error) noexcept {
    static constexpr std::array<std::string_view, 8> names{"bad_url", "resolve",   "connect", "tls",
                                                           "timeout", "oversized", "status",  "protocol"};
    return names[static_cast<std::size_t>(error)];
}

core::Result<std::string, HttpFailure> http_get(std::string_view text, const HttpLimits& limits) {
    const auto url = parse_url(text);
    if (!url) return failure(HttpError::bad_url, std::string{core::name(url.error())});
    try {
        asio::io_context io{1};
        if (url->tls) return run_tls(io, *url, limits);
        beast::tcp_stream stream{io};
        return run(io, stream, *url, limits);
    } catch (const std::exception& error) {  // no threads for the resolver, no memory: as any other failure
        return failure(HttpError::protocol, error.what());
    }
}

}  // namespace feeds::conditions
