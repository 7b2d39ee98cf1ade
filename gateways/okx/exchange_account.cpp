#include "gateways/exchange/decimal_text.hpp"
#include "gateways/okx/exchange_calls.hpp"

/// Balances, positions and the modes of an account. Source: OKX API v5, "Trading Account", "Funding Account".
namespace gateways::okx {

using namespace exchange;

namespace {

/// One currency of the trading account. The equity that is free counts where the account has one (margin modes), else
/// the free balance.
Balance balance_of(const Value& detail) {
    const auto& free = detail.first({"availEq", "availBal"});
    const auto& total = detail["availEq"].text().empty() ? detail["cashBal"].text() : detail["eq"].text();
    return {.currency = detail["ccy"].text(),
            .free = free,
            .used = difference(total, free),
            .total = total,
            .debt = unless_zero(absolute(detail["liab"].text()))};
}

Position position_of(const Answer& answer, const Value& row) {
    const auto* market = market_of_id(answer.ask.context, row["instId"].text());
    const auto& size = row["pos"].text();
    const auto& side = row["posSide"].text();
    Position position{.id = row["posId"].text(), .symbol = symbol_in(answer, row)};
    const bool flat = !is_nonzero(size);
    if (side == "long" || side == "short")
        position.side = flat ? "" : side;
    else if (!flat)
        position.side = size.starts_with('-') ? "short" : "long";
    if (!side.empty()) position.hedged = side != "net";
    position.contracts = absolute(size);
    if (market != nullptr) position.contract_size = market->contract_size;
    position.entry_price = unless_zero(row["avgPx"].text());
    position.mark_price = unless_zero(row["markPx"].text());
    position.last_price = unless_zero(row["last"].text());
    position.notional = row["notionalUsd"].text();
    position.leverage = row["lever"].text();
    position.margin_mode = row["mgnMode"].text();
    // isolated positions carry their margin, crossed ones have a requirement
    position.collateral = row["margin"].text();
    position.initial_margin = row.first({"imr", "margin"});
    position.maintenance_margin = row["mmr"].text();
    position.margin_ratio = row["mgnRatio"].text();
    position.unrealized_pnl = row["upl"].text();
    position.realized_pnl = row["realizedPnl"].text();
    position.percentage = product(row["uplRatio"].text(), "100");
    position.liquidation_price = unless_zero(row["liqPx"].text());
    const auto& protection = row["closeOrderAlgo"].at(0);
    position.stop_loss_price = unless_zero(protection["slTriggerPx"].text());
    position.take_profit_price = unless_zero(protection["tpTriggerPx"].text());
    position.time = time_of_ms(row["cTime"]);
    position.last_update_time = time_of_ms(row["uTime"]);
    return position;
}

}  // namespace

Requests build_balance(const Ask& ask) {
    const bool funding = lower_case(ask.param("type").text()).starts_with("fund");
    auto request = get_request(funding ? "/asset/balances" : "/account/balance", true);
    pass_options(request.query, ask);
    return only(std::move(request));
}

Requests build_positions(const Ask& ask) {
    auto request = get_request("/account/positions", true);
    std::string ids;
    for (const auto& symbol : texts_of(ask.arguments["symbols"])) {
        const auto market = market_named(ask.context, symbol);
        if (!market) return market.error();
        ids += (ids.empty() ? "" : ",") + (*market)->id;
    }
    request.query.set_known("instId", ids);
    pass_options(request.query, ask);
    return only(std::move(request));
}

Requests build_set_leverage(const Ask& ask) {
    const auto market = market_named(ask.context, ask.text("symbol"));
    if (!market) return market.error();
    const auto& option = ask.param("marginMode").text();
    const auto mode = lower_case(!option.empty() ? option : std::string{"cross"});
    if (mode != "cross" && mode != "isolated")
        return refused(ErrorKind::bad_request, "marginMode is cross or isolated, not '" + mode + "'");
    const auto leverage = to_amount(ask.text("leverage"), "");
    if (!is_nonzero(leverage)) return refused(ErrorKind::bad_request, "leverage is a number above zero");
    auto body = Value::object();
    body.set("lever", leverage).set("mgnMode", mode).set("instId", (*market)->id);
    pass_options(body, ask);
    return only(post_request("/account/set-leverage", std::move(body)));
}

Requests build_set_margin_mode(const Ask& ask) {
    // The venue knows no margin mode of an instrument: a leverage is set for one of the two, an order names it.
    const auto market = market_named(ask.context, ask.text("symbol"));
    if (!market) return market.error();
    const auto mode = lower_case(ask.text("marginMode"));
    if (mode != "cross" && mode != "isolated")
        return refused(ErrorKind::bad_request, "marginMode is cross or isolated, not '" + mode + "'");
    const auto leverage = to_amount(ask.arguments.params().first({"leverage", "lever"}), "");
    if (!is_nonzero(leverage))
        return refused(ErrorKind::bad_request, "okx sets the margin mode with a leverage: give it in the options");
    auto body = Value::object();
    body.set("lever", leverage).set("mgnMode", mode).set("instId", (*market)->id);
    pass_options(body, ask);
    return only(post_request("/account/set-leverage", std::move(body)));
}

Requests build_set_position_mode(const Ask& ask) {
    auto body = Value::object();
    body.set("posMode", ask.arguments["hedged"].is_true() ? "long_short_mode" : "net_mode");
    return only(post_request("/account/set-position-mode", std::move(body)));
}

Outcome read_balance(const Answer& answer) {
    if (!data_of(answer).is_array()) return missing("balances");
    Balances balances;
    if (answer.request.path == "/api/v5/asset/balances") {
        for (const auto& row : data_of(answer).items())
            balances.all.push_back(
                {row["ccy"].text(), row["availBal"].text(), row["frozenBal"].text(), row["bal"].text(), {}});
        return Unified{std::move(balances)};
    }
    const auto& account = data_of(answer).at(0);
    if (!account["details"].is_array()) return missing("details of the account");
    balances.time = time_of_ms(account["uTime"]);
    for (const auto& detail : account["details"].items()) balances.all.push_back(balance_of(detail));
    return Unified{std::move(balances)};
}

Outcome read_positions(const Answer& answer) {
    if (!data_of(answer).is_array()) return missing("list of positions");
    const auto wanted = texts_of(answer.ask.arguments["symbols"]);
    std::vector<Position> all;
    for (const auto& row : data_of(answer).items()) {
        auto position = position_of(answer, row);
        if (position.symbol.empty()) return missing("instId of a position");
        if (is_wanted(wanted, position.symbol)) all.push_back(std::move(position));
    }
    return Unified{std::move(all)};
}

Outcome read_leverage(const Answer& answer) {
    const auto& row = data_of(answer).at(0);
    if (row["lever"].text().empty()) return refused(ErrorKind::unknown_outcome, "the answer has no leverage");
    const auto& lever = row["lever"].text();
    const auto& side = row["posSide"].text();
    return Unified{Leverage{.symbol = symbol_in(answer, row),
                            .margin_mode = row["mgnMode"].text(),
                            .long_leverage = side == "short" ? "" : lever,
                            .short_leverage = side == "long" ? "" : lever}};
}

Outcome read_done(const Answer&) {
    return Unified{Done{}};
}

}  // namespace gateways::okx
