// What an account is told. Source: user-data-stream.md; USD-M "User Data Streams".
#include "tools/venue/binance/binance.hpp"

namespace venue::binance {

namespace {

const char* execution_type(Change change, const Order& order, bool spot) noexcept {
    switch (change) {
        case Change::accepted:
        case Change::triggered: return "NEW";
        case Change::amended: return spot ? "REPLACED" : "AMENDMENT";
        case Change::filled: return order.liquidation && !spot ? "CALCULATED" : "TRADE";
        case Change::cancelled: return "CANCELED";
        case Change::expired: return order.reason == Refusal::self_trade && spot ? "TRADE_PREVENTION" : "EXPIRED";
        case Change::rejected: return "REJECTED";
    }
    return "?";
}

}  // namespace

void Binance::tell_spot(AccountId account, Topic topic, const Json& event) {
    for (const auto& [id, connection] : connections_)
        for (const auto& [subscription, owner] : connection.subscriptions)
            if (owner == account && connection.market == core::Market::spot)
                send(id, topic, Json{{"subscriptionId", subscription}, {"event", event}}.dump());
}

void Binance::tell_futures(AccountId account, Topic topic, const Json& event) {
    for (const auto& [id, connection] : connections_)
        if (connection.role == Role::user && connection.account == account &&
            listen_keys_.contains(connection.listen_key))
            push(id, connection, connection.listen_key, topic, event);
}

Json Binance::execution_report(const Order& order, Change change, const Fill* fill) const {
    const auto& rule = rules(order.listing);
    const auto zero = quantity_text(rule, {});
    return {{"e", "executionReport"},
            {"E", milliseconds(now())},
            {"s", rule.instrument.symbol},
            {"c", order.client_id},
            {"S", side_text(order.side)},
            {"o", type_text(order, true)},
            {"f", time_in_force_text(order, true)},
            {"q", quantity_text(rule, order.quantity)},
            {"p", price_text(rule, order.price)},
            {"P", price_text(rule, order.trigger)},
            {"F", zero},
            {"g", -1},
            {"C", change == Change::cancelled ? order.client_id : ""},
            {"x", execution_type(change, order, true)},
            {"X", status_text(order)},
            {"r", change == Change::rejected ? name(order.reason) : "NONE"},
            {"i", order.number},
            {"l", fill == nullptr ? zero : quantity_text(rule, fill->quantity)},
            {"z", quantity_text(rule, order.filled)},
            {"L", fill == nullptr ? price_text(rule, {}) : price_text(rule, fill->price)},
            {"n", fill == nullptr ? "0" : fixed(fill->fee, 8)},
            {"N", fill == nullptr ? Json{} : Json(fill->fee_asset)},
            {"T", milliseconds(order.updated)},
            {"t", fill == nullptr ? Json(-1) : Json(fill->trade)},
            {"I", order.number},
            {"w", order.state == OrderState::open || order.state == OrderState::partially_filled},
            {"m", fill != nullptr && fill->maker},
            {"M", false},
            {"O", milliseconds(order.created)},
            {"Z", fixed(order.filled_quote)},
            {"Y", fill == nullptr ? "0.00000000" : fixed(fill->quote)},
            {"Q", fixed(order.quote_amount)},
            {"W", milliseconds(order.created)},
            {"V", "EXPIRE_MAKER"}};
}

Json Binance::order_trade_update(const Order& order, Change change, const Fill* fill) const {
    const auto& rule = rules(order.listing);
    const auto zero = quantity_text(rule, {});
    const bool conditional = triggered_kind(order.kind);
    const auto original = type_text(order, false);
    const std::string_view type = order.liquidation         ? "LIQUIDATION"
                                  : !conditional            ? original
                                  : market_kind(order.kind) ? "MARKET"
                                                            : "LIMIT";
    Json o{{"s", rule.instrument.symbol},
           {"c", order.client_id},
           {"S", side_text(order.side)},
           {"o", type},
           {"f", time_in_force_text(order, false)},
           {"q", quantity_text(rule, order.quantity)},
           {"p", price_text(rule, order.price)},
           {"ap", price_text(rule, average_price(rule, order.filled_quote, order.filled))},
           {"sp", price_text(rule, order.trigger)},
           {"x", execution_type(change, order, false)},
           {"X", status_text(order)},
           {"i", order.number},
           {"l", fill == nullptr ? zero : quantity_text(rule, fill->quantity)},
           {"z", quantity_text(rule, order.filled)},
           {"L", fill == nullptr ? "0" : price_text(rule, fill->price)}};
    if (fill != nullptr) {
        o["n"] = fixed(fill->fee, 8);
        o["N"] = fill->fee_asset;
    }
    o["T"] = milliseconds(order.updated);
    o["t"] = fill == nullptr ? 0 : fill->trade;
    o["b"] = "0";
    o["a"] = "0";
    o["m"] = fill != nullptr && fill->maker;
    o["R"] = order.reduce_only;
    o["wt"] = order.trigger_by == TriggerBy::mark ? "MARK_PRICE" : "CONTRACT_PRICE";
    o["ot"] = original;
    o["ps"] = position_side_text(order.position_side);
    o["cp"] = order.close_position;
    o["rp"] = fill == nullptr ? "0" : fixed(fill->realised);
    o["pP"] = false;
    o["si"] = 0;
    o["ss"] = 0;
    o["V"] = "EXPIRE_MAKER";
    o["pm"] = "NONE";
    o["gtd"] = 0;
    return {{"e", "ORDER_TRADE_UPDATE"},
            {"E", milliseconds(now())},
            {"T", milliseconds(order.updated)},
            {"o", std::move(o)}};
}

Json Binance::algo_update(const Order& order, Change change) const {
    const auto& rule = rules(order.listing);
    const char* status = change == Change::accepted    ? "NEW"
                         : change == Change::triggered ? "TRIGGERED"
                         : change == Change::cancelled ? "CANCELED"
                         : change == Change::rejected  ? "REJECTED"
                                                       : "FINISHED";
    Json o{{"caid", order.client_id},
           {"aid", order.number},
           {"at", "CONDITIONAL"},
           {"o", type_text(order, false)},
           {"s", rule.instrument.symbol},
           {"S", side_text(order.side)},
           {"ps", position_side_text(order.position_side)},
           {"f", time_in_force_text(order, false)},
           {"q", quantity_text(rule, order.quantity)},
           {"X", status},
           {"ai", order.released ? std::to_string(order.number) : std::string{}},
           {"tp", price_text(rule, order.trigger)},
           {"p", price_text(rule, order.price)},
           {"V", "EXPIRE_MAKER"},
           {"wt", order.trigger_by == TriggerBy::mark ? "MARK_PRICE" : "CONTRACT_PRICE"},
           {"pm", "NONE"},
           {"cp", order.close_position},
           {"pP", false},
           {"R", order.reduce_only},
           {"tt", order.released ? milliseconds(order.updated) : 0},
           {"gtd", 0}};
    return {{"e", "ALGO_UPDATE"}, {"T", milliseconds(order.updated)}, {"E", milliseconds(now())}, {"o", std::move(o)}};
}

void Binance::on_order(const Account& account, const Order& order, Change change, const Fill* fill) {
    const auto topic = fill != nullptr ? Topic::fill : Topic::order;
    if (rules(order.listing).spot()) {
        tell_spot(account.id, topic, execution_report(order, change, fill));
        return;
    }
    // A conditional order is an algo order until its trigger comes, and an order of its own from then on.
    if (triggered_kind(order.kind)) {
        const bool ends = !live(order.state);
        if (change != Change::filled || ends) tell_futures(account.id, Topic::order, algo_update(order, change));
        if (!order.released) return;
    }
    tell_futures(account.id, topic, order_trade_update(order, change, fill));
}

void Binance::on_account(const Account& account, ListingId listing, Cause cause, core::Notional amount) {
    const auto& rule = rules(listing);
    if (rule.spot()) {
        Json balances = Json::array();
        for (const auto& asset : {rule.base, rule.quote}) {
            const auto found = account.wallet.find(asset);
            const auto balance = found == account.wallet.end() ? Balance{} : found->second;
            balances.push_back({{"a", asset}, {"f", fixed(balance.free, 8)}, {"l", fixed(balance.locked, 8)}});
        }
        tell_spot(account.id, Topic::account,
                  {{"e", "outboundAccountPosition"},
                   {"E", milliseconds(now())},
                   {"u", milliseconds(now())},
                   {"B", std::move(balances)}});
        return;
    }
    const auto settings = account.settings_of(listing);
    if (cause == Cause::configuration) {
        tell_futures(account.id, Topic::account,
                     {{"e", "ACCOUNT_CONFIG_UPDATE"},
                      {"E", milliseconds(now())},
                      {"T", milliseconds(now())},
                      {"ac", {{"s", rule.instrument.symbol}, {"l", settings.leverage}}}});
        return;
    }
    const auto found = account.derivatives().find(rule.quote);
    const core::Notional wallet{found == account.derivatives().end() ? 0 : found->second.free};
    core::Notional isolated{};
    for (const auto& [where, position] : account.positions) isolated = isolated + position.isolated_margin;
    Json positions = Json::array();
    for (const auto side : {PositionSide::net, PositionSide::long_, PositionSide::short_}) {
        const auto* position = account.position(listing, side);
        if (position == nullptr) continue;
        positions.push_back({{"s", rule.instrument.symbol},
                             {"pa", quantity_text(rule, position->held.quantity())},
                             {"ep", price_text(rule, position->held.entry(rule.instrument))},
                             {"bep", price_text(rule, position->held.entry(rule.instrument))},
                             {"cr", fixed(position->held.realised())},
                             {"up", fixed(engine().unrealised(account, listing, *position))},
                             {"mt", settings.isolated ? "isolated" : "cross"},
                             {"iw", fixed(position->isolated_margin)},
                             {"ps", position_side_text(side)}});
    }
    const char* reason = cause == Cause::funding ? "FUNDING_FEE" : cause == Cause::transfer ? "DEPOSIT" : "ORDER";
    tell_futures(account.id, Topic::account,
                 {{"e", "ACCOUNT_UPDATE"},
                  {"E", milliseconds(now())},
                  {"T", milliseconds(now())},
                  {"a",
                   {{"m", reason},
                    {"B", Json::array({{{"a", rule.quote},
                                        {"wb", fixed(wallet)},
                                        {"cw", fixed(wallet - isolated)},
                                        {"bc", cause == Cause::fill ? "0" : fixed(amount)}}})},
                    {"P", std::move(positions)}}}});
}

}  // namespace venue::binance
