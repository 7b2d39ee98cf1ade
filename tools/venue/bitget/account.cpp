// Balances, positions, and how an account trades. Source: api-doc spot/account/*, contract/account/*,
// contract/position/*.
#include "tools/venue/bitget/bitget.hpp"

#include <algorithm>

namespace venue::bitget {

using core::Notional;

Json Bitget::spot_balance(const Account& account, const std::string& asset) const {
    const auto found = account.wallet.find(asset);
    const auto balance = found == account.wallet.end() ? Balance{} : found->second;
    return {{"coin", asset},
            {"available", fixed(balance.free, 8)},
            {"frozen", fixed(balance.locked, 8)},
            {"locked", "0.00000000"},
            {"limitAvailable", "0"},
            {"uTime", time_text(now())}};
}

Answer Bitget::spot_assets(Call& call) {
    const auto coin = upper(call.params["coin"]);
    Json all = Json::array();
    for (const auto& [asset, balance] : call.account->wallet)
        if (coin.empty() || coin == asset) all.push_back(spot_balance(*call.account, asset));
    return Answer{std::move(all)};
}

Answer Bitget::trade_rate(Call& call) {
    const auto kind = lower(call.params["businessType"]);
    if (kind == "mix" || kind == "contract") call.market = core::Market::linear;
    const auto id = listing_of(call);
    if (!id) return id.error();
    return Answer{Json{{"makerFeeRate", core::to_text(rules(*id).maker_fee.units, Rate::decimals)},
                       {"takerFeeRate", core::to_text(rules(*id).taker_fee.units, Rate::decimals)}}};
}

Json Bitget::account_json(const Account& account, std::optional<ListingId> listing) const {
    const auto found = account.derivatives().find("USDT");
    const Notional wallet{found == account.derivatives().end() ? 0 : found->second.free};
    const auto gain = engine().unrealised(account);
    Notional maintenance{};
    for (const auto& [where, position] : account.positions)
        if (!position.held.flat()) maintenance = maintenance + engine().maintenance(where.first, position);
    const auto equity = wallet + gain;
    const auto available = fixed(std::max(Notional{}, engine().available_margin(account)));
    Json made{{"marginCoin", "USDT"},
              {"locked", fixed(engine().order_margin(account))},
              {"available", available},
              {"crossedMaxAvailable", available},
              {"isolatedMaxAvailable", available},
              {"maxTransferOut", available},
              {"accountEquity", fixed(equity)},
              {"usdtEquity", fixed(equity)},
              {"crossedRiskRate", ratio_text(maintenance.units, equity.units, 8)},
              {"unrealizedPL", fixed(gain)},
              {"coupon", "0"}};
    if (listing) {
        const auto settings = account.settings_of(*listing);
        const auto leverage = std::to_string(settings.leverage);
        made["crossedMarginLeverage"] = leverage;
        made["isolatedLongLever"] = leverage;
        made["isolatedShortLever"] = leverage;
        made["marginMode"] = settings.isolated ? "isolated" : "crossed";
        made["posMode"] = position_mode(account);
    }
    return made;
}

Answer Bitget::futures_account(Call& call) {
    const auto id = listing_of(call);
    if (!id) return id.error();
    if (call.params["marginCoin"].empty()) return missing("marginCoin");
    return Answer{account_json(*call.account, *id)};
}

Answer Bitget::futures_accounts(Call& call) {
    return Answer{call.no_product ? Json::array() : Json::array({account_json(*call.account, std::nullopt)})};
}

Json Bitget::position_json(const Account& account, ListingId listing, PositionSide side, bool socket) const {
    const auto& position = *account.position(listing, side);
    const auto& state = engine().market(listing);
    const auto& rule = state.rules;
    const auto settings = account.settings_of(listing);
    const auto held = position.held.quantity();
    const core::Quantity total{held.units < 0 ? -held.units : held.units};
    // What closing orders have taken out of it already.
    core::Quantity frozen{};
    for (const auto number : account.open) {
        const auto& order = *engine().order(number);
        if (order.listing == listing && order.position_side == side && order.state != OrderState::untriggered &&
            reduces(order))
            frozen = frozen + order.left();
    }
    frozen = std::min(frozen, total);
    const auto gain = engine().unrealised(account, listing, position);
    const auto margin = engine().position_margin(account, listing, position);
    const auto entry = price_text(rule, position.held.entry(rule.instrument));
    const auto equity = account_json(account, std::nullopt);
    return {{"posId", std::to_string(static_cast<unsigned>(listing) * 4 + static_cast<unsigned>(side) + 1)},
            {socket ? "instId" : "symbol", rule.instrument.symbol},
            {"marginCoin", rule.quote},
            {"holdSide", held.units < 0 ? "short" : "long"},
            {"openDelegateSize", "0"},
            {"marginSize", fixed(margin)},
            {"marginMode", settings.isolated ? "isolated" : "crossed"},
            {"posMode", position_mode(account)},
            {"total", quantity_text(rule, total)},
            {"available", quantity_text(rule, total - frozen)},
            {socket ? "frozen" : "locked", quantity_text(rule, frozen)},
            {"openPriceAvg", entry},
            {"leverage", socket ? Json(settings.leverage) : Json(std::to_string(settings.leverage))},
            {"achievedProfits", fixed(position.held.realised())},
            {"unrealizedPL", fixed(gain)},
            {"unrealizedPLR", ratio_text(gain.units, margin.units, 8)},
            {"liquidationPrice", price_text(rule, engine().liquidation_price(account, listing, position))},
            {"keepMarginRate", core::to_text(rule.maintenance.units, Rate::decimals)},
            {socket ? "marginRate" : "marginRatio", equity["crossedRiskRate"]},
            {"markPrice", price_text(rule, state.mark())},
            {"breakEvenPrice", entry},
            {"totalFee", fixed(-position.held.fees())},
            {"deductedFee", "0"},
            {"grant", ""},
            {"assetMode", "single"},
            {"autoMargin", "off"},
            {"cTime", time_text(position.updated)},
            {"uTime", time_text(position.updated)}};
}

Json Bitget::positions_of(const Account& account, std::optional<ListingId> listing, bool socket) const {
    Json all = Json::array();
    for (const auto& [where, position] : account.positions)
        if (!position.held.flat() && (!listing || *listing == where.first))
            all.push_back(position_json(account, where.first, where.second, socket));
    return all;
}

Answer Bitget::all_positions(Call& call) {
    return Answer{call.no_product ? Json::array() : positions_of(*call.account, std::nullopt, false)};
}

Answer Bitget::single_position(Call& call) {
    const auto id = listing_of(call);
    if (!id) return id.error();
    return Answer{positions_of(*call.account, *id, false)};
}

Answer Bitget::set_leverage(Call& call) {
    const auto id = listing_of(call);
    if (!id) return id.error();
    auto asked = call.params.number("leverage");
    for (const auto* name : {"longLeverage", "shortLeverage"})
        if (!asked) asked = call.params.number(name);
    if (!asked) return missing("leverage");
    if (*asked < 1 || *asked > rules(*id).max_leverage) return error_of(Refusal::leverage, rules(*id));
    const auto bad = engine().set_leverage(call.account->id, *id, static_cast<int>(*asked));
    if (bad != Refusal::none && bad != Refusal::unchanged) return error_of(bad, rules(*id));
    const auto settings = call.account->settings_of(*id);
    const auto leverage = std::to_string(settings.leverage);
    return Answer{Json{{"symbol", rules(*id).instrument.symbol},
                       {"marginCoin", rules(*id).quote},
                       {"longLeverage", leverage},
                       {"shortLeverage", leverage},
                       {"crossMarginLeverage", leverage},
                       {"marginMode", settings.isolated ? "isolated" : "crossed"}}};
}

Answer Bitget::set_margin_mode(Call& call) {
    const auto id = listing_of(call);
    if (!id) return id.error();
    const auto mode = call.params["marginMode"];
    if (mode != "isolated" && mode != "crossed")
        return mode.empty() ? missing("marginMode") : ApiError{"40020", "Parameter marginMode error"};
    const auto bad = engine().set_isolated(call.account->id, *id, mode == "isolated");
    if (bad != Refusal::none && bad != Refusal::unchanged) return error_of(bad, rules(*id));
    const auto leverage = std::to_string(call.account->settings_of(*id).leverage);
    return Answer{Json{{"symbol", rules(*id).instrument.symbol},
                       {"marginCoin", rules(*id).quote},
                       {"longLeverage", leverage},
                       {"shortLeverage", leverage},
                       {"marginMode", mode}}};
}

Answer Bitget::set_position_mode(Call& call) {
    const auto mode = call.params["posMode"];
    if (mode != "one_way_mode" && mode != "hedge_mode")
        return mode.empty() ? missing("posMode") : ApiError{"40020", "Parameter posMode error"};
    const auto bad = engine().set_hedge(call.account->id, mode == "hedge_mode");
    if (bad == Refusal::open_positions)
        return ApiError{"40920", "Position or order exists, the position mode cannot be switched"};
    return Answer{Json{{"posMode", mode}}};
}

}  // namespace venue::bitget
