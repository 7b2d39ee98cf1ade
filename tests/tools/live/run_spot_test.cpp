// omega run on spot accounts of all four venues at once: a bot's entries, their stops, a target, an exit, the end.
#include "tools/omega/run.hpp"

#include "tests/tools/session.hpp"
#include "tools/venue/server/server.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cctype>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace {

using core::Nanoseconds;
using core::Price;
using core::Quantity;
using core::Side;
using core::Venue;
using std::chrono::milliseconds;
using std::chrono::seconds;
using venue::OrderState;

/// One spot market, quoted by nobody but this script. Its price goes up and down until the engine under test bought in
/// a retracement, then up to the first target, and (`leaves`) down below where the leg began, which is the bot's exit.
class Market {
public:
    Market(const venue::Engine& engine, venue::ListingId listing, bool leaves)
        : listing_{listing}, leaves_{leaves}, base_{engine.market(listing).mark().units} {}

    void play(venue::Engine& engine) {
        const auto now = engine.now();
        if (now - quoted_ < milliseconds{40}) return;
        quoted_ = now;
        look(engine);
        switch (phase_) {
            case Phase::waves:
                quote(engine, 80 * wave(now));
                if (bought_.units > 0 && guarded()) phase_ = Phase::rise;
                break;
            case Phase::rise:
                quote(engine, std::min(84., bps_ + 5));
                if (sold_.units > 0 && guarded()) {
                    after_target_ = held();
                    phase_ = leaves_ ? Phase::fall : Phase::done;
                }
                break;
            case Phase::fall:
                quote(engine, -40);
                if (held() < lot(engine) && open_ == 0) phase_ = Phase::done;
                break;
            case Phase::done: quote(engine, bps_); break;
        }
    }
    [[nodiscard]] bool done() const noexcept { return phase_ == Phase::done; }
    [[nodiscard]] int phase() const noexcept { return static_cast<int>(phase_); }

    /// What the venue kept of it: one entry, few orders, and after every stop that was cancelled orders for just the
    /// coins that it guarded.
    void check(venue::Engine& engine) const {
        SCOPED_TRACE(engine.market(listing_).rules.instrument.symbol);
        std::vector<const venue::Order*> orders;
        for (const auto* order : engine.orders(1))
            if (order->listing == listing_) orders.push_back(order);
        std::size_t entries = 0, sales = 0, stops = 0;
        for (const auto* order : orders) {
            if (order->side == Side::buy)
                ++entries;
            else if (venue::triggered_kind(order->kind))
                ++stops;
            else
                ++sales;
        }
        EXPECT_EQ(entries, 1U);
        EXPECT_LE(orders.size(), 3 * fills_) << "no storm: a fill leads to a stop and what it replaces";
        EXPECT_GE(stops, 2U);
        EXPECT_GE(sales, leaves_ ? 2U : 1U);
        EXPECT_FALSE(doubly_offered_) << "no coin was on offer twice";
        for (std::size_t i = 0; i < orders.size(); ++i) {
            const auto& stop = *orders[i];
            if (!venue::triggered_kind(stop.kind) || stop.state != OrderState::cancelled) continue;
            Quantity covered{};
            for (auto next = i + 1; next < orders.size() && covered < stop.quantity; ++next)
                if (orders[next]->created >= stop.updated) covered = covered + orders[next]->quantity;
            EXPECT_EQ(covered, stop.quantity) << "what replaces it";
        }
        const auto& open = engine.account(1).open;
        std::vector<const venue::Order*> left;
        for (const auto number : open)
            if (engine.order(number)->listing == listing_) left.push_back(engine.order(number));
        if (leaves_) {
            EXPECT_TRUE(left.empty()) << "no stop outlives its position";
        } else {
            ASSERT_EQ(left.size(), 1U);
            EXPECT_EQ(left[0]->state, OrderState::untriggered);
            EXPECT_EQ(left[0]->quantity, after_target_ - rest(after_target_, lot(engine)));
        }
    }

private:
    enum class Phase { waves, rise, fall, done };

    /// Up in five seconds, down in five, and it turns a second before a bar of five seconds ends: each bar has its own
    /// extreme, and a leg up is known when the price has begun to rise again.
    static double wave(Nanoseconds now) {
        const auto at = static_cast<double>(((now + seconds{1}) % seconds{10}).count()) * 1e-9;
        return at < 5 ? at / 5 : 2 - at / 5;
    }
    static Quantity rest(Quantity of, Quantity lot) { return {of.units % lot.units}; }
    [[nodiscard]] Quantity lot(const venue::Engine& engine) const {
        return engine.market(listing_).rules.instrument.lot_size;
    }
    [[nodiscard]] Quantity held() const { return coins_; }
    [[nodiscard]] bool guarded() const { return open_ == 1 && stops_ == coins_ - rest(coins_, lot_); }

    void look(venue::Engine& engine) {
        const auto& account = engine.account(1);
        const auto& rules = engine.market(listing_).rules;
        bought_ = sold_ = stops_ = {};
        fills_ = open_ = 0;
        for (const auto& fill : account.fills) {
            if (fill.listing != listing_) continue;
            ++fills_;
            auto& sum = fill.side == Side::buy ? bought_ : sold_;
            sum = sum + fill.quantity;
        }
        const auto wallet = account.wallet.find(rules.base);
        auto units = wallet == account.wallet.end() ? 0 : wallet->second.total();
        for (auto digits = rules.instrument.quantity_decimals; digits < 8; ++digits) units /= 10;
        coins_ = Quantity{units};
        lot_ = rules.instrument.lot_size;
        Quantity offered{};
        for (const auto number : account.open) {
            const auto& order = *engine.order(number);
            if (order.listing != listing_) continue;
            ++open_;
            if (order.side == Side::sell) offered = offered + order.left();
            if (order.state == OrderState::untriggered) stops_ = stops_ + order.left();
        }
        doubly_offered_ |= offered > coins_;
    }

    /// Five levels a side, a basis point apart, and a trade between them.
    void quote(venue::Engine& engine, double bps) {
        bps_ = bps;
        const auto at = [this](double off) {
            return Price{static_cast<std::int64_t>(static_cast<double>(base_) * (1 + off * 1e-4))};
        };
        for (int i = 0; i < 10; ++i) {
            core::Tick tick;
            tick.kind = core::TickKind::level;
            tick.side = i < 5 ? Side::buy : Side::sell;
            tick.flags = static_cast<std::uint8_t>(i == 0 ? core::tick_flag::first | core::tick_flag::snapshot : 0);
            if (i == 9) tick.flags = static_cast<std::uint8_t>(tick.flags | core::tick_flag::last);
            tick.level = {at(bps + (i < 5 ? -1 - i : i - 4)), Quantity{1'000'000}, 0};
            engine.on_tick(listing_, tick);
        }
        core::Tick trade;
        trade.kind = core::TickKind::trade;
        trade.trade = {at(bps), Quantity{100}, 0};
        engine.on_tick(listing_, trade);
    }

    venue::ListingId listing_;
    bool leaves_;
    std::int64_t base_;
    double bps_{};
    Phase phase_{};
    Nanoseconds quoted_{};
    Quantity bought_{}, sold_{}, coins_{}, stops_{}, lot_{1}, after_target_{};
    std::size_t fills_{}, open_{};
    bool doubly_offered_{};
};

/// A venue with an account that holds money and no coins.
struct SpotVenue {
    Venue dialect;
    venue::Server server;
    std::vector<Market> markets;

    SpotVenue(Venue speaks, const std::filesystem::path& ca)
        : dialect{speaks}, server{{.tls = true, .ca_out = ca}, of(speaks)} {
        server.start();
        server.with([this](venue::Simulator& simulator) {
            simulator.feeder().hold(true);
            const char* const between = dialect == Venue::okx ? "-" : "";
            for (const auto& [base, leaves] : {std::pair{"BTC", true}, std::pair{"ETH", false}})
                markets.emplace_back(
                    simulator.engine(),
                    *simulator.engine().find(fmt::format("{}{}USDT", base, between), core::Market::spot), leaves);
        });
    }
    static venue::SimulatorSettings of(Venue dialect) {
        venue::SimulatorSettings settings;
        settings.dialect = dialect;
        settings.accounts = {venue::AccountSettings{.spot = {{"USDT", 100'000'00000000}}, .margin = {}}};
        settings.pairs = 2;
        settings.source.warm_up = seconds{2};
        return settings;
    }
    bool play() {
        bool done = true;
        server.with([&](venue::Simulator& simulator) {
            for (auto& market : markets) {
                market.play(simulator.engine());
                done = done && market.done();
            }
        });
        return done;
    }
    /// Keys of its account where the engine looks for them, and its addresses.
    std::vector<std::string> introduce() const {
        const std::string name{core::name(dialect)};
        auto suffix = name;
        std::ranges::transform(suffix, suffix.begin(), [](char c) { return static_cast<char>(std::toupper(c)); });
        const venue::AccountSettings account;
        ::setenv(("OMEGA_KEY_" + suffix).c_str(), account.key.c_str(), 1);
        ::setenv(("OMEGA_SECRET_" + suffix).c_str(), account.secret.c_str(), 1);
        ::setenv(("OMEGA_PASSPHRASE_" + suffix).c_str(), account.passphrase.c_str(), 1);
        const auto at = "venues." + name;
        return {at + ".instruments=[BTC/USDT, ETH/USDT]", at + ".trade=true",
                at + ".websocket=wss://" + server.address(), at + ".rest=https://" + server.address()};
    }
};

}  // namespace

TEST(RunSpot, BuysSellsATargetKeepsAStopAndLeavesWithoutAStormOrAnOrphan) {
    const test::TemporaryFolder folder;
    std::vector<std::unique_ptr<SpotVenue>> venues;
    omega::RunOptions options;
    options.duration = "180s";
    options.json = true;
    options.config.sets = {"profile=short",
                           "mode=testnet",
                           "net.ca_file=" + (folder / "all.pem").string(),
                           "live.state=" + (folder / "state").string(),
                           "fib.confirm_bars=1",
                           "bots.strategic_fibo.threshold=0.2",
                           "bots.strategic_fibo.stop_min_bps=400",
                           "bots.strategic_fibo.stop_max_bps=500",
                           "bots.strategic_fibo.additions=0"};
    std::ofstream authorities{folder / "all.pem"};
    for (const auto dialect : {Venue::binance, Venue::bitget, Venue::bybit, Venue::okx}) {
        const auto& made = venues.emplace_back(std::make_unique<SpotVenue>(dialect, folder / "one.pem"));
        authorities << made->server.authority();
        for (auto& set : made->introduce()) options.config.sets.push_back(std::move(set));
    }
    authorities.close();
    std::atomic<bool> trading{}, done{};
    options.enough = [&](const omega::LiveProgress& seen) {
        trading = seen.trading;
        return done.load();
    };
    // The market goes on, however seldom the engine looks.
    std::jthread crowd{[&](const std::stop_token& stopped) {
        while (!stopped.stop_requested() && !done) {
            bool all = trading.load();
            for (auto& one : venues) all = trading && one->play() && all;
            done = all;
            std::this_thread::sleep_for(milliseconds{10});
        }
    }};

    std::ostringstream out, err;
    const int code = omega::run_command(options, out, err);
    crowd = {};

    std::string phases;
    for (const auto& one : venues)
        for (const auto& market : one->markets)
            phases += fmt::format("{} {} ", core::name(one->dialect), market.phase());
    ASSERT_TRUE(done) << phases << err.str() << out.str();
    EXPECT_EQ(code, 0) << err.str() << out.str();
    const auto summary = nlohmann::json::parse(out.str());
    EXPECT_EQ(summary["rejects"], 0) << "nothing was refused";
    EXPECT_EQ(summary["closed_trades"], 4);
    EXPECT_EQ(summary["live"]["left"]["unsafe"], false) << summary["live"]["left"];
    EXPECT_EQ(summary["live"]["alert_count"], 0) << summary["live"]["alerts"];
    EXPECT_EQ(summary["live"]["left"]["positions"].size(), 4U) << summary["live"]["left"];
    for (const auto& one : venues) {
        SCOPED_TRACE(core::name(one->dialect));
        one->server.with([&](venue::Simulator& simulator) {
            for (const auto& market : one->markets) market.check(simulator.engine());
        });
    }
}
