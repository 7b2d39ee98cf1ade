#include "gateways/bybit/exchange_calls.hpp"
#include "gateways/exchange/decimal_text.hpp"

/// Balances, positions and the modes of an account. Source: Bybit v5, "Account", "Position", "Asset".
namespace gateways::bybit {

using namespace exchange;

namespace {

Request account_post(std::string_view path) {
    Request request{.method = Method::post, .host = Host::linear, .path = std::string{path}};
    request.is_signed = true;
    request.body_kind = BodyKind::json;
    request.body = Value::object();
    return request;
}

/// What is bound: initial margin of orders and positions, and what spot orders lock. The venue no longer says what is
/// free of a coin (availableToWithdraw is deprecated for unified accounts).
std::string used_of(const Value& coin) {
    std::string total;
    for (const auto* name : {"totalOrderIM", "totalPositionIM", "locked"}) {
        const auto& text = coin[name].text();
        if (!text.empty()) total = total.empty() ? text : sum(total, text);
    }
    return total;
}

Balance balance_of(const Value& coin) {
    const auto& total = coin["walletBalance"].text();
    auto used = used_of(coin);
    auto free = difference(total, used);
    return {.currency = coin["coin"].text(),
            .free = std::move(free),
            .used = std::move(used),
            .total = total,
            .debt = unless_zero(coin.first({"borrowAmount", "spotBorrow"}))};
}

Position position_of(const Answer& answer, const Value& row) {
    const auto* market = answer.ask.context.markets.find_id(row["symbol"].text(), true);
    const auto index = row["positionIdx"].integer();
    const auto& side = row["side"].text();
    Position position{.id = {}, .symbol = symbol_in(answer, row)};
    position.side = side == "Buy" ? "long" : side == "Sell" ? "short" : "";
    position.contracts = row["size"].text();
    if (market != nullptr) position.contract_size = market->contract_size;
    position.entry_price = unless_zero(row.first({"avgPrice", "entryPrice"}));
    position.mark_price = unless_zero(row["markPrice"].text());
    position.notional = row["positionValue"].text();
    position.leverage = row["leverage"].text();
    position.collateral = row["positionBalance"].text();
    position.initial_margin = row["positionIM"].text();
    position.maintenance_margin = row["positionMM"].text();
    position.unrealized_pnl = row["unrealisedPnl"].text();
    position.realized_pnl = row["curRealisedPnl"].text();
    position.liquidation_price = unless_zero(row["liqPrice"].text());
    position.stop_loss_price = unless_zero(row["stopLoss"].text());
    position.take_profit_price = unless_zero(row["takeProfit"].text());
    // tradeMode is always 0 in unified accounts, whose margin mode is the account's
    if (row["tradeMode"].text() == "1") position.margin_mode = "isolated";
    if (index) position.hedged = *index != 0;
    position.time = time_of_ms(row["createdTime"]);
    position.last_update_time = time_of_ms(row["updatedTime"]);
    return position;
}

}  // namespace

Requests build_balance(const Ask& ask) {
    const bool funding = lower_case(ask.param("type").text()).starts_with("fund");
    Request request{.method = Method::get, .host = Host::linear};
    request.path = funding ? "/v5/asset/transfer/query-account-coins-balance" : "/v5/account/wallet-balance";
    request.query.set("accountType", funding ? "FUND" : "UNIFIED");
    request.is_signed = true;
    pass_options(request.query, ask);
    return only(std::move(request));
}

Requests build_positions(const Ask& ask) {
    auto scope = scope_of(ask, false);
    if (!scope) return scope.error();
    if (scope->host == Host::spot) return refused(ErrorKind::bad_request, "spot pairs have no positions");
    if (ask.arguments["symbols"].size() != 1) scope->market = nullptr;
    auto request = get_request(*scope, "/v5/position/list", true);
    if (scope->market == nullptr) {
        if (scope->host == Host::linear && !ask.arguments.params().contains("settleCoin"))
            request.query.set("settleCoin", "USDT");
        request.query.set("limit", "200");
    }
    pass_options(request.query, ask);
    return only(std::move(request));
}

Requests build_set_leverage(const Ask& ask) {
    const auto scope = scope_of(ask, true);
    if (!scope) return scope.error();
    if (scope->host == Host::spot) return refused(ErrorKind::bad_request, "spot pairs have no leverage");
    const auto leverage = to_amount(ask.text("leverage"), "");
    if (!is_nonzero(leverage)) return refused(ErrorKind::bad_request, "leverage is a number above zero");
    auto request = post_request(*scope, "/v5/position/set-leverage");
    request.body.set("buyLeverage", leverage).set("sellLeverage", leverage);
    pass_options(request.body, ask);
    return only(std::move(request));
}

Requests build_set_margin_mode(const Ask& ask) {
    constexpr std::pair<std::string_view, const char*> modes[] = {
        {"cross", "REGULAR_MARGIN"}, {"isolated", "ISOLATED_MARGIN"}, {"portfolio", "PORTFOLIO_MARGIN"}};
    auto request = account_post("/v5/account/set-margin-mode");
    for (const auto& [unified, venue] : modes)
        if (lower_case(ask.text("marginMode")) == unified) request.body.set("setMarginMode", venue);
    if (request.body.empty()) return refused(ErrorKind::bad_request, "marginMode is cross, isolated or portfolio");
    return only(std::move(request));
}

Requests build_set_position_mode(const Ask& ask) {
    const auto scope = scope_of(ask, false);
    if (!scope) return scope.error();
    if (scope->host == Host::spot) return refused(ErrorKind::bad_request, "spot pairs have no position mode");
    auto request = post_request(*scope, "/v5/position/switch-mode");
    const auto& params = ask.arguments.params();
    if (scope->market == nullptr && !params.contains("coin")) request.body.set("coin", "USDT");
    request.body.set("mode", ask.arguments["hedged"].is_true() ? 3 : 0);
    pass_options(request.body, ask);
    return only(std::move(request));
}

Outcome read_balance(const Answer& answer) {
    const auto& result = answer.body["result"];
    Balances balances{.time = time_of_ms(answer.body["time"])};
    if (result["balance"].is_array()) {  // of the funding account
        for (const auto& coin : result["balance"].items()) {
            const auto& total = coin["walletBalance"].text();
            const auto& free = coin["transferBalance"].text();
            balances.all.push_back({coin["coin"].text(), free, difference(total, free), total, {}});
        }
        return Unified{std::move(balances)};
    }
    if (!result["list"].is_array()) return missing("list of accounts");
    for (const auto& account : result["list"].items())
        for (const auto& coin : account["coin"].items()) balances.all.push_back(balance_of(coin));
    return Unified{std::move(balances)};
}

Outcome read_positions(const Answer& answer) {
    if (!list_in(answer).is_array()) return missing("list of positions");
    const auto wanted = texts_of(answer.ask.arguments["symbols"]);
    std::vector<Position> all;
    for (const auto& row : list_in(answer).items()) {
        auto position = position_of(answer, row);
        if (position.symbol.empty()) return missing("symbol of a position");
        if (is_wanted(wanted, position.symbol)) all.push_back(std::move(position));
    }
    return Unified{std::move(all)};
}

Outcome read_leverage(const Answer& answer) {
    const auto leverage = answer.request.body["buyLeverage"].text();
    return Unified{Leverage{.symbol = answer.ask.text("symbol"),
                            .margin_mode = {},
                            .long_leverage = leverage,
                            .short_leverage = answer.request.body["sellLeverage"].text()}};
}

Outcome read_done(const Answer&) {
    return Unified{Done{}};
}

}  // namespace gateways::bybit
