// Orders and executions of an account. Source: docs/v5/order/open-order, order-list, execution.
#include "tools/venue/bybit/bybit.hpp"

#include <algorithm>

namespace venue::bybit {

Answer Bybit::order_list(Call& call, bool history) {
    const auto listings = listings_of(call);
    if (!listings) return listings.error();
    const auto& params = call.params;
    if (!history && call.market != core::Market::spot && params["symbol"].empty() && params["baseCoin"].empty() &&
        params["settleCoin"].empty())
        return bad_parameter("symbol, settleCoin or baseCoin is required");
    const auto id = params["orderId"], link = params["orderLinkId"], filter = params["orderFilter"];
    const auto status = params["orderStatus"];
    // Asked by name, or with openOnly, recently ended ones are shown, too.
    const bool ended_too = history || !id.empty() || !link.empty() || params.number("openOnly").value_or(0) != 0;
    const auto before = params.number("cursor");
    const auto from = params.number("startTime").value_or(0), until = params.number("endTime").value_or(INT64_MAX);
    const auto limit = params.limit(20, 50);
    auto all = engine().orders(call.account->id);
    std::ranges::reverse(all);
    Json list = Json::array();
    std::string cursor;
    for (const auto* order : all) {
        if (std::ranges::find(*listings, order->listing) == listings->end()) continue;
        if (live(order->state) ? history : !ended_too) continue;
        if (!id.empty() && number_of(id) != std::optional{order->number}) continue;
        if (!link.empty() && order->client_id != link) continue;
        const bool waits = triggered_kind(order->kind) && !order->released;
        if (!filter.empty() && (filter == "Order") == waits) continue;
        if (!status.empty() && status != status_text(*order, rules(order->listing).spot())) continue;
        if (before && order->number >= static_cast<OrderNumber>(*before)) continue;
        const auto created = milliseconds(order->created);
        if (created < from || created > until) continue;
        if (list.size() == limit) {
            break;
        }
        list.push_back(order_json(*order));
        cursor = std::to_string(order->number);
    }
    if (list.size() < limit) cursor.clear();
    return Answer{Json{{"list", std::move(list)}, {"nextPageCursor", cursor}, {"category", params["category"]}}};
}

Answer Bybit::realtime(Call& call) {
    return order_list(call, false);
}

Answer Bybit::order_history(Call& call) {
    return order_list(call, true);
}

Answer Bybit::executions(Call& call) {
    const auto listings = listings_of(call);
    if (!listings) return listings.error();
    const auto& params = call.params;
    const auto id = params["orderId"], link = params["orderLinkId"], type = params["execType"];
    const auto before = params.number("cursor");
    const auto from = params.number("startTime").value_or(0), until = params.number("endTime").value_or(INT64_MAX);
    const auto limit = params.limit(50, 100);
    const auto& fills = call.account->fills;
    Json list = Json::array();
    std::string cursor;
    for (auto fill = fills.rbegin(); fill != fills.rend() && list.size() < limit; ++fill) {
        if (std::ranges::find(*listings, fill->listing) == listings->end()) continue;
        if (!id.empty() && number_of(id) != std::optional{fill->order}) continue;
        const auto* order = engine().order(fill->order);
        if (!link.empty() && (order == nullptr || order->client_id != link)) continue;
        if (before && fill->trade >= static_cast<std::uint64_t>(*before)) continue;
        const auto time = milliseconds(fill->time);
        if (time < from || time > until) continue;
        auto made = execution_json(*fill);
        if (!type.empty() && made["execType"] != type) continue;
        made.erase("category");
        list.push_back(std::move(made));
        cursor = std::to_string(fill->trade);
    }
    if (list.size() < limit) cursor.clear();
    return Answer{Json{{"nextPageCursor", cursor}, {"category", params["category"]}, {"list", std::move(list)}}};
}

}  // namespace venue::bybit
