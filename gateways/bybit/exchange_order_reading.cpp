#include "gateways/bybit/codes.hpp"
#include "gateways/bybit/exchange_calls.hpp"
#include "gateways/exchange/decimal_text.hpp"

#include <algorithm>

/// Answers about orders and fills. Source: Bybit v5, "Trade", "Enums Definitions".
namespace gateways::bybit {

using namespace exchange;

namespace {

std::string status_of(std::string_view status) {
    constexpr std::pair<std::string_view, const char*> rows[] = {
        {"New", "open"},           {"PartiallyFilled", "open"}, {"Untriggered", "open"},
        {"Triggered", "open"},     {"Active", "open"},          {"Filled", "closed"},
        {"Cancelled", "canceled"}, {"Deactivated", "canceled"}, {"PartiallyFilledCanceled", "canceled"},
        {"Rejected", "rejected"},  {"Expired", "expired"}};
    for (const auto& [venue, unified] : rows)
        if (venue == status) return unified;
    return {};
}

std::string time_in_force_of(const std::string& force) {
    return force == "PostOnly" ? "PO" : force;
}

/// cumFeeDetail {"MNT": "0.06"} of newer answers, else cumExecFee in the settlement coin.
Fee fee_of(const Value& row, const Market* market) {
    if (const auto& detail = row["cumFeeDetail"]; detail.size() == 1)
        return {.currency = detail.keys()[0], .cost = detail.items()[0].text()};
    auto cost = row["cumExecFee"].text();
    if (cost.empty()) return {};
    auto currency = row["feeCurrency"].text();
    if (currency.empty() && market != nullptr) currency = market->settle;
    return {.currency = std::move(currency), .cost = std::move(cost)};
}

Order order_of(const Answer& answer, const Value& row) {
    const auto* market = answer.ask.context.markets.find_id(row["symbol"].text(), answer.request.host != Host::spot);
    Order order{.id = row["orderId"].text(),
                .client_order_id = row["orderLinkId"].text(),
                .symbol = symbol_in(answer, row),
                .type = lower_case(row["orderType"].text()),
                .time_in_force = time_in_force_of(row["timeInForce"].text()),
                .side = lower_case(row["side"].text()),
                .price = unless_zero(row["price"].text()),
                .trigger_price = unless_zero(row["triggerPrice"].text()),
                .stop_loss_price = unless_zero(row["stopLoss"].text()),
                .take_profit_price = unless_zero(row["takeProfit"].text()),
                .average = unless_zero(row["avgPrice"].text()),
                .amount = row["qty"].text(),
                .cost = row["cumExecValue"].text(),
                .filled = row["cumExecQty"].text(),
                .remaining = row["leavesQty"].text(),
                .status = status_of(row["orderStatus"].text())};
    // the amount of a spot market buy is the money to be spent
    if (row["marketUnit"].text() == "quoteCoin") order.amount = order.remaining = {};
    if (!order.time_in_force.empty()) order.post_only = order.time_in_force == "PO";
    if (!row["reduceOnly"].is_null()) order.reduce_only = row["reduceOnly"].is_true();
    order.time = time_of_ms(row["createdTime"]);
    order.last_update_time = time_of_ms(row["updatedTime"]);
    order.fee = fee_of(row, market);
    complete(order);
    return order;
}

/// An order as far as an acknowledgement tells: its ids, and what was wished.
Order placed(const Answer& answer, const Value& row) {
    Order order{.id = row["orderId"].text(), .client_order_id = row["orderLinkId"].text()};
    const auto& id = row["symbol"].text();
    order.symbol = id.empty() ? answer.ask.text("symbol") : symbol_in(answer, row);
    order.time = time_of_ms(row["createAt"]);
    return order;
}

}  // namespace

Outcome read_placed(const Answer& answer) {
    const auto& result = answer.body["result"];
    if (result["orderId"].text().empty() && result["orderLinkId"].text().empty())
        return refused(ErrorKind::unknown_outcome, "the answer has no orderId");
    return Unified{placed(answer, result)};
}

Outcome read_placed_list(const Answer& answer) {
    const auto& rows = list_in(answer);
    // cancel-all of a classic account answers without a list
    if (!rows.is_array()) {
        if (answer.ask.call == Call::cancel_all_orders) return Unified{std::vector<Order>{}};
        return refused(ErrorKind::unknown_outcome, "the answer has no list of orders");
    }
    const auto& verdicts = answer.body["retExtInfo"]["list"];
    std::vector<Order> all;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        auto order = placed(answer, rows.at(i));
        const auto code = verdicts.at(i)["code"].integer();
        if (code && *code != 0) {
            order.error = ApiError{.kind = kind_of(answer.ask.call, *code),
                                   .code = std::to_string(*code),
                                   .message = verdicts.at(i)["msg"].text()};
            if (answer.ask.call == Call::create_orders) order.status = "rejected";
        }
        all.push_back(std::move(order));
    }
    return Unified{std::move(all)};
}

Outcome read_order(const Answer& answer) {
    const auto& rows = list_in(answer);
    if (!rows.is_array()) return missing("list of orders");
    if (rows.empty()) return refused(ErrorKind::order_not_found, "the venue knows no such order");
    return Unified{order_of(answer, rows.at(0))};
}

Outcome read_orders(const Answer& answer) {
    const auto& rows = list_in(answer);
    if (!rows.is_array()) return missing("list of orders");
    // fetch_orders asks for the open ones and for the history; an order in both is told by the first only
    const bool both = answer.ask.call == Call::fetch_orders;
    const bool history = answer.request.path == "/v5/order/history";
    std::vector<Order> all;
    for (const auto& row : rows.items()) {
        if (row["orderId"].text().empty()) return missing("orderId");
        auto order = order_of(answer, row);
        if (both && history == (order.status == "open")) continue;
        all.push_back(std::move(order));
    }
    std::reverse(all.begin(), all.end());
    return Unified{std::move(all)};
}

Outcome read_my_trades(const Answer& answer) {
    const auto& rows = list_in(answer);
    if (!rows.is_array()) return missing("list of executions");
    std::vector<Trade> all;
    for (const auto& row : rows.items()) {
        if (row["execType"].text() == "Funding") continue;  // a payment, no trade
        const auto* market =
            answer.ask.context.markets.find_id(row["symbol"].text(), answer.request.host != Host::spot);
        Trade trade{.id = row["execId"].text(),
                    .symbol = symbol_in(answer, row),
                    .order = row["orderId"].text(),
                    .client_order_id = row["orderLinkId"].text(),
                    .type = lower_case(row["orderType"].text()),
                    .side = lower_case(row["side"].text()),
                    .taker_or_maker = row["isMaker"].is_null()   ? ""
                                      : row["isMaker"].is_true() ? "maker"
                                                                 : "taker",
                    .price = row["execPrice"].text(),
                    .amount = row["execQty"].text(),
                    .cost = row["execValue"].text(),
                    .time = time_of_ms(row["execTime"])};
        trade.fee = {
            .currency = row["feeCurrency"].text(), .cost = row["execFee"].text(), .rate = row["feeRate"].text()};
        if (trade.fee.currency.empty() && market != nullptr) trade.fee.currency = market->settle;
        if (trade.id.empty()) return missing("execId");
        all.push_back(std::move(trade));
    }
    std::reverse(all.begin(), all.end());
    return Unified{std::move(all)};
}

}  // namespace gateways::bybit
