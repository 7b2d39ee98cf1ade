#include "gateways/binance/exchange_calls.hpp"
#include "gateways/exchange/decimal_text.hpp"

/// Balances, positions and the settings of contracts. Source: Binance Spot API, rest-api.md "Account information";
/// USDⓈ-M Futures, "Account Information V3", "Position Information V3", "Change Initial Leverage", "Change Margin
/// Type", "Change Position Mode"; their COIN-M twins.
namespace gateways::binance {

using namespace exchange;

namespace {

Expected<Request> setting(const Ask& ask, std::string_view name) {
    const auto scope = scope_of(ask, true);
    if (!scope) return scope.error();
    if (!is_contract(scope->host)) return refused(ErrorKind::bad_request, scope->market->symbol + " is no contract");
    auto request = signed_request(Method::post, scope->host, name);
    request.body.set("symbol", scope->market->id);
    return request;
}

Requests finish(Request request, const Ask& ask) {
    pass_on(parameters(request), ask.arguments.params(), steering);
    return only(std::move(request));
}

/// Hedge mode names the side; one-way mode signs the amount.
std::string side_of(const Value& row, std::string_view amount) {
    const auto& side = row["positionSide"].text();
    if (!is_nonzero(amount)) return {};
    if (side == "LONG" || side == "SHORT") return lower_case(side);
    return amount.starts_with('-') ? "short" : "long";
}

Position position_of(const Answer& answer, const Value& row) {
    const auto& context = answer.ask.context;
    const auto* market = context.markets.find_id(row["symbol"].text(), true);
    const auto& amount = row["positionAmt"].text();
    auto mode = row["marginType"].text();
    if (mode.empty() && row.contains("isolated")) mode = row["isolated"].is_true() ? "isolated" : "cross";
    const auto& hedge = row["positionSide"].text();
    Position position{.id = {},
                      .symbol = symbol_of(context, row["symbol"].text(), true),
                      .side = side_of(row, amount),
                      .contracts = absolute(amount),
                      .contract_size = market == nullptr ? std::string{} : market->contract_size,
                      .entry_price = unless_zero(row["entryPrice"].text()),
                      .mark_price = unless_zero(row["markPrice"].text()),
                      .last_price = {},
                      .notional = absolute(row.first({"notional", "notionalValue"})),
                      .leverage = row["leverage"].text(),
                      .collateral = row.first({"isolatedWallet", "isolatedMargin"}),
                      .initial_margin = row["initialMargin"].text(),
                      .initial_margin_percentage = {},
                      .maintenance_margin = row["maintMargin"].text(),
                      .maintenance_margin_percentage = {},
                      .margin_ratio = {},
                      .unrealized_pnl = row.first({"unRealizedProfit", "unrealizedProfit"}),
                      .realized_pnl = {},
                      .liquidation_price = unless_zero(row["liquidationPrice"].text()),
                      .percentage = {},
                      .margin_mode = lower_case(mode),
                      .stop_loss_price = {},
                      .take_profit_price = {}};
    if (!hedge.empty()) position.hedged = hedge != "BOTH";
    position.time = position.last_update_time = time_of_ms(row["updateTime"]);
    return position;
}

}  // namespace

Requests build_balance(const Ask& ask) {
    const auto host = host_of(ask);
    auto request = signed_request(Method::get, host, "account");
    if (host == Host::linear) request.path = "/fapi/v3/account";
    request.weight = host == Host::spot ? 20 : 5;
    return finish(std::move(request), ask);
}

Outcome read_balance(const Answer& answer) {
    const auto& body = answer.body;
    Balances balances{.time = time_of_ms(body["updateTime"])};
    if (body["balances"].is_array()) {
        for (const auto& row : body["balances"].items())
            balances.all.push_back({.currency = row["asset"].text(),
                                    .free = row["free"].text(),
                                    .used = row["locked"].text(),
                                    .total = sum(row["free"].text(), row["locked"].text())});
        return Unified{std::move(balances)};
    }
    const auto& rows = body["assets"].is_array() ? body["assets"] : body;  // /account, or the list of /balance
    if (!rows.is_array()) return refused(ErrorKind::malformed, "the answer has no balances");
    for (const auto& row : rows.items()) {
        Balance balance{.currency = row["asset"].text(),
                        .free = row["availableBalance"].text(),
                        .used = row["initialMargin"].text(),
                        .total = row.first({"marginBalance", "balance"})};
        if (balance.used.empty()) balance.used = difference(balance.total, balance.free);
        balances.all.push_back(std::move(balance));
    }
    return Unified{std::move(balances)};
}

Requests build_positions(const Ask& ask) {
    auto scope = scope_of(ask, false);
    if (!scope) return scope.error();
    if (!is_contract(scope->host)) scope->host = Host::linear;
    auto request = signed_request(Method::get, scope->host, "positionRisk");
    if (scope->host == Host::linear) request.path = "/fapi/v3/positionRisk";
    request.weight = scope->host == Host::linear ? 5 : 1;
    return finish(std::move(request), ask);
}

Outcome read_positions(const Answer& answer) {
    const auto& rows = answer.body["positions"].is_array() ? answer.body["positions"] : answer.body;
    if (!rows.is_array()) return refused(ErrorKind::malformed, "the answer is no list of positions");
    const auto wanted = texts_of(answer.ask.arguments["symbols"]);
    std::vector<Position> all;
    for (const auto& row : rows.items()) {
        auto position = position_of(answer, row);
        if (position.side.empty() && position.entry_price.empty()) continue;  // flat: the venue lists every contract
        if (is_wanted(wanted, position.symbol)) all.push_back(std::move(position));
    }
    return Unified{std::move(all)};
}

Requests build_set_leverage(const Ask& ask) {
    auto request = setting(ask, "leverage");
    if (!request) return request.error();
    request->body.set("leverage", ask.text("leverage"));
    return finish(std::move(*request), ask);
}

Outcome read_leverage(const Answer& answer) {
    const auto& leverage = answer.body["leverage"].text();
    if (leverage.empty()) return refused(ErrorKind::malformed, "the answer has no leverage");
    return Unified{Leverage{.symbol = symbol_of(answer.ask.context, answer.body["symbol"].text(), true),
                            .margin_mode = {},
                            .long_leverage = leverage,
                            .short_leverage = leverage}};
}

Requests build_set_margin_mode(const Ask& ask) {
    const auto mode = lower_case(ask.text("marginMode"));
    const bool crossed = mode == "cross" || mode == "crossed";
    if (!crossed && mode != "isolated")
        return refused(ErrorKind::bad_request, "the margin mode is cross or isolated, not '" + mode + "'");
    auto request = setting(ask, "marginType");
    if (!request) return request.error();
    request->body.set("marginType", crossed ? "CROSSED" : "ISOLATED");
    return finish(std::move(*request), ask);
}

Requests build_set_position_mode(const Ask& ask) {
    auto scope = scope_of(ask, false);
    if (!scope) return scope.error();
    if (!is_contract(scope->host)) scope->host = Host::linear;
    auto request = signed_request(Method::post, scope->host, "positionSide/dual");
    request.body.set("dualSidePosition", ask.arguments["hedged"].is_true() ? "true" : "false");
    return finish(std::move(request), ask);
}

Outcome read_done(const Answer&) {
    return Unified{Done{}};
}

}  // namespace gateways::binance
