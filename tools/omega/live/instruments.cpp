#include "tools/omega/live/instruments.hpp"

#include "core/domain/wide.hpp"
#include "tools/omega/live/questions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <stdexcept>

namespace omega {

using namespace gateways::exchange;

namespace {

/// Decimals behind the point of an exact text, zeros at its end not counted.
int decimals_of(std::string_view text) {
    const auto point = text.find('.');
    if (point == std::string_view::npos) return 0;
    const auto last = text.find_last_not_of('0');
    return last <= point ? 0 : static_cast<int>(last - point);
}

std::int64_t units(const Market& market, const char* what, std::string_view text, int decimals, bool needed) {
    if (text.empty() && !needed) return 0;
    const auto value = core::parse_decimal(text, decimals);
    if (!value || *value < 0 || (needed && *value == 0))
        throw std::invalid_argument{fmt::format("{}: the venue's {} is '{}'; expected a decimal number{}",
                                                market.symbol, what, text, needed ? " above 0" : "")};
    return *value;
}

/// The part of a unified symbol behind the colon: what settles, "" of spot.
std::string_view settle_of(std::string_view symbol) {
    const auto colon = symbol.find(':');
    return colon == std::string_view::npos ? std::string_view{} : symbol.substr(colon + 1);
}

/// Where Binance lists it; the other venues have one host.
Host host_of(std::string_view symbol) noexcept {
    switch (market_of(symbol)) {
        case core::Market::linear: return Host::linear;
        case core::Market::inverse: return Host::inverse;
        default: return Host::spot;
    }
}

}  // namespace

core::Market market_of(std::string_view symbol) noexcept {
    const auto settle = settle_of(symbol);
    if (settle.empty()) return core::Market::spot;
    return symbol.starts_with(settle.substr(0, settle.find('-'))) ? core::Market::inverse : core::Market::linear;
}

std::string paid_in(std::string_view symbol) {
    const auto settle = settle_of(symbol);
    const auto tail = settle.empty() ? symbol.substr(symbol.find('/') + 1) : settle;
    return std::string{tail.substr(0, tail.find('-'))};
}

InstrumentText parse_instrument(std::string_view text) {
    const auto wrong = [&](const char* expected) {
        return std::invalid_argument{fmt::format("instrument '{}': expected {}", text, expected)};
    };
    InstrumentText made;
    const auto blank = text.find(' ');
    made.symbol = text.substr(0, blank);
    const auto slash = made.symbol.find('/');
    if (slash == std::string::npos || slash == 0 || slash + 1 == made.symbol.size())
        throw wrong("a unified symbol such as BTC/USDT or BTC/USDT:USDT");
    if (blank == std::string_view::npos) return made;
    const auto* at = text.data() + blank + 1;
    const auto* end = text.data() + text.size();
    for (int* decimals : {&made.price_decimals, &made.quantity_decimals}) {
        const auto [stop, error] = std::from_chars(at, end, *decimals);
        if (error != std::errc{} || *decimals < 0 || *decimals > 18 || (stop != end && *stop != ' '))
            throw wrong("'SYMBOL PRICE_DECIMALS QUANTITY_DECIMALS', decimals from 0 to 18");
        at = stop == end ? stop : stop + 1;
    }
    if (at != end) throw wrong("nothing behind the decimals");
    return made;
}

core::Instrument instrument_of(core::Venue venue, const Market& market) {
    core::Instrument made;
    made.venue = venue;
    made.market = !market.is_contract() ? core::Market::spot
                  : market.inverse      ? core::Market::inverse
                                        : core::Market::linear;
    made.symbol = market.id;
    made.price_decimals = decimals_of(market.price_step);
    made.quantity_decimals = decimals_of(market.amount_step);
    made.tick_size = {units(market, "price step", market.price_step, made.price_decimals, true)};
    made.lot_size = {units(market, "amount step", market.amount_step, made.quantity_decimals, true)};
    // Finer than the step means nothing: the smallest whole number of steps above it is what can be ordered.
    const auto least = std::max(made.quantity_decimals, decimals_of(market.min_amount));
    const auto step = core::pow10[static_cast<std::size_t>(least - made.quantity_decimals)];
    const auto fine = units(market, "smallest amount", market.min_amount, least, false);
    made.min_quantity = {(fine + static_cast<std::int64_t>(step) - 1) / static_cast<std::int64_t>(step)};
    made.min_notional = {units(market, "smallest cost", market.min_cost, 8, false)};
    if (market.is_contract()) made.contract_value = {units(market, "contract size", market.contract_size, 8, true)};
    return made;
}

core::Instrument instrument_of(core::Venue venue, const InstrumentText& text) {
    if (text.price_decimals < 0 || text.quantity_decimals < 0 || !settle_of(text.symbol).empty())
        throw std::invalid_argument{fmt::format("{} {}: expected a spot symbol and its decimals, such as 'BTC/USD 1 8'",
                                                core::name(venue), text.symbol)};
    core::Instrument made;
    made.venue = venue;
    made.symbol = text.symbol;
    if (venue == core::Venue::coinbase) std::ranges::replace(made.symbol, '/', '-');
    made.price_decimals = text.price_decimals;
    made.quantity_decimals = text.quantity_decimals;
    return made;
}

MarketTable fetch_markets(const Service& service, const std::vector<InstrumentText>& wanted, Environment environment,
                          const Way& way) {
    const auto fail = [&](const ApiError& error) {
        give_up(fmt::format("{}: its markets could not be had", core::name(service.venue())), error);
    };
    std::array<bool, 3> needed{};
    for (const auto& one : wanted) needed[static_cast<std::size_t>(host_of(one.symbol))] = true;

    MarketTable table;
    const Context context{.markets = table, .fresh_id = {}};
    const auto arguments = Arguments::bind(Call::fetch_markets, {});
    if (!arguments) fail(arguments.error());
    const auto requests = service.build(Call::fetch_markets, *arguments, context);
    if (!requests) fail(requests.error());
    const auto transport = way(*requests);
    for (const auto& request : *requests) {
        if (service.venue() == core::Venue::binance && !needed[static_cast<std::size_t>(request.host)]) continue;
        const auto now = std::chrono::system_clock::now().time_since_epoch();
        const auto wire =
            service.prepare(request, nullptr, std::chrono::duration_cast<core::Nanoseconds>(now), environment);
        const auto response = transport(wire);
        if (!response) fail(response.error());
        const auto parsed = service.parse(Call::fetch_markets, *arguments, context, request, *response);
        if (!parsed) fail(parsed.error());
        if (const auto* markets = std::get_if<std::vector<Market>>(&*parsed))
            for (const auto& market : *markets) table.add(market);
    }
    return table;
}

}  // namespace omega
