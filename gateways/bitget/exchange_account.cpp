#include "gateways/bitget/exchange_calls.hpp"
#include "gateways/exchange/decimal_text.hpp"

/// Balances, positions and the settings of futures. Source: Bitget API documents, "Spot/Account", "Margin/…/Account",
/// "Future/Account", "Future/Position", "Unified/Account".
namespace gateways::bitget {

using namespace exchange;

namespace {

Requests finish(Request request, const Ask& ask) {
    pass_on(request.method == Method::get ? request.query : request.body, ask.arguments.params(), steering);
    return only(std::move(request));
}

const Value& rows_of(const Value& data) noexcept {
    for (const auto* name : {"assets", "list"})
        if (data[name].is_array()) return data[name];
    return data;
}

Balance balance_of(const Value& row) {
    const auto& total = row.first({"accountEquity", "equity", "totalAmount", "balance"});
    const auto& locked = row["locked"].text();
    Balance balance{.currency = row.first({"marginCoin", "coin"}),
                    .free = row["available"].text(),
                    .used = row["frozen"].text(),
                    .total = total,
                    .debt = row.first({"borrow", "debt", "debts"})};
    balance.used = balance.used.empty() ? locked : locked.empty() ? balance.used : sum(balance.used, locked);
    if (balance.total.empty()) balance.total = sum(balance.free, balance.used);
    return balance;
}

Position position_of(const Answer& answer, const Value& row) {
    const auto& context = answer.ask.context;
    const auto id = upper_case(row["symbol"].text());
    const auto* market = context.markets.find_id(id, true);
    const auto mode = lower_case(row["marginMode"].text());
    const auto side = lower_case(row.first({"holdSide", "posSide"}));
    const auto& hold = row.first({"posMode", "holdMode"});
    Position position{.id = row.first({"posId", "positionId"}),
                      .symbol = symbol_of(context, id, true),
                      .side = side == "long" || side == "buy"     ? "long"
                              : side == "short" || side == "sell" ? "short"
                                                                  : "",
                      .contracts = row.first({"total", "size", "openTotalPos"}),
                      .contract_size = market == nullptr ? std::string{} : market->contract_size,
                      .entry_price = unless_zero(row.first({"openPriceAvg", "avgPrice", "openAvgPrice"})),
                      .mark_price = unless_zero(row["markPrice"].text()),
                      .last_price = {},
                      .notional = {},
                      .leverage = row["leverage"].text(),
                      .collateral = row.first({"marginSize", "positionBalance"}),
                      .initial_margin = row.first({"marginSize", "positionBalance"}),
                      .initial_margin_percentage = {},
                      .maintenance_margin = {},
                      .maintenance_margin_percentage = row.first({"keepMarginRate", "mmr"}),
                      .margin_ratio = row["marginRatio"].text(),
                      .unrealized_pnl = row.first({"unrealizedPL", "unrealisedPnl"}),
                      .realized_pnl = row.first({"achievedProfits", "curRealisedPnl", "pnl"}),
                      .liquidation_price = unless_zero(row.first({"liquidationPrice", "liqPrice"})),
                      .percentage = {},
                      .margin_mode = mode == "crossed" ? "cross" : mode,
                      .stop_loss_price = unless_zero(row["stopLoss"].text()),
                      .take_profit_price = unless_zero(row["takeProfit"].text())};
    position.notional = product(position.contracts, position.mark_price);
    if (!hold.empty()) position.hedged = hold == "hedge_mode";
    for (const auto* name : {"cTime", "ctime", "createdTime"})
        if (!position.time) position.time = time_of_ms(row[name]);
    for (const auto* name : {"uTime", "utime", "updatedTime"})
        if (!position.last_update_time) position.last_update_time = time_of_ms(row[name]);
    return position;
}

Request setting(std::string_view name, const Scope& scope) {
    auto request = signed_post((scope.unified ? "/api/v3/account/" : "/api/v2/mix/account/") + std::string{name});
    if (scope.market != nullptr) request.body.set("symbol", scope.market->id);
    return request;
}

}  // namespace

Requests build_balance(const Ask& ask) {
    const auto scope = scope_of(ask, false);
    if (!scope) return scope.error();
    if (scope->unified) return finish(signed_get("/api/v3/account/assets"), ask);
    if (scope->area == Area::isolated_margin) return finish(signed_get("/api/v2/margin/isolated/account/assets"), ask);
    if (scope->area == Area::cross_margin) return finish(signed_get("/api/v2/margin/crossed/account/assets"), ask);
    if (scope->area == Area::spot) return finish(signed_get("/api/v2/spot/account/assets"), ask);
    auto request = signed_get("/api/v2/mix/account/accounts");
    request.query.set("productType", scope->product_type);
    return finish(std::move(request), ask);
}

Outcome read_balance(const Answer& answer) {
    Balances balances;
    const auto& rows = rows_of(answer.body);
    if (rows.is_array()) {
        for (const auto& row : rows.items()) {
            balances.all.push_back(balance_of(row));
            if (const auto time = time_of_ms(row["uTime"]); time && (!balances.time || *time > *balances.time))
                balances.time = time;
        }
    } else if (rows.contains("available")) {
        balances.all.push_back(balance_of(rows));
    } else {
        return refused(ErrorKind::malformed, "the answer has no balances");
    }
    return Unified{std::move(balances)};
}

Requests build_positions(const Ask& ask) {
    const auto scope = futures_scope_of(ask, false);
    if (!scope) return scope.error();
    if (scope->unified) {
        auto request = signed_get("/api/v3/position/current-position");
        request.query.set("category", scope->product_type);
        return finish(std::move(request), ask);
    }
    if (ask.param("useHistoryEndpoint").is_true()) {
        auto request = signed_get("/api/v2/mix/position/history-position");
        if (scope->market != nullptr) request.query.set("symbol", scope->market->id);
        request.query.set("productType", scope->product_type);
        return finish(std::move(request), ask);
    }
    auto request = signed_get("/api/v2/mix/position/all-position");
    request.query.set("marginCoin", scope->margin_coin()).set("productType", scope->product_type);
    return finish(std::move(request), ask);
}

Outcome read_positions(const Answer& answer) {
    const auto& rows = rows_of(answer.body);
    const auto wanted = texts_of(answer.ask.arguments["symbols"]);
    std::vector<Position> all;
    for (const auto& row : rows.is_array() ? rows.items() : std::vector<Value>{}) {
        auto position = position_of(answer, row);
        if (is_wanted(wanted, position.symbol)) all.push_back(std::move(position));
    }
    return Unified{std::move(all)};
}

Requests build_set_leverage(const Ask& ask) {
    const auto scope = futures_scope_of(ask, true);
    if (!scope) return scope.error();
    auto request = setting("set-leverage", *scope);
    request.body.set("leverage", ask.text("leverage"));
    if (scope->unified)
        request.body.set("coin", scope->margin_coin()).set("category", scope->product_type);
    else
        request.body.set("marginCoin", scope->margin_coin()).set("productType", scope->product_type);
    return finish(std::move(request), ask);
}

Outcome read_leverage(const Answer& answer) {
    const auto& body = answer.body;
    const auto mode = lower_case(body["marginMode"].text());
    // A unified account answers with the word success alone.
    const auto& asked = answer.ask.text("leverage");
    const auto& both = body["crossMarginLeverage"].text();
    const auto side = [&](std::string_view name) {
        const auto& own = body[name].text();
        return !own.empty() ? own : !both.empty() ? both : asked;
    };
    return Unified{Leverage{.symbol = answer.ask.text("symbol"),
                            .margin_mode = mode == "crossed" ? "cross" : mode,
                            .long_leverage = side("longLeverage"),
                            .short_leverage = side("shortLeverage")}};
}

Requests build_set_margin_mode(const Ask& ask) {
    const auto mode = lower_case(ask.text("marginMode"));
    const bool crossed = mode == "cross" || mode == "crossed";
    if (!crossed && mode != "isolated")
        return refused(ErrorKind::bad_request, "the margin mode is cross or isolated, not '" + mode + "'");
    const auto scope = futures_scope_of(ask, true);
    if (!scope) return scope.error();
    if (scope->unified) return refused(ErrorKind::not_supported, "the margin mode of a unified account");
    auto request = setting("set-margin-mode", *scope);
    request.body.set("marginCoin", scope->margin_coin())
        .set("marginMode", crossed ? "crossed" : "isolated")
        .set("productType", scope->product_type);
    return finish(std::move(request), ask);
}

Requests build_set_position_mode(const Ask& ask) {
    const auto scope = futures_scope_of(ask, false);
    if (!scope) return scope.error();
    const auto* mode = ask.arguments["hedged"].is_true() ? "hedge_mode" : "one_way_mode";
    if (scope->unified) {
        auto request = signed_post("/api/v3/account/set-hold-mode");
        request.body.set("holdMode", mode);
        return finish(std::move(request), ask);
    }
    auto request = signed_post("/api/v2/mix/account/set-position-mode");
    request.body.set("posMode", mode).set("productType", scope->product_type);
    return finish(std::move(request), ask);
}

Outcome read_done(const Answer&) {
    return Unified{Done{}};
}

}  // namespace gateways::bitget
