#include "feeds/synthetic/settings.hpp"

#include "core/domain/wide.hpp"
#include "feeds/synthetic/chance.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace feeds::synthetic {

namespace {

/// A pair that nobody knows. Five digits of price, so that a tick is 0.1 to 1 basis point as the venues choose it.
InstrumentSettings unknown_pair(std::size_t number) {
    Chance chance{number};
    constexpr int digits = 4;                                  // behind the first one
    const auto place = static_cast<int>(chance.below(6)) - 2;  // of the first digit: 0.01 to 1,000
    const auto ticks = 10'000 + chance.below(90'000);          // the price
    const double lots_of_one =
        static_cast<double>(core::pow10[static_cast<std::size_t>(std::max(0, place))]);  // quantity units of one coin
    InstrumentSettings made;
    made.symbol = "SYN" + std::to_string(1000 + number).substr(1) + "USDT";
    made.price_decimals = digits - place;
    made.tick_units = 1;
    made.start_price =
        static_cast<double>(ticks) / static_cast<double>(core::pow10[static_cast<std::size_t>(made.price_decimals)]);
    made.quantity_decimals = std::max(0, place);
    made.usual_quantity = static_cast<std::int64_t>(chance.between(5'000, 50'000) / made.start_price * lots_of_one);
    return made;
}

}  // namespace

std::vector<InstrumentSettings> usual_instruments(std::size_t count) {
    std::vector<InstrumentSettings> all{{"BTCUSDT", 61'800, 2, 10, 3, 1'500},  {"ETHUSDT", 2'680, 2, 1, 3, 12'000},
                                        {"SOLUSDT", 154.2, 3, 1, 0, 120},      {"BNBUSDT", 517.3, 3, 10, 2, 900},
                                        {"XRPUSDT", 0.6121, 4, 1, 1, 80'000},  {"DOGEUSDT", 0.10234, 5, 1, 0, 90'000},
                                        {"LINKUSDT", 10.482, 3, 1, 2, 30'000}, {"ADAUSDT", 0.3412, 4, 1, 0, 60'000}};
    while (all.size() < std::min(count, max_usual)) all.push_back(unknown_pair(all.size()));
    all.resize(std::min(count, max_usual));
    return all;
}

std::vector<InstrumentSettings> on_venues(const InstrumentSettings& first, const std::vector<core::Venue>& others,
                                          std::size_t index) {
    std::vector<InstrumentSettings> all{first};
    for (const auto venue : others) {
        InstrumentSettings& other = all.emplace_back(first);
        other.venue = venue;
        other.follows = index;
        other.basis_bps = (all.size() % 2 == 0 ? 1.5 : -1) * static_cast<double>(all.size());
        if (venue == core::Venue::okx) {
            const auto quote = first.symbol.rfind("USD");
            if (quote == std::string::npos || quote == 0)
                throw std::invalid_argument{"synthetic market: expected a symbol that ends with its USD quote"};
            other.symbol = first.symbol.substr(0, quote) + '-' + first.symbol.substr(quote) + "-SWAP";
        } else if (venue != core::Venue::binance && venue != core::Venue::bybit) {
            throw std::invalid_argument{"synthetic market: expected binance, bybit or okx"};
        }
    }
    return all;
}

bool on_several_venues(const Settings& settings, std::size_t index) noexcept {
    return settings.instruments[index].follows != InstrumentSettings::itself ||
           std::ranges::find(settings.instruments, index, &InstrumentSettings::follows) != settings.instruments.end();
}

double start_ticks(const InstrumentSettings& settings) noexcept {
    double units = settings.start_price;
    for (int i = 0; i < settings.price_decimals; ++i) units *= 10;
    return std::nearbyint(units / static_cast<double>(settings.tick_units));
}

core::Instrument instrument(const InstrumentSettings& settings) {
    core::Instrument made;
    made.venue = settings.venue;
    made.market = core::Market::linear;
    made.symbol = settings.symbol;
    made.price_decimals = settings.price_decimals;
    made.quantity_decimals = settings.quantity_decimals;
    made.tick_size = core::Price{settings.tick_units};
    made.lot_size = core::Quantity{1};
    made.min_quantity = core::Quantity{1};
    made.min_notional = core::Notional{500'000'000};  // 5 USDT, as the venue's smallest
    return made;
}

}  // namespace feeds::synthetic
