#include "gateways/binance/exchange_calls.hpp"
#include "gateways/exchange/decimal_text.hpp"

#include <algorithm>

/// Answers about orders and own trades: spot, contracts and algo orders in one reader, as their fields do not clash.
namespace gateways::binance {

using namespace exchange;

namespace {

constexpr std::pair<std::string_view, std::string_view> statuses[] = {
    {"NEW", "open"},          {"PARTIALLY_FILLED", "open"}, {"PENDING_NEW", "open"},
    {"ACCEPTED", "open"},     {"WORKING", "open"},          {"TRIGGERING", "open"},
    {"TRIGGERED", "open"},    {"FILLED", "closed"},         {"FINISHED", "closed"},
    {"CANCELED", "canceled"}, {"CANCELLED", "canceled"},    {"PENDING_CANCEL", "canceling"},
    {"REJECTED", "rejected"}, {"EXPIRED", "expired"},       {"EXPIRED_IN_MATCH", "expired"},
};

std::string status_of(std::string_view text) {
    for (const auto& [theirs, ours] : statuses)
        if (theirs == text) return std::string{ours};
    return {};
}

/// What a conditional order becomes once it is released; that it is one, its trigger says.
std::string type_of(std::string_view text, bool contract) {
    if (text == "LIMIT_MAKER" || text == "STOP" || text.ends_with("_LIMIT") || (contract && text == "TAKE_PROFIT"))
        return "limit";
    if (text.ends_with("_MARKET") || text == "STOP_LOSS" || text == "TAKE_PROFIT") return "market";
    return lower_case(text);
}

std::string time_in_force_of(std::string_view text, bool post_only) {
    return post_only ? "PO" : std::string{text};
}

Trade fill_of(const Value& row, const Order& order) {
    return {.id = row["tradeId"].text(),
            .symbol = order.symbol,
            .order = order.id,
            .client_order_id = order.client_order_id,
            .type = order.type,
            .side = order.side,
            .taker_or_maker = {},
            .price = row["price"].text(),
            .amount = row["qty"].text(),
            .cost = product(row["price"].text(), row["qty"].text()),
            .time = order.time,
            .fee = {.currency = row["commissionAsset"].text(), .cost = row["commission"].text(), .rate = {}}};
}

/// The fills of an order as one fee, if they were all paid in one currency.
Fee fee_of(const std::vector<Trade>& fills) {
    Fee fee;
    for (const auto& fill : fills) {
        if (!fee.currency.empty() && fee.currency != fill.fee.currency) return {};
        fee.cost = fee.currency.empty() ? fill.fee.cost : sum(fee.cost, fill.fee.cost);
        fee.currency = fill.fee.currency;
    }
    return fee;
}

void read_times(Order& order, const Value& row) {
    for (const auto* name : {"time", "transactTime", "createTime", "updateTime"})
        if (!order.time) order.time = time_of_ms(row[name]);
    for (const auto* name : {"updateTime", "transactTime"})
        if (!order.last_update_time) order.last_update_time = time_of_ms(row[name]);
    if (is_nonzero(order.filled)) order.last_trade_time = order.last_update_time;
}

Order order_of_row(const Answer& answer, const Value& row) {
    if (row["code"].integer().value_or(0) < 0) {  // one order of a batch
        Order refused_order{.symbol = answer.ask.text("symbol"), .status = "rejected"};
        refused_order.error = ApiError{.kind = kind_of_code(answer.ask.call, row["code"].text(), row["msg"].text()),
                                       .code = row["code"].text(),
                                       .message = row["msg"].text()};
        return refused_order;
    }
    const auto& type = row.first({"type", "orderType", "origType"});
    const auto& force = row["timeInForce"].text();
    const bool maker = type == "LIMIT_MAKER";
    Order order{.id = row.first({"orderId", "algoId"}),
                .client_order_id = row.first({"origClientOrderId", "clientOrderId", "clientAlgoId"}),
                .symbol = symbol_of(answer.ask.context, row["symbol"].text(), is_contract(answer.request.host)),
                .type = type_of(type, is_contract(answer.request.host)),
                .side = lower_case(row["side"].text()),
                .price = unless_zero(row["price"].text()),
                .trigger_price = unless_zero(row.first({"triggerPrice", "stopPrice"})),
                .average = unless_zero(row.first({"avgPrice", "actualPrice"})),
                .amount = row.first({"origQty", "quantity"}),
                .cost = row.first({"cummulativeQuoteQty", "cumQuote", "cumBase"}),
                .filled = row.first({"executedQty", "actualQty"}),
                .status = status_of(row.first({"status", "algoStatus"}))};
    if (!type.empty() || !force.empty()) order.post_only = maker || force == "GTX";
    order.time_in_force = time_in_force_of(force, order.post_only.value_or(false));
    order.released_id = row["actualOrderId"].text();
    if (!row["reduceOnly"].is_null()) order.reduce_only = row["reduceOnly"].is_true();
    read_times(order, row);
    for (const auto& fill : row["fills"].items()) order.trades.push_back(fill_of(fill, order));
    order.fee = fee_of(order.trades);
    complete(order);
    return order;
}

Trade own_trade_of(const Answer& answer, const Value& row) {
    const bool buyer = row.contains("isBuyer") ? row["isBuyer"].is_true() : row["buyer"].is_true();
    const bool maker = row.contains("isMaker") ? row["isMaker"].is_true() : row["maker"].is_true();
    return {.id = row["id"].text(),
            .symbol = symbol_of(answer.ask.context, row["symbol"].text(), is_contract(answer.request.host)),
            .order = row["orderId"].text(),
            .client_order_id = {},
            .type = {},
            .side = row.contains("side") ? lower_case(row["side"].text())
                    : buyer              ? "buy"
                                         : "sell",
            .taker_or_maker = maker ? "maker" : "taker",
            .price = row["price"].text(),
            .amount = row["qty"].text(),
            .cost = row.first({"quoteQty", "baseQty"}),
            .time = time_of_ms(row["time"]),
            .fee = {.currency = row["commissionAsset"].text(), .cost = row["commission"].text(), .rate = {}}};
}

}  // namespace

Outcome read_order(const Answer& answer) {
    const auto* row = &answer.body;
    if (row->contains("data")) row = &(*row)["data"];  // cancelReplace, as some clients record it
    if (row->contains("newOrderResponse")) row = &(*row)["newOrderResponse"];
    if (answer.ask.param("test").is_true()) return Unified{Order{}};  // order/test makes none
    if (row->first({"orderId", "algoId"}).empty()) return refused(ErrorKind::malformed, "the answer has no order id");
    return Unified{order_of_row(answer, *row)};
}

Outcome read_orders(const Answer& answer) {
    std::vector<Order> all;
    if (!answer.body.is_array()) {  // {"code":200,"msg":"The operation of cancel all open order is done."}
        if (answer.body["code"].integer().value_or(0) == 200) return Unified{std::move(all)};
        return refused(ErrorKind::malformed, "the answer is no list of orders");
    }
    for (const auto& row : answer.body.items()) {
        all.push_back(order_of_row(answer, row));
        for (const auto& part : row["orderReports"].items()) all.push_back(order_of_row(answer, part));
    }
    // An order list (OCO) stands in the answer for its orders, which its reports are.
    std::erase_if(all, [](const Order& order) { return order.id.empty() && !order.error; });
    return Unified{std::move(all)};
}

Outcome read_closed_orders(const Answer& answer) {
    auto result = read_orders(answer);
    if (!result) return result;
    if (auto* all = std::get_if<std::vector<Order>>(&*result)) {
        std::erase_if(*all, [](const Order& order) { return order.status != "closed"; });
        // The oldest after `since`, else the newest.
        const auto limit =
            static_cast<std::size_t>(std::max<std::int64_t>(0, answer.ask.arguments["limit"].integer().value_or(0)));
        if (limit > 0 && all->size() > limit) {
            if (answer.ask.text("since").empty())
                std::rotate(all->begin(), all->end() - static_cast<std::ptrdiff_t>(limit), all->end());
            all->resize(limit);
        }
    }
    return result;
}

Outcome read_my_trades(const Answer& answer) {
    if (!answer.body.is_array()) return refused(ErrorKind::malformed, "the answer is no list of trades");
    std::vector<Trade> all;
    for (const auto& row : answer.body.items()) all.push_back(own_trade_of(answer, row));
    return Unified{std::move(all)};
}

}  // namespace gateways::binance
