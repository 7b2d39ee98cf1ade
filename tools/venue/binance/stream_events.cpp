// What the market streams say. Source: web-socket-streams.md; USD-M "Websocket Market Streams".
#include "tools/venue/binance/binance.hpp"

namespace venue::binance {

namespace {

constexpr core::Nanoseconds day = std::chrono::hours{24};

}  // namespace

Json Binance::trade_event(ListingId listing, const PublicTrade& trade, bool aggregate) const {
    const auto& rule = rules(listing);
    Json event{{"e", aggregate ? "aggTrade" : "trade"}, {"E", milliseconds(now())}};
    if (!aggregate && !rule.spot()) event["T"] = milliseconds(trade.time);
    event["s"] = rule.instrument.symbol;
    event[aggregate ? "a" : "t"] = trade.id;
    event["p"] = price_text(rule, trade.price);
    event["q"] = quantity_text(rule, trade.quantity);
    if (aggregate) {
        event["f"] = trade.id;
        event["l"] = trade.id;
    }
    if (aggregate || rule.spot()) event["T"] = milliseconds(trade.time);
    if (!aggregate && !rule.spot()) event["X"] = "MARKET";
    event["m"] = trade.aggressor == core::Side::sell;
    if (rule.spot()) event["M"] = true;
    return event;
}

Json Binance::book_ticker_event(ListingId listing) const {
    const auto& state = engine().market(listing);
    const auto bid = state.book.best(core::Side::buy), ask = state.book.best(core::Side::sell);
    Json event = Json::object();
    if (!state.rules.spot()) event["e"] = "bookTicker";
    event["u"] = state.update_id;
    event["s"] = state.rules.instrument.symbol;
    event["b"] = price_text(state.rules, bid);
    event["B"] = quantity_text(state.rules, state.book.displayed(core::Side::buy, bid));
    event["a"] = price_text(state.rules, ask);
    event["A"] = quantity_text(state.rules, state.book.displayed(core::Side::sell, ask));
    if (!state.rules.spot()) {
        event["T"] = milliseconds(now());
        event["E"] = milliseconds(now());
    }
    return event;
}

Json Binance::kline_event(const Stream& stream, const Candle& bar, bool closed) const {
    const auto& rule = rules(stream.listing);
    return {{"e", "kline"},
            {"E", milliseconds(now())},
            {"s", rule.instrument.symbol},
            {"k",
             {{"t", milliseconds(bar.start)},
              {"T", milliseconds(bar.start + stream.interval) - 1},
              {"s", rule.instrument.symbol},
              {"i", stream.interval_text},
              {"f", bar.trades == 0 ? Json(-1) : Json(bar.first_trade)},
              {"L", bar.trades == 0 ? Json(-1) : Json(bar.last_trade)},
              {"o", price_text(rule, bar.open)},
              {"c", price_text(rule, bar.close)},
              {"h", price_text(rule, bar.high)},
              {"l", price_text(rule, bar.low)},
              {"v", quantity_text(rule, bar.volume)},
              {"n", bar.trades},
              {"x", closed},
              {"q", fixed(bar.quote)},
              {"V", quantity_text(rule, bar.taker_buy)},
              {"Q", fixed(bar.taker_buy_quote)},
              {"B", "0"}}}};
}

Json Binance::ticker_event(ListingId listing, bool mini) const {
    const auto& state = engine().market(listing);
    const auto& rule = state.rules;
    const auto bar = state.candles.last(day);
    Json event{
        {"e", mini ? "24hrMiniTicker" : "24hrTicker"}, {"E", milliseconds(now())}, {"s", rule.instrument.symbol}};
    if (!mini) {
        const auto change = state.last - bar.open;
        event["p"] = price_text(rule, change);
        event["P"] = fixed(bar.open.units == 0 ? 0 : change.units * 100'000 / bar.open.units, 3);
        event["w"] = price_text(rule, average_price(rule, bar.quote, bar.volume));
    }
    event["c"] = price_text(rule, state.last);
    if (!mini) event["Q"] = quantity_text(rule, state.trades.empty() ? core::Quantity{} : state.trades.back().quantity);
    if (!mini && rule.spot()) {
        const auto top = book_ticker_event(listing);
        for (const auto* key : {"b", "B", "a", "A"}) event[key] = top[key];
    }
    event["o"] = price_text(rule, bar.open);
    event["h"] = price_text(rule, bar.high);
    event["l"] = price_text(rule, bar.low);
    event["v"] = quantity_text(rule, bar.volume);
    event["q"] = fixed(bar.quote);
    if (!mini) {
        event["O"] = milliseconds(now() - day);
        event["C"] = milliseconds(now());
        event["F"] = bar.first_trade;
        event["L"] = bar.last_trade;
        event["n"] = bar.trades;
    }
    return event;
}

Json Binance::mark_price_event(ListingId listing) const {
    const auto& state = engine().market(listing);
    const auto mark = price_text(state.rules, state.mark());
    return {{"e", "markPriceUpdate"},
            {"E", milliseconds(now())},
            {"s", state.rules.instrument.symbol},
            {"p", mark},
            {"ap", mark},
            {"P", mark},
            {"i", mark},
            {"r", fixed(state.rules.funding.units, Rate::decimals)},
            {"T", milliseconds(state.next_funding)}};
}

}  // namespace venue::binance
