#include "feeds/conditions/http_get.hpp"

#include "core/net/http_connection.hpp"

#include <array>
#include <stdexcept>

namespace feeds::conditions {
namespace {

using core::NetFault;
using core::NetPhase;

HttpFailure failure(HttpError error, std::string detail, int status = 0) {
    return {.error = error, .status = status, .detail = std::move(detail)};
}

HttpError reason(const core::NetFailure& failed) noexcept {
    if (failed.fault == NetFault::timeout) return HttpError::timeout;
    if (failed.fault == NetFault::oversized) return HttpError::oversized;
    switch (failed.phase) {
        case NetPhase::resolve: return HttpError::resolve;
        case NetPhase::connect: return HttpError::connect;
        case NetPhase::tls: return HttpError::tls;
        default: return HttpError::protocol;
    }
}

}  // namespace

std::string_view name(HttpError error) noexcept {
    static constexpr std::array<std::string_view, 8> names{"bad_url", "resolve",   "connect", "tls",
                                                           "timeout", "oversized", "status",  "protocol"};
    return names[static_cast<std::size_t>(error)];
}

core::Result<std::string, HttpFailure> http_get(std::string_view text, const HttpLimits& limits) {
    const auto url = core::parse_url(text);
    if (!url) return failure(HttpError::bad_url, std::string{core::name(url.error())});
    if (!text.starts_with("http")) return failure(HttpError::bad_url, "expected http or https");
    core::HttpSettings settings;
    settings.wire = {.resolve = limits.deadline,
                     .connect = limits.deadline,
                     .tls = limits.deadline,
                     .plain_anywhere = true};  // public data, no secret
    settings.answer = limits.deadline;
    settings.max_body = limits.max_bytes;
    const core::HttpRequest request{.method = "GET",
                                    .target = url->target,
                                    .fields = {{"Accept", "application/json"}, {"Connection", "close"}},
                                    .body = {},
                                    .deadline = limits.deadline};
    try {
        const core::TlsContext tls{{.ca_file = limits.ca_file, .system_authorities = limits.ca_file.empty()}};
        core::Resolver resolver;
        auto answer = core::http_fetch(url->to, request, tls, resolver, settings);
        if (!answer) return failure(reason(answer.error()), answer.error().detail);
        if (answer->status != 200)
            return failure(HttpError::status, "status " + std::to_string(answer->status), answer->status);
        return std::move(answer->body);
    } catch (const std::runtime_error& error) {  // authorities that cannot be read
        return failure(HttpError::tls, error.what());
    } catch (const std::exception& error) {  // no memory
        return failure(HttpError::protocol, error.what());
    }
}

}  // namespace feeds::conditions
