// The only file of the engine that parses Beast.
#include "core/net/http_message.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>

namespace core {
namespace {

namespace http = boost::beast::http;
using boost::system::error_code;

constexpr std::size_t longest_head = 64 * 1024;
constexpr std::size_t shortest_last_chunk = 5;  // "0\r\n\r\n"
constexpr int most_interim = 8;

bool is_token(std::string_view text) noexcept {
    return may_be_sent(HttpField{std::string{text}, {}});
}

}  // namespace

bool may_be_sent(const HttpRequest& request) noexcept {
    const auto in_target = [](char c) { return c > ' ' && c < '\x7f'; };
    return is_token(request.method) && !request.target.empty() && request.target.front() == '/' &&
           std::all_of(request.target.begin(), request.target.end(), in_target) &&
           std::all_of(request.fields.begin(), request.fields.end(),
                       [](const HttpField& field) { return may_be_sent(field); });
}

std::string http_text(const HttpRequest& request, std::string_view host) {
    std::string text;
    text.reserve(256 + request.target.size() + request.body.size());
    text.append(request.method).append(" ").append(request.target).append(" HTTP/1.1\r\nHost: ").append(host);
    text += "\r\nUser-Agent: omega\r\n";
    for (const auto& [name, value] : request.fields) text.append(name).append(": ").append(value).append("\r\n");
    if (!request.body.empty() || (request.method != "GET" && request.method != "HEAD" && request.method != "DELETE"))
        text.append("Content-Length: ").append(std::to_string(request.body.size())).append("\r\n");
    return text.append("\r\n").append(request.body);
}

std::string_view HttpAnswer::field(std::string_view name) const noexcept {
    for (const auto& [key, value] : fields)
        if (boost::beast::iequals({key.data(), key.size()}, {name.data(), name.size()})) return value;
    return {};
}

struct HttpReader::Impl {
    using Parser = http::response_parser<http::string_body>;

    Impl(std::size_t body, bool is_head) : max_body{body}, head{is_head} { restart(); }

    std::size_t max_body;
    bool head;
    std::optional<Parser> parser{};
    std::string unread{};
    bool begun{};
    int interim{};

    void restart() {
        parser.emplace();
        parser->header_limit(static_cast<std::uint32_t>(longest_head));
        parser->body_limit(std::numeric_limits<std::uint64_t>::max());  // none would refuse every length (Boost 1.74)
        parser->skip(head);
    }

    /// After the head: whether the body may be read, and whether this was the answer at all.
    Result<bool> head_came() {
        const auto announced = parser->content_length();
        if (announced && *announced > max_body && !head) return Error::oversized;  // before memory is taken for it
        const auto status = parser->get().result_int();
        if (status < 200) {
            if (status == 101 || ++interim > most_interim) return Error::malformed;
            restart();
            return false;
        }
        parser->eager(true);
        return true;
    }

    Result<bool> advance() {
        while (!unread.empty() && !parser->is_done()) {
            const bool had_head = parser->is_header_done();
            // Beast asserts five bytes when it looks at a last chunk again; no chunked answer ends with fewer.
            if (had_head && parser->chunked() && unread.size() < shortest_last_chunk) break;
            error_code error;
            const auto taken = parser->put(boost::asio::buffer(unread), error);
            unread.erase(0, taken);
            if (error == http::error::header_limit || error == http::error::buffer_overflow) return Error::oversized;
            if (error && error != http::error::need_more) return Error::malformed;
            if (!parser->is_header_done()) {
                if (unread.size() > longest_head) return Error::oversized;
                return false;
            }
            if (!had_head) {
                const auto answer = head_came();
                if (!answer) return answer.error();
                if (!*answer) continue;
            }
            if (parser->get().body().size() > max_body) return Error::oversized;
            if (unread.size() > longest_head && error == http::error::need_more) return Error::oversized;
            if (taken == 0 && had_head) break;
        }
        return parser->is_done();
    }
};

HttpReader::HttpReader(std::size_t max_body, bool head) : impl_{std::make_unique<Impl>(max_body, head)} {}
HttpReader::~HttpReader() = default;
HttpReader::HttpReader(HttpReader&&) noexcept = default;
HttpReader& HttpReader::operator=(HttpReader&&) noexcept = default;

Result<bool> HttpReader::feed(std::string_view bytes) {
    impl_->begun = impl_->begun || !bytes.empty();
    impl_->unread.append(bytes);
    return impl_->advance();
}

Result<bool> HttpReader::end() {
    auto& parser = *impl_->parser;
    if (parser.is_done()) return true;
    if (!parser.is_header_done() || !impl_->unread.empty()) return Error::truncated;
    error_code error;
    parser.put_eof(error);
    if (error || !parser.is_done()) return Error::truncated;
    return true;
}

HttpAnswer HttpReader::take() {
    auto message = impl_->parser->release();
    HttpAnswer answer{.status = static_cast<int>(message.result_int())};
    for (const auto& field : message)
        answer.fields.emplace_back(std::string{field.name_string()}, std::string{field.value()});
    answer.body = std::move(message.body());
    return answer;
}

bool HttpReader::keeps_alive() const noexcept {
    return impl_->parser->is_done() && impl_->parser->keep_alive() && impl_->unread.empty();
}

bool HttpReader::begun() const noexcept {
    return impl_->begun;
}

}  // namespace core
