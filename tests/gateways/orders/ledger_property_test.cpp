#include "tests/gateways/orders/ledger_world.hpp"

#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <set>

using namespace test;
using namespace std::chrono_literals;

namespace {

/// A true story of some orders, as a venue would tell it: each ends, one way or another.
std::vector<VenueEvent> story_of(const std::vector<Order>& orders) {
    std::vector<VenueEvent> story;
    for (const auto& order : orders) {
        const auto n = std::to_string(order.id.value);
        if (*rc::gen::inRange(0, 8) == 0) {
            auto refused = refused_of(VenueEventKind::rejected, order, Refusal::min_notional, EventSource::stream);
            story.push_back(refused);
            continue;
        }
        if (*rc::gen::inRange(0, 4) != 0) story.push_back(acked(order));
        std::int64_t filled = 0;
        const auto trades = *rc::gen::inRange(0, 5);
        for (int t = 0; t < trades && filled < order.quantity.units; ++t) {
            const auto part = *rc::gen::inRange<std::int64_t>(1, order.quantity.units - filled + 1);
            filled += part;
            story.push_back(
                fill_of(order, n + "-" + std::to_string(t), part, *rc::gen::element<std::int64_t>(0, filled)));
            if (*rc::gen::arbitrary<bool>())
                story.push_back(update_of(
                    order, filled == order.quantity.units ? VenueStatus::filled : VenueStatus::partially_filled,
                    filled));
        }
        if (filled < order.quantity.units)
            story.push_back(
                closed_of(*rc::gen::element(VenueEventKind::cancelled, VenueEventKind::expired), order, filled));
    }
    return story;
}

std::vector<Order> some_orders() {
    std::vector<Order> orders;
    const auto count = *rc::gen::inRange<std::uint64_t>(1, 6);
    for (std::uint64_t n = 1; n <= count; ++n)
        orders.push_back(order_of(n, *rc::gen::inRange<std::int64_t>(1, 20), *rc::gen::element(Side::buy, Side::sell),
                                  *rc::gen::element(btc, eth)));
    return orders;
}

/// The same events in any order, any of them repeated, some without our id (the venue's alone).
std::vector<VenueEvent> muddled(std::vector<VenueEvent> story) {
    const auto repeats = *rc::gen::inRange<std::size_t>(0, story.size() + 1);
    for (std::size_t i = 0; i < repeats; ++i) story.push_back(story[*rc::gen::inRange<std::size_t>(0, story.size())]);
    for (std::size_t i = story.size(); i > 1; --i) std::swap(story[i - 1], story[*rc::gen::inRange<std::size_t>(0, i)]);
    return story;
}

struct Heard {
    std::uint64_t digest;
    std::map<std::uint64_t, std::multiset<std::string>> told;  ///< per order, without `accepted`
};

Heard hear(const InstrumentTable& instruments, const std::vector<Order>& orders, const std::vector<VenueEvent>& story) {
    OrderLedger ledger{{}, instruments};
    for (const auto& order : orders) {
        RC_ASSERT(ledger.create(order, 1000s));
        ledger.sent(order.id);
    }
    std::vector<Effect> effects;
    for (const auto& event : story) ledger.on(event, effects);
    Heard heard{.digest = ledger.digest(), .told = {}};
    for (const auto& effect : effects) {
        if (effect.kind != EffectKind::execution) continue;
        const auto what = static_cast<Execution>(effect.tick.code & 0xff);
        if (what == Execution::accepted) continue;
        heard.told[effect.id.value].insert(std::string{name(what)} +
                                           std::to_string(effect.tick.execution.quantity.units));
    }
    return heard;
}

}  // namespace

RC_GTEST_PROP(OrderLedger, EndsTheSameWhateverTheOrderAndTheRepetitionOfTheVenuesWords, ()) {
    const auto instruments = two_instruments();
    const auto orders = some_orders();
    const auto story = story_of(orders);

    const auto straight = hear(instruments, orders, story);
    const auto muddle = hear(instruments, orders, muddled(story));

    RC_ASSERT(straight.digest == muddle.digest);
    RC_ASSERT(straight.told == muddle.told);
}

RC_GTEST_PROP(OrderLedger, HoldsThePositionThatTheFillsAddUpTo, ()) {
    const auto instruments = two_instruments();
    const auto orders = some_orders();
    auto story = muddled(story_of(orders));
    for (auto& event : story)  // the venue's fill query names orders by its own id alone
        if (event.kind == VenueEventKind::fill && *rc::gen::arbitrary<bool>()) event.order = {};

    OrderLedger ledger{{}, instruments};
    for (const auto& order : orders) RC_ASSERT(ledger.create(order, 1000s));
    std::vector<Effect> effects;
    for (const auto& event : story) ledger.on(event, effects);

    std::map<std::string, std::pair<std::uint16_t, std::int64_t>> trades;  // a slow twin: every trade once
    for (const auto& event : story)
        if (event.kind == VenueEventKind::fill)
            trades[std::string{event.fill.trade.view()}] = {event.instrument.value,
                                                            core::sign(event.side) * event.fill.quantity.units};
    std::map<std::uint16_t, std::int64_t> held;
    for (const auto& [trade, part] : trades) held[part.first] += part.second;
    RC_ASSERT(ledger.position(btc).units == held[0]);
    RC_ASSERT(ledger.position(eth).units == held[1]);
    // The venue's ids name the orders as soon as one event carries both: no stranger is left over, unless no event did.
    for (const auto& order : orders) RC_ASSERT(ledger.find(order.id) != nullptr);
}

RC_GTEST_PROP(OrderLedger, ComesBackTheSameFromItsFileCutAtAnyByte, ()) {
    const auto instruments = two_instruments();
    const auto orders = some_orders();
    const auto story = muddled(story_of(orders));
    Folder folder;
    const auto path = folder.path / "ledger";
    std::vector<std::pair<std::size_t, std::uint64_t>> digests;  // file size → digest of what it holds
    {
        OrderLedger ledger{{}, instruments};
        RC_ASSERT(ledger.open(path));
        std::vector<Effect> effects;
        digests.emplace_back(ledger.file_bytes(), ledger.digest());
        const auto note = [&] { digests.emplace_back(ledger.file_bytes(), ledger.digest()); };
        for (const auto& order : orders) {
            RC_ASSERT(ledger.create(order, 1000s));
            note();
        }
        for (const auto& event : story) {
            ledger.on(event, effects);
            note();
        }
    }
    const auto whole = read_ledger_file(path);
    RC_ASSERT(whole);
    const auto cut = *rc::gen::inRange<std::size_t>(digests.front().first, whole->size() + 1);
    std::filesystem::resize_file(path, cut);

    OrderLedger again{{}, instruments};
    const auto scan = again.open(path);
    RC_ASSERT(scan);

    // What was whole is there. Orders without any answer are unknown now, so states are compared after the same is said
    // of the twin: by replaying the prefix into a fresh ledger that died, too.
    std::size_t events = 0;
    for (const auto& [size, digest] : digests)
        if (size <= scan->bytes) ++events;
    RC_ASSERT(scan->bytes <= cut);
    OrderLedger twin{{}, instruments};
    std::vector<Effect> effects;
    std::size_t step = 1;
    for (const auto& order : orders)
        if (step++ < events) RC_ASSERT(twin.create(order, 1000s));
    for (const auto& event : story)
        if (step++ < events) twin.on(event, effects);
    RC_ASSERT(again.position(btc) == twin.position(btc));
    RC_ASSERT(again.position(eth) == twin.position(eth));
    twin.for_each([&](const TrackedOrder& order) {
        const auto* found = again.find(order.order.id);
        RC_ASSERT(found != nullptr);
        RC_ASSERT(found->booked == order.booked);
        RC_ASSERT(found->claimed == order.claimed);
        const auto expected = order.state() == OrderState::pending_send ? OrderState::unknown : order.state();
        RC_ASSERT(found->state() == expected);
    });
    // The rest of the story, heard again from the start, leads to the same end.
    for (const auto& order : orders)
        if (again.find(order.id) == nullptr) RC_ASSERT(again.create(order, 1000s));
    for (const auto& event : story) again.on(event, effects);
    RC_ASSERT(again.digest() == digests.back().second);
}
