#include "tools/omega/live/simulated_venues.hpp"

#include "tools/venue/server/server.hpp"

namespace omega {

SimulatedVenues::SimulatedVenues(const LiveSettings& settings) {
    for (const auto& [name, configured] : settings.venues) {
        venue::SimulatorSettings simulator;
        simulator.dialect = *core::parse_venue(name);
        simulator.pairs = settings.simulation.pairs;
        simulator.source.seed = settings.simulation.seed;
        simulator.source.events_per_s = settings.simulation.events_per_s;
        simulator.source.volatility = settings.simulation.volatility;
        simulator.source.speed = settings.simulation.speed;
        // Of the venue's time: a fast market has as much behind it as a slow one.
        simulator.source.warm_up = core::Nanoseconds{static_cast<std::int64_t>(
            static_cast<double>(simulator.source.warm_up.count()) / settings.simulation.speed)};
        if (!settings.simulation.faults.empty())
            simulator.faults = venue::read_fault_script(settings.simulation.faults);
        auto server = std::make_unique<venue::Server>(venue::ServerSettings{.tls = true}, std::move(simulator));
        server->start();
        authorities_ += server->authority();
        servers_.emplace(*core::parse_venue(name), std::move(server));
    }
}

SimulatedVenues::~SimulatedVenues() = default;

void SimulatedVenues::redirect(LiveSettings& settings) const {
    for (auto& [name, configured] : settings.venues) {
        const auto& server = *servers_.at(*core::parse_venue(name));
        configured.websocket = "wss://" + server.address();
        configured.rest = "https://" + server.address();
    }
}

}  // namespace omega
