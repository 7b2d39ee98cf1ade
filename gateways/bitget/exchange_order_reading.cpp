#include "gateways/bitget/exchange_calls.hpp"
#include "gateways/exchange/decimal_text.hpp"

#include <algorithm>

/// Answers about orders and own trades: spot, margin, futures and unified accounts, plain and conditional, in one
/// reader, as their fields do not clash.
namespace gateways::bitget {

using namespace exchange;

namespace {

constexpr std::pair<std::string_view, std::string_view> statuses[] = {
    {"live", "open"},
    {"init", "open"},
    {"new", "open"},
    {"not_trigger", "open"},
    {"pending", "open"},
    {"executing", "open"},
    {"partially_filled", "open"},
    {"partially_fill", "open"},
    {"partial_fill", "open"},
    {"filled", "closed"},
    {"full_fill", "closed"},
    {"executed", "closed"},
    {"triggered", "closed"},
    {"cancelled", "canceled"},
    {"canceled", "canceled"},
    {"fail_trigger", "rejected"},
    {"fail_execute", "rejected"},
    {"failed", "rejected"},
    {"rejected", "rejected"},
    {"reject", "rejected"},
};

std::string status_of(std::string_view text) {
    for (const auto& [theirs, ours] : statuses)
        if (theirs == text) return std::string{ours};
    return {};
}

/// The rows of a list, be it the data itself or one of its members.
const Value& rows_of(const Value& data) noexcept {
    static const Value none;
    if (data.is_array()) return data;
    for (const auto* name : {"entrustedList", "orderList", "fillList", "fills", "list", "successList", "resultList"})
        if (data[name].is_array()) return data[name];
    return none;
}

bool speaks_of_contracts(const Answer& answer, const Value& row) noexcept {
    const auto& category = row.first({"category", "productType", "marginCoin"});
    if (!category.empty()) return category != "SPOT" && category != "MARGIN";
    if (answer.request.path.starts_with("/api/v2/mix")) return true;
    return answer.request.query["category"].text().ends_with("-FUTURES") ||
           answer.request.body["category"].text().ends_with("-FUTURES");
}

std::string symbol_in(const Answer& answer, const Value& row) {
    const auto id = upper_case(row.first({"symbol", "instId"}));
    return id.empty() ? answer.ask.text("symbol") : symbol_of(answer.ask.context, id, speaks_of_contracts(answer, row));
}

/// A list of fees, an object of one, or such an object written as a text. Fees are negative when paid, but positive in
/// unified accounts.
Fee fee_of(const Value& row) {
    const auto& detail = row["feeDetail"];
    const auto nested = detail.is_text() ? Value::parse(detail.text()) : core::Result<Value>{detail};
    if (!nested) return {};
    const auto& fees = *nested;
    if (fees.contains("newFees"))  // of spot orders: `t` is the total
        return {.currency = {}, .cost = negated(fees["newFees"]["t"].text()), .rate = {}};
    const auto& one = fees.is_array() ? fees.at(0) : fees;
    const auto& cost = one.first({"totalFee", "fee"});
    if (!cost.empty() && fees.size() >= 1)
        return {.currency = one["feeCoin"].text(), .cost = row.contains("category") ? cost : negated(cost), .rate = {}};
    return {.currency = row["marginCoin"].text(), .cost = unless_zero(negated(row["fee"].text())), .rate = {}};
}

std::optional<bool> reduces(const Value& row) {
    const auto only = lower_case(row["reduceOnly"].text());
    const auto trade_side = lower_case(row["tradeSide"].text());
    if (only == "yes" || only == "true" || trade_side.starts_with("close") || trade_side.starts_with("reduce"))
        return true;
    if (only.empty() && trade_side.empty()) return std::nullopt;
    return false;
}

std::string side_of(const Value& row, bool closes) {
    auto side = lower_case(row["side"].text());
    // In hedge mode the side of an order is that of the position, so one that closes trades the other way.
    if (closes && row["posMode"].text() == "hedge_mode" && lower_case(row["tradeSide"].text()).starts_with("close"))
        side = side == "buy" ? "sell" : "buy";
    return side;
}

std::string time_in_force_of(std::string_view force) {
    const auto text = upper_case(force);
    if (text == "POST_ONLY") return "PO";
    return text == "NORMAL" ? "GTC" : text;
}

void read_triggers(Order& order, const Value& row) {
    const auto& plan = row["planType"].text();
    order.trigger_price = unless_zero(row["triggerPrice"].text());
    order.stop_loss_price = unless_zero(row.first({"presetStopLossPrice", "stopLossTriggerPrice", "stopLoss"}));
    order.take_profit_price =
        unless_zero(row.first({"presetStopSurplusPrice", "stopSurplusTriggerPrice", "takeProfit"}));
    if (plan == "pos_loss" || plan == "loss_plan") order.stop_loss_price = order.trigger_price;
    if (plan == "pos_profit" || plan == "profit_plan") order.take_profit_price = order.trigger_price;
}

/// A market order of spot that buys counts its size in the quote coin: what it is to get is not known before.
bool counts_quote(const Answer& answer, const Value& row) {
    return !speaks_of_contracts(answer, row) && row["orderType"].text() == "market" && row["side"].text() == "buy";
}

Order order_of_row(const Answer& answer, const Value& row) {
    const auto reduce_only = reduces(row);
    Order order{.id = row["orderId"].text(),
                .client_order_id = row["clientOid"].text(),
                .symbol = symbol_in(answer, row),
                .type = lower_case(row["orderType"].text()),
                .side = side_of(row, reduce_only.value_or(false)),
                .price = unless_zero(row.first({"price", "executePrice"})),
                .average = unless_zero(row.first({"priceAvg", "avgPrice"})),
                .amount = row.first({"size", "qty", "baseSize"}),
                .cost = row.first({"quoteVolume", "cumExecValue"}),
                .filled = row.first({"baseVolume", "accBaseVolume", "cumExecQty"}),
                .status = status_of(row.first({"status", "state", "orderStatus", "planStatus"})),
                .reduce_only = reduce_only};
    order.released_id = row["executeOrderId"].text();
    const auto& error_code = row.first({"errorCode", "code"});
    const auto& force = row.first({"force", "timeInForce"});
    order.time_in_force = time_in_force_of(force);
    if (!force.empty()) order.post_only = order.time_in_force == "PO";
    if (counts_quote(answer, row)) order.amount = order.status == "closed" ? order.filled : std::string{};
    read_triggers(order, row);
    for (const auto* name : {"cTime", "createdTime"})
        if (!order.time) order.time = time_of_ms(row[name]);
    for (const auto* name : {"uTime", "updatedTime"})
        if (!order.last_update_time) order.last_update_time = time_of_ms(row[name]);
    if (is_nonzero(order.filled)) order.last_trade_time = order.last_update_time;
    order.fee = fee_of(row);
    complete(order);
    if (!row.first({"errorMsg", "errorCode"}).empty() ||
        (!error_code.empty() && error_code != "0" && error_code != "00000")) {
        order.status = "rejected";
        const auto& message = row.first({"errorMsg", "msg"});
        order.error = ApiError{
            .kind = kind_of_code(answer.ask.call, error_code, message), .code = error_code, .message = message};
    }
    return order;
}

Trade own_trade_of(const Answer& answer, const Value& row) {
    const auto& price = row.first({"execPrice", "priceAvg", "price", "fillPrice"});
    const auto& amount = row.first({"execQty", "baseVolume", "size"});
    const auto scope = lower_case(row["tradeScope"].text());
    return {.id = row.first({"execId", "tradeId"}),
            .symbol = symbol_in(answer, row),
            .order = row["orderId"].text(),
            .client_order_id = row["clientOid"].text(),
            .type = lower_case(row["orderType"].text()),
            .side = side_of(row, true),
            .taker_or_maker = scope == "taker" || scope == "maker" ? scope : std::string{},
            .price = price,
            .amount = amount,
            .cost = row.first({"execValue", "quoteVolume", "amount"}),
            .time = time_of_ms(row[row.contains("cTime")      ? "cTime"
                                   : row.contains("execTime") ? "execTime"
                                                              : "createdTime"]),
            .fee = fee_of(row)};
}

}  // namespace

Outcome read_order(const Answer& answer) {
    const auto& rows = rows_of(answer.body);
    const auto& failures = answer.body["failureList"];
    const auto* row = &answer.body;
    if (!rows.is_null()) row = rows.empty() ? &failures.at(0) : &rows.at(0);
    if (!row->is_object())
        return refused(ErrorKind::order_not_found, "the venue knows no such order");  // an empty list says so
    if ((*row)["result"].text() == "success")  // of a trigger order of spot that was cancelled
        return Unified{Order{.id = answer.ask.text("id"), .symbol = answer.ask.text("symbol")}};
    if (row->first({"orderId", "clientOid"}).empty())
        return refused(ErrorKind::malformed, "the answer has no order id");
    return Unified{order_of_row(answer, *row)};
}

Outcome read_orders(const Answer& answer) {
    std::vector<Order> all;
    for (const auto& row : rows_of(answer.body).items()) all.push_back(order_of_row(answer, row));
    for (const auto* name : {"failureList", "failure"}) {
        for (const auto& row : answer.body[name].items()) {
            auto order = order_of_row(answer, row);
            if (!order.error)
                order.error = ApiError{.kind = ErrorKind::other, .message = "in the venue's list of failures"};
            order.status = "rejected";
            all.push_back(std::move(order));
        }
    }
    return Unified{std::move(all)};
}

Outcome read_closed_orders(const Answer& answer) {
    auto result = read_orders(answer);
    if (!result) return result;
    if (auto* all = std::get_if<std::vector<Order>>(&*result))
        std::erase_if(*all, [](const Order& order) { return order.status != "closed"; });
    return result;
}

Outcome read_my_trades(const Answer& answer) {
    std::vector<Trade> all;
    for (const auto& row : rows_of(answer.body).items()) all.push_back(own_trade_of(answer, row));
    return Unified{std::move(all)};
}

}  // namespace gateways::bitget
