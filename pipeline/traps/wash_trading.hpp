#pragma once

#include "core/domain/tick.hpp"
#include "pipeline/traps/reporter.hpp"
#include "pipeline/traps/size_shares.hpp"

#include <array>
#include <cstdint>

namespace pipeline::traps {

/// wash_trading (spec/traps.md section 5, tape family): one size goes back and forth at one price. A trade that does
/// not continue the run costs its comparison and its place in the two memories. The last 60 s are 60 seconds of the
/// clock, the present one included.
class WashTrading {
public:
    WashTrading(const TrapSettings& settings, const core::Instrument& instrument, const Timeframes& timeframes);

    void on_trade(const Senses& senses, const core::Tick& tick, Reporter& reporter) noexcept {
        const core::Trade& trade = tick.trade;
        if (trade.quantity.units <= 0) return;
        const auto time = reporter.time();
        sizes_.add(trade.quantity.units);
        volumes_.add(time, trade.quantity.units);
        const bool continues = length_ != 0 && trade.price == price_ && trade.quantity == size_ && tick.side != side_;
        side_ = tick.side;
        if (!continues) {
            price_ = trade.price;
            size_ = trade.quantity;
            length_ = oldest_ = counted_ = 0;
        }
        times_[length_++ % longest] = time;
        if (length_ >= min_run_) [[unlikely]]
            judge(senses, reporter);
    }
    void clear() noexcept;

private:
    static constexpr std::uint32_t longest = 64;  ///< trades of a run that can be told apart; more are the same trap
    static constexpr core::Nanoseconds window = std::chrono::seconds{60};

    /// Volume of the last 60 s, all of it and that in runs. Whole units that wrap around, so sums never drift.
    class Volumes {
    public:
        void add(core::Nanoseconds time, std::int64_t quantity) noexcept {
            const std::int64_t second = time / std::chrono::seconds{1};
            if (second != newest_) [[unlikely]]
                turn_to(second);
            const auto units = static_cast<std::uint64_t>(quantity);
            all_[index(second)] += units;
            all_sum_ += units;
        }
        /// A trade of the last 60 s turned out to belong to a run.
        void add_wash(core::Nanoseconds time, std::int64_t quantity) noexcept;
        /// Unknown until 60 s have been seen, and without volume.
        [[nodiscard]] double share() const noexcept;
        void clear() noexcept { *this = {}; }

    private:
        static constexpr std::int64_t seconds = 60;
        static std::size_t index(std::int64_t second) noexcept { return static_cast<std::size_t>(second & 63); }
        void turn_to(std::int64_t second) noexcept;

        std::array<std::uint64_t, 64> all_{}, wash_{};  // by second modulo 64
        std::uint64_t all_sum_{}, wash_sum_{};
        std::int64_t newest_{-1}, first_{-1};
    };

    void judge(const Senses& senses, Reporter& reporter) noexcept;

    std::uint32_t min_run_;
    double units_per_base_{1};
    SizeShares sizes_;
    Volumes volumes_;
    core::Price price_{};
    core::Quantity size_{};
    core::Side side_{};
    // Trades of the run are numbered from 0: all of them, the first not older than the window, and the first that is
    // not yet in the volume of runs.
    std::uint64_t length_{}, oldest_{}, counted_{};
    std::array<core::Nanoseconds, longest> times_{};
};

}  // namespace pipeline::traps
