#pragma once

#include "tools/venue/dialect/sign.hpp"
#include "tools/venue/simulator.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <utility>
#include <vector>

namespace test {

using Json = nlohmann::ordered_json;

/// Of the simulator's own account.
inline const core::Secret secret{std::string{"omega-sim-secret"}};

/// A simulator without sockets whose clock stands until it is moved.
struct Simulated {
    core::Nanoseconds now{std::chrono::hours{480'000}};
    std::vector<venue::Simulator::Outgoing> sent;
    venue::Simulator simulator;

    explicit Simulated(core::Venue dialect, const std::string& faults = {}) : simulator{settings(dialect, faults)} {
        simulator.feeder().hold(true);
        simulator.deliver_to([this](venue::Simulator::Outgoing&& out) { sent.push_back(std::move(out)); });
    }
    static venue::SimulatorSettings settings(core::Venue dialect, const std::string& faults) {
        venue::SimulatorSettings made;
        made.dialect = dialect;
        made.start = std::chrono::hours{480'000};
        made.source.warm_up = std::chrono::seconds{10};
        if (!faults.empty()) made.faults = venue::parse_fault_script(faults);
        return made;
    }
    void pass(core::Nanoseconds time) { simulator.advance(now += time); }

    venue::HttpReply ask(const std::string& method, const std::string& target, const std::string& body = {},
                         std::vector<std::pair<std::string, std::string>> headers = {}) {
        auto request = venue::HttpRequest::make(method, target, body);
        request.headers = std::move(headers);
        return simulator.http(request);
    }
    Json control(const std::string& path, const Json& body) {
        return Json::parse(ask("POST", "/sim/" + path, body.dump()).body);
    }
    /// Messages to a connection, oldest first; they are then gone.
    std::vector<Json> received(venue::ConnectionId id) {
        std::vector<Json> all;
        std::erase_if(sent, [&](const auto& out) {
            if (out.to != id || out.close_code != 0) return false;
            all.push_back(Json::parse(out.text, nullptr, false));
            return true;
        });
        return all;
    }
    venue::ConnectionId open(const std::string& target) {
        return simulator.open(venue::HttpRequest::make("GET", target));
    }
};

}  // namespace test
