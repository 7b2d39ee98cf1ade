// Orders and fills of an account. Source: api-doc spot/trade/*, contract/trade/*.
#include "tools/venue/bitget/bitget.hpp"

#include <algorithm>

namespace venue::bitget {

std::vector<const Order*> Bitget::chosen(const Call& call, bool open) const {
    std::vector<const Order*> all;
    const auto symbol = upper(call.params["symbol"]);
    const auto number = call.params.number("orderId");
    const auto client_id = call.params["clientOid"];
    const auto before = call.params.number("idLessThan");
    const auto from = call.params.number("startTime").value_or(0),
               until = call.params.number("endTime").value_or(INT64_MAX);
    const auto take = [&](const Order& order) {
        const auto& i = rules(order.listing).instrument;
        if (i.market != call.market || call.no_product || (!symbol.empty() && i.symbol != symbol)) return;
        if (number && order.number != static_cast<OrderNumber>(*number)) return;
        if (!client_id.empty() && order.client_id != client_id) return;
        if (before && order.number >= static_cast<OrderNumber>(*before)) return;
        const auto created = milliseconds(order.created);
        if (created >= from && created <= until) all.push_back(&order);
    };
    if (open) {
        for (const auto one : call.account->open) take(*engine().order(one));
    } else {
        for (const auto* order : engine().orders(call.account->id))
            if (!live(order->state)) take(*order);
    }
    std::ranges::reverse(all);
    return all;
}

Json Bitget::paged(Json list, const char* name, std::string_view end_id, core::Market market) const {
    if (market == core::Market::spot) return list;
    if (list.empty()) return Json{{name, nullptr}, {"endId", nullptr}};
    return Json{{name, std::move(list)}, {"endId", end_id}};
}

Answer Bitget::order_detail(Call& call) {
    const auto order = named(call);
    if (!order) {
        if (order.error().code == "40019") return order.error();
        return ApiError{"40109", "The data of the order cannot be found, please confirm the order number"};
    }
    if (call.market == core::Market::spot) return Answer{Json::array({spot_order(**order)})};
    auto made = futures_order(**order);
    made["state"] = made["status"];
    made.erase("status");
    return Answer{std::move(made)};
}

Answer Bitget::open_orders(Call& call) {
    if (const auto known = listings_of(call); !known) return known.error();
    Json all = Json::array();
    std::string last;
    for (const auto* order : chosen(call, true)) {
        if (is_plan(*order)) continue;
        if (all.size() == call.params.limit(100, 100)) break;
        auto made = order_json(*order);
        if (call.market == core::Market::spot) {
            // What is still open calls its price priceAvg and the average basePrice.
            made["basePrice"] = made["priceAvg"];
            made["priceAvg"] = made["price"];
            for (const auto* key : {"price", "quoteCoin", "baseCoin", "cancelReason", "feeDetail"}) made.erase(key);
        }
        all.push_back(std::move(made));
        last = std::to_string(order->number);
    }
    return Answer{paged(std::move(all), "entrustedList", last, call.market)};
}

Answer Bitget::order_history(Call& call) {
    if (const auto known = listings_of(call); !known) return known.error();
    Json all = Json::array();
    std::string last;
    for (const auto* order : chosen(call, false)) {
        if (is_plan(*order)) continue;
        if (all.size() == call.params.limit(100, 100)) break;
        all.push_back(order_json(*order));
        last = std::to_string(order->number);
    }
    return Answer{paged(std::move(all), "entrustedList", last, call.market)};
}

Answer Bitget::my_fills(Call& call) {
    const auto listings = listings_of(call);
    if (!listings) return listings.error();
    const auto number = call.params.number("orderId"), before = call.params.number("idLessThan");
    const auto from = call.params.number("startTime").value_or(0),
               until = call.params.number("endTime").value_or(INT64_MAX);
    const auto limit = call.params.limit(100, 100);
    Json all = Json::array();
    std::string last;
    for (auto fill = call.account->fills.rbegin(); fill != call.account->fills.rend() && all.size() < limit; ++fill) {
        if (std::ranges::find(*listings, fill->listing) == listings->end()) continue;
        if (number && fill->order != static_cast<OrderNumber>(*number)) continue;
        if (before && fill->trade >= static_cast<std::uint64_t>(*before)) continue;
        const auto time = milliseconds(fill->time);
        if (time < from || time > until) continue;
        all.push_back(fill_json(*fill));
        last = std::to_string(fill->trade);
    }
    return Answer{paged(std::move(all), "fillList", last, call.market)};
}

Answer Bitget::pending_plans(Call& call) {
    return plans(call, true);
}

Answer Bitget::plan_history(Call& call) {
    return plans(call, false);
}

Answer Bitget::plans(Call& call, bool pending) {
    if (const auto known = listings_of(call); !known) return known.error();
    const bool spot = call.market == core::Market::spot;
    const auto wanted = call.params["planType"];
    if (!spot && wanted != "normal_plan" && wanted != "track_plan" && wanted != "profit_loss")
        return wanted.empty() ? missing("planType") : ApiError{"40020", "Parameter planType error"};
    Json all = Json::array();
    std::string last;
    const auto limit = call.params.limit(100, 100);
    // An executed plan's order may still be open: the history is of all that were triggered or ended.
    auto orders = chosen(call, pending);
    if (!pending)
        for (const auto* order : chosen(call, true))
            if (order->released) orders.push_back(order);
    for (const auto* order : orders) {
        if (!triggered_kind(order->kind) || (pending && order->released) || all.size() == limit) continue;
        const bool normal = plan_type(*order) == "normal_plan";
        if (!spot && (wanted == "track_plan" || normal != (wanted == "normal_plan"))) continue;
        all.push_back(plan_json(*order));
        last = std::to_string(order->number);
    }
    if (spot)
        return Answer{Json{{"nextFlag", all.size() == limit}, {"idLessThan", last}, {"orderList", std::move(all)}}};
    return Answer{paged(std::move(all), "entrustedList", last, call.market)};
}

}  // namespace venue::bitget
