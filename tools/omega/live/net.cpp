#include "tools/omega/live/net.hpp"

#include "gateways/live/wire_http.hpp"

namespace omega {

using namespace gateways::exchange;

Transport blocking_transport(Net& net, const std::string& base) {
    return [&net, base](const WireRequest& wire) -> Expected<Response> {
        const auto url = core::parse_url(base.empty() ? wire.base : base);
        if (!url) return refused(ErrorKind::bad_request, "no address: " + (base.empty() ? wire.base : base));
        using namespace gateways::live;
        return http_response(net.http.ask(url->to, http_request(wire)));
    };
}

}  // namespace omega
