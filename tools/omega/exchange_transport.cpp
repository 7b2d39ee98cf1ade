#include "tools/omega/exchange_transport.hpp"

#include "core/net/http_client.hpp"
#include "core/net/resolver.hpp"
#include "core/net/tls.hpp"

#include <memory>

namespace omega {

namespace {

using namespace gateways::exchange;

/// What a client stands on, in the order in which it must go away.
struct Net {
    core::NetThread thread;
    core::TlsContext tls;
    core::Resolver resolver;
    core::HttpClient client{thread, tls, resolver};
};

ApiError error_of(const core::NetFailure& failure) {
    return {.kind = failure.unknown_outcome ? ErrorKind::unknown_outcome : ErrorKind::network,
            .code = {},
            .message = std::string{core::name(failure.phase)} + ": " + std::string{core::name(failure.fault)} +
                       (failure.detail.empty() ? "" : ", " + failure.detail)};
}

}  // namespace

Transport https_transport(const std::string& base) {
    auto net = std::make_shared<Net>();
    return [net, base](const WireRequest& wire) -> Expected<Response> {
        const auto url = core::parse_url(base.empty() ? wire.base : base);
        if (!url) return refused(ErrorKind::bad_request, "no address: " + (base.empty() ? wire.base : base));
        core::HttpRequest request{
            .method = std::string{name(wire.method)}, .target = wire.target, .fields = {}, .body = wire.body};
        for (const auto& header : wire.headers) request.fields.push_back({header.name, header.value});
        const auto answer = net->client.ask(url->to, std::move(request));
        if (!answer) return error_of(answer.error());
        Response response{.status = answer->status, .headers = {}, .body = answer->body};
        for (const auto& field : answer->fields) response.headers.push_back({field.first, field.second});
        return response;
    };
}

}  // namespace omega
