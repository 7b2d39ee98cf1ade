#pragma once

#include "core/domain/time.hpp"
#include "pipeline/traps/settings.hpp"

#include <array>
#include <cstdint>

namespace pipeline::traps {

/// What an evaluation of the mode looks at; unknown inputs give no points.
struct HighFrequencyInputs {
    double move60{core::unknown}, move300{core::unknown};  ///< abs bps
    double sigma60{core::unknown}, sigma300{core::unknown};
    bool sharp_event{};  ///< it follows an event of a sharp kind with c > .7
    double schumann_hz{core::unknown};
};

/// The state that lowers T after clustered traps (spec/traps.md section 7). Evaluated at each second's close and after
/// each event; the caller notes only events that would have passed their gate at multiplier 1.
class HighFrequencyMode {
public:
    explicit HighFrequencyMode(const TrapSettings::HighFrequency& settings) noexcept : settings_{settings} {}

    /// A new event. An upgrade of an event is not a second one.
    void note(core::Nanoseconds time, double confidence) noexcept;
    void evaluate(core::Nanoseconds time, const HighFrequencyInputs& inputs) noexcept;

    [[nodiscard]] HighFrequency state() const noexcept { return state_; }
    [[nodiscard]] double multiplier() const noexcept {
        return state_ == HighFrequency::active ? .6 : state_ == HighFrequency::elevated ? .8 : 1;
    }
    [[nodiscard]] int points() const noexcept { return points_; }  ///< of the newest evaluation

private:
    [[nodiscard]] int count_points(core::Nanoseconds time, const HighFrequencyInputs& inputs) const noexcept;

    static constexpr std::size_t remembered = 32;
    TrapSettings::HighFrequency settings_;
    HighFrequency state_{};
    int points_{};
    core::Nanoseconds activation_{};
    std::array<core::Nanoseconds, remembered> events_{};  // of c >= .5, a ring
    std::uint64_t event_count_{};
};

}  // namespace pipeline::traps
