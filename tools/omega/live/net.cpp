#include "tools/omega/live/net.hpp"

namespace omega {

using namespace gateways::exchange;

core::HttpRequest http_request(const WireRequest& wire) {
    core::HttpRequest request{
        .method = std::string{name(wire.method)}, .target = wire.target, .fields = {}, .body = wire.body};
    for (const auto& header : wire.headers) request.fields.push_back({header.name, header.value});
    return request;
}

Expected<Response> http_response(const core::HttpResult& result) {
    if (!result) {
        const auto& failure = result.error();
        return ApiError{.kind = failure.unknown_outcome ? ErrorKind::unknown_outcome : ErrorKind::network,
                        .code = {},
                        .message = std::string{core::name(failure.phase)} + ": " +
                                   std::string{core::name(failure.fault)} +
                                   (failure.detail.empty() ? "" : ", " + failure.detail)};
    }
    Response response{.status = result->status, .headers = {}, .body = result->body};
    for (const auto& field : result->fields) response.headers.push_back({field.first, field.second});
    return response;
}

Transport blocking_transport(Net& net, const std::string& base) {
    return [&net, base](const WireRequest& wire) -> Expected<Response> {
        const auto url = core::parse_url(base.empty() ? wire.base : base);
        if (!url) return refused(ErrorKind::bad_request, "no address: " + (base.empty() ? wire.base : base));
        return http_response(net.http.ask(url->to, http_request(wire)));
    };
}

}  // namespace omega
