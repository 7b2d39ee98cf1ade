#pragma once

#include "pipeline/traps/finding.hpp"
#include "pipeline/traps/senses.hpp"
#include "pipeline/traps/settings.hpp"

namespace pipeline::traps {

/// Where the findings of one instrument at one moment become events (spec/traps.md section 6) and where every reason
/// against one is counted. After each event the high-frequency mode is evaluated, so T may be another for the detector
/// asked next.
class Reporter {
public:
    /// `closing`: the moment is the close of a second or a bar, not a tick; its measures end with what closed.
    Reporter(Senses& senses, const TrapSettings& settings, TrapCounters& counters, double schumann_hz,
             core::Nanoseconds time, bool closing, Traps& traps) noexcept
        : settings_{settings},
          senses_{senses},
          counters_{counters},
          traps_{traps},
          time_{time},
          schumann_hz_{schumann_hz},
          closing_{closing} {}

    [[nodiscard]] core::Nanoseconds time() const noexcept { return time_; }
    [[nodiscard]] bool closing() const noexcept { return closing_; }
    [[nodiscard]] const TrapSettings& settings() const noexcept { return settings_; }
    [[nodiscard]] bool enabled(TrapKind kind) const noexcept { return settings_.of(kind).enabled; }
    [[nodiscard]] double threshold() const noexcept { return senses_.face.threshold_bps; }  ///< T
    /// T at high-frequency multiplier 1: Finding::calm asks whether the gate would pass with it.
    [[nodiscard]] double calm_threshold() const noexcept { return senses_.threshold.at(1); }

    /// Counts `measure` if `value` is unknown; returns it.
    double note(Measure measure, double value) noexcept {
        if (!core::known(value)) ++counters_.unknown[static_cast<std::size_t>(measure)];
        return value;
    }
    /// A gate has passed. True with enough confidence: the finding is an event, or its cooldown silences it. False
    /// and counted with too little.
    bool report(const Finding& finding) noexcept;

    /// Evaluates the high-frequency mode: after a close that brought no event.
    void evaluate() noexcept { evaluate(false); }
    [[nodiscard]] bool emitted() const noexcept { return emitted_; }  ///< an event left at this moment

private:
    void emit(const Finding& finding) noexcept;
    void evaluate(bool sharp) noexcept;

    const TrapSettings& settings_;
    Senses& senses_;
    TrapCounters& counters_;
    Traps& traps_;
    core::Nanoseconds time_;
    double schumann_hz_;
    bool closing_;
    bool emitted_{};
};

}  // namespace pipeline::traps
