// Balances, positions, and how an account trades. Source: docs/v5/account/*, position/*.
#include "tools/venue/bybit/bybit.hpp"

#include <algorithm>

namespace venue::bybit {

using core::Notional;

namespace {

bool named_in(std::string_view list, std::string_view name) noexcept {
    while (!list.empty()) {
        const auto end = std::min(list.find(','), list.size());
        if (list.substr(0, end) == name) return true;
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return false;
}

}  // namespace

Answer Bybit::query_api(Call& call) {
    return Answer{Json{
        {"id", std::to_string(call.account->id)},
        {"note", "omega"},
        {"apiKey", call.account->credentials.key},
        {"readOnly", 0},
        {"secret", ""},
        {"permissions", {{"ContractTrade", {"Order", "Position"}}, {"Spot", {"SpotTrade"}}, {"Wallet", Json::array()}}},
        {"ips", Json::array({"*"})},
        {"type", 1},
        {"unified", 0},
        {"uta", 1},
        {"userID", call.account->id},
        {"inviterID", 0},
        {"vipLevel", "No VIP"},
        {"isMaster", true},
        {"parentUid", "0"},
        {"kycLevel", "LEVEL_DEFAULT"}}};
}

Answer Bybit::account_info(Call& call) {
    bool isolated = false;
    for (const auto& [listing, settings] : call.account->margin_settings) isolated = isolated || settings.isolated;
    return Answer{Json{{"unifiedMarginStatus", 6},
                       {"marginMode", isolated ? "ISOLATED_MARGIN" : "REGULAR_MARGIN"},
                       {"isMasterTrader", false},
                       {"spotHedgingStatus", "OFF"},
                       {"updatedTime", time_text(now())}}};
}

Notional Bybit::usd_value(const std::string& asset, std::int64_t amount) const {
    if (asset == "USDT") return Notional{amount};
    for (ListingId id = 0; id < engine().listings(); ++id) {
        const auto& state = engine().market(id);
        if (!state.rules.spot() || state.rules.base != asset || state.rules.quote != "USDT") continue;
        const auto scale = static_cast<std::int64_t>(
            core::pow10[static_cast<std::size_t>(8 - state.rules.instrument.quantity_decimals)]);
        return state.rules.instrument.notional(state.mark(), core::Quantity{amount / scale}).value_or(Notional{});
    }
    return {};
}

Json Bybit::wallet_json(const Account& account, std::string_view coins) const {
    Notional total{}, position_margin{}, maintenance{};
    for (const auto& [where, position] : account.positions) {
        if (position.held.flat()) continue;
        position_margin = position_margin + engine().position_margin(account, where.first, position);
        maintenance = maintenance + engine().maintenance(where.first, position);
    }
    const auto gain = engine().unrealised(account);
    const auto order_margin = engine().order_margin(account);
    Json list = Json::array();
    for (const auto& [asset, balance] : account.wallet) {
        const auto value = usd_value(asset, balance.total());
        total = total + value;
        if (!coins.empty() && !named_in(coins, asset)) continue;
        const bool margin = asset == "USDT";
        list.push_back({{"coin", asset},
                        {"equity", core::to_text(balance.total() + (margin ? gain.units : 0), 8)},
                        {"usdValue", core::to_text(value)},
                        {"walletBalance", core::to_text(balance.total(), 8)},
                        {"locked", core::to_text(balance.locked, 8)},
                        {"borrowAmount", "0"},
                        {"accruedInterest", "0"},
                        {"availableToWithdraw", ""},
                        {"availableToBorrow", ""},
                        {"totalOrderIM", margin ? core::to_text(order_margin) : "0"},
                        {"totalPositionIM", margin ? core::to_text(position_margin) : "0"},
                        {"totalPositionMM", margin ? core::to_text(maintenance) : "0"},
                        {"unrealisedPnl", margin ? core::to_text(gain) : "0"},
                        {"bonus", "0"},
                        {"collateralSwitch", true},
                        {"marginCollateral", margin},
                        {"spotBorrow", "0"}});
    }
    const auto equity = total + gain;
    return {{"accountType", "UNIFIED"},
            {"totalEquity", core::to_text(equity)},
            {"totalWalletBalance", core::to_text(total)},
            {"totalMarginBalance", core::to_text(equity)},
            {"totalAvailableBalance", core::to_text(std::max(Notional{}, engine().available_margin(account)))},
            {"totalPerpUPL", core::to_text(gain)},
            {"totalInitialMargin", core::to_text(position_margin + order_margin)},
            {"totalMaintenanceMargin", core::to_text(maintenance)},
            {"accountIMRate", ratio_text((position_margin + order_margin).units, equity.units, 8)},
            {"accountMMRate", ratio_text(maintenance.units, equity.units, 8)},
            {"accountLTV", "0"},
            {"coin", std::move(list)}};
}

Answer Bybit::wallet_balance(Call& call) {
    if (call.params["accountType"] != "UNIFIED") return ApiError{10001, "accountType only support UNIFIED."};
    return Answer{Json{{"list", Json::array({wallet_json(*call.account, call.params["coin"])})}}};
}

Answer Bybit::fee_rate(Call& call) {
    const auto listings = listings_of(call);
    if (!listings) return listings.error();
    Json all = Json::array();
    for (const auto id : *listings)
        all.push_back({{"symbol", rules(id).instrument.symbol},
                       {"takerFeeRate", core::to_text(rules(id).taker_fee.units, Rate::decimals)},
                       {"makerFeeRate", core::to_text(rules(id).maker_fee.units, Rate::decimals)}});
    return Answer{Json{{"category", call.params["category"]}, {"list", std::move(all)}}};
}

Answer Bybit::set_margin_mode(Call& call) {
    const auto mode = call.params["setMarginMode"];
    if (mode != "ISOLATED_MARGIN" && mode != "REGULAR_MARGIN") return bad_parameter("setMarginMode invalid");
    // The mode is the account's: it changes everywhere or nowhere.
    const bool busy =
        std::ranges::any_of(call.account->positions, [](const auto& one) { return !one.second.held.flat(); }) ||
        std::ranges::any_of(call.account->open,
                            [&](OrderNumber number) { return !rules(engine().order(number)->listing).spot(); });
    if (busy) {
        call.info = Json::object();
        return ApiError{3400045, "Set margin mode failed"};
    }
    for (ListingId id = 0; id < engine().listings(); ++id)
        if (!rules(id).spot()) (void)engine().set_isolated(call.account->id, id, mode == "ISOLATED_MARGIN");
    return Answer{Json{{"reasons", Json::array()}}};
}

Json Bybit::position_json(const Account& account, ListingId listing, PositionSide side, bool socket) const {
    static const Position nothing{};
    const auto* found = account.position(listing, side);
    const auto& position = found == nullptr ? nothing : *found;
    const auto& state = engine().market(listing);
    const auto& rule = state.rules;
    const auto settings = account.settings_of(listing);
    const auto held = position.held.quantity();
    const bool flat = held.units == 0;
    const auto entry = price_text(rule, position.held.entry(rule.instrument));
    const auto margin = flat ? Notional{} : engine().position_margin(account, listing, position);
    const auto liquidation = flat ? core::Price{} : engine().liquidation_price(account, listing, position);
    Json made{{"positionIdx", index_of(side)},
              {"tradeMode", settings.isolated ? 1 : 0},
              {"riskId", 1},
              {"riskLimitValue", "2000000"},
              {"symbol", rule.instrument.symbol},
              {"side", flat             ? ""
                       : held.units > 0 ? "Buy"
                                        : "Sell"},
              {"size", quantity_text(rule, core::Quantity{held.units < 0 ? -held.units : held.units})},
              {socket ? "entryPrice" : "avgPrice", flat ? "0" : entry},
              {"leverage", std::to_string(settings.leverage)},
              {"positionValue", core::to_text(flat ? Notional{} : engine().notional(listing, held))},
              {"positionBalance", core::to_text(settings.isolated ? position.isolated_margin : margin)},
              {"markPrice", price_text(rule, state.mark())},
              {"positionIM", core::to_text(margin)},
              {"positionMM", core::to_text(flat ? Notional{} : engine().maintenance(listing, position))}};
    // The stops of all of the position show in it.
    for (const bool profit : {true, false}) {
        std::string price = "0";
        for (const auto number : account.open) {
            const auto* order = engine().order(number);
            const auto type = stop_types_.find(number);
            if (order->listing == listing && order->position_side == side && order->state == OrderState::untriggered &&
                type != stop_types_.end() && type->second == (profit ? "TakeProfit" : "StopLoss"))
                price = price_text(rule, order->trigger);
        }
        made[profit ? "takeProfit" : "stopLoss"] = price;
    }
    made["trailingStop"] = "0";
    made["tpslMode"] = "Full";
    made["unrealisedPnl"] = core::to_text(flat ? Notional{} : engine().unrealised(account, listing, position));
    made["curRealisedPnl"] = core::to_text(position.held.realised() - position.held.fees());
    made["cumRealisedPnl"] = core::to_text(position.held.realised() - position.held.fees());
    made["sessionAvgPrice"] = "";
    made["liqPrice"] = liquidation.units == 0 ? std::string{} : price_text(rule, liquidation);
    made["bustPrice"] = "";
    made["category"] = category_text(rule.instrument.market);
    made["positionStatus"] = "Normal";
    made["adlRankIndicator"] = flat ? 0 : 2;
    made["autoAddMargin"] = 0;
    made["leverageSysUpdatedTime"] = "";
    made["mmrSysUpdatedTime"] = "";
    made["seq"] = state.update_id;
    made["isReduceOnly"] = false;
    made["createdTime"] = time_text(position.updated);
    made["updatedTime"] = time_text(position.updated);
    if (!socket) made.erase("category");
    return made;
}

Answer Bybit::positions(Call& call) {
    const auto listings = listings_of(call);
    if (!listings) return listings.error();
    if (call.market == core::Market::spot) return ApiError{10001, "Illegal category"};
    const bool one = !call.params["symbol"].empty();
    if (call.listed && !one && call.params["settleCoin"].empty() && call.params["baseCoin"].empty())
        return bad_parameter("symbol or settleCoin is required");
    Json all = Json::array();
    for (const auto id : *listings)
        for (const auto side : {PositionSide::net, PositionSide::long_, PositionSide::short_}) {
            const auto* position = call.account->position(id, side);
            const bool held = position != nullptr && !position->held.flat();
            // Asked for one symbol, also what is not held is shown.
            const bool shown = one && call.account->hedge != (side == PositionSide::net);
            if (held || shown) all.push_back(position_json(*call.account, id, side, false));
        }
    return Answer{Json{{"nextPageCursor", ""}, {"category", call.params["category"]}, {"list", std::move(all)}}};
}

Answer Bybit::set_leverage(Call& call) {
    const auto id = listing_of(call);
    if (!id) return id.error();
    const auto buy = core::parse_decimal(call.params["buyLeverage"], 2),
               sell = core::parse_decimal(call.params["sellLeverage"], 2);
    // One figure for both sides, and whole: what the engine keeps.
    if (!buy || !sell || *buy != *sell || *buy % 100 != 0) return error_of(Refusal::leverage, rules(*id));
    const auto leverage = *buy / 100;
    if (leverage < 1 || leverage > rules(*id).max_leverage) return error_of(Refusal::leverage, rules(*id));
    const auto bad = engine().set_leverage(call.account->id, *id, static_cast<int>(leverage));
    if (bad == Refusal::unchanged) return ApiError{110043, "leverage not modified"};
    if (bad != Refusal::none) return error_of(bad, rules(*id));
    return Answer{Json::object()};
}

Answer Bybit::switch_mode(Call& call) {
    const auto mode = call.params.number("mode");
    if (!mode || (*mode != 0 && *mode != 3)) return bad_parameter("mode invalid");
    const auto bad = engine().set_hedge(call.account->id, *mode == 3);
    if (bad == Refusal::unchanged) return ApiError{110025, "Position mode is not modified"};
    if (bad != Refusal::none)
        return ApiError{110024, "You have an existing position, so the position mode cannot be switched."};
    return Answer{Json::object()};
}

}  // namespace venue::bybit
