#pragma once

#include "core/domain/time.hpp"
#include "gateways/exchange/service.hpp"
#include "gateways/orders/watchdog.hpp"
#include "tools/omega/live/credentials.hpp"
#include "tools/omega/live/net.hpp"
#include "tools/omega/live/settings.hpp"
#include "tools/omega/settings.hpp"

#include <sys/types.h>

#include <cstddef>
#include <vector>

namespace omega {

/// A venue at which nothing new may fill once nobody manages it.
struct WatchedVenue {
    core::Venue venue{};
    VenueSettings settings{};
    gateways::exchange::Environment environment{};
    gateways::exchange::Credentials keys{};
};

/// Cancels what may still open a position: working orders with a client id of ours that are not reduce-only and wait
/// for no trigger; on spot only those that buy. Stops, exits and what others placed stay. Asks again until the venue
/// shows none. Returns how many were cancelled, or the venue's last error.
gateways::exchange::Expected<std::size_t> cancel_entries(Net& net, const WatchedVenue& venue);

/// A process beside the engine that cancels its entries when the engine is silent for `live.watchdog_s`: killed, hung,
/// or ended by an error. To be made before any thread is, for it is a fork.
class EngineWatchdog {
public:
    /// Throws std::runtime_error: no key of a venue that trades; std::system_error: no process.
    EngineWatchdog(const LiveSettings& live, RunMode mode, KeyRing& keys);
    /// Without leave(), once the heart has beaten: the process goes on and cancels.
    ~EngineWatchdog();
    EngineWatchdog(const EngineWatchdog&) = delete;
    EngineWatchdog& operator=(const EngineWatchdog&) = delete;

    [[nodiscard]] gateways::Heartbeat& heartbeat() noexcept { return heartbeat_; }
    /// Everything was cancelled in order: the process ends.
    void leave() noexcept;

private:
    gateways::Heartbeat heartbeat_{};
    pid_t process_{};
};

}  // namespace omega
