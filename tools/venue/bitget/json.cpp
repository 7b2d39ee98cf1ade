// Orders and fills as REST writes them.
#include "tools/venue/bitget/bitget.hpp"

namespace venue::bitget {

bool Bitget::reduces(const Order& order) const noexcept {
    return order.reduce_only || order.close_position ||
           (order.position_side == PositionSide::long_ && order.side == core::Side::sell) ||
           (order.position_side == PositionSide::short_ && order.side == core::Side::buy);
}

std::string_view Bitget::plan_type(const Order& order) const {
    const auto found = plan_types_.find(order.number);
    return found == plan_types_.end() ? std::string_view{"normal_plan"} : std::string_view{found->second};
}

Json Bitget::order_json(const Order& order) const {
    return rules(order.listing).spot() ? spot_order(order) : futures_order(order);
}

Json Bitget::spot_order(const Order& order) const {
    const auto& rule = rules(order.listing);
    const bool by_amount = order.quote_amount.units != 0;
    Json made{{"userId", std::to_string(order.account)},
              {"symbol", rule.instrument.symbol},
              {"orderId", std::to_string(order.number)},
              {"clientOid", order.client_id},
              {"price", price_text(rule, order.price)},
              {"size", by_amount ? fixed(order.quote_amount) : quantity_text(rule, order.quantity)},
              {"orderType", order_type_text(order)},
              {"side", side_text(order.side)},
              {"force", force_text(order.time_in_force)},
              {"status", status_text(order, true)},
              {"priceAvg", price_text(rule, average_price(rule, order.filled_quote, order.filled))},
              {"baseVolume", quantity_text(rule, order.filled)},
              {"quoteVolume", fixed(order.filled_quote)},
              {"enterPointSource", "API"}};
    if (order.fee != 0) {
        const auto coin = order.side == core::Side::buy ? rule.base : rule.quote;
        const auto fee = Json::parse(core::to_text(-order.fee, 8));
        // A JSON text inside the JSON, as the venue writes it.
        made["feeDetail"] =
            Json{{"newFees",
                  {{"c", 0}, {"d", 0}, {"deduction", false}, {"r", fee}, {"t", fee}, {"totalDeductionFee", 0}}},
                 {coin, {{"deduction", false}, {"feeCoinCode", coin}, {"totalDeductionFee", 0}, {"totalFee", fee}}}}
                .dump();
    }
    made["orderSource"] = order_type_text(order);
    made["cancelReason"] = order.state == OrderState::expired ? Json(name(order.reason)) : Json("");
    made["cTime"] = time_text(order.created);
    made["uTime"] = time_text(order.updated);
    made["tpslType"] = "normal";
    made["triggerPrice"] = triggered_kind(order.kind) ? Json(price_text(rule, order.trigger)) : Json{};
    made["quoteCoin"] = rule.quote;
    made["baseCoin"] = rule.base;
    return made;
}

Json Bitget::futures_order(const Order& order) const {
    const auto& rule = rules(order.listing);
    const auto& account = const_cast<Engine&>(engine()).account(order.account);
    const auto settings = account.settings_of(order.listing);
    const bool net = order.position_side == PositionSide::net;
    const bool closes = reduces(order);
    // In hedge mode the side names the position, not the market's direction.
    const auto side = net                                          ? order.side
                      : order.position_side == PositionSide::long_ ? core::Side::buy
                                                                   : core::Side::sell;
    const char* trade_side = !net                            ? (closes ? "close" : "open")
                             : order.side == core::Side::buy ? "buy_single"
                                                             : "sell_single";
    const auto preset = presets_.find(order.number);
    return {{"symbol", rule.instrument.symbol},
            {"size", quantity_text(rule, order.quantity)},
            {"orderId", std::to_string(order.number)},
            {"clientOid", order.client_id},
            {"baseVolume", quantity_text(rule, order.filled)},
            {"fee", core::to_text(-order.fee, 8)},
            {"price", market_kind(order.kind) ? "" : price_text(rule, order.price)},
            {"priceAvg",
             order.filled.units == 0 ? "" : price_text(rule, average_price(rule, order.filled_quote, order.filled))},
            {"status", status_text(order, false)},
            {"side", side_text(side)},
            {"force", force_text(order.time_in_force)},
            {"totalProfits", core::to_text(order.realised)},
            {"posSide", net                                          ? "net"
                        : order.position_side == PositionSide::long_ ? "long"
                                                                     : "short"},
            {"marginCoin", rule.quote},
            {"quoteVolume", fixed(order.filled_quote)},
            {"leverage", std::to_string(settings.leverage)},
            {"marginMode", settings.isolated ? "isolated" : "crossed"},
            {"enterPointSource", order.liquidation ? "SYS" : "API"},
            {"tradeSide", trade_side},
            {"posMode", position_mode(account)},
            {"orderType", order_type_text(order)},
            {"orderSource", order.liquidation ? "liquidation" : "normal"},
            {"reduceOnly", closes ? "YES" : "NO"},
            {"presetStopSurplusPrice", preset == presets_.end() ? "" : preset->second.take_profit},
            {"presetStopLossPrice", preset == presets_.end() ? "" : preset->second.stop_loss},
            {"cTime", time_text(order.created)},
            {"uTime", time_text(order.updated)}};
}

Json Bitget::plan_json(const Order& order) const {
    const auto& rule = rules(order.listing);
    if (rule.spot())
        return {{"orderId", std::to_string(order.number)},
                {"clientOid", order.client_id},
                {"symbol", rule.instrument.symbol},
                {"size", quantity_text(rule, order.quantity)},
                {"planType", "amount"},
                {"executePrice", market_kind(order.kind) ? "0" : price_text(rule, order.price)},
                {"triggerPrice", price_text(rule, order.trigger)},
                {"status", plan_status_text(order)},
                {"orderType", order_type_text(order)},
                {"side", side_text(order.side)},
                {"triggerType", order.trigger_by == TriggerBy::mark ? "mark_price" : "fill_price"},
                {"enterPointSource", "API"},
                {"cTime", time_text(order.created)},
                {"uTime", time_text(order.updated)}};
    auto made = futures_order(order);
    made.erase("status");
    made["planType"] = plan_type(order);
    made["callbackRatio"] = "";
    made["triggerPrice"] = price_text(rule, order.trigger);
    made["triggerType"] = order.trigger_by == TriggerBy::mark ? "mark_price" : "fill_price";
    made["planStatus"] = plan_status_text(order);
    made["executeOrderId"] = order.released ? std::to_string(order.number) : std::string{};
    for (const auto* none :
         {"stopSurplusTriggerPrice", "stopSurplusExecutePrice", "stopLossTriggerPrice", "stopLossExecutePrice"})
        made[none] = "";
    made["stopSurplusTriggerType"] = made["stopLossTriggerType"] = "fill_price";
    return made;
}

Json Bitget::fill_json(const Fill& fill) const {
    const auto& rule = rules(fill.listing);
    const auto* order = engine().order(fill.order);
    const Json fee{{"deduction", "no"},
                   {"feeCoin", fill.fee_asset},
                   {"totalDeductionFee", "0"},
                   {"totalFee", core::to_text(-fill.fee, 8)}};
    if (rule.spot())
        return {{"userId", order == nullptr ? "" : std::to_string(order->account)},
                {"symbol", rule.instrument.symbol},
                {"orderId", std::to_string(fill.order)},
                {"tradeId", std::to_string(fill.trade)},
                {"orderType", order == nullptr ? std::string_view{} : order_type_text(*order)},
                {"side", side_text(fill.side)},
                {"priceAvg", price_text(rule, fill.price)},
                {"size", quantity_text(rule, fill.quantity)},
                {"amount", fixed(fill.quote)},
                {"feeDetail", fee},
                {"tradeScope", fill.maker ? "maker" : "taker"},
                {"cTime", time_text(fill.time)},
                {"uTime", time_text(fill.time)}};
    const bool net = fill.position_side == PositionSide::net;
    const bool opens = (fill.position_side == PositionSide::long_) == (fill.side == core::Side::buy);
    return {{"tradeId", std::to_string(fill.trade)},
            {"symbol", rule.instrument.symbol},
            {"orderId", std::to_string(fill.order)},
            {"price", price_text(rule, fill.price)},
            {"baseVolume", quantity_text(rule, fill.quantity)},
            {"feeDetail", Json::array({fee})},
            {"side", side_text(fill.side)},
            {"quoteVolume", fixed(fill.quote)},
            {"profit", core::to_text(fill.realised)},
            {"enterPointSource", "api"},
            {"tradeSide", !net                           ? (opens ? "open" : "close")
                          : fill.side == core::Side::buy ? "buy_single"
                                                         : "sell_single"},
            {"posMode", net ? "one_way_mode" : "hedge_mode"},
            {"tradeScope", fill.maker ? "maker" : "taker"},
            {"cTime", time_text(fill.time)}};
}

}  // namespace venue::bitget
