#include "gateways/live/wire_http.hpp"

#include <utility>

namespace gateways::live {

core::HttpRequest http_request(const exchange::WireRequest& wire) {
    core::HttpRequest request{
        .method = std::string{name(wire.method)}, .target = wire.target, .fields = {}, .body = wire.body};
    for (const auto& header : wire.headers) request.fields.push_back({header.name, header.value});
    return request;
}

exchange::Expected<exchange::Response> http_response(core::HttpResult result) {
    if (!result) {
        const auto& failure = result.error();
        return exchange::ApiError{
            .kind = failure.unknown_outcome ? exchange::ErrorKind::unknown_outcome : exchange::ErrorKind::network,
            .code = {},
            .message = std::string{core::name(failure.phase)} + ": " + std::string{core::name(failure.fault)} +
                       (failure.detail.empty() ? "" : ", " + failure.detail)};
    }
    exchange::Response response{.status = result->status, .headers = {}, .body = std::move(result->body)};
    for (auto& field : result->fields) response.headers.push_back({std::move(field.first), std::move(field.second)});
    return response;
}

}  // namespace gateways::live
