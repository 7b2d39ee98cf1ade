// The /sim/ paths: what tests do to the venue while it runs. Only for clients of the same machine.
#include "tools/venue/dialect/json_text.hpp"
#include "tools/venue/dialect/text.hpp"
#include "tools/venue/simulator.hpp"

#include <nlohmann/json.hpp>

#include <exception>
#include <stdexcept>

namespace venue {

namespace {

using Json = nlohmann::ordered_json;

struct Wrong : std::invalid_argument {
    using std::invalid_argument::invalid_argument;
};

std::string text_of(const Json& body, const char* key) {
    if (!body.contains(key)) throw Wrong{std::string{key} + ": missing"};
    const auto& value = body[key];
    return value.is_string() ? value.get<std::string>() : value.dump();
}

ListingId listing_of(const Engine& engine, const Json& body) {
    const auto symbol = text_of(body, "symbol");
    std::optional<core::Market> kind;
    if (body.contains("market")) {
        kind = core::parse_market(text_of(body, "market"));
        if (!kind) throw Wrong{"market: expected spot, linear or inverse"};
    }
    const auto found = engine.find(symbol, kind);
    if (!found) throw Wrong{"symbol: " + symbol + " is not listed"};
    return *found;
}

std::int64_t decimal(const Json& body, const char* key, int decimals) {
    const auto text = text_of(body, key);
    const auto units = core::parse_decimal(text, decimals);
    if (!units) throw Wrong{std::string{key} + ": " + text + ": " + std::string{core::name(units.error())}};
    return *units;
}

core::Side side_of(const Json& body) {
    const auto side = text_of(body, "side");
    if (side != "buy" && side != "sell") throw Wrong{"side: expected buy or sell"};
    return side == "buy" ? core::Side::buy : core::Side::sell;
}

Account& account_of(Simulator& simulator, const Json& body) {
    if (!body.contains("key")) return simulator.engine().account(AccountId{1});
    auto* found = simulator.engine().account(text_of(body, "key"));
    if (found == nullptr) throw Wrong{"key: no such account"};
    return *found;
}

/// What faults have done since the start: how often each kind struck. Kinds that never did are left out.
Json struck_by(const Faults& faults) {
    Json made = Json::object();
    for (std::size_t i = 0; i < fault_kind_count; ++i)
        if (const auto kind = static_cast<FaultKind>(i); faults.struck(kind) != 0)
            made[std::string{name(kind)}] = faults.struck(kind);
    return made;
}

Json faults_of(const Faults& faults) {
    Json active = Json::array();
    for (const auto& one : faults.standing()) {
        active.push_back({{"kind", name(one.kind)}, {"struck", one.struck}});
        if (one.left >= 0) active.back()["left"] = one.left;
    }
    return {{"faults", faults.size()}, {"active", std::move(active)}, {"struck", struck_by(faults)}};
}

/// What the account's owner should find in its own books.
Json account_json(Simulator& simulator, const Account& account) {
    auto& engine = simulator.engine();
    Json balances = Json::object(), margin = Json::object(), positions = Json::array();
    for (const auto& [asset, balance] : account.wallet) balances[asset] = fixed(balance.total(), 8);
    for (const auto& [asset, balance] : account.margin_wallet) margin[asset] = fixed(balance.total(), 8);
    for (const auto& [where, position] : account.positions)
        if (!position.held.flat())
            positions.push_back(
                {{"symbol", engine.market(where.first).rules.instrument.symbol},
                 {"quantity", quantity_text(engine.market(where.first).rules, position.held.quantity())}});
    return {{"orders", engine.orders(account.id).size()},
            {"open", account.open.size()},
            {"fills", account.fills.size()},
            {"balances", std::move(balances)},
            {"margin", std::move(margin)},
            {"positions", std::move(positions)}};
}

Json state_of(Simulator& simulator) {
    Json all = Json::array();
    auto& engine = simulator.engine();
    for (ListingId id = 0; id < engine.listings(); ++id) {
        const auto& state = engine.market(id);
        const auto& i = state.rules.instrument;
        all.push_back({{"symbol", i.symbol},
                       {"market", core::name(i.market)},
                       {"bid", price_text(state.rules, state.book.best(core::Side::buy))},
                       {"ask", price_text(state.rules, state.book.best(core::Side::sell))},
                       {"last", price_text(state.rules, state.last)},
                       {"update_id", state.update_id}});
    }
    return {{"time", milliseconds(engine.now())},
            {"held", simulator.feeder().held()},
            {"connections", simulator.connections()},
            {"worn_out", simulator.worn_out()},
            {"faults", simulator.faults().size()},
            {"struck", struck_by(simulator.faults())},
            {"listings", std::move(all)}};
}

Json act(Simulator& simulator, const HttpRequest& request) {
    auto& engine = simulator.engine();
    if (request.path == "/sim/state") return state_of(simulator);
    if (request.path == "/sim/faults") {
        if (request.method == "DELETE")
            simulator.faults().clear();
        else if (request.method != "GET")
            for (const auto& spec : parse_faults(request.body)) simulator.add_fault(spec);
        return faults_of(simulator.faults());
    }
    const auto body = request.body.empty() ? Json::object() : read_json(request.body);
    if (!body.is_object()) throw Wrong{"body: expected a JSON object"};
    if (request.path == "/sim/account") return account_json(simulator, account_of(simulator, body));
    if (request.path == "/sim/hold") {
        const bool held = !body.contains("held") || body["held"] != false;
        simulator.feeder().hold(held);
        return {{"held", held}};
    }
    if (request.path == "/sim/trade") {
        const auto id = listing_of(engine, body);
        const auto& i = engine.market(id).rules.instrument;
        const core::Quantity quantity{body.contains("quantity") ? decimal(body, "quantity", i.quantity_decimals)
                                                                : i.min_quantity.units};
        engine.move_market(id, core::Price{decimal(body, "price", i.price_decimals)}, quantity);
        return {{"last", price_text(engine.market(id).rules, engine.market(id).last)}};
    }
    if (request.path == "/sim/order") {
        const auto id = listing_of(engine, body);
        const auto& i = engine.market(id).rules.instrument;
        const core::Price price{body.contains("price") ? decimal(body, "price", i.price_decimals) : 0};
        engine.outside_order(id, side_of(body), price, core::Quantity{decimal(body, "quantity", i.quantity_decimals)});
        return state_of(simulator);
    }
    if (request.path == "/sim/liquidate") {
        const auto id = listing_of(engine, body);
        engine.liquidate(account_of(simulator, body).id, id);
        return Json::object();
    }
    if (request.path == "/sim/manual") {
        // An order on the account that did not come from its client: another program, or a human.
        NewOrder wanted;
        wanted.listing = listing_of(engine, body);
        const auto& i = engine.market(wanted.listing).rules.instrument;
        wanted.side = side_of(body);
        wanted.quantity = core::Quantity{decimal(body, "quantity", i.quantity_decimals)};
        wanted.kind = body.contains("price") ? OrderKind::limit : OrderKind::market;
        if (body.contains("price")) wanted.price = core::Price{decimal(body, "price", i.price_decimals)};
        const auto made = engine.submit(account_of(simulator, body).id, wanted);
        if (!made) throw Wrong{"refused: " + std::string{name(made.error())}};
        return {{"order", (*made)->number}};
    }
    if (request.path == "/sim/deposit") {
        const bool margin = body.contains("wallet") && body["wallet"] == "margin";
        engine.deposit(account_of(simulator, body).id, text_of(body, "asset"), decimal(body, "amount", 8), margin);
        return Json::object();
    }
    if (request.path == "/sim/funding") {
        const auto id = listing_of(engine, body);
        engine.set_funding(id, Rate{decimal(body, "rate", Rate::decimals)});
        return Json::object();
    }
    if (request.path == "/sim/clock") {
        simulator.jump(parse_span(text_of(body, "ahead")));
        return {{"time", milliseconds(engine.now())}};
    }
    throw Wrong{request.path +
                ": expected /sim/state, account, hold, trade, order, manual, liquidate, deposit, funding, "
                "clock or faults"};
}

}  // namespace

HttpReply control(Simulator& simulator, const HttpRequest& request) {
    HttpReply reply;
    try {
        reply.body = act(simulator, request).dump();
    } catch (const std::exception& error) {
        reply.status = 400;
        reply.body = Json{{"error", error.what()}}.dump();
    }
    return reply;
}

}  // namespace venue
