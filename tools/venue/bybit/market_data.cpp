// Public REST data. Source: docs/v5/market/*.
#include "tools/venue/bybit/bybit.hpp"

#include <algorithm>
#include <set>

namespace venue::bybit {

namespace {

constexpr std::int64_t forever_ms = 4'102'444'800'000;

core::Nanoseconds time_of(const Params& params, std::string_view name, std::int64_t otherwise_ms) {
    const auto asked = std::clamp<std::int64_t>(params.number(name).value_or(otherwise_ms), 0, forever_ms);
    return std::chrono::milliseconds{asked};
}

Json levels_json(const Listing& rule, const std::vector<Book::Shown>& levels) {
    Json all = Json::array();
    for (const auto& shown : levels)
        all.push_back(Json::array({price_text(rule, shown.price), quantity_text(rule, shown.quantity)}));
    return all;
}

Json spot_instrument(const Listing& rule) {
    const auto& i = rule.instrument;
    return {{"symbol", i.symbol},
            {"baseCoin", rule.base},
            {"quoteCoin", rule.quote},
            {"innovation", "0"},
            {"status", "Trading"},
            {"marginTrading", "none"},
            {"stTag", "0"},
            {"lotSizeFilter",
             {{"basePrecision", quantity_text(rule, i.lot_size)},
              {"quotePrecision", "0.00000001"},
              {"minOrderQty", quantity_text(rule, i.min_quantity)},
              {"maxOrderQty", quantity_text(rule, rule.max_quantity)},
              {"minOrderAmt", core::to_text(i.min_notional)},
              {"maxOrderAmt", "8000000"}}},
            {"priceFilter", {{"tickSize", price_text(rule, i.tick_size)}}},
            {"riskParameters", {{"priceLimitRatioX", "0.05"}, {"priceLimitRatioY", "0.1"}}}};
}

Json linear_instrument(const Listing& rule) {
    const auto& i = rule.instrument;
    return {{"symbol", i.symbol},
            {"contractType", "LinearPerpetual"},
            {"status", "Trading"},
            {"baseCoin", rule.base},
            {"quoteCoin", rule.quote},
            {"launchTime", "1585526400000"},
            {"deliveryTime", "0"},
            {"deliveryFeeRate", ""},
            {"priceScale", std::to_string(i.price_decimals)},
            {"leverageFilter",
             {{"minLeverage", "1"}, {"maxLeverage", std::to_string(rule.max_leverage)}, {"leverageStep", "0.01"}}},
            {"priceFilter",
             {{"minPrice", price_text(rule, i.tick_size)},
              {"maxPrice", price_text(rule, core::Price{i.tick_size.units * 20'000'000})},
              {"tickSize", price_text(rule, i.tick_size)}}},
            {"lotSizeFilter",
             {{"maxOrderQty", quantity_text(rule, rule.max_quantity)},
              {"minOrderQty", quantity_text(rule, i.min_quantity)},
              {"qtyStep", quantity_text(rule, i.lot_size)},
              {"postOnlyMaxOrderQty", quantity_text(rule, rule.max_quantity)},
              {"maxMktOrderQty", quantity_text(rule, rule.max_quantity)},
              {"minNotionalValue", core::to_text(i.min_notional)}}},
            {"unifiedMarginTrade", true},
            {"fundingInterval", 480},
            {"settleCoin", rule.quote},
            {"copyTrading", "none"},
            {"upperFundingRate", "0.00375"},
            {"lowerFundingRate", "-0.00375"},
            {"isPreListing", false},
            {"preListingInfo", nullptr}};
}

}  // namespace

Answer Bybit::server_time(Call&) {
    return Answer{Json{{"timeSecond", std::to_string(now().count() / 1'000'000'000)},
                       {"timeNano", std::to_string(now().count())}}};
}

Answer Bybit::instruments(Call& call) {
    const auto listings = listings_of(call);
    if (!listings) return listings.error();
    const auto status = call.params["status"];
    Json all = Json::array();
    if (status.empty() || status == "Trading")
        for (const auto id : *listings)
            all.push_back(rules(id).spot() ? spot_instrument(rules(id)) : linear_instrument(rules(id)));
    Json answer{{"category", call.params["category"]}, {"list", std::move(all)}};
    if (call.market != core::Market::spot) answer["nextPageCursor"] = "";
    return Answer{std::move(answer)};
}

Json Bybit::ticker_json(ListingId listing) const {
    const auto& state = engine().market(listing);
    const auto& rule = state.rules;
    const auto day = state.candles.last(std::chrono::hours{24}), hour = state.candles.last(std::chrono::hours{1});
    const auto bid = state.book.best(core::Side::buy), ask = state.book.best(core::Side::sell);
    Json made{{"symbol", rule.instrument.symbol},
              {"lastPrice", price_text(rule, state.last)},
              {"highPrice24h", price_text(rule, day.high)},
              {"lowPrice24h", price_text(rule, day.low)},
              {"prevPrice24h", price_text(rule, day.open)},
              {"volume24h", quantity_text(rule, day.volume)},
              {"turnover24h", core::to_text(day.quote)},
              {"price24hPcnt", ratio_text((state.last - day.open).units, day.open.units, 6)}};
    if (rule.spot()) {
        made["usdIndexPrice"] = price_text(rule, state.mark());
        return made;
    }
    const core::Quantity open{static_cast<std::int64_t>(state.open_interest)};
    const auto mark = price_text(rule, state.mark());
    made["prevPrice1h"] = price_text(rule, hour.open);
    made["markPrice"] = mark;
    made["indexPrice"] = mark;
    made["openInterest"] = quantity_text(rule, open);
    made["openInterestValue"] = core::to_text(rule.instrument.notional(state.mark(), open).value_or(core::Notional{}));
    made["fundingRate"] = core::to_text(rule.funding.units, Rate::decimals);
    made["nextFundingTime"] = time_text(state.next_funding);
    made["fundingIntervalHour"] = "8";
    made["bid1Price"] = price_text(rule, bid);
    made["bid1Size"] = quantity_text(rule, state.book.displayed(core::Side::buy, bid));
    made["ask1Price"] = price_text(rule, ask);
    made["ask1Size"] = quantity_text(rule, state.book.displayed(core::Side::sell, ask));
    return made;
}

Answer Bybit::tickers(Call& call) {
    const auto listings = listings_of(call);
    if (!listings) return listings.error();
    Json all = Json::array();
    for (const auto id : *listings) {
        const auto& state = engine().market(id);
        auto made = ticker_json(id);
        if (state.rules.spot()) {
            // By REST spot names its best prices, by socket it does not.
            const auto bid = state.book.best(core::Side::buy), ask = state.book.best(core::Side::sell);
            made["bid1Price"] = price_text(state.rules, bid);
            made["bid1Size"] = quantity_text(state.rules, state.book.displayed(core::Side::buy, bid));
            made["ask1Price"] = price_text(state.rules, ask);
            made["ask1Size"] = quantity_text(state.rules, state.book.displayed(core::Side::sell, ask));
        } else {
            for (const auto* none : {"predictedDeliveryPrice", "basisRate", "deliveryFeeRate", "basis"})
                made[none] = "";
            made["deliveryTime"] = "0";
        }
        all.push_back(std::move(made));
    }
    return Answer{Json{{"category", call.params["category"]}, {"list", std::move(all)}}};
}

Answer Bybit::order_book(Call& call) {
    const auto id = listing_of(call);
    if (!id) return id.error();
    const auto& state = engine().market(*id);
    const bool spot = state.rules.spot();
    const auto limit = call.params.limit(spot ? 1 : 25, spot ? 200 : 500);
    return Answer{Json{{"s", state.rules.instrument.symbol},
                       {"b", levels_json(state.rules, state.book.top(core::Side::buy, limit))},
                       {"a", levels_json(state.rules, state.book.top(core::Side::sell, limit))},
                       {"ts", milliseconds(now())},
                       {"u", state.update_id},
                       {"seq", state.update_id},
                       {"cts", milliseconds(now())}}};
}

Answer Bybit::kline(Call& call) {
    const auto id = listing_of(call);
    if (!id) return id.error();
    const auto width = interval_of(call.params["interval"]);
    if (width.count() == 0) return ApiError{10001, "Invalid period!"};
    const auto& state = engine().market(*id);
    auto bars = state.candles.bars(width, time_of(call.params, "start", 0), time_of(call.params, "end", forever_ms),
                                   call.params.limit(200, 1'000));
    std::ranges::reverse(bars);
    Json all = Json::array();
    for (const auto& bar : bars)
        all.push_back(
            Json::array({time_text(bar.start), price_text(state.rules, bar.open), price_text(state.rules, bar.high),
                         price_text(state.rules, bar.low), price_text(state.rules, bar.close),
                         quantity_text(state.rules, bar.volume), core::to_text(bar.quote)}));
    return Answer{Json{
        {"symbol", state.rules.instrument.symbol}, {"category", call.params["category"]}, {"list", std::move(all)}}};
}

Answer Bybit::recent_trades(Call& call) {
    const auto id = listing_of(call);
    if (!id) return id.error();
    const auto& state = engine().market(*id);
    const auto limit = state.rules.spot() ? call.params.limit(60, 60) : call.params.limit(500, 1'000);
    const auto count = std::min(limit, state.trades.size());
    Json all = Json::array();
    for (auto trade = state.trades.rbegin(); trade != state.trades.rbegin() + static_cast<std::ptrdiff_t>(count);
         ++trade)
        all.push_back({{"execId", trade_id(*id, trade->id)},
                       {"symbol", state.rules.instrument.symbol},
                       {"price", price_text(state.rules, trade->price)},
                       {"size", quantity_text(state.rules, trade->quantity)},
                       {"side", side_text(trade->aggressor)},
                       {"time", time_text(trade->time)},
                       {"isBlockTrade", false},
                       {"isRPITrade", false},
                       {"seq", std::to_string(trade->id)}});
    return Answer{Json{{"category", call.params["category"]}, {"list", std::move(all)}}};
}

Answer Bybit::funding_history(Call& call) {
    const auto id = listing_of(call);
    if (!id) return id.error();
    if (rules(*id).spot()) return ApiError{10001, "Illegal category"};
    const auto& past = engine().market(*id).funding_history;
    const auto limit = call.params.limit(200, 200);
    Json all = Json::array();
    for (auto one = past.rbegin(); one != past.rend() && all.size() < limit; ++one)
        all.push_back({{"symbol", rules(*id).instrument.symbol},
                       {"fundingRate", core::to_text(one->rate.units, Rate::decimals)},
                       {"fundingRateTimestamp", time_text(one->time)}});
    return Answer{Json{{"category", call.params["category"]}, {"list", std::move(all)}}};
}

Answer Bybit::open_interest(Call& call) {
    const auto id = listing_of(call);
    if (!id) return id.error();
    const auto& state = engine().market(*id);
    if (state.rules.spot()) return ApiError{10001, "Illegal category"};
    const core::Quantity open{static_cast<std::int64_t>(state.open_interest)};
    return Answer{Json{
        {"symbol", state.rules.instrument.symbol},
        {"category", call.params["category"]},
        {"list", Json::array({{{"openInterest", quantity_text(state.rules, open)}, {"timestamp", time_text(now())}}})},
        {"nextPageCursor", ""}}};
}

Answer Bybit::coins(Call& call) {
    std::set<std::string> names;
    for (ListingId id = 0; id < engine().listings(); ++id) names.insert({rules(id).base, rules(id).quote});
    Json rows = Json::array();
    for (const auto& coin : names)
        if (call.params["coin"].empty() || call.params["coin"] == coin)
            rows.push_back({{"name", coin}, {"coin", coin}, {"remainAmount", "0"}, {"chains", Json::array()}});
    return Answer{Json{{"rows", std::move(rows)}}};
}

}  // namespace venue::bybit
