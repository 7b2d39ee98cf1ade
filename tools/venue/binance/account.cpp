// Balances, positions, and how an account trades.
// Source: rest-api.md "Account endpoints"; USD-M "Account" and "Trade" (leverage, margin type, position mode).
#include "tools/venue/binance/binance.hpp"

#include "tools/venue/dialect/sign.hpp"

#include <algorithm>

namespace venue::binance {

namespace {

constexpr core::Nanoseconds listen_key_lives = std::chrono::minutes{60};

std::int64_t basis_points(Rate rate) noexcept {
    return rate.units / 10'000;
}

}  // namespace

Answer Binance::spot_account(Call& call) {
    Json balances = Json::array();
    const bool all = call.params["omitZeroBalances"] != "true";
    for (const auto& [asset, balance] : call.account->wallet)
        if (all || balance.total() != 0)
            balances.push_back(
                {{"asset", asset}, {"free", fixed(balance.free, 8)}, {"locked", fixed(balance.locked, 8)}});
    const auto& first = rules(0);
    return Answer{Json{{"makerCommission", basis_points(first.maker_fee)},
                       {"takerCommission", basis_points(first.taker_fee)},
                       {"buyerCommission", 0},
                       {"sellerCommission", 0},
                       {"commissionRates",
                        {{"maker", fixed(first.maker_fee.units, 8)},
                         {"taker", fixed(first.taker_fee.units, 8)},
                         {"buyer", "0.00000000"},
                         {"seller", "0.00000000"}}},
                       {"canTrade", true},
                       {"canWithdraw", false},
                       {"canDeposit", false},
                       {"brokered", false},
                       {"requireSelfTradePrevention", false},
                       {"preventSor", false},
                       {"updateTime", milliseconds(now())},
                       {"accountType", "SPOT"},
                       {"balances", std::move(balances)},
                       {"permissions", Json::array({"SPOT"})},
                       {"uid", call.account->id}}};
}

Json Binance::asset_of(const Account& account) const {
    const auto found = account.derivatives().find("USDT");
    const core::Notional wallet{found == account.derivatives().end() ? 0 : found->second.free};
    core::Notional gain{}, margin{}, maintenance{}, isolated{}, cross_gain{};
    for (const auto& [where, position] : account.positions) {
        if (position.held.flat()) continue;
        const auto one = engine().unrealised(account, where.first, position);
        gain = gain + one;
        margin = margin + engine().position_margin(account, where.first, position);
        maintenance = maintenance + engine().maintenance(where.first, position);
        isolated = isolated + position.isolated_margin;
        if (position.isolated_margin.units == 0) cross_gain = cross_gain + one;
    }
    const auto orders = engine().order_margin(account);
    const auto available = std::max(core::Notional{}, engine().available_margin(account));
    return {{"asset", "USDT"},
            {"walletBalance", fixed(wallet)},
            {"unrealizedProfit", fixed(gain)},
            {"marginBalance", fixed(wallet + gain)},
            {"maintMargin", fixed(maintenance)},
            {"initialMargin", fixed(margin + orders)},
            {"positionInitialMargin", fixed(margin)},
            {"openOrderInitialMargin", fixed(orders)},
            {"crossWalletBalance", fixed(wallet - isolated)},
            {"crossUnPnl", fixed(cross_gain)},
            {"availableBalance", fixed(available)},
            {"maxWithdrawAmount", fixed(available)},
            {"marginAvailable", true},
            {"updateTime", milliseconds(now())}};
}

Json Binance::position_of(const Account& account, ListingId listing, PositionSide side) const {
    static const Position nothing{};
    const auto* found = account.position(listing, side);
    const auto& position = found == nullptr ? nothing : *found;
    const auto& state = engine().market(listing);
    const auto& rule = state.rules;
    const auto settings = account.settings_of(listing);
    const auto held = position.held.quantity();
    const auto worth = engine().notional(listing, held);
    const auto margin = held.units == 0 ? core::Notional{} : engine().position_margin(account, listing, position);
    const auto entry = price_text(rule, position.held.entry(rule.instrument));
    return {{"symbol", rule.instrument.symbol},
            {"positionSide", position_side_text(side)},
            {"positionAmt", quantity_text(rule, held)},
            {"entryPrice", entry},
            {"breakEvenPrice", entry},
            {"markPrice", price_text(rule, state.mark())},
            {"unRealizedProfit", fixed(engine().unrealised(account, listing, position))},
            {"unrealizedProfit", fixed(engine().unrealised(account, listing, position))},
            {"liquidationPrice", price_text(rule, engine().liquidation_price(account, listing, position))},
            {"leverage", std::to_string(settings.leverage)},
            {"marginType", settings.isolated ? "isolated" : "cross"},
            {"isolated", settings.isolated},
            {"isolatedMargin", fixed(position.isolated_margin)},
            {"isolatedWallet", fixed(position.isolated_margin)},
            {"isAutoAddMargin", "false"},
            {"notional", fixed(held.units < 0 ? -worth : worth)},
            {"marginAsset", rule.quote},
            {"initialMargin", fixed(margin)},
            {"positionInitialMargin", fixed(margin)},
            {"openOrderInitialMargin", "0"},
            {"maintMargin", fixed(engine().maintenance(listing, position))},
            {"adl", 0},
            {"bidNotional", "0"},
            {"askNotional", "0"},
            {"updateTime", milliseconds(position.updated)}};
}

Answer Binance::futures_account(Call& call) {
    const auto& account = *call.account;
    const auto asset = asset_of(account);
    Json positions = Json::array();
    for (const auto& [where, position] : account.positions)
        if (!position.held.flat()) positions.push_back(position_of(account, where.first, where.second));
    return Answer{Json{{"feeTier", 0},
                       {"canTrade", true},
                       {"canDeposit", false},
                       {"canWithdraw", false},
                       {"updateTime", 0},
                       {"multiAssetsMargin", false},
                       {"totalInitialMargin", asset["initialMargin"]},
                       {"totalMaintMargin", asset["maintMargin"]},
                       {"totalWalletBalance", asset["walletBalance"]},
                       {"totalUnrealizedProfit", asset["unrealizedProfit"]},
                       {"totalMarginBalance", asset["marginBalance"]},
                       {"totalPositionInitialMargin", asset["positionInitialMargin"]},
                       {"totalOpenOrderInitialMargin", asset["openOrderInitialMargin"]},
                       {"totalCrossWalletBalance", asset["crossWalletBalance"]},
                       {"totalCrossUnPnl", asset["crossUnPnl"]},
                       {"availableBalance", asset["availableBalance"]},
                       {"maxWithdrawAmount", asset["maxWithdrawAmount"]},
                       {"assets", Json::array({asset})},
                       {"positions", std::move(positions)}}};
}

Answer Binance::futures_balance(Call& call) {
    const auto asset = asset_of(*call.account);
    return Answer{Json::array({{{"accountAlias", "sim"},
                                {"asset", "USDT"},
                                {"balance", asset["walletBalance"]},
                                {"crossWalletBalance", asset["crossWalletBalance"]},
                                {"crossUnPnl", asset["crossUnPnl"]},
                                {"availableBalance", asset["availableBalance"]},
                                {"maxWithdrawAmount", asset["maxWithdrawAmount"]},
                                {"marginAvailable", true},
                                {"updateTime", milliseconds(now())}}})};
}

Answer Binance::position_risk(Call& call) {
    const auto listings = listings_of(call);
    if (!listings) return listings.error();
    Json all = Json::array();
    for (const auto id : *listings)
        for (const auto side : {PositionSide::net, PositionSide::long_, PositionSide::short_}) {
            const auto* position = call.account->position(id, side);
            if (position != nullptr && !position->held.flat()) all.push_back(position_of(*call.account, id, side));
        }
    return Answer{std::move(all)};
}

Answer Binance::leverage_bracket(Call& call) {
    const auto listings = listings_of(call);
    if (!listings) return listings.error();
    Json all = Json::array();
    for (const auto id : *listings) {
        Json one{{"symbol", rules(id).instrument.symbol}};
        one["brackets"] =
            Json::array({{{"bracket", 1},
                          {"initialLeverage", rules(id).max_leverage},
                          {"notionalCap", 100'000'000},
                          {"notionalFloor", 0},
                          {"maintMarginRatio", Json::parse(core::to_text(rules(id).maintenance.units, 8))},
                          {"cum", 0}}});
        all.push_back(std::move(one));
    }
    return Answer{std::move(all)};
}

Answer Binance::set_leverage(Call& call) {
    const auto id = listing_of(call);
    if (!id) return id.error();
    const auto leverage = call.params.number("leverage");
    if (!leverage || *leverage < 1 || *leverage > 125) return error_of(Refusal::leverage, rules(*id));
    const auto bad = engine().set_leverage(call.account->id, *id, static_cast<int>(*leverage));
    if (bad != Refusal::none && bad != Refusal::unchanged) return error_of(bad, rules(*id));
    return Answer{
        Json{{"leverage", *leverage}, {"maxNotionalValue", "100000000"}, {"symbol", rules(*id).instrument.symbol}}};
}

Answer Binance::set_margin_type(Call& call) {
    const auto id = listing_of(call);
    if (!id) return id.error();
    const auto type = call.params["marginType"];
    if (type != "ISOLATED" && type != "CROSSED")
        return ApiError{-1102, "Mandatory parameter 'marginType' was not sent, was empty/null, or malformed."};
    const auto bad = engine().set_isolated(call.account->id, *id, type == "ISOLATED");
    if (bad != Refusal::none) return error_of(bad, rules(*id));
    return Answer{Json{{"code", 200}, {"msg", "success"}}};
}

Answer Binance::get_dual_side(Call& call) {
    return Answer{Json{{"dualSidePosition", call.account->hedge}}};
}

Answer Binance::set_dual_side(Call& call) {
    const auto dual = call.params["dualSidePosition"];
    if (dual != "true" && dual != "false")
        return ApiError{-1102, "Mandatory parameter 'dualSidePosition' was not sent, was empty/null, or malformed."};
    const auto bad = engine().set_hedge(call.account->id, dual == "true");
    if (bad == Refusal::unchanged) return ApiError{-4059, "No need to change position side."};
    if (bad == Refusal::open_positions)
        return ApiError{-4068, "Position side cannot be changed if there exists position."};
    return Answer{Json{{"code", 200}, {"msg", "success"}}};
}

Answer Binance::symbol_config(Call& call) {
    const auto listings = listings_of(call);
    if (!listings) return listings.error();
    Json all = Json::array();
    for (const auto id : *listings) {
        const auto settings = call.account->settings_of(id);
        all.push_back({{"symbol", rules(id).instrument.symbol},
                       {"marginType", settings.isolated ? "ISOLATED" : "CROSSED"},
                       {"isAutoAddMargin", "false"},
                       {"leverage", settings.leverage},
                       {"maxNotionalValue", "100000000"}});
    }
    return Answer{std::move(all)};
}

Answer Binance::commission_rate(Call& call) {
    const auto id = listing_of(call);
    if (!id) return id.error();
    return Answer{Json{{"symbol", rules(*id).instrument.symbol},
                       {"makerCommissionRate", fixed(rules(*id).maker_fee.units, 8)},
                       {"takerCommissionRate", fixed(rules(*id).taker_fee.units, 8)}}};
}

Answer Binance::new_listen_key(Call& call) {
    for (auto& [key, entry] : listen_keys_)
        if (entry.account == call.account->id) {
            entry.ends = now() + listen_key_lives;
            return Answer{Json{{"listenKey", key}}};
        }
    // Nobody can guess it who does not know the account's secret, and every run makes the same.
    const auto key = hmac_hex(call.account->credentials.secret, "listenKey" + std::to_string(next_listen_key_++));
    listen_keys_[key] = {call.account->id, now() + listen_key_lives};
    return Answer{Json{{"listenKey", key}}};
}

Answer Binance::keep_listen_key(Call& call) {
    for (auto& [key, entry] : listen_keys_)
        if (entry.account == call.account->id) {
            entry.ends = now() + listen_key_lives;
            return Answer{Json{{"listenKey", key}}};
        }
    return ApiError{-1125, "This listenKey does not exist."};
}

Answer Binance::end_listen_key(Call& call) {
    std::erase_if(listen_keys_, [&](const auto& entry) { return entry.second.account == call.account->id; });
    return Answer{Json::object()};
}

void Binance::expire_keys() {
    for (auto& [key, entry] : listen_keys_) entry.ends = now();
    for (auto& [id, connection] : connections_) connection.session = 0;
}

}  // namespace venue::binance
