#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/tick.hpp"
#include "pipeline/bars/bars.hpp"
#include "pipeline/book/market.hpp"
#include "pipeline/traps/reporter.hpp"

#include <array>

namespace pipeline::traps {

/// Hidden liquidity (iceberg orders, spec/traps.md section 5, book family) in one instrument: a price that trades more
/// than it ever shows, because what is shown is refilled.
///
/// Follows the displayed size of the touch, by depth and quotes alike (the newest top is what traders see), at the
/// prices that traded lately. After an execution the display must fall below .8 of what it was and come back to it
/// within 200 ms of the newest execution: a refill of what came back. A fall up to 200 ms before the execution counts,
/// too: venues send book and trades on different streams. The window of 10 s is the open second and the nine before it.
class HiddenLiquidity {
public:
    HiddenLiquidity(const TrapSettings& settings, const core::Instrument& instrument,
                    const Timeframes& timeframes) noexcept;

    void on_book(const Senses& /*senses*/, const core::Tick& /*tick*/, const Market& market,
                 Reporter& reporter) noexcept {
        if (!market.valid) {
            reporter.note(Measure::book, core::unknown);
            if (valid_) clear();
            return;
        }
        if (market.top_changed || !valid_) top(market, reporter);
    }
    void on_trade(const Senses& senses, const core::Tick& tick, Reporter& reporter) noexcept;
    /// Nothing that was seen counts any more: a gap.
    void clear() noexcept;

private:
    static constexpr std::int64_t window_s = 10;

    /// What happened at a price in one second.
    struct Second {
        std::int64_t traded{};
        std::int64_t shown{};  ///< the largest display
        double refilled{}, refilled_squared{};
        std::uint32_t refills{};
    };
    /// A display and its newest fall.
    struct Display {
        core::Price price{};
        std::int64_t now{};     ///< 0: none, or not to be seen
        std::int64_t before{};  ///< the newest fall
        core::Nanoseconds fell{};
    };
    /// A price that traded.
    struct Spot {
        Display display;
        std::int64_t reference{}, low{};  ///< before the execution that waits for its refill; the least since
        core::Nanoseconds executed{};
        bool waiting{}, dropped{};
        core::Nanoseconds judge_until{};  ///< no refill of the window is newer than ten seconds before
        std::int64_t newest{};            ///< second since the epoch
        std::uint64_t used{};             ///< when it was last traded at: the stalest makes room
        std::array<Second, window_s> seconds{};

        Second& at(core::Nanoseconds time) noexcept;
        void show(std::int64_t size, core::Nanoseconds time) noexcept;
        [[nodiscard]] bool refilled(core::Nanoseconds time) noexcept;
    };
    struct Side {
        Display touch;
        std::int64_t sign{};                  ///< +1 where a higher price is the better one
        std::array<core::Price, 8> prices{};  ///< of the spots, 0 = unused: what a moving touch looks through
        std::uint8_t showing{};               ///< a bit for each spot with a display
        std::array<Spot, 8> spots{};

        [[nodiscard]] std::size_t find(core::Price price) const noexcept;  ///< or spots.size()
        std::size_t make(core::Price price, core::Nanoseconds time) noexcept;
        void show(std::size_t spot, std::int64_t size, core::Nanoseconds time) noexcept;
        void hide(std::size_t spot, core::Nanoseconds time) noexcept;
    };

    void top(const Market& market, Reporter& reporter) noexcept;
    void judge(const Side& side, Spot& spot, Reporter& reporter) const noexcept;

    bool valid_{};
    std::uint64_t uses_{};
    double price_unit_, quantity_unit_;
    std::array<Side, 2> sides_;
};

}  // namespace pipeline::traps
