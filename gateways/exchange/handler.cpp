#include "gateways/exchange/handler.hpp"

#include "gateways/exchange/decimal_text.hpp"

#include <algorithm>

namespace gateways::exchange {

namespace {

ApiError unsupported(core::Venue venue, Call call) {
    return refused(ErrorKind::not_supported, std::string{core::name(venue)} + " has no " + std::string{name(call)});
}

}  // namespace

Requests TableService::build(Call call, const Arguments& arguments, const Context& context) const {
    const auto& row = handlers_[static_cast<std::size_t>(call)];
    if (row.build == nullptr) return unsupported(venue(), call);
    return row.build(Ask{.call = call, .arguments = arguments, .context = context});
}

Outcome TableService::parse(Call call, const Arguments& arguments, const Context& context, const Request& request,
                            const Response& response) const {
    const auto& row = handlers_[static_cast<std::size_t>(call)];
    if (row.read == nullptr) return unsupported(venue(), call);
    if (auto error = error_without_document(call, response)) return std::move(*error);
    const auto document = document_of(call, response);
    if (!document) return document.error();
    if (auto error = error_in(call, response, *document)) return std::move(*error);
    const Ask ask{.call = call, .arguments = arguments, .context = context};
    return row.read(Answer{.ask = ask, .request = request, .body = inside(*document)});
}

void pass_on(Value& to, const Value& params, std::span<const std::string_view> used) {
    for (std::size_t i = 0; i < params.size(); ++i) {
        const auto& key = params.keys()[i];
        if (std::find(used.begin(), used.end(), key) == used.end() && !params.items()[i].is_null())
            to.set(key, params.items()[i]);
    }
}

namespace {

Expected<OrderWish> checked(OrderWish wish) {
    wish.type = lower_case(wish.type);
    wish.side = lower_case(wish.side);
    if (wish.side != "buy" && wish.side != "sell")
        return refused(ErrorKind::bad_request, "the side is buy or sell, not '" + wish.side + "'");
    if (wish.type.empty()) return refused(ErrorKind::bad_request, "the type is limit or market, not ''");
    for (const auto* number : {&wish.amount, &wish.price})
        if (!number->empty() && !Decimal::parse(*number))
            return refused(ErrorKind::bad_request, "'" + *number + "' is no number");
    return wish;
}

constexpr std::string_view cost_calls[] = {"buy", "sell"};

}  // namespace

bool OrderWish::is_post_only() const noexcept {
    const auto& force = params.first({"timeInForce", "force"});
    return params["postOnly"].is_true() || force == "PO" || force == "GTX" || force == "post_only" ||
           force == "PostOnly";
}

Expected<OrderWish> order_wish(const Ask& ask) {
    OrderWish wish{.symbol = ask.text("symbol"),
                   .type = ask.text("type"),
                   .side = ask.text("side"),
                   .amount = ask.text("amount"),
                   .price = ask.text("price"),
                   .params = ask.arguments.params()};
    const bool buys = ask.call == Call::create_market_buy_order_with_cost;
    if (buys || ask.call == Call::create_market_sell_order_with_cost) {
        wish.type = "market";
        wish.side = cost_calls[buys ? 0 : 1];
        wish.amount = ask.text("cost");
        wish.params.set("cost", ask.arguments["cost"]);
    }
    for (const auto* trigger : {"stopLossPrice", "takeProfitPrice"})
        if (!ask.arguments[trigger].is_null()) wish.params.set(trigger, ask.arguments[trigger]);
    if (ask.call == Call::create_stop_loss_order && wish.params["stopLossPrice"].is_null())
        return refused(ErrorKind::bad_request, "create_stop_loss_order needs the stopLossPrice");
    if (ask.call == Call::create_take_profit_order && wish.params["takeProfitPrice"].is_null())
        return refused(ErrorKind::bad_request, "create_take_profit_order needs the takeProfitPrice");
    return checked(std::move(wish));
}

Expected<OrderWish> order_wish(const Value& member) {
    OrderWish wish{.symbol = member["symbol"].text(),
                   .type = member["type"].text(),
                   .side = member["side"].text(),
                   .amount = member["amount"].text(),
                   .price = member["price"].text()};
    if (member["params"].is_object()) wish.params = member["params"];
    return checked(std::move(wish));
}

Expected<OrderWish> edit_wish(const Ask& ask) {
    OrderWish wish{.symbol = ask.text("symbol"),
                   .type = ask.text("type"),
                   .side = ask.text("side"),
                   .amount = ask.text("amount"),
                   .price = ask.text("price"),
                   .params = ask.arguments.params()};
    if (ask.call == Call::edit_order_with_client_order_id)
        wish.params.set("clientOrderId", ask.arguments["clientOrderId"].text());
    return checked(std::move(wish));
}

std::vector<std::string> texts_of(const Value& list) {
    std::vector<std::string> all;
    if (!list.is_array() && !list.text().empty()) all.push_back(list.text());
    if (list.is_array())
        for (const auto& one : list.items()) all.push_back(one.text());
    return all;
}

bool is_wanted(const std::vector<std::string>& symbols, std::string_view symbol) noexcept {
    return symbols.empty() || std::find(symbols.begin(), symbols.end(), symbol) != symbols.end();
}

std::string client_order_id(const Ask& ask, std::string_view own) {
    const auto& argument = ask.text("clientOrderId");
    return argument.empty() ? ask.arguments.params().first({own, "clientOrderId"}) : argument;
}

void complete(Order& order) {
    if (order.remaining.empty()) order.remaining = difference(order.amount, order.filled);
    if (order.average.empty() && is_nonzero(order.filled))
        order.average = unless_zero(quotient(order.cost, order.filled));
    if (order.cost.empty() && !order.filled.empty() && !is_nonzero(order.filled)) order.cost = "0";
}

std::string unless_zero(std::string_view text) {
    return is_nonzero(text) ? std::string{text} : std::string{};
}

std::string lower_case(std::string_view text) {
    std::string lower{text};
    for (auto& c : lower)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return lower;
}

std::string upper_case(std::string_view text) {
    std::string upper{text};
    for (auto& c : upper)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return upper;
}

std::string symbol_of(const Context& context, std::string_view id, bool contract) {
    const auto* market = context.markets.find_id(id, contract);
    return market != nullptr ? market->symbol : std::string{id};
}

}  // namespace gateways::exchange
