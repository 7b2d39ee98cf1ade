#pragma once

#include "tools/venue/simulator.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace bench {

/// Simulated venues whose streams come as fast as a core encrypts them. One thread, busy-polling, on core 1: while it
/// serves, each simulator answers HTTP and subscriptions over TLS and pushes in its own time; then what the streams say
/// next is written down, and played to the sockets. So a client sees one unbroken session, and no generator slows it.
class TapeVenue {
public:
    /// One listener a simulator. Throws what venue::Simulator's constructor throws.
    explicit TapeVenue(const std::vector<venue::SimulatorSettings>& venues);
    ~TapeVenue();
    TapeVenue(const TapeVenue&) = delete;
    TapeVenue& operator=(const TapeVenue&) = delete;

    [[nodiscard]] std::string address(std::size_t venue) const;   ///< "127.0.0.1:40213"
    [[nodiscard]] const std::string& authority() const noexcept;  ///< PEM
    struct Tape {
        std::uint64_t frames{}, bytes{};
    };
    /// The simulators' time stands from now on but for this: they go on until all streams together have brought
    /// `frames` messages, which wait.
    Tape record(std::uint64_t frames);
    /// Sends what waits, each connection in turn. `record_bytes`: how much a TLS record holds; 0: one message, as a
    /// venue sends them that has no more to say. Returns at once; the client knows how many come.
    void play(std::size_t record_bytes);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace bench
