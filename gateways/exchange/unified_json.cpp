#include "gateways/exchange/unified.hpp"

#include <iterator>

namespace gateways::exchange {

namespace {

Value known(const std::string& text) {
    return text.empty() ? Value{} : Value{text};
}
Value known(const std::optional<bool>& truth) {
    return truth ? Value{*truth} : Value{};
}
/// The two members by which ccxt says when.
void set_time(Value& json, const Time& time) {
    json.set("timestamp", time_value(time)).set("datetime", datetime_value(time));
}

Value json_of(const Fee& fee) {
    if (fee.cost.empty()) return {};
    auto json = Value::object();
    json.set("currency", known(fee.currency)).set("cost", fee.cost);
    if (!fee.rate.empty()) json.set("rate", fee.rate);
    return json;
}

Value json_of(const Ticker& t) {
    auto json = Value::object();
    json.set("symbol", known(t.symbol));
    set_time(json, t.time);
    const std::pair<const char*, const std::string&> fields[] = {
        {"high", t.high},
        {"low", t.low},
        {"bid", t.bid},
        {"bidVolume", t.bid_volume},
        {"ask", t.ask},
        {"askVolume", t.ask_volume},
        {"vwap", t.vwap},
        {"open", t.open},
        {"close", t.close},
        {"last", t.close},
        {"previousClose", t.previous_close},
        {"change", t.change},
        {"percentage", t.percentage},
        {"average", t.average},
        {"baseVolume", t.base_volume},
        {"quoteVolume", t.quote_volume},
        {"markPrice", t.mark_price},
        {"indexPrice", t.index_price},
    };
    for (const auto& [name, text] : fields) json.set(name, known(text));
    return json;
}

Value json_of(const std::vector<BookLevel>& levels) {
    auto rows = Value::array();
    for (const auto& level : levels) {
        auto row = Value::array();
        row.push(level.price);
        row.push(level.amount);
        rows.push(std::move(row));
    }
    return rows;
}

Value json_of(const OrderBook& book) {
    auto json = Value::object();
    json.set("symbol", known(book.symbol)).set("bids", json_of(book.bids)).set("asks", json_of(book.asks));
    set_time(json, book.time);
    json.set("nonce", known(book.nonce));
    return json;
}

Value json_of(const Candle& candle) {
    auto row = Value::array();
    row.push(time_value(candle.time));
    for (const auto* text : {&candle.open, &candle.high, &candle.low, &candle.close, &candle.volume})
        row.push(known(*text));
    return row;
}

Value json_of(const Trade& t) {
    auto json = Value::object();
    json.set("id", known(t.id));
    set_time(json, t.time);
    json.set("symbol", known(t.symbol))
        .set("order", known(t.order))
        .set("clientOrderId", known(t.client_order_id))
        .set("type", known(t.type))
        .set("side", known(t.side))
        .set("takerOrMaker", known(t.taker_or_maker))
        .set("price", known(t.price))
        .set("amount", known(t.amount))
        .set("cost", known(t.cost))
        .set("fee", json_of(t.fee));
    return json;
}

Value json_of(const Order& order);
Value json_of(const Position& position);
Value json_of(const FundingRate& rate);
Value json_of(const OpenInterest& interest);

template <class T>
Value list_of(const std::vector<T>& all) {
    auto rows = Value::array();
    for (const auto& one : all) rows.push(json_of(one));
    return rows;
}
template <class T>
Value by_symbol(const std::vector<T>& all) {
    auto rows = Value::object();
    for (const auto& one : all) rows.append(one.symbol, json_of(one));
    return rows;
}

Value json_of(const Order& o) {
    auto json = Value::object();
    json.set("id", known(o.id)).set("clientOrderId", known(o.client_order_id));
    set_time(json, o.time);
    json.set("lastTradeTimestamp", time_value(o.last_trade_time))
        .set("lastUpdateTimestamp", time_value(o.last_update_time))
        .set("symbol", known(o.symbol))
        .set("type", known(o.type))
        .set("timeInForce", known(o.time_in_force))
        .set("postOnly", known(o.post_only))
        .set("reduceOnly", known(o.reduce_only));
    const std::pair<const char*, const std::string&> fields[] = {
        {"side", o.side},
        {"price", o.price},
        {"triggerPrice", o.trigger_price},
        {"stopLossPrice", o.stop_loss_price},
        {"takeProfitPrice", o.take_profit_price},
        {"average", o.average},
        {"amount", o.amount},
        {"cost", o.cost},
        {"filled", o.filled},
        {"remaining", o.remaining},
        {"status", o.status},
    };
    for (const auto& [name, text] : fields) json.set(name, known(text));
    json.set("fee", json_of(o.fee)).set("trades", list_of(o.trades));
    if (o.error) json.set("error", to_json(*o.error));
    return json;
}

Value json_of(const Balances& balances) {
    auto json = Value::object();
    set_time(json, balances.time);
    auto free = Value::object(), used = Value::object(), total = Value::object();
    for (const auto& balance : balances.all) {
        auto one = Value::object();
        one.set("free", known(balance.free)).set("used", known(balance.used)).set("total", known(balance.total));
        if (!balance.debt.empty()) one.set("debt", balance.debt);
        json.append(balance.currency, std::move(one));
        free.append(balance.currency, known(balance.free));
        used.append(balance.currency, known(balance.used));
        total.append(balance.currency, known(balance.total));
    }
    json.append("free", std::move(free));
    json.append("used", std::move(used));
    json.append("total", std::move(total));
    return json;
}

Value json_of(const Position& p) {
    auto json = Value::object();
    json.set("id", known(p.id)).set("symbol", known(p.symbol));
    set_time(json, p.time);
    json.set("lastUpdateTimestamp", time_value(p.last_update_time)).set("hedged", known(p.hedged));
    const std::pair<const char*, const std::string&> fields[] = {
        {"side", p.side},
        {"contracts", p.contracts},
        {"contractSize", p.contract_size},
        {"entryPrice", p.entry_price},
        {"markPrice", p.mark_price},
        {"lastPrice", p.last_price},
        {"notional", p.notional},
        {"leverage", p.leverage},
        {"collateral", p.collateral},
        {"initialMargin", p.initial_margin},
        {"initialMarginPercentage", p.initial_margin_percentage},
        {"maintenanceMargin", p.maintenance_margin},
        {"maintenanceMarginPercentage", p.maintenance_margin_percentage},
        {"marginRatio", p.margin_ratio},
        {"unrealizedPnl", p.unrealized_pnl},
        {"realizedPnl", p.realized_pnl},
        {"liquidationPrice", p.liquidation_price},
        {"percentage", p.percentage},
        {"marginMode", p.margin_mode},
        {"stopLossPrice", p.stop_loss_price},
        {"takeProfitPrice", p.take_profit_price},
    };
    for (const auto& [name, text] : fields) json.set(name, known(text));
    return json;
}

Value json_of(const FundingRate& f) {
    auto json = Value::object();
    json.set("symbol", known(f.symbol))
        .set("markPrice", known(f.mark_price))
        .set("indexPrice", known(f.index_price))
        .set("interestRate", known(f.interest_rate))
        .set("estimatedSettlePrice", known(f.estimated_settle_price));
    set_time(json, f.time);
    json.set("fundingRate", known(f.rate))
        .set("fundingTimestamp", time_value(f.funding_time))
        .set("fundingDatetime", datetime_value(f.funding_time))
        .set("nextFundingTimestamp", time_value(f.next_funding_time))
        .set("nextFundingDatetime", datetime_value(f.next_funding_time))
        .set("interval", known(f.interval));
    return json;
}

Value json_of(const OpenInterest& o) {
    auto json = Value::object();
    json.set("symbol", known(o.symbol))
        .set("openInterestAmount", known(o.amount))
        .set("openInterestValue", known(o.value));
    set_time(json, o.time);
    return json;
}

struct Writer {
    Value operator()(const Done&) const {
        auto json = Value::object();
        json.set("done", true);
        return json;
    }
    Value operator()(const Time& time) const { return time_value(time); }
    Value operator()(const std::vector<Market>& all) const {
        auto rows = Value::array();
        for (const auto& one : all) rows.push(to_json(one));
        return rows;
    }
    Value operator()(const std::vector<Ticker>& all) const { return by_symbol(all); }
    Value operator()(const std::vector<FundingRate>& all) const { return by_symbol(all); }
    Value operator()(const std::vector<OpenInterest>& all) const { return by_symbol(all); }
    Value operator()(const Leverage& l) const {
        auto json = Value::object();
        json.set("symbol", known(l.symbol))
            .set("marginMode", known(l.margin_mode))
            .set("longLeverage", known(l.long_leverage))
            .set("shortLeverage", known(l.short_leverage));
        return json;
    }
    template <class T>
    Value operator()(const std::vector<T>& all) const {
        return list_of(all);
    }
    template <class T>
    Value operator()(const T& one) const {
        return json_of(one);
    }
};

struct Merger {
    template <class T>
    void operator()(std::vector<T>& into, std::vector<T>&& more) const {
        into.insert(into.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
    }
    void operator()(Balances& into, Balances&& more) const { (*this)(into.all, std::move(more.all)); }
    template <class T, class U>
    void operator()(T&, U&&) const {}
};

}  // namespace

Value to_json(const Unified& result) {
    return std::visit(Writer{}, result);
}

Value to_json(const ApiError& error) {
    auto json = Value::object();
    json.set("kind", name(error.kind)).set("code", known(error.code)).set("message", error.message);
    json.set("status", error.status == 0 ? Value{} : Value{error.status});
    if (error.retry_after_s > 0) json.set("retry_after_s", error.retry_after_s);
    return json;
}

void merge(Unified& into, Unified&& more) {
    std::visit([](auto& a, auto&& b) { Merger{}(a, std::forward<decltype(b)>(b)); }, into, std::move(more));
}

}  // namespace gateways::exchange
