#pragma once

#include "pipeline/fibonacci/levels.hpp"

#include <cstdint>
#include <vector>

namespace pipeline {

/// A closed bar as the swing finder sees it.
struct SwingBar {
    double high{}, low{}, close{};
    core::Nanoseconds start{}, end{};
};

/// Alternating swing highs and lows of one timeframe. A pivot is known only `confirm_bars` bars after its extreme and
/// after the close has come back by `min_swing_bps` of it: nothing repaints. The first pivot is the seed.
class ZigZag {
public:
    /// `memory_bars`: how far back the extreme that starts the next swing is looked for.
    ZigZag(double min_swing_bps, std::uint32_t confirm_bars, std::uint32_t memory_bars);

    /// Takes a closed bar in order; true if it confirmed `pivot`. O(1), on a confirmation O(memory_bars).
    bool add(const SwingBar& bar, Pivot& pivot) noexcept;

    /// Forgets everything, as after a gap.
    void restart() noexcept;

    /// Index of the newest bar since the (re)start; -1 before the first.
    [[nodiscard]] std::int64_t bar() const noexcept { return bars_ - 1; }

    /// What is sought now and the extreme so far, for display and tests.
    enum class Seek : std::uint8_t { seed, high, low };
    [[nodiscard]] Seek seek() const noexcept { return seek_; }
    [[nodiscard]] double extreme() const noexcept { return extreme_.price; }
    [[nodiscard]] std::int64_t extreme_bar() const noexcept { return extreme_.bar; }

private:
    struct Extreme {
        double price{};
        std::int64_t bar{};
        core::Nanoseconds time{};
    };
    struct Remembered {
        double high, low;
        core::Nanoseconds start;
    };

    bool seek_seed(const SwingBar& bar, Pivot& pivot) noexcept;
    [[nodiscard]] bool confirms(const Extreme& extreme, bool high, double close) const noexcept;
    void emit(const Extreme& extreme, bool high, bool seed, const SwingBar& bar, Pivot& pivot) noexcept;
    [[nodiscard]] Extreme extreme_since(std::int64_t bar, bool high) const noexcept;
    [[nodiscard]] Remembered& remembered(std::int64_t bar) noexcept;
    [[nodiscard]] const Remembered& remembered(std::int64_t bar) const noexcept;

    double min_swing_bps_;
    std::int64_t confirm_bars_;
    std::int64_t bars_{};
    Seek seek_{};
    Extreme extreme_{};               // while seeking the seed: the high
    Extreme low_{};                   // only while seeking the seed
    std::vector<Remembered> memory_;  // the newest bars; size a power of two
};

}  // namespace pipeline
