// The account: balances, positions, settings, and what its sockets are told of it.
// Source: "Trading Account" of the documentation, REST and WebSocket.
#include "tools/venue/okx/okx.hpp"

#include "core/domain/wide.hpp"

#include <algorithm>

namespace venue::okx {

Json Okx::balance_json(const Account& account) const {
    const auto gain = engine().unrealised(account);
    core::Notional isolated{}, margin{}, maintenance{};
    for (const auto& [where, position] : account.positions) {
        if (position.held.flat()) continue;
        isolated = isolated + position.isolated_margin;
        margin = margin + engine().position_margin(account, where.first, position);
        maintenance = maintenance + engine().maintenance(where.first, position);
    }
    Json details = Json::array();
    core::Notional total{};
    for (const auto& [asset, balance] : account.wallet) {
        const bool money = asset == "USDT";
        const auto equity = balance.total() + (money ? gain.units : 0);
        const auto available =
            money ? std::max<std::int64_t>(0, std::min(balance.free, engine().available_margin(account).units))
                  : balance.free;
        core::Notional worth{equity};
        if (!money) {
            const auto id = engine().find(asset + "-USDT", core::Market::spot);
            worth = {};
            if (id) {
                core::Wide value{static_cast<core::Int128>(equity) * engine().market(*id).mark().units};
                value.scale_down(rules(*id).instrument.price_decimals);
                worth = core::Notional{value.towards_zero().value_or(0)};
            }
        }
        total = total + worth;
        details.push_back({{"ccy", asset},
                           {"eq", core::to_text(equity, 8)},
                           {"cashBal", core::to_text(balance.total(), 8)},
                           {"uTime", time_text(now())},
                           {"isoEq", money ? core::to_text(isolated) : "0"},
                           {"availEq", core::to_text(available, 8)},
                           {"availBal", core::to_text(available, 8)},
                           {"frozenBal", core::to_text(equity - available, 8)},
                           {"ordFrozen", core::to_text(balance.locked, 8)},
                           {"liab", "0"},
                           {"upl", money ? core::to_text(gain) : "0"},
                           {"eqUsd", core::to_text(worth)},
                           {"notionalLever", "0"},
                           {"spotInUseAmt", ""}});
    }
    return {{"uTime", time_text(now())},
            {"totalEq", core::to_text(total)},
            {"isoEq", core::to_text(isolated)},
            {"adjEq", ""},
            {"ordFroz", ""},
            {"imr", core::to_text(margin)},
            {"mmr", core::to_text(maintenance)},
            {"notionalUsd", ""},
            {"mgnRatio", ""},
            {"upl", core::to_text(gain)},
            {"details", std::move(details)}};
}

Json Okx::position_json(const Account& account, ListingId listing, PositionSide side) const {
    static const Position nothing{};
    const auto* found = account.position(listing, side);
    const auto& position = found == nullptr ? nothing : *found;
    const auto& state = engine().market(listing);
    const auto& rule = state.rules;
    const auto settings = account.settings_of(listing);
    const auto held = position.held.quantity();
    const bool isolated = position.isolated_margin.units != 0;
    const auto margin = held.units == 0 ? core::Notional{} : engine().position_margin(account, listing, position);
    const auto shown = side == PositionSide::net || held.units >= 0 ? held : -held;
    return {{"instType", "SWAP"},
            {"instId", rule.instrument.symbol},
            {"mgnMode", settings.isolated ? "isolated" : "cross"},
            {"posId", std::to_string(1'000'000 + listing * 4 + static_cast<int>(side))},
            {"posSide", position_side_text(side)},
            {"pos", core::to_text(shown, rule.instrument.quantity_decimals)},
            {"availPos", core::to_text(shown, rule.instrument.quantity_decimals)},
            {"posCcy", ""},
            {"ccy", rule.quote},
            {"avgPx", px_if_any(rule, position.held.entry(rule.instrument))},
            {"markPx", px_if_any(rule, state.mark())},
            {"last", px_if_any(rule, state.last)},
            {"upl", core::to_text(engine().unrealised(account, listing, position))},
            {"uplRatio", ""},
            {"realizedPnl", core::to_text(position.held.realised() - position.held.fees())},
            {"pnl", core::to_text(position.held.realised())},
            {"fee", core::to_text(-position.held.fees())},
            {"fundingFee", "0"},
            {"liqPenalty", "0"},
            {"lever", std::to_string(settings.leverage)},
            {"liqPx", px_if_any(rule, engine().liquidation_price(account, listing, position))},
            {"imr", isolated ? "" : core::to_text(margin)},
            {"margin", isolated ? core::to_text(position.isolated_margin) : ""},
            {"mgnRatio", ""},
            {"mmr", core::to_text(engine().maintenance(listing, position))},
            {"interest", "0"},
            {"notionalUsd", core::to_text(engine().notional(listing, held))},
            {"adl", "1"},
            {"tradeId", ""},
            {"cTime", time_text(position.updated)},
            {"uTime", time_text(position.updated)}};
}

Answer Okx::balance(Call& call) {
    return Data{Json::array({balance_json(*call.account)})};
}

Answer Okx::positions(Call& call) {
    const auto ids = chosen(call.params);
    if (!ids) return ids.error();
    Json all = Json::array();
    for (const auto& [where, position] : call.account->positions)
        if (!position.held.flat() && std::ranges::find(*ids, where.first) != ids->end())
            all.push_back(position_json(*call.account, where.first, where.second));
    return Data{std::move(all)};
}

Answer Okx::config(Call& call) {
    return Data{Json::array({{{"uid", std::to_string(call.account->id)},
                              {"mainUid", std::to_string(call.account->id)},
                              {"acctLv", "2"},
                              {"acctStpMode", "cancel_maker"},
                              {"posMode", call.account->hedge ? "long_short_mode" : "net_mode"},
                              {"autoLoan", false},
                              {"greeksType", "PA"},
                              {"level", "Lv1"},
                              {"perm", "read_only,trade"},
                              {"label", "sim"},
                              {"ip", ""}}})};
}

Answer Okx::set_leverage(Call& call) {
    const auto mode = field(call.body, "mgnMode"), text = field(call.body, "lever");
    const auto id = engine().find(field(call.body, "instId"), core::Market::linear);
    if (!id) return ApiError{"51001", "Instrument ID doesn't exist."};
    if (mode != "cross" && mode != "isolated") return ApiError{"51000", "Parameter mgnMode error"};
    const auto lever = core::parse_decimal(text, 0);
    if (!lever || *lever < 1 || *lever > 125) return error_of(Refusal::leverage, rules(*id));
    const auto bad = engine().set_leverage(call.account->id, *id, static_cast<int>(*lever));
    if (bad != Refusal::none && bad != Refusal::unchanged) return error_of(bad, rules(*id));
    return Data{Json::array({{{"lever", text},
                              {"mgnMode", mode},
                              {"instId", rules(*id).instrument.symbol},
                              {"posSide", field(call.body, "posSide")}}})};
}

Answer Okx::leverage_info(Call& call) {
    const auto ids = chosen(call.params);
    if (!ids) return ids.error();
    Json all = Json::array();
    for (const auto id : *ids)
        if (!rules(id).spot())
            all.push_back({{"instId", rules(id).instrument.symbol},
                           {"mgnMode", call.params["mgnMode"]},
                           {"posSide", call.account->hedge ? "long" : "net"},
                           {"lever", std::to_string(call.account->settings_of(id).leverage)}});
    return Data{std::move(all)};
}

Answer Okx::set_position_mode(Call& call) {
    const auto mode = field(call.body, "posMode");
    if (mode != "net_mode" && mode != "long_short_mode") return ApiError{"51000", "Parameter posMode error"};
    const auto bad = engine().set_hedge(call.account->id, mode == "long_short_mode");
    if (bad == Refusal::open_positions) return error_of(bad, rules(0));
    return Data{Json::array({{{"posMode", mode}}})};
}

Answer Okx::trade_fee(Call& call) {
    const bool spot = call.params["instType"] == "SPOT";
    for (ListingId id = 0; id < engine().listings(); ++id) {
        if (rules(id).spot() != spot) continue;
        const auto maker = core::to_text(-rules(id).maker_fee.units, Rate::decimals);
        const auto taker = core::to_text(-rules(id).taker_fee.units, Rate::decimals);
        return Data{Json::array({{{"instType", spot ? "SPOT" : "SWAP"},
                                  {"level", "Lv1"},
                                  {"maker", maker},
                                  {"taker", taker},
                                  {"makerU", maker},
                                  {"takerU", taker},
                                  {"ts", time_text(now())}}})};
    }
    return Data{Json::array()};
}

void Okx::tell(AccountId account, std::string_view channel, ListingId listing, Topic topic, const Json& data) {
    const bool spot = rules(listing).spot();
    for (const auto& [id, connection] : connections_) {
        if (connection.account != account) continue;
        for (const auto& subscription : connection.subscriptions) {
            if (subscription.channel != channel) continue;
            const auto type = field(subscription.arg, "instType"), wanted = field(subscription.arg, "instId");
            if (!type.empty() && type != "ANY" && type != (spot ? "SPOT" : "SWAP")) continue;
            if (!wanted.empty() && wanted != rules(listing).instrument.symbol) continue;
            push(id, subscription, topic, Json::array({data}));
        }
    }
}

void Okx::on_order(const Account& account, const Order& order, Change change, const Fill* fill) {
    const auto topic = fill != nullptr ? Topic::fill : Topic::order;
    if (triggered_kind(order.kind)) {
        if (change != Change::filled) tell(account.id, "orders-algo", order.listing, Topic::order, algo_json(order));
        if (!order.released) return;
    }
    auto data = order_json(order, fill);
    if (change == Change::amended) data["amendResult"] = "0";
    tell(account.id, "orders", order.listing, topic, data);
    if (fill != nullptr) tell(account.id, "fills", order.listing, topic, fill_json(*fill));
}

void Okx::on_account(const Account& account, ListingId listing, Cause cause, core::Notional) {
    tell(account.id, "account", listing, Topic::account, balance_json(account));
    if (rules(listing).spot() || cause == Cause::configuration) return;
    for (const auto side : {PositionSide::net, PositionSide::long_, PositionSide::short_})
        if (account.position(listing, side) != nullptr)
            tell(account.id, "positions", listing, Topic::account, position_json(account, listing, side));
}

}  // namespace venue::okx
