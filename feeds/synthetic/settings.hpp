#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/time.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace feeds::synthetic {

/// What may go wrong with a feed, on purpose.
enum class Fault : std::uint8_t {
    gap,        ///< one depth event is not sent; a fresh REST snapshot follows about a second later
    truncated,  ///< one frame (not depth) ends in its middle
    garbled     ///< one frame (not depth) has a byte that JSON does not allow
};

/// A fault at a time after the start.
struct PlannedFault {
    core::Nanoseconds after{};
    Fault fault{};
    std::size_t instrument{};  ///< index into Settings::instruments
};

/// A trap at a time after the start, beside the random ones. It waits for one under way to end, and a kind that the
/// moment does not allow (nothing near enough to sweep) is tried again until it does.
struct PlannedTrap {
    core::Nanoseconds after{};
    std::string kind;          ///< "liquidity_grab", "fake_pump", …
    std::string expect{};      ///< "up" or "down" where a kind has both, "" for either
    std::size_t instrument{};  ///< index into Settings::instruments
};

/// One instrument of the market. Text has `price_decimals` and `quantity_decimals`, prices are whole `tick_units`.
struct InstrumentSettings {
    std::string symbol{"BTCUSDT"};
    double start_price{61'800};
    int price_decimals{2};
    std::int64_t tick_units{10};  ///< 0.10 in units of 0.01
    int quantity_decimals{3};
    std::int64_t usual_quantity{1'500};  ///< at a level of the touch, in units

    core::Venue venue{core::Venue::binance};  ///< whose frames: binance, bybit or okx
    static constexpr std::size_t itself = static_cast<std::size_t>(-1);
    std::size_t follows{itself};  ///< index of an earlier instrument whose fair value this one shares: the same pair on
                                  ///< another venue
    double basis_bps{};           ///< how far it stands above that one
    double basis_noise_bps{0.5};  ///< deviation of that, with a memory of 20 s
};

/// `first` and the same pair on the given venues, following it, each with its venue's symbol and another standing
/// basis. `index`: of `first` in Settings::instruments. Throws std::invalid_argument for a venue without a dialect
/// here.
std::vector<InstrumentSettings> on_venues(const InstrumentSettings& first, const std::vector<core::Venue>& others,
                                          std::size_t index = 0);

/// `count` perpetuals against USDT: eight usual ones, and behind them SYN008USDT, SYN009USDT, … with prices from 0.01
/// to 10,000, ticks and sizes drawn from their number alone: the same in every market. At most max_usual.
std::vector<InstrumentSettings> usual_instruments(std::size_t count);
inline constexpr std::size_t max_usual = 1000;  ///< three digits in their names

struct Settings {
    std::uint64_t seed{42};  ///< of the first instrument; the next ones take seed + index
    std::vector<InstrumentSettings> instruments{InstrumentSettings{}};
    core::Nanoseconds start{1'723'075'200'000'000'000};  ///< 2024-08-08T00:00:00Z
    core::Nanoseconds duration{};                        ///< 0: endless
    double events_per_s{200};                            ///< trades and quote changes of a quiet book, per instrument
    double volatility{1};                                ///< scales swings and noise; traps keep their size
    double wildness{1};      ///< of the crowd: bursts and large orders for no reason, long tail of sizes; 0: none
    double traps_per_h{12};  ///< planted, per instrument; 0: none
    std::vector<std::string> kinds{};  ///< of those; empty: all
    core::Nanoseconds depth_interval{std::chrono::milliseconds{50}};
    core::Nanoseconds latency{std::chrono::milliseconds{3}};  ///< event to receipt, at least
    core::Nanoseconds jitter{std::chrono::milliseconds{1}};   ///< on top of it, at most
    std::vector<PlannedTrap> traps{};
    std::vector<PlannedFault> faults{};
};

/// Is the pair of this instrument on another venue, too?
bool on_several_venues(const Settings& settings, std::size_t index) noexcept;

/// The start price in ticks.
double start_ticks(const InstrumentSettings& settings) noexcept;

/// The rules of an instrument as a table of instruments wants them.
core::Instrument instrument(const InstrumentSettings& settings);

}  // namespace feeds::synthetic
