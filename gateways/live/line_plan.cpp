#include "gateways/live/line_plan.hpp"

#include "gateways/binance/private_requests.hpp"
#include "gateways/binance/private_stream.hpp"
#include "gateways/bitget/private_requests.hpp"
#include "gateways/bitget/private_stream.hpp"
#include "gateways/bybit/private_stream.hpp"
#include "gateways/okx/private_stream.hpp"
#include "gateways/streams/request_id.hpp"

#include <algorithm>
#include <stdexcept>

namespace gateways::live {

namespace {

using namespace std::chrono_literals;
using core::Market;
using core::Venue;
using exchange::Environment;
using Plans = std::vector<LinePlan>;

constexpr core::Nanoseconds bybit_login_lives = 10s;

struct Ask {
    Venue venue;
    const std::vector<Market>& markets;
    const core::InstrumentTable& instruments;
    const AccountSetup& setup;

    [[nodiscard]] bool live() const noexcept { return setup.environment == Environment::live; }
    [[nodiscard]] bool wants(Market market) const noexcept {
        return std::find(markets.begin(), markets.end(), market) != markets.end();
    }
    /// The origin of a socket: the venue's, or that of `base`.
    [[nodiscard]] std::string socket(std::string_view live_host, std::string_view test_host) const {
        const auto& base = setup.base;
        if (base.empty()) return std::string{live() ? live_host : test_host};
        return (base.starts_with("https://") ? "wss://" : "ws://") + base.substr(base.find("://") + 3);
    }
    [[nodiscard]] LinePlan plan(std::string name) const {
        LinePlan made;
        made.name = std::move(name);
        made.venue = venue;
        return made;
    }
    [[nodiscard]] std::vector<Market> entry() const { return setup.websocket_entry ? markets : std::vector<Market>{}; }
};

[[noreturn]] void none(const Ask& ask, const std::string& what) {
    throw std::invalid_argument{std::string{core::name(ask.venue)} + " has no private sockets for " + what +
                                " here (expected binance spot or linear, bitget, bybit, okx)"};
}

/// Spot brings events and takes orders on one socket of its WebSocket API; USD-M has them apart.
void plan_binance(const Ask& ask, Plans& plans) {
    if (ask.wants(Market::inverse)) none(ask, "inverse contracts");
    if (ask.wants(Market::spot)) {
        auto plan = ask.plan("binance spot");
        plan.url = ask.socket("wss://ws-api.binance.com:443", "wss://ws-api.testnet.binance.vision") + "/ws-api/v3";
        plan.market = Market::spot;
        plan.stream = true;
        if (ask.setup.websocket_entry) plan.entry = {Market::spot};
        plan.signed_subscription = true;
        plan.answers = 1;
        plan.ping = binance::spot_ping_request();
        plan.ping_every = 30s;
        plan.lifetime = 24h;
        plans.push_back(std::move(plan));
    }
    if (!ask.wants(Market::linear)) return;
    auto events = ask.plan("binance linear events");
    events.url = ask.socket("wss://fstream.binance.com", "wss://fstream.binancefuture.com") + "/private/ws?listenKey=";
    events.rest = !ask.setup.base.empty() ? ask.setup.base
                  : ask.live()            ? "https://fapi.binance.com"
                                          : "https://testnet.binancefuture.com";
    events.market = Market::linear;
    events.login = Login::listen_key;
    events.stream = true;
    events.subscription = binance::list_request(streams::subscribe_request_id);
    events.answers = 1;
    events.ping = binance::list_request(streams::ping_request_id);
    events.ping_every = 30s;
    events.lifetime = 24h;
    plans.push_back(std::move(events));
    if (!ask.setup.websocket_entry) return;
    auto orders = ask.plan("binance linear orders");
    orders.url = ask.socket("wss://ws-fapi.binance.com", "wss://testnet.binancefuture.com") + "/ws-fapi/v1";
    orders.market = Market::linear;
    orders.entry = {Market::linear};
    orders.ping = binance::futures_ping_request();
    orders.ping_every = 30s;
    orders.lifetime = 24h;
    plans.push_back(std::move(orders));
}

void plan_bitget(const Ask& ask, Plans& plans) {
    std::vector<std::string_view> products;
    const auto add = [&](std::string_view product) {
        if (std::find(products.begin(), products.end(), product) == products.end()) products.push_back(product);
    };
    for (const auto& instrument : ask.instruments)
        if (instrument.venue == Venue::bitget && ask.wants(instrument.market)) add(bitget::product_of(instrument));
    if (products.empty()) none(ask, "an account without instruments");
    auto plan = ask.plan("bitget private");
    plan.url = ask.socket("wss://ws.bitget.com", "wss://wspap.bitget.com") + "/v2/ws/private";
    plan.login = Login::bitget;
    plan.stream = true;
    if (ask.setup.bitget_entry) plan.entry = ask.entry();
    plan.subscription = bitget::subscribe_request(products);
    plan.answers = bitget::subscribed_channels(products);
    plan.ping = bitget::ping_request();
    plan.ping_every = 25s;
    plan.most_orders = 8;  // ten messages a second, of which pings and subscriptions want some
    plan.lifetime = 24h;
    plans.push_back(std::move(plan));
}

void plan_bybit(const Ask& ask, Plans& plans) {
    const bool demo = !ask.live() && ask.setup.bybit_demo;
    const auto host =
        ask.socket("wss://stream.bybit.com", demo ? "wss://stream-demo.bybit.com" : "wss://stream-testnet.bybit.com");
    auto plan = ask.plan("bybit private");
    plan.url = host + "/v5/private";
    plan.login = Login::bybit;
    plan.stream = true;
    plan.subscription = bybit::subscribe_request();
    if (ask.setup.bybit_disconnect_cancel) {
        std::string topics;
        if (ask.wants(Market::spot)) topics += R"(,"dcp.spot")";
        if (ask.wants(Market::linear) || ask.wants(Market::inverse)) topics += R"(,"dcp.future")";
        plan.subscription.insert(plan.subscription.rfind(']'), topics);
    }
    plan.answers = 1;
    plan.ping = bybit::ping_request();
    plan.ping_every = 20s;
    plans.push_back(plan);
    if (demo || !ask.setup.websocket_entry) return;
    plan.name = "bybit trade";
    plan.url = host + "/v5/trade";
    plan.stream = false;
    plan.entry = ask.markets;
    plan.subscription.clear();
    plan.answers = 0;
    plans.push_back(std::move(plan));
}

void plan_okx(const Ask& ask, Plans& plans) {
    const auto host = ask.socket("wss://ws.okx.com:8443", "wss://wspap.okx.com:8443");
    auto plan = ask.plan("okx private");
    plan.url = host + "/ws/v5/private";
    plan.login = Login::okx;
    plan.stream = true;
    plan.entry = ask.entry();
    plan.subscription = okx::subscribe_request();
    plan.answers = 3;
    plan.ping = okx::ping_request();
    plan.ping_every = 20s;
    plans.push_back(plan);
    plan.name = "okx business";
    plan.url = host + "/ws/v5/business";
    plan.entry.clear();
    plan.subscription = okx::subscribe_algo_request();
    plan.answers = 1;
    plans.push_back(std::move(plan));
}

}  // namespace

Plans plan_lines(Venue venue, const std::vector<Market>& markets, const core::InstrumentTable& instruments,
                 const AccountSetup& setup) {
    const Ask ask{venue, markets, instruments, setup};
    if (markets.empty()) none(ask, "no market");
    Plans plans;
    switch (venue) {
        case Venue::binance: plan_binance(ask, plans); break;
        case Venue::bitget: plan_bitget(ask, plans); break;
        case Venue::bybit: plan_bybit(ask, plans); break;
        case Venue::okx: plan_okx(ask, plans); break;
        case Venue::coinbase:
        case Venue::kraken:
        case Venue::omega: none(ask, "this engine");
    }
    return plans;
}

std::string login_message(const LinePlan& plan, const exchange::Credentials& keys, core::Nanoseconds time) {
    switch (plan.login) {
        case Login::none:
        case Login::listen_key: return {};
        case Login::bitget: return bitget::login_request(keys.key, keys.secret, keys.passphrase, time);
        case Login::bybit: return bybit::login_request(keys.key, keys.secret, time + bybit_login_lives);
        case Login::okx: return okx::login_request(keys.key, keys.secret, keys.passphrase, time);
    }
    return {};
}

std::string subscribe_message(const LinePlan& plan, const exchange::Credentials& keys, core::Nanoseconds time) {
    return plan.signed_subscription ? binance::subscribe_request(keys.key, keys.secret, time) : plan.subscription;
}

exchange::WireRequest listen_key_request(const LinePlan& plan, exchange::Method method,
                                         const exchange::Credentials& keys) {
    exchange::WireRequest request;
    request.method = method;
    request.base = plan.rest;
    request.target = "/fapi/v1/listenKey";
    request.headers.push_back({"X-MBX-APIKEY", std::string{keys.key.reveal()}, true});
    return request;
}

std::unique_ptr<streams::PrivateReader> make_reader(const LinePlan& plan, const core::InstrumentTable& instruments) {
    switch (plan.venue) {
        case Venue::binance: return std::make_unique<binance::PrivateStream>(instruments, plan.market);
        case Venue::bitget: return std::make_unique<bitget::PrivateStream>(instruments);
        case Venue::bybit: return std::make_unique<bybit::PrivateStream>(instruments);
        case Venue::okx: return std::make_unique<okx::PrivateStream>(instruments);
        case Venue::coinbase:
        case Venue::kraken:
        case Venue::omega: break;
    }
    return nullptr;
}

}  // namespace gateways::live
