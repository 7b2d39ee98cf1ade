#include "tools/omega/exchange_transport.hpp"

#include "tools/omega/live/net.hpp"

#include <memory>

namespace omega {

gateways::exchange::Transport https_transport(const std::string& base) {
    auto net = std::make_shared<Net>();
    return [net, send = blocking_transport(*net, base)](const auto& wire) { return send(wire); };
}

}  // namespace omega
