#include "tools/omega/live/watchdog.hpp"

#include "gateways/orders/client_id.hpp"
#include "tools/omega/live/instruments.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <memory>
#include <thread>
#include <utility>

namespace omega {

using namespace gateways::exchange;

namespace {

constexpr int rounds = 10;  // of questions: a cancel whose answer is lost is seen in the next
constexpr int attempts = 30;
constexpr core::Nanoseconds period = std::chrono::milliseconds{100};

core::Nanoseconds wall() {
    return std::chrono::duration_cast<core::Nanoseconds>(std::chrono::system_clock::now().time_since_epoch());
}

/// Unified symbols tell contracts by what settles them: "BTC/USDT:USDT".
bool is_spot(std::string_view symbol) noexcept {
    return symbol.find(':') == std::string_view::npos;
}

/// To the terminal, if it takes it: whoever read what the engine said may be gone, or have stopped to read.
void say(const std::string& text) noexcept {
    pollfd out{.fd = STDERR_FILENO, .events = POLLOUT, .revents = 0};
    if (::poll(&out, 1, 0) == 1 && (out.revents & POLLOUT) != 0) [[maybe_unused]]
        const auto written = ::write(STDERR_FILENO, text.data(), text.size());
}

bool may_open(const Order& order, std::string_view symbol) {
    if (!gateways::parse_client_id(order.client_order_id) || !order.trigger_price.empty()) return false;
    return is_spot(symbol) ? order.side == "buy" : !order.reduce_only.value_or(false);
}

/// What the process does with the engine's silence: no venue is left out because another one does not answer.
void cancel_everywhere(const std::vector<WatchedVenue>& venues, const core::TlsSettings& tls,
                       core::Nanoseconds silence) {
    Net net{tls};
    std::vector<const WatchedVenue*> left;
    left.reserve(venues.size());
    for (const auto& venue : venues) left.push_back(&venue);
    for (int attempt = 0; attempt < attempts && !left.empty(); ++attempt) {
        if (attempt != 0) std::this_thread::sleep_for(std::chrono::seconds{1});
        std::erase_if(left, [&](const WatchedVenue* venue) {
            const auto cancelled = cancel_entries(net, *venue);
            const auto name = core::name(venue->venue);
            if (cancelled)
                say(fmt::format("omega watchdog: {}: the engine was silent for {} s: {} entries cancelled\n", name,
                                silence / std::chrono::seconds{1}, *cancelled));
            else
                say(fmt::format("omega watchdog: {}: {}: {}\n", name, gateways::exchange::name(cancelled.error().kind),
                                cancelled.error().message));
            return static_cast<bool>(cancelled);
        });
    }
}

std::shared_ptr<std::vector<WatchedVenue>> watched(const LiveSettings& live, RunMode mode, KeyRing& keys) {
    auto all = std::make_shared<std::vector<WatchedVenue>>();  // keys are not copied, functions are
    for (const auto& [name, configured] : live.venues) {
        if (!configured.trade) continue;
        const auto venue = *core::parse_venue(name);
        const bool testnet = mode == RunMode::testnet && configured.rest.empty();
        all->push_back({.venue = venue,
                        .settings = configured,
                        .environment = testnet ? Environment::testnet : Environment::live,
                        .keys = keys.find(venue, configured)});
    }
    return all;
}

}  // namespace

Expected<std::size_t> cancel_entries(Net& net, const WatchedVenue& venue) {
    const auto service = make_service(venue.venue);
    const auto transport = blocking_transport(net, venue.settings.rest);
    std::vector<InstrumentText> wanted;
    for (const auto& text : venue.settings.instruments) wanted.push_back(parse_instrument(text));
    MarketTable markets;
    try {
        markets = fetch_markets(*service, wanted, venue.environment, [&](const auto&) { return transport; });
    } catch (const std::runtime_error&) {
        markets = main_market_table(*service);  // one host of several may be away; to cancel, names are enough
    }
    const auto ask = [&](Call call, std::vector<Value> positional) -> Expected<Unified> {
        const auto arguments = Arguments::bind(call, std::move(positional));
        if (!arguments) return arguments.error();
        return perform(*service, call, *arguments, {.markets = markets, .fresh_id = {}}, &venue.keys, wall,
                       venue.environment, transport);
    };

    std::size_t cancelled = 0;
    ApiError last{.kind = ErrorKind::other, .code = {}, .message = "its entries do not go"};
    for (int round = 0; round < rounds; ++round) {
        std::size_t seen = 0;
        bool whole = true;  // every symbol was answered; one that is not keeps the others from nothing
        for (const auto& one : wanted) {
            std::vector<Value> of_symbol{one.symbol};
            if (venue.venue == core::Venue::bybit) {  // whose page is short unless asked
                of_symbol.emplace_back();
                of_symbol.emplace_back(50);
            }
            const auto answer = ask(Call::fetch_open_orders, std::move(of_symbol));
            if (!answer) {
                last = answer.error();
                whole = false;
                continue;
            }
            const auto* orders = std::get_if<std::vector<Order>>(&*answer);
            if (orders == nullptr) continue;
            for (const auto& order : *orders) {
                if (!may_open(order, one.symbol)) continue;
                ++seen;
                if (const auto gone = ask(Call::cancel_order, {order.id, one.symbol}); gone)
                    ++cancelled;
                else
                    last = gone.error();
            }
        }
        if (seen == 0 && whole) return cancelled;
        if (seen == 0) break;
    }
    return last;
}

EngineWatchdog::EngineWatchdog(const LiveSettings& live, RunMode mode, KeyRing& keys) {
    if (live.watchdog == core::Nanoseconds{}) return;
    process_ =
        gateways::start_watchdog(heartbeat_, live.watchdog, period,
                                 [venues = watched(live, mode, keys), tls = core::TlsSettings{.ca_file = live.ca_file},
                                  silence = live.watchdog] { cancel_everywhere(*venues, tls, silence); });
}

EngineWatchdog::~EngineWatchdog() {
    if (heartbeat_.beats() == 0) leave();  // nothing was ever sent
}

void EngineWatchdog::leave() noexcept {
    heartbeat_.leave();
    if (process_ == 0) return;
    // It looks every tenth of a second; one that is at work already is not waited for.
    for (int i = 0; i < 20 && ::waitpid(process_, nullptr, WNOHANG) == 0; ++i) std::this_thread::sleep_for(period);
    process_ = 0;
}

}  // namespace omega
