#pragma once

#include "core/domain/result.hpp"
#include "core/net/net_failure.hpp"
#include "core/net/ws_handshake.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace core {

/// What is asked of an HTTP server. Host, User-Agent and Content-Length are added.
struct HttpRequest {
    std::string method{"GET"};
    std::string target{"/"};  ///< path and query
    std::vector<HttpField> fields{};
    std::string body{};
    /// Of everything together, the wait for a connection and the look-up of the name included.
    std::chrono::milliseconds deadline{10'000};
    /// Its first byte leaves within this or never, for what may not be carried out late: an order. 0: within
    /// `deadline`.
    std::chrono::milliseconds begin_within{0};
    /// Goes before what waits, and finds a connection although all that are for everything are busy.
    bool urgent{};
};

/// True when it can be sent as it is: nothing in it could begin a second request.
bool may_be_sent(const HttpRequest& request) noexcept;

/// The request's bytes as they go to `host` (Endpoint::authority).
std::string http_text(const HttpRequest& request, std::string_view host);

/// What came back, whatever its status.
struct HttpAnswer {
    int status{};
    std::vector<HttpField> fields{};
    std::string body{};

    /// The first field of that name (any case), "" if there is none.
    [[nodiscard]] std::string_view field(std::string_view name) const noexcept;
};

using HttpResult = Result<HttpAnswer, NetFailure>;

/// Reads one HTTP/1.1 answer from bytes as they come (Boost.Beast's parser inside). Interim answers (1xx) are skipped.
class HttpReader {
public:
    /// `max_body`: bytes, whether announced, in chunks or until the end. `head`: the answer to a HEAD has no body.
    explicit HttpReader(std::size_t max_body, bool head = false);
    ~HttpReader();
    HttpReader(HttpReader&&) noexcept;
    HttpReader& operator=(HttpReader&&) noexcept;

    /// True when the answer is complete. Errors: malformed, oversized (the head above 64 KiB, too).
    Result<bool> feed(std::string_view bytes);
    /// The other side ended: true when that completes the answer. Error: truncated.
    Result<bool> end();

    /// Once complete.
    [[nodiscard]] HttpAnswer take();
    /// Once complete: another request may follow on the connection.
    [[nodiscard]] bool keeps_alive() const noexcept;
    [[nodiscard]] bool begun() const noexcept;  ///< at least a byte came

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace core
