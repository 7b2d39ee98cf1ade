#pragma once

#include "core/domain/wide.hpp"
#include "gateways/live/private_link.hpp"
#include "gateways/orders/client_id.hpp"
#include "tools/venue/simulator.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace test {

using core::Market;
using core::Nanoseconds;
using core::Venue;
using gateways::Action;
using gateways::ActionKind;
using gateways::VenueEvent;
using gateways::VenueEventKind;
using gateways::live::LinkCommand;
using gateways::live::LinkTrouble;
using gateways::live::PrivateLink;
using gateways::live::PrivateLinkSettings;
using namespace std::chrono_literals;

/// An account of a venue, as a test names it.
struct AccountCase {
    const char* name;
    Venue venue;
    std::vector<Market> markets;
    bool entry{true};
};
inline const std::vector<AccountCase>& account_cases() {
    static const std::vector<AccountCase> all{
        {"BinanceSpot", Venue::binance, {Market::spot}},
        {"BinanceLinear", Venue::binance, {Market::linear}},
        {"BinanceBoth", Venue::binance, {Market::spot, Market::linear}},
        {"Bitget", Venue::bitget, {Market::spot, Market::linear}},
        {"Bybit", Venue::bybit, {Market::spot, Market::linear}},
        {"Okx", Venue::okx, {Market::spot, Market::linear}},
    };
    return all;
}

inline std::string case_name(const testing::TestParamInfo<AccountCase>& one) {
    return one.param.name;
}
inline void PrintTo(const AccountCase& account, std::ostream* to) {
    *to << account.name;
}

/// A PrivateLink and the simulated venue it is connected to, without sockets: what the one sends the other gets at the
/// next step of the clock. The venue's clock is ahead of ours.
class PrivateWorld {
public:
    static constexpr Nanoseconds ahead = std::chrono::hours{480'000}, step = 10ms;

    explicit PrivateWorld(const AccountCase& account, PrivateLinkSettings settings = {}, const char* secret = nullptr)
        : account_{account},
          table_{instruments_of(account.venue, account.markets)},
          simulator{simulator_settings(account.venue)},
          link{with_setup(std::move(settings), account), account.venue, account.markets, table_, keys(secret)} {
        simulator.feeder().hold(true);
        simulator.deliver_to([this](venue::Simulator::Outgoing&& out) { mail_.push_back(std::move(out)); });
    }

    static gateways::exchange::Credentials keys(const char* secret = nullptr) {
        gateways::exchange::Credentials made;
        made.key = core::Secret{std::string{"omega-sim-key"}};
        made.secret = core::Secret{std::string{secret == nullptr ? "omega-sim-secret" : secret}};
        made.passphrase = core::Secret{std::string{"omega-sim-pass"}};
        return made;
    }
    static core::InstrumentTable instruments_of(Venue venue,
                                                const std::vector<Market>& markets = {Market::spot, Market::linear}) {
        core::InstrumentTable table;
        for (const auto& listing : venue::usual_listings(venue))
            if (std::find(markets.begin(), markets.end(), listing.instrument.market) != markets.end())
                table.add(listing.instrument);
        return table;
    }

    /// Time passes, and everything that is due happens.
    void run(Nanoseconds time, Nanoseconds by = step) {
        for (const auto end = now + time; now < end;) {
            now += by;
            simulator.advance(now + ahead);
            deliver();
            link.time(now, time_known ? now + ahead + skew : Nanoseconds{});
            carry_out();
            take_events();
        }
    }
    bool run_until(const std::function<bool()>& done, Nanoseconds limit) {
        for (const auto end = now + limit; now < end && !done();) run(step);
        return done();
    }
    bool come_up() {
        return run_until([&] { return link.stream_up(); }, 60s);
    }
    void carry_out() {
        while (auto* command = link.next_command()) carry_out(*command);
        take_events();
    }

    [[nodiscard]] std::size_t count(VenueEventKind kind) const {
        return static_cast<std::size_t>(
            std::count_if(events.begin(), events.end(), [&](const VenueEvent& e) { return e.kind == kind; }));
    }
    [[nodiscard]] const VenueEvent* find(VenueEventKind kind, core::OrderId order = {}) const {
        const auto found = std::find_if(events.begin(), events.end(), [&](const VenueEvent& e) {
            return e.kind == kind && (order == core::OrderId{} || e.order == order);
        });
        return found == events.end() ? nullptr : &*found;
    }
    [[nodiscard]] std::uint64_t troubles(LinkTrouble trouble) const { return link.status().counts.of(trouble); }

    // ---- orders
    [[nodiscard]] core::InstrumentId instrument(Market market) const {
        for (const auto& one : table_)
            if (one.market == market) return one.id;  // BTC
        return core::no_instrument;
    }
    [[nodiscard]] const core::InstrumentTable& instruments() const noexcept { return table_; }
    [[nodiscard]] venue::ListingId listing(core::InstrumentId id) const {
        return *simulator_engine().find(table_[id].symbol, table_[id].market);
    }
    [[nodiscard]] core::Price last(core::InstrumentId id) { return simulator.engine().market(listing(id)).last; }
    /// A buy of 0.01 BTC far below the market, so that it rests. The venue's price of 2 decimals, stepped.
    Action resting(Market market) {
        Action made;
        made.kind = ActionKind::place;
        auto& order = made.order;
        order.id = core::OrderId::of(7, ++orders_);
        order.instrument = instrument(market);
        order.venue = account_.venue;
        const auto& rules = table_[order.instrument];
        const auto tick = rules.tick_size.units;
        order.price = core::Price{last(order.instrument).units / 10 * 9 / tick * tick};
        order.quantity = core::Quantity{unit_of(rules) / 100};
        if (account_.venue == Venue::okx && market == Market::linear)
            order.quantity = core::Quantity{unit_of(rules)};  // one contract is 0.01 BTC
        made.timestamp = now + ahead;
        return made;
    }
    Action cancel_of(const Action& placed) {
        auto made = placed;
        made.kind = ActionKind::cancel;
        made.order.type = core::OrderType::cancel;
        made.timestamp = now + ahead;
        return made;
    }
    /// The order as the venue has it, or nullptr.
    [[nodiscard]] const venue::Order* at_venue(core::OrderId id) {
        char text[gateways::client_id_length];
        gateways::write_client_id(text, id);
        return simulator.engine().order(*simulator.engine().account("omega-sim-key"), {text, sizeof text});
    }

    /// A request over HTTP, at once; without an answer nobody knows what became of it.
    gateways::exchange::Expected<gateways::exchange::Response> rest(const gateways::exchange::WireRequest& wire) {
        auto request =
            venue::HttpRequest::make(std::string{gateways::exchange::name(wire.method)}, wire.target, wire.body);
        for (const auto& header : wire.headers) {
            auto name = header.name;
            std::transform(name.begin(), name.end(), name.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
            request.headers.emplace_back(name, header.value);
        }
        const auto reply = simulator.http(request);
        if (reply.drop)
            return gateways::exchange::refused(gateways::exchange::ErrorKind::unknown_outcome, "nobody answers");
        gateways::exchange::Response response{.status = reply.status, .headers = {}, .body = reply.body};
        for (const auto& [name, value] : reply.headers) response.headers.push_back({name, value});
        return response;
    }

    // ---- what a test may bend
    bool time_known = true;
    Nanoseconds skew{};                                 ///< what we believe of the venue's clock is wrong by this
    bool network = true;                                ///< false: nothing can be opened, no request is answered
    std::function<void(std::string&)> bend_request{};   ///< of what we send
    std::function<bool(const std::string&)> swallow{};  ///< true: this message of the venue does not arrive
    std::function<bool(std::size_t, const std::string&)> cut_after{};  ///< true: the socket breaks once it is sent
    std::vector<std::pair<Nanoseconds, std::string>> opens;            ///< what was connected to, and when
    std::vector<std::pair<std::string, std::string>> requests;         ///< method and target

private:
    static std::int64_t unit_of(const core::Instrument& rules) {
        return static_cast<std::int64_t>(core::pow10[static_cast<std::size_t>(rules.quantity_decimals)]);
    }
    static venue::SimulatorSettings simulator_settings(Venue dialect) {
        venue::SimulatorSettings made;
        made.dialect = dialect;
        made.start = ahead;
        made.source.warm_up = 2s;
        made.accounts.front().spot["USDT"] = made.accounts.front().margin["USDT"] = 1'000'000'00000000;
        return made;
    }
    static PrivateLinkSettings with_setup(PrivateLinkSettings settings, const AccountCase& account) {
        settings.setup.base = "http://sim";
        settings.setup.websocket_entry = account.entry;
        settings.setup.bitget_entry = account.entry;
        return settings;
    }

    [[nodiscard]] const venue::Engine& simulator_engine() const {
        return const_cast<PrivateWorld*>(this)->simulator.engine();
    }
    void take_events() {
        auto& from = link.events();
        events.insert(events.end(), from.begin(), from.end());
        from.clear();
    }
    void carry_out(const LinkCommand& command) {
        switch (command.kind) {
            case LinkCommand::Kind::open: {
                const std::string target = command.text.substr(command.text.find("sim") + 3);
                opens.emplace_back(now, target);
                const auto id = network ? simulator.open(venue::HttpRequest::make("GET", target)) : 0;
                if (id == 0) return link.closed(command.socket, now, "refused: 404");
                sockets_[id] = command.socket;
                return link.opened(command.socket, now, now + ahead + skew);
            }
            case LinkCommand::Kind::send: {
                const auto id = connection_of(command.socket);
                if (id == 0) return;
                std::string text = command.text;
                if (bend_request) bend_request(text);
                simulator.message(id, text);
                if (cut_after && cut_after(command.socket, text)) break_socket(id);
                return;
            }
            case LinkCommand::Kind::close:
                if (const auto id = connection_of(command.socket); id != 0) {
                    sockets_.erase(id);
                    simulator.closed(id);
                }
                return;
            case LinkCommand::Kind::request: return ask(command);
        }
    }
    void ask(const LinkCommand& command) {
        const auto& wire = command.request;
        const std::string method{gateways::exchange::name(wire.method)};
        requests.emplace_back(method, wire.target);
        if (!network) {
            return link.answered(
                command.tag, gateways::exchange::refused(gateways::exchange::ErrorKind::network, "no network"), now);
        }
        const auto answer = rest(wire);
        if (answer) link.answered(command.tag, answer, now);  // else it goes on waiting
    }
    [[nodiscard]] venue::ConnectionId connection_of(std::size_t socket) const {
        for (const auto& [id, at] : sockets_)
            if (at == socket) return id;
        return 0;
    }
    void break_socket(venue::ConnectionId id) {
        const auto socket = sockets_.at(id);
        sockets_.erase(id);
        simulator.closed(id);
        std::erase_if(mail_, [&](const auto& letter) { return letter.to == id; });
        link.closed(socket, now, "connection reset");
    }
    void deliver() {
        while (!mail_.empty()) {
            auto letter = std::move(mail_.front());
            mail_.pop_front();
            const auto at = sockets_.find(letter.to);
            if (at == sockets_.end()) continue;
            const auto socket = at->second;
            if (letter.close_code != 0) {
                sockets_.erase(at);
                link.closed(socket, now, letter.text);
                continue;
            }
            if (swallow && swallow(letter.text)) continue;
            const auto size = letter.text.size();
            letter.text.resize(size + 64);
            link.frame(socket, std::string_view{letter.text}.substr(0, size), now);
            carry_out();
        }
    }

    AccountCase account_;
    core::InstrumentTable table_;
    std::deque<venue::Simulator::Outgoing> mail_;
    std::map<venue::ConnectionId, std::size_t> sockets_;
    std::uint64_t orders_{};

public:
    Nanoseconds now{};
    venue::Simulator simulator;
    PrivateLink link;
    std::deque<VenueEvent> events;  ///< all of them, oldest first; references stay
};

}  // namespace test
