#include "tests/faults/account_world.hpp"

#include "gateways/live/venue_limits.hpp"
#include "gateways/orders/client_id.hpp"
#include "tests/faults/market_world.hpp"

#include <stdlib.h>  // NOLINT: mkdtemp is POSIX

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>
#include <utility>

namespace test {

using namespace gateways;
using namespace std::chrono_literals;
using core::Nanoseconds;

namespace {

core::RateLedger budget_of(const AccountWorldSettings& settings) {
    auto made = core::RateLedger::anonymous(live::rate_rules(settings.venue, {&settings.market, 1}));
    return std::move(*made);
}

venue::SimulatorSettings venue_of(const AccountWorldSettings& settings) {
    venue::SimulatorSettings made;
    made.dialect = settings.venue;
    made.start = 480'000h;
    made.step = std::max(settings.step, core::Nanoseconds{venue::Dialect::timer_interval});
    made.source.warm_up = 10s;
    made.accounts.front().spot.erase("BTC");  // a new ledger takes no coins for its own
    for (auto& one : venue::usual_listings(settings.venue))
        if (one.base == "BTC") made.listings.push_back(one);
    return made;
}

exchange::Credentials keys() {
    return {core::Secret{std::string{"omega-sim-key"}}, core::Secret{std::string{"omega-sim-secret"}},
            core::Secret{std::string{"omega-sim-pass"}}};
}

}  // namespace

OwnFolder::OwnFolder() {
    auto pattern = (std::filesystem::temp_directory_path() / "omega-faults-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
}

AccountWorld::AccountWorld(const AccountWorldSettings& wanted)
    : VirtualNet{venue_of(wanted)}, settings{wanted}, budget_{budget_of(wanted)} {
    instrument = bitcoin(settings.venue, settings.market);
    instrument.id = table.add(instrument);
    simulator.feeder().hold(true);
    listing = *engine().find(instrument.symbol, settings.market);
    const auto least = std::max<std::int64_t>(instrument.min_quantity.units, 1);
    const auto worth = [&](std::int64_t units) {
        return instrument.notional(price("60000"), core::Quantity{units})->units;
    };
    for (unit = least; worth(unit) < 100'00000000; unit += least) continue;
}

AccountWorld::~AccountWorld() = default;

void AccountWorld::start() {
    live::AccountSettings made;
    made.venue = settings.venue;
    made.markets = {settings.market};
    made.gateway = live::gateway_settings(settings.venue);
    made.gateway.ledger.outside = settings.outside;
    made.link.setup.websocket_entry = settings.websocket_entry;
    made.link.setup.bitget_entry = settings.websocket_entry;
    made.step = settings.step;
    ledger = std::make_unique<OrderLedger>(made.gateway.ledger, table);
    const auto scan = ledger->open(folder / "orders.ledger");
    ASSERT_TRUE(scan) << core::name(scan.error());
    const auto counted = next_epoch(folder / "starts", ledger->highest_epoch());
    ASSERT_TRUE(counted) << core::name(counted.error());
    epoch = made.gateway.epoch = *counted;
    made.link.seed = epoch;
    ids_ = std::make_unique<OrderIds>(epoch);
    account = std::make_unique<live::BasicAccount<VirtualSockets>>(static_cast<VirtualNet&>(*this), made, table, keys(),
                                                                   *ledger, budget_);
    account->open();
}

StartedAccount::StartedAccount(const AccountWorldSettings& wanted) : AccountWorld{wanted} {
    start();
    EXPECT_TRUE(ready()) << core::name(settings.venue) << " " << core::name(settings.market) << ": " << doubts();
}

void AccountWorld::kill() {
    account.reset();
    ledger.reset();
}

void AccountWorld::pass(Nanoseconds time) {
    for (const auto end = now + time; now < end;) step();
}

bool AccountWorld::until(Nanoseconds time, const std::function<bool()>& enough) {
    for (const auto end = now + time; now < end && !enough();) step();
    return enough();
}

bool AccountWorld::ready() {
    return until(60s, [this] {
        if (block() != Block::none) return false;
        const auto link = account->link();
        return link.stream_up && (!settings.websocket_entry || link.entry_up);
    });
}

void AccountWorld::step() {
    advance(now + settings.step);
    if (!account) return;
    clock_.time = now;
    account->poll(clock_);
    collect();
}

void AccountWorld::collect() {
    account->take_executions([this](const core::Tick& tick) { told.push_back(tick); });
    for (auto& notices_now = account->notices(); !notices_now.empty(); notices_now.pop_front())
        notices.push_back(std::move(notices_now.front()));
}

// ---- what a strategy does

core::Price AccountWorld::price(const char* text) const {
    return core::Price{*core::parse_decimal(text, instrument.price_decimals)};
}

core::Order AccountWorld::limit(core::Side side, const char* at, std::int64_t count) {
    core::Order order;
    order.id = ids_->next();
    order.instrument = instrument.id;
    order.venue = settings.venue;
    order.side = side;
    order.price = price(at);
    order.quantity = core::Quantity{count * unit};
    order.time = now;
    return order;
}

core::Order AccountWorld::market(core::Side side, std::int64_t count, bool reduce_only) {
    auto order = limit(side, "0", count);
    order.type = core::OrderType::market;
    order.reduce_only = reduce_only;
    return order;
}

core::Order AccountWorld::stop(core::Side side, const char* trigger) {
    auto order = limit(side, "0", 0);
    order.type = core::OrderType::stop_market;
    order.purpose = core::Purpose::stop;
    order.reduce_only = true;
    order.trigger = price(trigger);
    const auto position = held();
    order.quantity = position.units < 0 ? -position : position;
    return order;
}

core::OrderId AccountWorld::submit(const core::Order& order) {
    account->submit(order, now);
    collect();
    return order.id;
}

void AccountWorld::cancel(core::OrderId id) {
    core::Order order;
    order.id = id;
    order.instrument = instrument.id;
    order.venue = settings.venue;
    order.type = core::OrderType::cancel;
    (void)submit(order);
}

// ---- what happens at the venue

void AccountWorld::trade(const char* at) {
    engine().move_market(listing, price(at), core::Quantity{unit});
}

void AccountWorld::outside(core::Side side, const char* at, std::int64_t count) {
    engine().outside_order(listing, side, price(at), core::Quantity{count * unit});
}

core::Quantity AccountWorld::held_there() {
    if (settings.market == core::Market::spot) {
        const auto coins = owner().wallet.find(engine().market(listing).rules.base);
        if (coins == owner().wallet.end()) return {};
        return {coins->second.total() /
                static_cast<std::int64_t>(core::pow10[static_cast<std::size_t>(8 - instrument.quantity_decimals)])};
    }
    core::Quantity held{};
    for (const auto side : {venue::PositionSide::net, venue::PositionSide::long_, venue::PositionSide::short_})
        if (const auto* position = owner().position(listing, side)) held = held + position->held.quantity();
    return held;
}

core::Quantity AccountWorld::stops_there() {
    core::Quantity sum{};
    for (const auto number : owner().open) {
        const auto* order = engine().order(number);
        if (order != nullptr && venue::triggered_kind(order->kind)) sum = sum + order->quantity;
    }
    return sum;
}

std::size_t AccountWorld::reached() {
    return engine().orders(owner().id).size();
}

std::size_t AccountWorld::ours() {
    std::size_t count = 0;
    for (const auto* order : engine().orders(owner().id)) count += parse_client_id(order->client_id) ? 1U : 0U;
    return count;
}

const venue::Order* AccountWorld::there(core::OrderId id) {
    char text[client_id_length];
    const auto* end = write_client_id(text, id);
    return engine().order(owner(), std::string_view{text, static_cast<std::size_t>(end - text)});
}

// ---- what we believe

std::int64_t AccountWorld::in_units(core::Quantity quantity) const {
    return (2 * quantity.units + (quantity.units < 0 ? -unit : unit)) / (2 * unit);
}

std::size_t AccountWorld::alerts_of(AlertKind kind) const {
    return static_cast<std::size_t>(std::ranges::count_if(notices, [&](const live::Notice& notice) {
        return notice.alert && notice.text.substr(0, notice.text.find(' ')) == name(kind);
    }));
}

std::size_t AccountWorld::said(std::string_view words) const {
    return static_cast<std::size_t>(std::ranges::count_if(
        notices, [&](const live::Notice& notice) { return notice.text.find(words) != std::string::npos; }));
}

std::string AccountWorld::heard(core::OrderId id) const {
    std::string text;
    for (const auto& tick : told)
        if (tick.execution.order_id == id.value)
            text += (text.empty() ? "" : " ") + std::string{core::name(static_cast<core::Execution>(tick.code & 0xff))};
    return text;
}

std::string AccountWorld::doubts() const {
    const auto link = account->link();
    std::string text{name(block())};
    text += link.stream_up ? ", stream up" : ", stream down";
    text += link.entry_up ? ", entry up: " : ", entry down: ";
    text += link.trouble;
    ledger->for_each([&](const TrackedOrder& order) {
        if (!order.settled())
            text += "; " + std::to_string(order.order.id.value) + " " + std::string{name(order.state())} +
                    (order.doubtful() ? " in doubt" : "") + (order.outside ? " outside" : "");
    });
    for (std::size_t i = notices.size() > 5 ? notices.size() - 5 : 0; i < notices.size(); ++i)
        text += "; " + notices[i].text;
    return text;
}

::testing::AssertionResult AccountWorld::agree() {
    const auto fail = [] { return ::testing::AssertionFailure(); };
    std::map<std::uint64_t, std::int64_t> filled_there;
    for (const auto* order : engine().orders(owner().id)) {
        const auto id = parse_client_id(order->client_id);
        if (!id) continue;
        if (!filled_there.emplace(id->value, order->filled.units).second)
            return fail() << "order " << id->value << " reached the venue twice";
        const auto* known = ledger->find(*id);
        if (known == nullptr) {  // settled long ago and forgotten: its fills were told
            if (venue::live(order->state))
                return fail() << "an open order of ours that nobody knows: " << order->client_id;
            continue;
        }
        if (known->booked != order->filled)
            return fail() << order->client_id << ": " << known->booked.units << " booked, " << order->filled.units
                          << " filled there";
        if (final(known->state()) == venue::live(order->state))
            return fail() << order->client_id << ": " << name(known->state()) << " here, "
                          << (venue::live(order->state) ? "open" : "gone") << " there";
    }
    auto result = ::testing::AssertionSuccess();
    ledger->for_each([&](const TrackedOrder& order) {
        if (!order.outside && !filled_there.contains(order.order.id.value) && !final(order.state()))
            result = fail() << order.order.id.value << " is " << name(order.state()) << " here and not at the venue";
    });
    if (!result) return result;
    // Of coins a fee takes parts of a lot, which the ledger counts against us.
    const auto differs = std::abs(held().units - held_there().units);
    if (differs > (settings.market == core::Market::spot ? instrument.lot_size.units : 0))
        return fail() << "position " << held().units << " here, " << held_there().units << " there";
    std::map<std::uint64_t, std::int64_t> heard_of;
    for (const auto& tick : told) {
        const auto what = static_cast<core::Execution>(tick.code & 0xff);
        if (what == core::Execution::filled_maker || what == core::Execution::filled_taker)
            heard_of[tick.execution.order_id] += tick.execution.quantity.units;
    }
    for (const auto& [id, units] : filled_there)
        if (heard_of[id] != units)
            return fail() << "the pipeline heard of " << heard_of[id] << " filled of order " << id << ", there were "
                          << units;
    return result;
}

}  // namespace test
