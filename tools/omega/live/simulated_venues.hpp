#pragma once

#include "core/domain/instrument.hpp"
#include "tools/omega/live/settings.hpp"

#include <map>
#include <memory>
#include <string>

namespace venue {
class Server;
}

namespace omega {

/// The configured venues as servers in this process: real sockets, TLS and WebSockets on loopback, nothing else real.
class SimulatedVenues {
public:
    /// One server for each venue of `settings` that is simulated (binance, bitget, bybit, okx). Throws
    /// std::invalid_argument for another, std::runtime_error when a port or the script of faults cannot be had.
    explicit SimulatedVenues(const LiveSettings& settings);
    ~SimulatedVenues();
    SimulatedVenues(const SimulatedVenues&) = delete;
    SimulatedVenues& operator=(const SimulatedVenues&) = delete;

    /// Puts the servers' addresses in place of the venues' own.
    void redirect(LiveSettings& settings) const;
    /// Of whom they have their certificates, PEM.
    [[nodiscard]] const std::string& authorities() const noexcept { return authorities_; }
    [[nodiscard]] venue::Server& server(core::Venue which) { return *servers_.at(which); }

private:
    std::map<core::Venue, std::unique_ptr<venue::Server>> servers_;
    std::string authorities_;
};

}  // namespace omega
