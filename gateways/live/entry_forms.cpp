#include "gateways/bitget/private_requests.hpp"
#include "gateways/live/order_entry.hpp"

#include <map>
#include <string>

namespace gateways::live {

namespace {

using core::Instrument;
using core::Market;

struct Prepare {
    const Instrument& instrument;
    const exchange::Credentials& keys;
    const core::Signer& signer;
    const AccountSetup& setup;
    [[nodiscard]] bool spot() const noexcept { return instrument.market == Market::spot; }
};

constexpr bool is_limit(EntryKind kind) noexcept {
    return kind <= EntryKind::post_only;
}

/// A JSON text: symbols are ASCII or UTF-8, and hold neither quotes nor control characters (venues' grammars).
std::string member(std::string_view name, const std::string& value) {
    return "\"" + std::string{name} + "\":\"" + value + '"';
}

// ---- Binance: the parameters in the order of their names are what is signed, and what is sent

using Parameters = std::map<std::string, std::string>;

EntryForm binance_form(const Prepare& prepare, std::string_view method, Parameters parameters, bool may_reduce) {
    parameters["apiKey"] = std::string{prepare.keys.key.reveal()};
    parameters["recvWindow"] = "5000";
    parameters["timestamp"] = mark(Blank::time);
    if (may_reduce) parameters["reduceOnly"] = "";
    std::string payload, sent;
    for (const auto& [name, value] : parameters) {
        if (name == "reduceOnly") {  // never the first
            payload += mark(Blank::reduce_signed);
            sent += mark(Blank::reduce);
            continue;
        }
        if (!payload.empty()) payload += '&', sent += ',';
        payload.append(name).append(1, '=').append(value);
        const bool number = name == "timestamp" || name == "recvWindow";
        if (number)
            sent.append(1, '"').append(name).append("\":").append(value);
        else
            sent += member(name, value);
    }
    EntryForm form;
    form.message =
        MessageTemplate{"{" + member("id", mark(Blank::request)) + "," + member("method", std::string{method}) +
                        R"(,"params":{)" + sent + "," + member("signature", mark(Blank::signature)) + "}}"};
    form.payload = MessageTemplate{payload};
    form.started = form.payload.head().size() / 64 * 64;
    form.start = prepare.signer.start(form.payload.head().substr(0, form.started));
    form.reduce = R"(,"reduceOnly":"true")";
    form.reduce_signed = "&reduceOnly=true";
    return form;
}

EntryForm binance_order(const Prepare& prepare, bool buys, EntryKind kind) {
    static constexpr std::array<const char*, 4> forces{"GTC", "IOC", "FOK", "GTX"};
    Parameters wanted{
        {"symbol", prepare.instrument.symbol}, {"side", buys ? "BUY" : "SELL"}, {"quantity", mark(Blank::quantity)}};
    if (kind == EntryKind::stop && !prepare.spot()) {
        wanted.insert({{"algoType", "CONDITIONAL"},
                       {"type", "STOP_MARKET"},
                       {"workingType", "CONTRACT_PRICE"},
                       {"triggerPrice", mark(Blank::trigger)},
                       {"clientAlgoId", mark(Blank::client)}});
        return binance_form(prepare, "algoOrder.place", std::move(wanted), true);
    }
    wanted.insert({{"newClientOrderId", mark(Blank::client)}, {"newOrderRespType", "ACK"}});
    if (is_limit(kind)) {
        wanted["price"] = mark(Blank::price);
        const bool maker = kind == EntryKind::post_only && prepare.spot();
        wanted["type"] = maker ? "LIMIT_MAKER" : "LIMIT";
        if (!maker) wanted["timeInForce"] = forces[static_cast<std::size_t>(kind)];
    } else if (kind == EntryKind::market) {
        wanted["type"] = "MARKET";
    } else {
        wanted["type"] = "STOP_LOSS";
        wanted["stopPrice"] = mark(Blank::trigger);
    }
    return binance_form(prepare, "order.place", std::move(wanted), !prepare.spot());
}

EntryForm binance_cancel(const Prepare& prepare, bool stop) {
    const bool algo = stop && !prepare.spot();
    return binance_form(
        prepare, algo ? "algoOrder.cancel" : "order.cancel",
        {{"symbol", prepare.instrument.symbol}, {algo ? "clientAlgoId" : "origClientOrderId", mark(Blank::client)}},
        false);
}

// ---- Bybit

EntryForm bybit_form(std::string_view op, const std::string& body) {
    EntryForm form;
    form.message = MessageTemplate{"{" + member("reqId", mark(Blank::request)) + R"(,"header":{)" +
                                   member("X-BAPI-TIMESTAMP", mark(Blank::time)) + R"(,"X-BAPI-RECV-WINDOW":"5000"},)" +
                                   member("op", std::string{op}) + R"(,"args":[{)" + body + "}]}"};
    form.reduce = R"(,"reduceOnly":true)";
    return form;
}

std::string bybit_named(const Prepare& prepare) {
    return member("category", std::string{core::name(prepare.instrument.market)}) + "," +
           member("symbol", prepare.instrument.symbol) + "," + member("orderLinkId", mark(Blank::client));
}

EntryForm bybit_order(const Prepare& prepare, bool buys, EntryKind kind) {
    static constexpr std::array<const char*, 4> forces{"GTC", "IOC", "FOK", "PostOnly"};
    auto body = bybit_named(prepare) + "," + member("side", buys ? "Buy" : "Sell") + "," +
                member("orderType", is_limit(kind) ? "Limit" : "Market") + "," + member("qty", mark(Blank::quantity));
    if (is_limit(kind))
        body += "," + member("price", mark(Blank::price)) + "," +
                member("timeInForce", forces[static_cast<std::size_t>(kind)]);
    else if (prepare.spot())
        body += R"(,"marketUnit":"baseCoin")";  // otherwise a buy counts money
    if (kind == EntryKind::stop) {
        body += "," + member("triggerPrice", mark(Blank::trigger));
        // A stop to buy waits for the price to rise, one to sell for it to fall.
        body += prepare.spot() ? R"(,"orderFilter":"StopOrder")"
                : buys         ? R"(,"triggerDirection":1,"triggerBy":"LastPrice")"
                               : R"(,"triggerDirection":2,"triggerBy":"LastPrice")";
    }
    if (!prepare.spot()) body += mark(Blank::reduce);
    return bybit_form("order.create", body);
}

EntryForm bybit_cancel(const Prepare& prepare, bool stop) {
    return bybit_form("order.cancel",
                      bybit_named(prepare) + (stop && prepare.spot() ? R"(,"orderFilter":"StopOrder")" : ""));
}

// ---- OKX: nothing is signed; `expTime` keeps the venue from carrying out what was stuck on the way

EntryForm okx_form(std::string_view op, const std::string& body, bool dated) {
    EntryForm form;
    form.message = MessageTemplate{"{" + member("id", mark(Blank::request)) + "," + member("op", std::string{op}) +
                                   (dated ? "," + member("expTime", mark(Blank::deadline)) : std::string{}) +
                                   R"(,"args":[{)" + body + "}]}"};
    form.reduce = R"(,"reduceOnly":true)";
    return form;
}

std::string okx_named(const Prepare& prepare) {
    return member("instId", prepare.instrument.symbol) + "," + member("clOrdId", mark(Blank::client));
}

EntryForm okx_order(const Prepare& prepare, bool buys, EntryKind kind) {
    if (kind == EntryKind::stop) return {};
    static constexpr std::array<const char*, 5> types{"limit", "ioc", "fok", "post_only", "market"};
    const char* const mode = prepare.spot() ? "cash" : prepare.setup.isolated_margin ? "isolated" : "cross";
    auto body = okx_named(prepare) + "," + member("tdMode", mode) + "," + member("side", buys ? "buy" : "sell") + "," +
                member("ordType", types[static_cast<std::size_t>(kind)]) + "," + member("sz", mark(Blank::quantity));
    if (is_limit(kind)) body += "," + member("px", mark(Blank::price));
    if (kind == EntryKind::market && prepare.spot()) body += R"(,"tgtCcy":"base_ccy")";
    if (!prepare.spot()) body += mark(Blank::reduce);
    return okx_form("order", body, true);
}

// ---- Bitget

EntryForm bitget_form(const Prepare& prepare, std::string_view channel, const std::string& params) {
    EntryForm form;
    form.message = MessageTemplate{R"({"op":"trade","args":[{)" + member("id", mark(Blank::request)) + "," +
                                   member("instType", std::string{bitget::product_of(prepare.instrument)}) + "," +
                                   member("instId", prepare.instrument.symbol) + "," +
                                   member("channel", std::string{channel}) + R"(,"params":{)" + params + "}}]}"};
    form.reduce = R"(,"reduceOnly":"YES")";
    return form;
}

EntryForm bitget_order(const Prepare& prepare, bool buys, EntryKind kind) {
    if (kind == EntryKind::stop) return {};
    if (kind == EntryKind::market && prepare.spot() && buys) return {};
    static constexpr std::array<const char*, 4> forces{"gtc", "ioc", "fok", "post_only"};
    auto params = member("orderType", is_limit(kind) ? "limit" : "market") + "," +
                  member("side", buys ? "buy" : "sell") + "," + member("size", mark(Blank::quantity)) + "," +
                  member("force", is_limit(kind) ? forces[static_cast<std::size_t>(kind)] : "gtc") + "," +
                  member("clientOid", mark(Blank::client));
    if (is_limit(kind)) params += "," + member("price", mark(Blank::price));
    if (!prepare.spot())
        params += "," + member("marginCoin", bitget::margin_coin_of(prepare.instrument)) + "," +
                  member("marginMode", prepare.setup.isolated_margin ? "isolated" : "crossed") + mark(Blank::reduce);
    return bitget_form(prepare, "place-order", params);
}

}  // namespace

EntryForms entry_forms(const Instrument& instrument, const exchange::Credentials& keys, const core::Signer& signer,
                       const AccountSetup& setup) {
    const Prepare prepare{instrument, keys, signer, setup};
    EntryForms forms;
    for (std::size_t side = 0; side < 2; ++side)
        for (std::size_t i = 0; i < entry_kind_count; ++i) {
            const bool buys = static_cast<core::Side>(side) == core::Side::buy;
            const auto kind = static_cast<EntryKind>(i);
            auto& form = forms.orders[side][i];
            switch (instrument.venue) {
                case core::Venue::binance: form = binance_order(prepare, buys, kind); break;
                case core::Venue::bitget: form = bitget_order(prepare, buys, kind); break;
                case core::Venue::bybit: form = bybit_order(prepare, buys, kind); break;
                case core::Venue::okx: form = okx_order(prepare, buys, kind); break;
                case core::Venue::coinbase:
                case core::Venue::kraken:
                case core::Venue::omega: break;
            }
        }
    switch (instrument.venue) {
        case core::Venue::binance:
            forms.cancel = binance_cancel(prepare, false);
            forms.cancel_stop = binance_cancel(prepare, true);
            break;
        case core::Venue::bitget:
            forms.cancel = bitget_form(prepare, "cancel-order", member("clientOid", mark(Blank::client)));
            break;
        case core::Venue::bybit:
            forms.cancel = bybit_cancel(prepare, false);
            forms.cancel_stop = bybit_cancel(prepare, true);
            break;
        case core::Venue::okx: forms.cancel = okx_form("cancel-order", okx_named(prepare), false); break;
        case core::Venue::coinbase:
        case core::Venue::kraken:
        case core::Venue::omega: break;
    }
    return forms;
}

}  // namespace gateways::live
