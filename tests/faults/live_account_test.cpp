// The account that ships with real sockets: over TLS against the served simulator. What can go wrong on the way is
// tested in virtual time; this is the way itself, its cold thread, and the end.
#include "gateways/live/venue_limits.hpp"
#include "tests/faults/account_world.hpp"
#include "tests/faults/market_world.hpp"
#include "tests/faults/served.hpp"

#include <functional>

using namespace gateways;
using namespace std::chrono_literals;
using core::Side;
using test::Served;

namespace live_account {
namespace {

core::RateLedger budget_of(core::Venue venue) {
    constexpr core::Market market = core::Market::linear;
    auto made = core::RateLedger::anonymous(live::rate_rules(venue, {&market, 1}));
    return std::move(*made);
}

/// One process: what it stands on, and the account on it.
struct Process {
    core::Venue venue;
    core::TlsContext tls;
    core::Resolver resolver{};
    core::NetThread thread{};
    core::HttpClient http{thread, tls, resolver};
    core::Clock clock{1ms};
    core::InstrumentTable table{};
    core::InstrumentId id{};
    std::unique_ptr<OrderLedger> ledger{};
    core::RateLedger budget;
    std::unique_ptr<live::Account> account{};
    std::uint64_t orders{};
    std::uint32_t epoch{};

    Process(const Served& served, core::Venue of, const test::OwnFolder& folder, bool websocket, std::uint32_t life)
        : venue{of}, tls{{.ca_file = served.ca, .system_authorities = false}}, budget{budget_of(of)}, epoch{life} {
        id = table.add(test::bitcoin(venue, core::Market::linear));
        live::AccountSettings settings;
        settings.venue = venue;
        settings.markets = {core::Market::linear};
        settings.base = "https://" + served.server.address();
        settings.gateway = live::gateway_settings(venue);
        settings.gateway.epoch = epoch;
        settings.link.setup.websocket_entry = settings.link.setup.bitget_entry = websocket;
        ledger = std::make_unique<OrderLedger>(settings.gateway.ledger, table);
        EXPECT_TRUE(ledger->open(folder / "ledger"));
        const exchange::Credentials keys{core::Secret{std::string{"omega-sim-key"}},
                                         core::Secret{std::string{"omega-sim-secret"}},
                                         core::Secret{std::string{"omega-sim-pass"}}};
        account = std::make_unique<live::Account>(live::AccountNet{thread, tls, resolver, http}, settings, table, keys,
                                                  *ledger, budget);
        account->open();
        EXPECT_TRUE(until([&] {
            if (account->block(id) != Block::none) return false;
            const auto link = account->link();
            return link.stream_up && (link.entry_up || !websocket);
        })) << account->link().trouble;
    }
    bool until(const std::function<bool()>& enough) {
        const auto give_up = std::chrono::steady_clock::now() + 20s;
        while (!enough() && std::chrono::steady_clock::now() < give_up) (void)account->poll(clock);
        return enough();
    }
    /// Sends a limit order to buy, once our clock is trusted enough.
    core::OrderId buy(const char* price, std::int64_t least) {
        core::OrderId sent{};
        EXPECT_TRUE(until([&] {
            if (ledger->find(sent) != nullptr) return true;
            const auto order = limit(price, least);
            account->submit(order, clock.now());
            sent = order.id;
            return ledger->find(sent) != nullptr;
        }));
        return sent;
    }
    core::Order limit(const char* price, std::int64_t least) {
        core::Order order;
        order.id = core::OrderId::of(epoch, ++orders);
        order.instrument = id;
        order.venue = venue;
        order.price = core::Price{*core::parse_decimal(price, table[id].price_decimals)};
        order.quantity = core::Quantity{least * table[id].min_quantity.units};
        order.time = clock.now();
        return order;
    }
    [[nodiscard]] OrderState state(core::OrderId order) const {
        const auto* known = ledger->find(order);
        return known != nullptr ? known->state() : OrderState::rejected;
    }
};

std::size_t orders_at(Served& venue) {
    std::size_t count = 0;
    venue.server.with([&](venue::Simulator& inside) { count = inside.engine().account(1).open.size(); });
    return count;
}

}  // namespace

TEST(AccountOverTls, SendsOrdersBySocketHearsOfThemAndEndsThemInOrder) {
    for (const auto dialect : test::account_dialects) {
        SCOPED_TRACE(core::name(dialect));
        Served venue{dialect};
        const test::OwnFolder folder;
        Process process{venue, dialect, folder, true, 1};
        const auto order = process.buy("30000", 10);
        ASSERT_TRUE(process.until([&] { return process.state(order) == OrderState::working; }));
        EXPECT_EQ(process.account->counts().by_socket, 1u);
        EXPECT_EQ(process.account->counts().by_rest, 0u);

        process.account->stop(process.clock.now(), 10s);
        ASSERT_TRUE(process.until([&] { return process.account->stopped(); }));
        EXPECT_EQ(process.state(order), OrderState::cancelled);
        EXPECT_EQ(orders_at(venue), 0u);
    }
}

TEST(AccountOverTls, MayEndWhileItsQuestionsAreUnderWayAndTheNextOneKnowsTheOrder) {
    Served venue{core::Venue::okx};
    const test::OwnFolder folder;
    core::OrderId sent{};
    {
        Process process{venue, core::Venue::okx, folder, false, 1};
        sent = process.buy("30000", 10);
        process.account.reset();  // the request is on its way; the cold thread lives on and brings the answer to nobody
        const auto ask = [&] {
            return process.http.ask(core::parse_url("https://" + venue.server.address())->to,
                                    {.target = "/api/v5/public/time"});
        };
        const auto give_up = std::chrono::steady_clock::now() + 20s;
        while (orders_at(venue) == 0 && std::chrono::steady_clock::now() < give_up) {
            ASSERT_TRUE(ask());
        }
        ASSERT_EQ(orders_at(venue), 1u);
        ASSERT_TRUE(ask());
        process.ledger.reset();
    }
    Process next{venue, core::Venue::okx, folder, false, 2};
    EXPECT_TRUE(next.until([&] { return next.state(sent) == OrderState::working; }));
    EXPECT_EQ(orders_at(venue), 1u);
}

}  // namespace live_account
