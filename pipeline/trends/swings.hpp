#pragma once

#include "pipeline/fibonacci/levels.hpp"
#include "pipeline/trends/double_pattern.hpp"
#include "pipeline/trends/harmonic.hpp"
#include "pipeline/trends/settings.hpp"

#include <array>
#include <cstdint>

namespace pipeline::patterns {

/// A closed bar in quote currency.
struct PatternBar {
    double high{}, low{}, close{};
    core::Nanoseconds end{};
};

/// The newest confirmed pivots of one timeframe of one instrument, the running extreme behind the last of them, and the
/// patterns they make.
class Swings {
public:
    /// Forgets everything, as after a gap.
    void restart() noexcept { *this = {}; }

    /// A closed bar and the pivot it confirmed, if any; new patterns go to `emit(PatternEvent)`.
    /// A harmonic pattern is told as `forming` once per set of points X A B C when the running extreme completes it,
    /// and again when the pivot D is confirmed; a double one as `forming` with its second pivot, and when the neckline
    /// breaks.
    template <class Emit>
    void add(const PatternBar& bar, const Pivot* pivot, const PatternSettings& settings, Emit&& emit) noexcept {
        remember(bar);
        const bool confirmed = pivot != nullptr && take(*pivot);
        if (confirmed)
            extreme_ = running_extreme();
        else
            stretch(bar);

        PatternEvent event;
        event.time = bar.end;
        if (confirmed && harmonic(settings, false, event)) emit(event);
        if (confirmed && double_found(settings, event)) emit(event);
        if (harmonic(settings, true, event)) emit(event);
        if (double_.close(bar.close, bars_ - 1, settings.double_bars)) {
            tell_double(event, false);
            emit(event);
        }
    }

    [[nodiscard]] std::size_t pivots() const noexcept { return count_; }

private:
    static constexpr std::size_t memory = 128;  // a power of two

    void remember(const PatternBar& bar) noexcept {
        bars_ring_[static_cast<std::size_t>(bars_) & (memory - 1)] = {bar.high, bar.low};
        ++bars_;
    }
    bool take(const Pivot& pivot) noexcept;
    [[nodiscard]] double running_extreme() const noexcept;
    void stretch(const PatternBar& bar) noexcept;
    bool harmonic(const PatternSettings& settings, bool forming, PatternEvent& event) noexcept;
    bool double_found(const PatternSettings& settings, PatternEvent& event) noexcept;
    void tell_double(PatternEvent& event, bool forming) const noexcept;

    struct Extent {
        double high{}, low{};
    };
    std::array<Pivot, 5> pivots_{};  // oldest first
    std::size_t count_{};
    std::int64_t bars_{};
    double extreme_{core::unknown};  // since the newest pivot, on the other side
    bool told_{};                    // the forming pattern of the newest pivots was told …
    PatternKind told_kind_{};        // … as this
    DoubleWatch double_{};
    std::array<Extent, memory> bars_ring_{};
};

}  // namespace pipeline::patterns
