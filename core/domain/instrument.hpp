#pragma once

#include "core/domain/price.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace core {

/// Where a tick comes from. `omega` is the engine itself (timers, commands, the paper venue's own accounts).
enum class Venue : std::uint8_t { binance, bitget, bybit, okx, coinbase, kraken, omega };
inline constexpr std::size_t venue_count = 7;

/// What a contract is: spot, a linear (quote-margined) or an inverse (coin-margined) derivative.
enum class Market : std::uint8_t { spot, linear, inverse };

std::string_view name(Venue venue) noexcept;    ///< "binance", …
std::string_view name(Market market) noexcept;  ///< "spot", "linear", "inverse"
std::optional<Venue> parse_venue(std::string_view text) noexcept;
std::optional<Market> parse_market(std::string_view text) noexcept;

/// Index of an instrument in its InstrumentTable: dense, from 0, stable for a run. Stages index flat arrays by it.
struct InstrumentId {
    std::uint16_t value{0xffff};
    friend constexpr auto operator<=>(InstrumentId, InstrumentId) = default;
};
inline constexpr InstrumentId no_instrument{};

/// The rules of one tradable thing at one venue.
struct Instrument {
    InstrumentId id{};
    Venue venue{};
    Market market{};
    std::string symbol;                    ///< the venue's own text: "BTCUSDT", "BTC-USDT-SWAP", "XBT/CHF"
    int price_decimals{};                  ///< a Price unit is 10^-price_decimals
    int quantity_decimals{};               ///< a Quantity unit is 10^-quantity_decimals
    Price tick_size{1};                    ///< smallest price step, in price units
    Quantity lot_size{1};                  ///< smallest quantity step, in quantity units
    Quantity min_quantity{0};              ///< smallest order, in quantity units
    Notional min_notional{0};              ///< smallest order value
    Notional contract_value{100'000'000};  ///< linear: base per quantity 1 (1e-8); inverse: quote currency per contract

    /// "binance.BTCUSDT" (spot), "binance.linear.BTCUSDT", "binance.inverse.BTCUSD_PERP": unique in a table.
    [[nodiscard]] std::string name() const;

    /// price × quantity (× contract value) in 1e-8 of the quote currency, through 128 bits, towards zero.
    /// Inverse contracts: quantity × contract value, whatever the price. Error: out_of_range.
    [[nodiscard]] Result<Notional> notional(Price price, Quantity quantity) const noexcept;

    /// What a position of `quantity` (signed) opened at `entry` has gained at `exit`, in 1e-8 of the quote currency,
    /// rounded against us (towards minus infinity). Inverse: the coin gain valued at `exit`. Error: out_of_range.
    [[nodiscard]] Result<Notional> gain(Price entry, Price exit, Quantity quantity) const noexcept;

    [[nodiscard]] double to_double(Price price) const noexcept;        ///< for statistics
    [[nodiscard]] double to_double(Quantity quantity) const noexcept;  ///< for statistics
};

/// All instruments of a run. Filled at start; look-ups neither allocate nor throw.
class InstrumentTable {
public:
    /// Adds an instrument, or returns the id of the one with the same venue, market and symbol.
    /// Throws std::length_error past `max_instruments`.
    InstrumentId add(Instrument instrument);

    /// The instrument, or nullptr. Hot: a hash of the symbol's bytes, one compare.
    [[nodiscard]] const Instrument* find(Venue venue, Market market, std::string_view symbol) const noexcept;

    [[nodiscard]] const Instrument& operator[](InstrumentId id) const noexcept { return instruments_[id.value]; }
    [[nodiscard]] Instrument& operator[](InstrumentId id) noexcept { return instruments_[id.value]; }
    [[nodiscard]] std::size_t size() const noexcept { return instruments_.size(); }
    [[nodiscard]] auto begin() const noexcept { return instruments_.begin(); }
    [[nodiscard]] auto end() const noexcept { return instruments_.end(); }

    static constexpr std::size_t max_instruments = 8192;
    static constexpr std::size_t max_symbol = 31;  ///< longer symbols are refused by add (std::invalid_argument)

private:
    /// A symbol's bytes, padded with zeros, as words: what a look-up compares.
    using Key = std::array<std::uint64_t, 4>;
    struct Slot {
        std::uint32_t check{};  ///< of the hash, the length, the venue and the market: almost never equal by chance
        std::uint16_t length{};
        std::uint16_t id{0xffff};  ///< 0xffff: empty
    };
    static Key key_of(std::string_view symbol) noexcept;
    static std::uint64_t hash_of(const Key& key, Venue venue, Market market) noexcept;
    void place(const Slot& slot, std::uint64_t hash) noexcept;
    void rehash(std::size_t slots);

    std::vector<Instrument> instruments_;
    std::vector<Key> keys_;    ///< by id, apart from the instruments: a look-up touches one slot and one key
    std::vector<Slot> slots_;  ///< open addressing, power of two, at most half full
};

}  // namespace core
