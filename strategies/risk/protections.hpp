#pragma once

#include "core/domain/time.hpp"
#include "strategies/risk/account.hpp"
#include "strategies/risk/memory.hpp"
#include "strategies/risk/settings.hpp"

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace strategies {

/// What an account may still do (spec/risk.md section 2); the strictest reason in force decides.
enum class Mode : std::uint8_t { active, reduce_only, halted };
std::string_view name(Mode mode) noexcept;

enum class Protection : std::uint8_t {
    daily_loss,
    max_drawdown,
    stoploss_guard,
    consecutive_losses,
    cooldown,
    low_profit,
    reject_guard
};
inline constexpr std::size_t protection_count = 7;
std::string_view name(Protection protection) noexcept;

/// The latched limits on results (spec/risk.md section 4): they count closed trades, stop exits, rejects and equity on
/// event time, lock entries, and lower the mode. A trip inside its own lock is only counted.
class Protections {
public:
    Protections(const RiskSettings& settings, core::Notional start_equity, std::size_t instruments, std::size_t bots);

    /// Equity at an event. Moves day start and peak, trips daily_loss and max_drawdown, re-arms them.
    void on_equity(core::Notional equity, core::Nanoseconds now) noexcept;
    void on_exit(core::InstrumentId instrument, std::uint8_t bot,
                 core::Nanoseconds now) noexcept;  ///< any exit: cooldown
    void on_closed(const ClosedTrade& trade, std::uint8_t bot, bool by_stop) noexcept;
    void on_reject(core::Venue venue, core::Nanoseconds now) noexcept;

    [[nodiscard]] Mode mode() const noexcept {
        return halted_                                         ? Mode::halted
               : daily_reduce_ || drawdown_reduce_ || stopped_ ? Mode::reduce_only
                                                               : Mode::active;
    }
    /// No new risk for the rest of the run, whatever the results.
    void stop_entries() noexcept { stopped_ = true; }
    /// True once after a trip that demands flattening.
    [[nodiscard]] bool take_flatten() noexcept { return std::exchange(flatten_, false); }
    [[nodiscard]] bool entries_locked(core::InstrumentId instrument, core::Venue venue, std::uint8_t bot,
                                      core::Nanoseconds now) const noexcept;
    /// What must outlive the process (without `flattening`), and back: what an earlier run knew is in force at once.
    [[nodiscard]] AccountMemory memory() const noexcept;
    void restore(const AccountMemory& memory) noexcept;
    /// The equity with which this run really begins, positions of earlier runs counted: without a memory day and peak
    /// start here; with one the peak is the higher of both.
    void begin(core::Notional equity, core::Nanoseconds now) noexcept;
    /// Manual re-arm after a halt: the peak becomes the present equity. A day's loss that flattened does not do so
    /// again that day, but leaves the mode reduce_only until it ends.
    void resume(core::Notional equity) noexcept;

    [[nodiscard]] std::uint64_t trips(Protection protection) const noexcept {
        return trips_[static_cast<std::size_t>(protection)];
    }
    [[nodiscard]] core::Notional peak() const noexcept { return peak_; }
    [[nodiscard]] core::Notional day_start() const noexcept { return day_start_; }

private:
    static constexpr std::size_t remembered = 16;
    /// The newest few (time, value) of a rolling window.
    struct Recent {
        std::array<core::Nanoseconds, remembered> time{};
        std::array<core::Notional, remembered> net{}, notional{};
        std::size_t count{};
        void add(core::Nanoseconds at, core::Notional gained, core::Notional entered) noexcept;
        void expire(core::Nanoseconds before_or_at) noexcept;
    };
    struct InstrumentState {
        Recent stops, closed;
        core::Nanoseconds stop_lock{}, profit_lock{};
    };
    struct BotState {
        std::uint32_t losses{};
        core::Nanoseconds lock{};
    };
    struct VenueState {
        Recent rejects;
        core::Nanoseconds lock{};
    };
    void trip(Protection protection) noexcept { ++trips_[static_cast<std::size_t>(protection)]; }

    RiskSettings settings_;
    core::Notional peak_, day_start_{};
    std::int64_t day_{-1};
    bool daily_reduce_{}, drawdown_reduce_{}, halted_{}, flatten_{}, stopped_{}, daily_flattened_{}, restored_{};
    std::vector<InstrumentState> instruments_;
    std::vector<BotState> bots_;
    std::vector<core::Nanoseconds> cooldowns_;  // bot × instrument
    std::array<VenueState, core::venue_count> venues_{};
    std::array<std::uint64_t, protection_count> trips_{};
};

}  // namespace strategies
