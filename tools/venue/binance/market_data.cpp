// Public REST data. Source: rest-api.md "Market Data endpoints"; USD-M "Market Data".
#include "tools/venue/binance/binance.hpp"

#include <algorithm>

namespace venue::binance {

namespace {

std::string power_text(std::int64_t units, int decimals) {
    return fixed(units, decimals);
}

Json price_level(const Listing& listing, core::Price price, core::Quantity quantity) {
    return Json::array({price_text(listing, price), quantity_text(listing, quantity)});
}

Json filters(const Listing& listing) {
    const auto& i = listing.instrument;
    const auto tick = price_text(listing, i.tick_size), lot = quantity_text(listing, i.lot_size);
    const auto least = quantity_text(listing, i.min_quantity), most = quantity_text(listing, listing.max_quantity);
    Json all = Json::array();
    all.push_back({{"filterType", "PRICE_FILTER"},
                   {"minPrice", tick},
                   {"maxPrice", power_text(1'000'000'000 * i.tick_size.units, i.price_decimals)},
                   {"tickSize", tick}});
    all.push_back({{"filterType", "LOT_SIZE"}, {"minQty", least}, {"maxQty", most}, {"stepSize", lot}});
    all.push_back({{"filterType", "MARKET_LOT_SIZE"}, {"minQty", least}, {"maxQty", most}, {"stepSize", lot}});
    if (listing.spot()) {
        all.push_back({{"filterType", "NOTIONAL"},
                       {"minNotional", fixed(i.min_notional)},
                       {"applyMinToMarket", true},
                       {"maxNotional", "9000000.00000000"},
                       {"applyMaxToMarket", false},
                       {"avgPriceMins", 5}});
        all.push_back({{"filterType", "MAX_NUM_ORDERS"}, {"maxNumOrders", 200}});
    } else {
        all.push_back({{"filterType", "MIN_NOTIONAL"}, {"notional", core::to_text(i.min_notional)}});
        all.push_back({{"filterType", "MAX_NUM_ORDERS"}, {"limit", 200}});
    }
    return all;
}

Json spot_symbol(const Listing& listing) {
    const auto& i = listing.instrument;
    return {{"symbol", i.symbol},
            {"status", "TRADING"},
            {"baseAsset", listing.base},
            {"baseAssetPrecision", 8},
            {"quoteAsset", listing.quote},
            {"quotePrecision", 8},
            {"quoteAssetPrecision", 8},
            {"baseCommissionPrecision", 8},
            {"quoteCommissionPrecision", 8},
            {"orderTypes",
             {"LIMIT", "LIMIT_MAKER", "MARKET", "STOP_LOSS", "STOP_LOSS_LIMIT", "TAKE_PROFIT", "TAKE_PROFIT_LIMIT"}},
            {"icebergAllowed", false},
            {"ocoAllowed", false},
            {"otoAllowed", false},
            {"quoteOrderQtyMarketAllowed", true},
            {"allowTrailingStop", false},
            {"cancelReplaceAllowed", true},
            {"amendAllowed", true},
            {"isSpotTradingAllowed", true},
            {"isMarginTradingAllowed", false},
            {"filters", filters(listing)},
            {"permissions", Json::array()},
            {"permissionSets", Json::array({Json::array({"SPOT"})})},
            {"defaultSelfTradePreventionMode", "EXPIRE_MAKER"},
            {"allowedSelfTradePreventionModes", {"EXPIRE_MAKER"}}};
}

Json futures_symbol(const Listing& listing) {
    const auto& i = listing.instrument;
    return {{"symbol", i.symbol},
            {"pair", i.symbol},
            {"contractType", "PERPETUAL"},
            {"deliveryDate", 4133404800000},
            {"onboardDate", 1569398400000},
            {"status", "TRADING"},
            {"maintMarginPercent", core::to_text(listing.maintenance.units * 100, Rate::decimals)},
            {"requiredMarginPercent", "5.0000"},
            {"baseAsset", listing.base},
            {"quoteAsset", listing.quote},
            {"marginAsset", listing.quote},
            {"pricePrecision", i.price_decimals},
            {"quantityPrecision", i.quantity_decimals},
            {"baseAssetPrecision", 8},
            {"quotePrecision", 8},
            {"underlyingType", "COIN"},
            {"underlyingSubType", Json::array()},
            {"triggerProtect", "0.0500"},
            {"liquidationFee", "0.000000"},
            {"marketTakeBound", "0.05"},
            {"filters", filters(listing)},
            {"orderTypes", {"LIMIT", "MARKET", "STOP", "STOP_MARKET", "TAKE_PROFIT", "TAKE_PROFIT_MARKET"}},
            {"timeInForce", {"GTC", "IOC", "FOK", "GTX"}}};
}

Json limit_of(const char* type, const char* interval, int number, std::int64_t limit) {
    return {{"rateLimitType", type}, {"interval", interval}, {"intervalNum", number}, {"limit", limit}};
}

}  // namespace

Answer Binance::empty_object(Call&) {
    return Answer{Json::object()};
}
Answer Binance::empty_list(Call&) {
    return Answer{Json::array()};
}
Answer Binance::no_instruments(Call&) {
    return Answer{Json{{"timezone", "UTC"}, {"serverTime", milliseconds(now())}, {"symbols", Json::array()}}};
}
Answer Binance::server_time(Call&) {
    return Answer{Json{{"serverTime", milliseconds(now())}}};
}

Answer Binance::exchange_info(Call& call) {
    const auto listings = listings_of(call);
    if (!listings) return listings.error();
    const bool spot = call.market == core::Market::spot;
    Json symbols = Json::array();
    for (const auto id : *listings) symbols.push_back(spot ? spot_symbol(rules(id)) : futures_symbol(rules(id)));
    Json info{{"timezone", "UTC"}, {"serverTime", milliseconds(now())}};
    info["rateLimits"] = {limit_of("REQUEST_WEIGHT", "MINUTE", 1, (spot ? spot_weight_ : futures_weight_).limit()),
                          limit_of("ORDERS", "SECOND", 10, (spot ? spot_orders_ : futures_orders_).limit())};
    info["exchangeFilters"] = Json::array();
    if (!spot) {
        info["futuresType"] = "U_MARGINED";
        info["assets"] = Json::array({{{"asset", "USDT"}, {"marginAvailable", true}, {"autoAssetExchange", "0"}}});
    }
    info["symbols"] = std::move(symbols);
    return Answer{std::move(info)};
}

Answer Binance::depth(Call& call) {
    const auto id = listing_of(call);
    if (!id) return id.error();
    const auto& state = engine().market(*id);
    const bool spot = call.market == core::Market::spot;
    const auto limit = spot ? call.params.limit(100, 5'000) : call.params.limit(500, 1'000);
    Json book{{"lastUpdateId", state.update_id}};
    if (!spot) {
        book["E"] = milliseconds(now());
        book["T"] = milliseconds(now());
    }
    for (const auto side : {core::Side::buy, core::Side::sell}) {
        Json levels = Json::array();
        for (const auto& shown : state.book.top(side, limit))
            levels.push_back(price_level(state.rules, shown.price, shown.quantity));
        book[side == core::Side::buy ? "bids" : "asks"] = std::move(levels);
    }
    return Answer{std::move(book)};
}

Answer Binance::trades(Call& call) {
    const auto id = listing_of(call);
    if (!id) return id.error();
    const auto& state = engine().market(*id);
    const auto count = std::min(call.params.limit(500, 1'000), state.trades.size());
    Json all = Json::array();
    for (auto trade = state.trades.end() - static_cast<std::ptrdiff_t>(count); trade != state.trades.end(); ++trade) {
        const auto quote = state.rules.instrument.notional(trade->price, trade->quantity).value_or(core::Notional{});
        Json one{{"id", trade->id},
                 {"price", price_text(state.rules, trade->price)},
                 {"qty", quantity_text(state.rules, trade->quantity)},
                 {"quoteQty", fixed(quote)},
                 {"time", milliseconds(trade->time)},
                 {"isBuyerMaker", trade->aggressor == core::Side::sell}};
        if (call.market == core::Market::spot) one["isBestMatch"] = true;
        all.push_back(std::move(one));
    }
    return Answer{std::move(all)};
}

Answer Binance::agg_trades(Call& call) {
    const auto id = listing_of(call);
    if (!id) return id.error();
    const auto& state = engine().market(*id);
    const auto count = std::min(call.params.limit(500, 1'000), state.trades.size());
    Json all = Json::array();
    for (auto trade = state.trades.end() - static_cast<std::ptrdiff_t>(count); trade != state.trades.end(); ++trade)
        all.push_back({{"a", trade->id},
                       {"p", price_text(state.rules, trade->price)},
                       {"q", quantity_text(state.rules, trade->quantity)},
                       {"f", trade->id},
                       {"l", trade->id},
                       {"T", milliseconds(trade->time)},
                       {"m", trade->aggressor == core::Side::sell}});
    return Answer{std::move(all)};
}

Answer Binance::klines(Call& call) {
    const auto id = listing_of(call);
    if (!id) return id.error();
    const auto width = interval_of(call.params["interval"]);
    if (width.count() == 0) return ApiError{-1120, "Invalid interval."};
    const auto& state = engine().market(*id);
    const auto from = core::Nanoseconds{std::chrono::milliseconds{
        std::clamp<std::int64_t>(call.params.number("startTime").value_or(0), 0, 4'102'444'800'000)}};
    const auto until = core::Nanoseconds{std::chrono::milliseconds{
        std::clamp<std::int64_t>(call.params.number("endTime").value_or(4'102'444'800'000), 0, 4'102'444'800'000)}};
    Json all = Json::array();
    for (const auto& bar : state.candles.bars(width, from, until, call.params.limit(500, 1'000)))
        all.push_back(
            Json::array({milliseconds(bar.start), price_text(state.rules, bar.open), price_text(state.rules, bar.high),
                         price_text(state.rules, bar.low), price_text(state.rules, bar.close),
                         quantity_text(state.rules, bar.volume), milliseconds(bar.start + width) - 1, fixed(bar.quote),
                         bar.trades, quantity_text(state.rules, bar.taker_buy), fixed(bar.taker_buy_quote), "0"}));
    return Answer{std::move(all)};
}

Answer Binance::ticker_24h(Call& call) {
    const auto listings = listings_of(call);
    if (!listings) return listings.error();
    Json all = Json::array();
    for (const auto id : *listings) {
        const auto& state = engine().market(id);
        const auto& listing = state.rules;
        const auto day = state.candles.last(std::chrono::hours{24});
        const auto change = state.last - day.open;
        // In percent with three decimals, towards zero.
        const auto percent = day.open.units == 0 ? 0 : change.units * 100'000 / day.open.units;
        const auto bid = state.book.best(core::Side::buy), ask = state.book.best(core::Side::sell);
        Json one{{"symbol", listing.instrument.symbol},
                 {"priceChange", price_text(listing, change)},
                 {"priceChangePercent", fixed(percent, 3)},
                 {"weightedAvgPrice", price_text(listing, average_price(listing, day.quote, day.volume))},
                 {"prevClosePrice", price_text(listing, day.open)},
                 {"lastPrice", price_text(listing, state.last)},
                 {"lastQty",
                  quantity_text(listing, state.trades.empty() ? core::Quantity{} : state.trades.back().quantity)}};
        if (listing.spot()) {
            one["bidPrice"] = price_text(listing, bid);
            one["bidQty"] = quantity_text(listing, state.book.displayed(core::Side::buy, bid));
            one["askPrice"] = price_text(listing, ask);
            one["askQty"] = quantity_text(listing, state.book.displayed(core::Side::sell, ask));
        }
        one["openPrice"] = price_text(listing, day.open);
        one["highPrice"] = price_text(listing, day.high);
        one["lowPrice"] = price_text(listing, day.low);
        one["volume"] = quantity_text(listing, day.volume);
        one["quoteVolume"] = fixed(day.quote);
        one["openTime"] = milliseconds(now()) - 86'400'000;
        one["closeTime"] = milliseconds(now());
        one["firstId"] = day.first_trade;
        one["lastId"] = day.last_trade;
        one["count"] = day.trades;
        if (call.params.has("symbol")) return Answer{std::move(one)};
        all.push_back(std::move(one));
    }
    return Answer{std::move(all)};
}

Answer Binance::ticker_price(Call& call) {
    const auto listings = listings_of(call);
    if (!listings) return listings.error();
    Json all = Json::array();
    for (const auto id : *listings) {
        const auto& state = engine().market(id);
        Json one{{"symbol", state.rules.instrument.symbol}, {"price", price_text(state.rules, state.last)}};
        if (!state.rules.spot()) one["time"] = milliseconds(now());
        if (call.params.has("symbol")) return Answer{std::move(one)};
        all.push_back(std::move(one));
    }
    return Answer{std::move(all)};
}

Answer Binance::ticker_book(Call& call) {
    const auto listings = listings_of(call);
    if (!listings) return listings.error();
    Json all = Json::array();
    for (const auto id : *listings) {
        const auto& state = engine().market(id);
        const auto bid = state.book.best(core::Side::buy), ask = state.book.best(core::Side::sell);
        Json one{{"symbol", state.rules.instrument.symbol},
                 {"bidPrice", price_text(state.rules, bid)},
                 {"bidQty", quantity_text(state.rules, state.book.displayed(core::Side::buy, bid))},
                 {"askPrice", price_text(state.rules, ask)},
                 {"askQty", quantity_text(state.rules, state.book.displayed(core::Side::sell, ask))}};
        if (!state.rules.spot()) one["time"] = milliseconds(now());
        if (call.params.has("symbol")) return Answer{std::move(one)};
        all.push_back(std::move(one));
    }
    return Answer{std::move(all)};
}

Answer Binance::premium_index(Call& call) {
    const auto listings = listings_of(call);
    if (!listings) return listings.error();
    Json all = Json::array();
    for (const auto id : *listings) {
        const auto& state = engine().market(id);
        const auto mark = price_text(state.rules, state.mark());
        Json one{{"symbol", state.rules.instrument.symbol},
                 {"markPrice", mark},
                 {"indexPrice", mark},
                 {"estimatedSettlePrice", mark},
                 {"lastFundingRate", fixed(state.rules.funding.units, Rate::decimals)},
                 {"interestRate", "0.00010000"},
                 {"nextFundingTime", milliseconds(state.next_funding)},
                 {"time", milliseconds(now())}};
        if (call.params.has("symbol")) return Answer{std::move(one)};
        all.push_back(std::move(one));
    }
    return Answer{std::move(all)};
}

Answer Binance::funding_rate(Call& call) {
    const auto listings = listings_of(call);
    if (!listings) return listings.error();
    Json all = Json::array();
    for (const auto id : *listings)
        for (const auto& past : engine().market(id).funding_history)
            all.push_back({{"symbol", rules(id).instrument.symbol},
                           {"fundingTime", milliseconds(past.time)},
                           {"fundingRate", fixed(past.rate.units, Rate::decimals)},
                           {"markPrice", price_text(rules(id), past.mark)}});
    return Answer{std::move(all)};
}

Answer Binance::open_interest(Call& call) {
    const auto id = listing_of(call);
    if (!id) return id.error();
    const auto& state = engine().market(*id);
    const core::Quantity open{static_cast<std::int64_t>(state.open_interest)};
    return Answer{Json{{"symbol", state.rules.instrument.symbol},
                       {"openInterest", quantity_text(state.rules, open)},
                       {"time", milliseconds(now())}}};
}

Answer Binance::open_interest_history(Call& call) {
    const auto id = listing_of(call);
    if (!id) return id.error();
    const auto& state = engine().market(*id);
    const core::Quantity open{static_cast<std::int64_t>(state.open_interest)};
    const auto value = state.rules.instrument.notional(state.mark(), open).value_or(core::Notional{});
    return Answer{Json::array({{{"symbol", state.rules.instrument.symbol},
                                {"sumOpenInterest", quantity_text(state.rules, open)},
                                {"sumOpenInterestValue", fixed(value)},
                                {"timestamp", milliseconds(now())}}})};
}

Answer Binance::coins(Call& call) {
    Json all = Json::array();
    std::set<std::string> done;
    for (ListingId id = 0; id < engine().listings(); ++id) {
        for (const auto& asset : {rules(id).base, rules(id).quote}) {
            if (!done.insert(asset).second) continue;
            const auto found = call.account->wallet.find(asset);
            const auto balance = found == call.account->wallet.end() ? Balance{} : found->second;
            all.push_back({{"coin", asset},
                           {"depositAllEnable", false},
                           {"withdrawAllEnable", false},
                           {"name", asset},
                           {"free", fixed(balance.free, 8)},
                           {"locked", fixed(balance.locked, 8)},
                           {"freeze", "0"},
                           {"withdrawing", "0"},
                           {"ipoing", "0"},
                           {"ipoable", "0"},
                           {"storage", "0"},
                           {"isLegalMoney", false},
                           {"trading", true},
                           {"networkList", Json::array()}});
        }
    }
    return Answer{std::move(all)};
}

}  // namespace venue::binance
