// Public REST data. Source: api-doc spot/market/*, contract/market/*.
#include "tools/venue/bitget/bitget.hpp"

#include <algorithm>

namespace venue::bitget {

namespace {

constexpr std::int64_t forever_ms = 4'102'444'800'000;

std::string fee_text(Rate rate) {
    return core::to_text(rate.units, Rate::decimals);
}

core::Nanoseconds time_of(const Params& params, std::string_view name, std::int64_t otherwise_ms) {
    const auto asked = std::clamp<std::int64_t>(params.number(name).value_or(otherwise_ms), 0, forever_ms);
    return std::chrono::milliseconds{asked};
}

}  // namespace

Answer Bitget::server_time(Call&) {
    return Answer{Json{{"serverTime", time_text(now())}}};
}

Answer Bitget::empty_list(Call&) {
    return Answer{Json::array()};
}

Answer Bitget::coins(Call& call) {
    std::set<std::string> names;
    for (ListingId id = 0; id < engine().listings(); ++id) names.insert({rules(id).base, rules(id).quote});
    Json all = Json::array();
    for (const auto& coin : names)
        if (call.params["coin"].empty() || upper(call.params["coin"]) == coin)
            all.push_back({{"coinId", std::to_string(all.size() + 1)},
                           {"coin", coin},
                           {"transfer", "false"},
                           {"chains", Json::array()},
                           {"areaCoin", "no"}});
    return Answer{std::move(all)};
}

Answer Bitget::spot_symbols(Call& call) {
    const auto listings = listings_of(call);
    if (!listings) return listings.error();
    Json all = Json::array();
    for (const auto id : *listings) {
        const auto& rule = rules(id);
        const auto& i = rule.instrument;
        all.push_back({{"symbol", i.symbol},
                       {"baseCoin", rule.base},
                       {"quoteCoin", rule.quote},
                       {"minTradeAmount", quantity_text(rule, i.min_quantity)},
                       {"maxTradeAmount", quantity_text(rule, rule.max_quantity)},
                       {"takerFeeRate", fee_text(rule.taker_fee)},
                       {"makerFeeRate", fee_text(rule.maker_fee)},
                       {"pricePrecision", std::to_string(i.price_decimals)},
                       {"quantityPrecision", std::to_string(i.quantity_decimals)},
                       {"quotePrecision", std::to_string(core::Notional::decimals)},
                       {"minTradeUSDT", core::to_text(i.min_notional)},
                       {"status", "online"},
                       {"buyLimitPriceRatio", "0.05"},
                       {"sellLimitPriceRatio", "0.05"},
                       {"orderQuantity", "200"}});
    }
    return Answer{std::move(all)};
}

Answer Bitget::contracts(Call& call) {
    const auto listings = listings_of(call);
    if (!listings) return listings.error();
    Json all = Json::array();
    for (const auto id : *listings) {
        const auto& rule = rules(id);
        const auto& i = rule.instrument;
        all.push_back({{"symbol", i.symbol},
                       {"baseCoin", rule.base},
                       {"quoteCoin", rule.quote},
                       {"buyLimitPriceRatio", "0.05"},
                       {"sellLimitPriceRatio", "0.05"},
                       {"feeRateUpRatio", "0.005"},
                       {"makerFeeRate", fee_text(rule.maker_fee)},
                       {"takerFeeRate", fee_text(rule.taker_fee)},
                       {"openCostUpRatio", "0.01"},
                       {"supportMarginCoins", Json::array({rule.quote})},
                       {"minTradeNum", quantity_text(rule, i.min_quantity)},
                       {"priceEndStep", std::to_string(i.tick_size.units)},
                       {"volumePlace", std::to_string(i.quantity_decimals)},
                       {"pricePlace", std::to_string(i.price_decimals)},
                       {"sizeMultiplier", quantity_text(rule, i.lot_size)},
                       {"symbolType", "perpetual"},
                       {"minTradeUSDT", core::to_text(i.min_notional)},
                       {"maxSymbolOrderNum", "200"},
                       {"maxProductOrderNum", "200"},
                       {"maxPositionNum", "150"},
                       {"symbolStatus", "normal"},
                       {"offTime", "-1"},
                       {"limitOpenTime", "-1"},
                       {"deliveryTime", ""},
                       {"deliveryStartTime", ""},
                       {"deliveryPeriod", ""},
                       {"launchTime", ""},
                       {"fundInterval", "8"},
                       {"minLever", "1"},
                       {"maxLever", std::to_string(rule.max_leverage)},
                       {"posLimit", "0.05"},
                       {"maintainTime", ""},
                       {"maxMarketOrderQty", quantity_text(rule, rule.max_quantity)},
                       {"maxOrderQty", quantity_text(rule, rule.max_quantity)}});
    }
    return Answer{std::move(all)};
}

Json Bitget::ticker_json(ListingId listing, bool socket) const {
    const auto& state = engine().market(listing);
    const auto& rule = state.rules;
    const auto day = state.candles.last(std::chrono::hours{24});
    const auto bid = state.book.best(core::Side::buy), ask = state.book.best(core::Side::sell);
    const auto change = ratio_text((state.last - day.open).units, day.open.units, 5);
    Json made{{socket ? "instId" : "symbol", rule.instrument.symbol},
              {"lastPr", price_text(rule, state.last)},
              {socket        ? "open24h"
               : rule.spot() ? "open"
                             : "open24h",
               price_text(rule, day.open)},
              {"high24h", price_text(rule, day.high)},
              {"low24h", price_text(rule, day.low)},
              {"change24h", change},
              {"bidPr", price_text(rule, bid)},
              {"askPr", price_text(rule, ask)},
              {"bidSz", quantity_text(rule, state.book.displayed(core::Side::buy, bid))},
              {"askSz", quantity_text(rule, state.book.displayed(core::Side::sell, ask))},
              {"baseVolume", quantity_text(rule, day.volume)},
              {"quoteVolume", fixed(day.quote)},
              {"openUtc", price_text(rule, day.open)},
              {"ts", time_text(now())}};
    if (!socket) made["usdtVolume"] = fixed(day.quote);
    if (rule.spot()) {
        made["changeUtc24h"] = change;
        return made;
    }
    const auto mark = price_text(rule, state.mark());
    made["indexPrice"] = mark;
    made["markPrice"] = mark;
    made["fundingRate"] = core::to_text(rule.funding.units, Rate::decimals);
    if (socket) made["nextFundingTime"] = time_text(state.next_funding);
    made["holdingAmount"] = quantity_text(rule, core::Quantity{static_cast<std::int64_t>(state.open_interest)});
    if (socket) {
        made["symbolType"] = "1";
        made["symbol"] = rule.instrument.symbol;
        made["deliveryPrice"] = "0";
    } else {
        made["deliveryStartTime"] = nullptr;
        made["deliveryTime"] = nullptr;
        made["deliveryStatus"] = "";
    }
    return made;
}

Answer Bitget::tickers(Call& call) {
    const auto listings = listings_of(call);
    if (!listings) return listings.error();
    Json all = Json::array();
    for (const auto id : *listings) all.push_back(ticker_json(id, false));
    return Answer{std::move(all)};
}

Answer Bitget::order_book(Call& call) {
    const auto id = listing_of(call);
    if (!id) return id.error();
    const auto& state = engine().market(*id);
    const bool spot = state.rules.spot();
    const auto limit = call.params["limit"] == "max" ? 1'000 : call.params.limit(spot ? 150 : 100, 1'000);
    Json book = Json::object();
    for (const auto side : {core::Side::sell, core::Side::buy}) {
        Json levels = Json::array();
        for (const auto& shown : state.book.top(side, limit)) {
            const auto price = price_text(state.rules, shown.price);
            const auto quantity = quantity_text(state.rules, shown.quantity);
            // The merged depth of contracts travels as numbers, everything else as text.
            levels.push_back(spot ? Json::array({price, quantity})
                                  : Json::array({Json::parse(price), Json::parse(quantity)}));
        }
        book[side == core::Side::buy ? "bids" : "asks"] = std::move(levels);
    }
    book["ts"] = time_text(now());
    if (!spot) {
        book["scale"] = price_text(state.rules, state.rules.instrument.tick_size);
        book["precision"] = "scale0";
        book["isMaxPrecision"] = "YES";
    }
    return Answer{std::move(book)};
}

Answer Bitget::bars(Call& call, bool finished_only, std::size_t most) {
    const auto id = listing_of(call);
    if (!id) return id.error();
    const auto text = call.params["granularity"];
    if (text.empty()) return missing("granularity");
    const auto width = granularity_of(text);
    if (width.count() == 0) return ApiError{"40020", "Parameter granularity error"};
    const auto& state = engine().market(*id);
    auto until = time_of(call.params, "endTime", forever_ms);
    if (finished_only) until = std::min(until, now() - width);
    Json all = Json::array();
    for (const auto& bar :
         state.candles.bars(width, time_of(call.params, "startTime", 0), until, call.params.limit(100, most))) {
        auto row =
            Json::array({time_text(bar.start), price_text(state.rules, bar.open), price_text(state.rules, bar.high),
                         price_text(state.rules, bar.low), price_text(state.rules, bar.close),
                         quantity_text(state.rules, bar.volume), fixed(bar.quote)});
        if (state.rules.spot()) row.push_back(fixed(bar.quote));
        all.push_back(std::move(row));
    }
    return Answer{std::move(all)};
}

Answer Bitget::candles(Call& call) {
    return bars(call, false, 1'000);
}

Answer Bitget::history_candles(Call& call) {
    return bars(call, true, 200);
}

Answer Bitget::public_fills(Call& call) {
    const auto id = listing_of(call);
    if (!id) return id.error();
    const auto& state = engine().market(*id);
    const auto count = std::min(call.params.limit(100, 500), state.trades.size());
    Json all = Json::array();
    for (auto trade = state.trades.rbegin(); trade != state.trades.rbegin() + static_cast<std::ptrdiff_t>(count);
         ++trade)
        all.push_back({{"symbol", state.rules.instrument.symbol},
                       {"tradeId", std::to_string(trade->id)},
                       {"side", side_text(trade->aggressor)},
                       {"price", price_text(state.rules, trade->price)},
                       {"size", quantity_text(state.rules, trade->quantity)},
                       {"ts", time_text(trade->time)}});
    return Answer{std::move(all)};
}

Answer Bitget::open_interest(Call& call) {
    const auto id = listing_of(call);
    if (!id) return id.error();
    const auto& state = engine().market(*id);
    const core::Quantity open{static_cast<std::int64_t>(state.open_interest)};
    return Answer{Json{{"openInterestList", Json::array({{{"symbol", state.rules.instrument.symbol},
                                                          {"size", quantity_text(state.rules, open)}}})},
                       {"ts", time_text(now())}}};
}

Answer Bitget::fund_rate(Call& call) {
    const auto listings = listings_of(call);
    if (!listings) return listings.error();
    Json all = Json::array();
    for (const auto id : *listings)
        all.push_back({{"symbol", rules(id).instrument.symbol},
                       {"fundingRate", core::to_text(rules(id).funding.units, Rate::decimals)},
                       {"fundingRateInterval", "8"},
                       {"nextUpdate", time_text(engine().market(id).next_funding)},
                       {"minFundingRate", "-0.003"},
                       {"maxFundingRate", "0.003"}});
    return Answer{std::move(all)};
}

Answer Bitget::fund_rate_history(Call& call) {
    const auto id = listing_of(call);
    if (!id) return id.error();
    const auto& past = engine().market(*id).funding_history;
    const auto size =
        static_cast<std::size_t>(std::clamp<std::int64_t>(call.params.number("pageSize").value_or(20), 1, 100));
    const auto page =
        static_cast<std::size_t>(std::clamp<std::int64_t>(call.params.number("pageNo").value_or(1), 1, 1'000));
    Json all = Json::array();
    for (std::size_t i = size * (page - 1); i < std::min(past.size(), size * page); ++i) {
        const auto& one = past[past.size() - 1 - i];
        all.push_back({{"symbol", rules(*id).instrument.symbol},
                       {"fundingRate", core::to_text(one.rate.units, Rate::decimals)},
                       {"fundingTime", time_text(one.time)}});
    }
    return Answer{std::move(all)};
}

Answer Bitget::funding_time(Call& call) {
    const auto id = listing_of(call);
    if (!id) return id.error();
    return Answer{Json::array({{{"symbol", rules(*id).instrument.symbol},
                                {"nextFundingTime", time_text(engine().market(*id).next_funding)},
                                {"ratePeriod", "8"}}})};
}

Answer Bitget::symbol_price(Call& call) {
    const auto id = listing_of(call);
    if (!id) return id.error();
    const auto& state = engine().market(*id);
    const auto mark = price_text(state.rules, state.mark());
    return Answer{Json::array({{{"symbol", state.rules.instrument.symbol},
                                {"price", price_text(state.rules, state.last)},
                                {"indexPrice", mark},
                                {"markPrice", mark},
                                {"ts", time_text(now())}}})};
}

}  // namespace venue::bitget
