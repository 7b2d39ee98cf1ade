#pragma once

#include "tools/venue/server/server.hpp"

#include <unistd.h>

#include <filesystem>
#include <optional>
#include <string>

namespace test {

/// A venue on a port of this machine, its authority in a file.
struct Served {
    std::filesystem::path ca;
    venue::Server server;

    explicit Served(core::Venue dialect, std::optional<core::Nanoseconds> lifetime = {})
        : ca{authority_file()}, server{{.tls = true, .ca_out = ca}, settings(dialect, lifetime)} {
        server.start();
    }
    ~Served() {
        server.stop();
        std::filesystem::remove(ca);
    }
    Served(const Served&) = delete;
    Served& operator=(const Served&) = delete;

    static std::filesystem::path authority_file() {
        static int number = 0;
        return std::filesystem::temp_directory_path() /
               ("omega-faults-ca-" + std::to_string(::getpid()) + "-" + std::to_string(number++) + ".pem");
    }
    static venue::SimulatorSettings settings(core::Venue dialect, std::optional<core::Nanoseconds> lifetime) {
        venue::SimulatorSettings made;
        made.dialect = dialect;
        made.lifetime = lifetime;
        made.source.warm_up = std::chrono::seconds{5};
        for (auto& one : venue::usual_listings(dialect))
            if (one.base == "BTC") made.listings.push_back(one);
        return made;
    }
    void fault(const std::string& yaml) {
        server.with([&](venue::Simulator& inside) {
            for (const auto& spec : venue::parse_faults(yaml)) inside.add_fault(spec);
        });
    }
    std::size_t connections() {
        std::size_t count = 0;
        server.with([&](venue::Simulator& inside) { count = inside.connections(); });
        return count;
    }
    std::uint64_t struck(venue::FaultKind kind) {
        std::uint64_t count = 0;
        server.with([&](venue::Simulator& inside) { count = inside.faults().struck(kind); });
        return count;
    }
};

}  // namespace test
