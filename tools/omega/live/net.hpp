#pragma once

#include "core/net/http_client.hpp"
#include "core/net/net_thread.hpp"
#include "core/net/resolver.hpp"
#include "core/net/tls.hpp"
#include "gateways/exchange/service.hpp"

#include <string>

namespace omega {

/// What every connection of the program stands on, in the order in which it must go away.
struct Net {
    core::NetThread thread{};
    core::TlsContext tls;
    core::Resolver resolver{};
    core::HttpClient http{thread, tls, resolver};

    /// Throws std::runtime_error when the authorities cannot be read.
    explicit Net(const core::TlsSettings& settings = {}) : tls{settings} {}
};

/// Sends requests over `net` and holds up its caller until the answer: for the start and for verbs. What certainly
/// never reached the venue is `network`, what may have reached it is `unknown_outcome`. `base`: another origin in place
/// of every venue's, "" for none. `net` outlives it.
gateways::exchange::Transport blocking_transport(Net& net, const std::string& base = {});

}  // namespace omega
