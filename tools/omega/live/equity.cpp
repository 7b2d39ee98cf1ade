#include "tools/omega/live/equity.hpp"

#include "core/domain/price.hpp"
#include "gateways/exchange/decimal_text.hpp"
#include "gateways/exchange/service.hpp"
#include "tools/omega/live/instruments.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <stdexcept>

namespace omega {

using namespace gateways::exchange;

namespace {

core::Nanoseconds wall() {
    return std::chrono::duration_cast<core::Nanoseconds>(std::chrono::system_clock::now().time_since_epoch());
}

double held(const Ways& ways, core::Venue venue, const VenueSettings& configured, const std::string& currency,
            bool contracts, KeyRing& ring, RunMode mode) {
    const auto service = make_service(venue);
    const auto keys = ring.find(venue, configured);
    auto params = Value::object();
    params.set("type", contracts ? "swap" : "spot");
    auto arguments = Arguments::bind(Call::fetch_balance, {std::move(params)});
    if (!arguments) throw std::runtime_error{arguments.error().message};
    const MarketTable none;
    const auto environment =
        mode == RunMode::testnet && configured.rest.empty() ? Environment::testnet : Environment::live;
    const Context context{.markets = none, .fresh_id = {}};
    const auto requests = service->build(Call::fetch_balance, *arguments, context);
    Response answer;
    const auto transport = [&, ask = ways.to(venue, configured, requests ? *requests : std::vector<Request>{})](
                               const WireRequest& request) {
        auto response = ask(request);
        if (response) answer = *response;
        return response;
    };
    const auto result =
        perform(*service, Call::fetch_balance, *arguments, context, &keys, wall, environment, transport);
    if (!result) give_up(fmt::format("{}: its balance could not be had", core::name(venue)), result.error());
    const auto document = document_of(Call::fetch_balance, answer);
    const auto text = document ? wallet_balance(venue, *document, currency) : std::string{};
    if (text.empty())
        throw std::runtime_error{
            fmt::format("{}: its answer says no wallet balance of {}", core::name(venue), currency)};
    return std::strtod(text.c_str(), nullptr);  // sizes are statistics; the money itself stays at the venue
}

/// The entry of `rows` whose `name` is the currency, or nothing.
const Value* row_of(const Value& rows, std::initializer_list<std::string_view> names, std::string_view currency) {
    for (const auto& row : rows.items())
        for (const auto name : names)
            if (row[name].text() == currency) return &row;
    return nullptr;
}

}  // namespace

std::string wallet_balance(core::Venue venue, const Value& answer, std::string_view currency) {
    const Value* rows = nullptr;
    switch (venue) {
        case core::Venue::binance: rows = &answer[answer["balances"].is_array() ? "balances" : "assets"]; break;
        case core::Venue::bitget:
            rows = &answer["data"];
            if ((*rows)["assets"].is_array()) rows = &(*rows)["assets"];
            break;
        case core::Venue::bybit: rows = &answer["result"]["list"].at(0)["coin"]; break;
        case core::Venue::okx: rows = &answer["data"].at(0)["details"]; break;
        default: return {};
    }
    const bool one = venue == core::Venue::bitget && !rows->is_array();  // the account of one margin coin
    if (!one && !rows->is_array()) return {};
    const auto* row = one ? rows : row_of(*rows, {"asset", "marginCoin", "coin", "ccy"}, currency);
    if (row == nullptr) return "0";  // venues leave out what an account never had
    if (venue == core::Venue::okx) return (*row)["cashBal"].text();
    const auto& wallet = (*row)["walletBalance"].text();
    if (!wallet.empty()) return wallet;
    const auto& equity = row->first({"accountEquity", "equity"});
    if (!equity.empty()) {
        const auto& gain = row->first({"unrealizedPL", "unrealisedPnL"});  // "" without a position
        return gain.empty() ? equity : difference(equity, gain);
    }
    auto sum_of = row->first({"free", "available"});
    for (const auto* part : {"locked", "frozen"})
        if (const auto& held = (*row)[part].text(); !held.empty()) sum_of = sum(sum_of, held);
    return sum_of;
}

double account_equity(const Ways& ways, const LiveSettings& settings, RunMode mode, KeyRing& keys) {
    std::set<std::string> currencies;
    for (const auto& [name, venue] : settings.venues)
        if (venue.trade)
            for (const auto& text : venue.instruments) currencies.insert(paid_in(parse_instrument(text).symbol));
    if (currencies.size() > 1)
        throw std::invalid_argument{
            fmt::format("venues: instruments are paid in {} and {}; expected one currency for all that trade",
                        *currencies.begin(), *currencies.rbegin())};
    double sum = 0;
    for (const auto& [name, venue] : settings.venues) {
        if (!venue.trade) continue;
        const bool contracts = std::ranges::any_of(venue.instruments, [](const std::string& text) {
            return parse_instrument(text).symbol.find(':') != std::string::npos;
        });
        sum += held(ways, *core::parse_venue(name), venue, *currencies.begin(), contracts, keys, mode);
    }
    if (sum <= 0)
        throw std::runtime_error{
            fmt::format("the accounts hold no {}: there is nothing to trade with", *currencies.begin())};
    return sum;
}

}  // namespace omega
