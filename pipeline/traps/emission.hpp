#pragma once

#include "pipeline/traps/finding.hpp"
#include "pipeline/traps/settings.hpp"

#include <array>
#include <cstdint>

namespace pipeline::traps {

/// Gives findings their identity and keeps repetitions quiet (spec/traps.md section 6): one instrument.
class Emission {
public:
    struct Ticket {
        bool emit{};
        std::uint64_t id{};
        std::uint8_t revision{};
    };

    struct Candidate {
        TrapKind kind{};
        Expect expect{};
        core::Nanoseconds time{};
        double confidence{};    ///< boosted
        std::uint32_t bar_s{};  ///< of a kind that is silent for "one bar"; 0: the setting alone counts
    };

    /// May the event leave? Inside the cooldown only an upgrade may: the same expectation with at least `upgrade_step`
    /// more, under the same id, one revision up, the cooldown not extended. Of a kind of bars each timeframe is by
    /// itself: a minute's trap neither silences nor becomes the hour's, nor the hour's the minute's.
    Ticket admit(const Candidate& candidate, const TrapSettings& settings, TrapCounters& counters) noexcept;

private:
    struct Last {
        core::Nanoseconds time{};  ///< of revision 0
        std::uint64_t id{};
        double confidence{};
        std::uint32_t bar_s{};
        Expect expect{};
        std::uint8_t revision{};
        bool any{};
    };
    /// The newest of a kind that waits for "one bar", by timeframe.
    struct Barred {
        TrapKind kind{};
        Last last{};
    };
    static constexpr std::size_t most_barred = 24;  // bull and bear traps of ten timeframes, and fractals

    [[nodiscard]] Last& last_of(const Candidate& candidate) noexcept;

    std::array<Last, trap_kind_count> last_{};
    std::array<Barred, most_barred> barred_{};
    std::size_t barred_count_{};
    std::uint64_t next_id_{1};
};

}  // namespace pipeline::traps
