#pragma once

#include "gateways/exchange/service.hpp"

#include <string>

namespace omega {

/// Sends requests over HTTPS and waits for their answers. What certainly never reached the venue is `network`, what may
/// have reached it is `unknown_outcome`. `base`: another server in place of every venue's, for a simulator on this
/// machine ("http://127.0.0.1:8080"); "" asks the venue. Throws std::runtime_error when the system's authorities cannot
/// be read.
gateways::exchange::Transport https_transport(const std::string& base = {});

}  // namespace omega
