#include "gateways/exchange/decimal_text.hpp"
#include "gateways/okx/exchange_calls.hpp"

#include <algorithm>

/// Answers about orders and fills. Source: OKX API v5, "Order Book Trading".
namespace gateways::okx {

using namespace exchange;

namespace {

std::string status_of(std::string_view state) {
    constexpr std::pair<std::string_view, const char*> rows[] = {{"live", "open"},
                                                                 {"partially_filled", "open"},
                                                                 {"pause", "open"},
                                                                 {"partially_effective", "open"},
                                                                 {"filled", "closed"},
                                                                 {"effective", "closed"},
                                                                 {"canceled", "canceled"},
                                                                 {"mmp_canceled", "canceled"},
                                                                 {"order_failed", "rejected"},
                                                                 {"partially_failed", "rejected"}};
    for (const auto& [venue, unified] : rows)
        if (venue == state) return unified;
    return {};
}

/// OKX tells type and time in force in one word.
void set_type(Order& order, const std::string& type) {
    order.type = type;
    order.post_only = type == "post_only";
    if (type == "post_only")
        order.time_in_force = "PO";
    else if (type == "ioc" || type == "optimal_limit_ioc")
        order.time_in_force = "IOC";
    else if (type == "fok")
        order.time_in_force = "FOK";
    if (type == "post_only" || type == "ioc" || type == "fok") order.type = "limit";
    if (type == "optimal_limit_ioc") order.type = "market";
}

Order order_of(const Answer& answer, const Value& row) {
    const auto* market = market_of_id(answer.ask.context, row["instId"].text());
    const auto& attached = row["attachAlgoOrds"].at(0);
    Order order{.id = row.first({"ordId", "algoId"}), .client_order_id = row.first({"clOrdId", "algoClOrdId"})};
    if (row.contains("algoId") && row.contains("algoClOrdId") && !row.contains("accFillSz")) {  // an algo order
        order.id = row["algoId"].text();
        order.client_order_id = row["algoClOrdId"].text();
        order.released_id = row["ordId"].text();
    }
    order.symbol = symbol_in(answer, row);
    set_type(order, row["ordType"].text());
    order.side = row["side"].text();
    order.price = unless_zero(row.first({"px", "ordPx", "slOrdPx", "tpOrdPx"}));
    if (order.price == "-1") order.price = {};  // at the market's price once triggered
    order.trigger_price = unless_zero(row["triggerPx"].text());
    order.stop_loss_price =
        unless_zero(row["slTriggerPx"].text().empty() ? attached["slTriggerPx"].text() : row["slTriggerPx"].text());
    order.take_profit_price =
        unless_zero(row["tpTriggerPx"].text().empty() ? attached["tpTriggerPx"].text() : row["tpTriggerPx"].text());
    order.average = unless_zero(row.first({"avgPx", "actualPx"}));
    order.filled = row.first({"accFillSz", "actualSz"});
    // the amount of a spot market order may be the money to be spent
    if (row["tgtCcy"].text() != "quote_ccy") order.amount = row["sz"].text();
    if (market != nullptr && !market->is_contract()) order.cost = product(order.average, order.filled);
    order.status = status_of(row["state"].text());
    if (!row["reduceOnly"].text().empty()) order.reduce_only = row["reduceOnly"].is_true();
    order.time = time_of_ms(row["cTime"]);
    order.last_update_time = time_of_ms(row["uTime"]);
    order.last_trade_time = time_of_ms(row["fillTime"]);
    if (const auto& fee = row["fee"].text(); !fee.empty())  // negative when it is paid
        order.fee = {.currency = row["feeCcy"].text(), .cost = negated(fee)};
    complete(order);
    return order;
}

/// An order as far as an acknowledgement tells.
Order placed(const Answer& answer, const Value& row) {
    Order order{.id = row.first({"ordId", "algoId"}), .client_order_id = row.first({"clOrdId", "algoClOrdId"})};
    const auto& id = row["instId"].text();
    order.symbol = id.empty() ? answer.ask.text("symbol") : symbol_in(answer, row);
    order.time = time_of_ms(row["ts"]);
    return order;
}

}  // namespace

Outcome read_placed(const Answer& answer) {
    const auto& row = data_of(answer).at(0);
    if (auto error = order_error_of(answer.ask.call, row)) return std::move(*error);
    auto order = placed(answer, row);
    if (order.id.empty() && order.client_order_id.empty())
        return refused(ErrorKind::unknown_outcome, "the answer has no ordId");
    return Unified{std::move(order)};
}

Outcome read_placed_list(const Answer& answer) {
    if (!data_of(answer).is_array()) return refused(ErrorKind::unknown_outcome, "the answer has no list of orders");
    const bool creates = answer.ask.call == Call::create_orders;
    const auto& members = answer.request.body;
    std::vector<Order> all;
    for (std::size_t i = 0; i < data_of(answer).size(); ++i) {
        const auto& row = data_of(answer).at(i);
        auto order = placed(answer, row);
        if (order.symbol.empty()) order.symbol = symbol_in(answer, members.at(i));  // answers keep the order
        order.error = order_error_of(answer.ask.call, row);
        if (order.error && creates) order.status = "rejected";
        all.push_back(std::move(order));
    }
    return Unified{std::move(all)};
}

Outcome read_order(const Answer& answer) {
    if (!data_of(answer).is_array()) return missing("list of orders");
    if (data_of(answer).empty()) return refused(ErrorKind::order_not_found, "the venue knows no such order");
    return Unified{order_of(answer, data_of(answer).at(0))};
}

Outcome read_orders(const Answer& answer) {
    if (!data_of(answer).is_array()) return missing("list of orders");
    std::vector<Order> all;
    for (const auto& row : data_of(answer).items()) {
        if (row.first({"ordId", "algoId"}).empty()) return missing("ordId");
        all.push_back(order_of(answer, row));
    }
    std::reverse(all.begin(), all.end());  // they come newest first
    return Unified{std::move(all)};
}

Outcome read_my_trades(const Answer& answer) {
    if (!data_of(answer).is_array()) return missing("list of fills");
    std::vector<Trade> all;
    for (const auto& row : data_of(answer).items()) {
        const auto& liquidity = row["execType"].text();
        const auto* market = market_of_id(answer.ask.context, row["instId"].text());
        Trade trade{.id = row["tradeId"].text(),
                    .symbol = symbol_in(answer, row),
                    .order = row["ordId"].text(),
                    .client_order_id = row["clOrdId"].text(),
                    .type = {},
                    .side = row["side"].text(),
                    .taker_or_maker = liquidity == "T"   ? "taker"
                                      : liquidity == "M" ? "maker"
                                                         : "",
                    .price = row["fillPx"].text(),
                    .amount = row["fillSz"].text()};
        if (market != nullptr && !market->is_contract()) trade.cost = product(trade.price, trade.amount);
        trade.time = time_of_ms(row[row["fillTime"].text().empty() ? "ts" : "fillTime"]);
        if (const auto& fee = row["fee"].text(); !fee.empty())
            trade.fee = {
                .currency = row["feeCcy"].text(), .cost = negated(fee), .rate = negated(row["feeRate"].text())};
        if (trade.id.empty()) return missing("tradeId");
        all.push_back(std::move(trade));
    }
    std::reverse(all.begin(), all.end());
    return Unified{std::move(all)};
}

}  // namespace gateways::okx
