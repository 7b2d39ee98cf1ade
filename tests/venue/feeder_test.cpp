// A market whose prices are finer than the listing's tick.
#include "tests/venue/rig.hpp"
#include "tools/venue/market/source.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <memory>
#include <utility>
#include <vector>

namespace feeder {

using core::Price;
using core::Quantity;
using core::Side;

namespace {

/// Plays what it is given.
class Script final : public venue::Source {
public:
    std::vector<core::Tick> ticks;

    explicit Script(core::Instrument of) : from_{std::move(of)} {}
    bool play(core::Nanoseconds, const Sink& sink) override {
        for (const auto& tick : std::exchange(ticks, {})) sink("BTCUSDT.SPOT", from_, tick);
        return true;
    }

private:
    core::Instrument from_;
};

/// The listing has a tick of .10 and lots of .01; the market quotes to .0001 of each, so that 1,000 of its units are a
/// tick and 100 are a lot.
struct World {
    static constexpr std::int64_t tick = 1'000, lot = 100;
    venue::Engine engine{{}, test::Rig::listings()};
    Script* script;
    venue::Feeder feeder;

    World() : World{std::make_unique<Script>(fine())} {}
    explicit World(std::unique_ptr<Script> made) : script{made.get()}, feeder{engine, std::move(made)} {}
    static core::Instrument fine() {
        core::Instrument made;
        made.market = core::Market::spot;
        made.price_decimals = made.quantity_decimals = 4;
        return made;
    }
    void level(Side side, std::int64_t price, std::int64_t quantity, std::uint16_t flags = 0) {
        core::Tick made;
        made.kind = core::TickKind::level;
        made.side = side;
        made.flags = static_cast<decltype(made.flags)>(core::tick_flag::first | core::tick_flag::last | flags);
        made.level = {Price{price}, Quantity{quantity}, 0};
        script->ticks.push_back(made);
        feeder.play(core::Nanoseconds{1});
    }
    void trade(Side aggressor, std::int64_t price) {
        core::Tick made;
        made.kind = core::TickKind::trade;
        made.side = aggressor;
        made.trade = {Price{price}, Quantity{lot}, 0};
        script->ticks.push_back(made);
        feeder.play(core::Nanoseconds{1});
    }
    [[nodiscard]] const venue::Book& book() const { return engine.market(0).book; }
};

/// What is shown, slowly: every level of the source looked at for every price.
using Levels = std::map<std::int64_t, std::int64_t>;  // price → quantity
Levels slowly(const Levels& source, bool up) {
    Levels sums, shown;
    for (const auto& [price, quantity] : source) {
        auto at = price;
        while (at % World::tick != 0) at += up ? 1 : -1;
        sums[at / 100] += quantity;  // in the listing's units of .01
    }
    for (const auto& [price, quantity] : sums)
        if (price > 0 && quantity >= World::lot) shown[price] = quantity / World::lot;
    return shown;
}

Levels of(const venue::Book& book, Side side) {
    Levels shown;
    for (const auto& [where, price] : book.outside_levels())
        if (where == side) shown[price.units] = book.outside(side, price).units;
    return shown;
}

}  // namespace

TEST(Feeder, TakesBidsDownAndAsksUpAndShowsWhatFallsTogetherAsOneLevel) {
    World world;
    world.level(Side::buy, 1'000'300, 250);
    world.level(Side::buy, 1'000'700, 150);
    world.level(Side::sell, 1'000'800, 300);

    EXPECT_EQ(of(world.book(), Side::buy), (Levels{{10'000, 4}}));
    EXPECT_EQ(of(world.book(), Side::sell), (Levels{{10'010, 3}}));

    world.level(Side::buy, 1'000'700, 0);
    EXPECT_EQ(of(world.book(), Side::buy), (Levels{{10'000, 2}})) << "the other one is still there";
    world.level(Side::buy, 1'000'300, 0);
    EXPECT_TRUE(of(world.book(), Side::buy).empty());
}

TEST(Feeder, TradesAtThePriceThatItsBookShows) {
    World world;
    world.trade(Side::buy, 1'000'800);
    EXPECT_EQ(world.engine.market(0).last, Price{10'010});
    world.trade(Side::sell, 1'000'700);
    EXPECT_EQ(world.engine.market(0).last, Price{10'000});
    world.trade(Side::sell, 1'001'000);
    EXPECT_EQ(world.engine.market(0).last, Price{10'010}) << "what fits stays as it is";
}

TEST(Feeder, ABidBelowTheLowestPriceIsNotShownAndHarmsNothing) {
    World world;
    world.level(Side::buy, 1'000, 500);
    world.level(Side::buy, 900, 700);
    EXPECT_EQ(of(world.book(), Side::buy), (Levels{{10, 5}}));
    world.level(Side::buy, 900, 0);
    EXPECT_EQ(of(world.book(), Side::buy), (Levels{{10, 5}}));
}

RC_GTEST_PROP(FeederProperty, ShowsTheSumsOfAFinerBookAndNeverCrossesOrTouches, ()) {
    World world;
    std::map<bool, Levels> source;  // by "is an ask"
    const auto set = [&](bool ask, std::int64_t price, std::int64_t quantity) {
        world.level(ask ? Side::sell : Side::buy, price, quantity);
        if (quantity == 0)
            source[ask].erase(price);
        else
            source[ask][price] = quantity;
    };
    const auto steps = *rc::gen::inRange(1, 60);
    for (int i = 0; i < steps; ++i) {
        const bool ask = *rc::gen::arbitrary<bool>();
        const auto price = 1'000'000 + *rc::gen::inRange<std::int64_t>(-4'000, 4'000);
        const auto quantity = *rc::gen::element<std::int64_t>(0, 30, 99, 100, 170, 2'345);
        // The market itself does not cross: what stands in the way goes first.
        auto& others = source[!ask];
        std::vector<std::int64_t> away;
        for (const auto& [other, there] : others)
            if (quantity != 0 && (ask ? other >= price : other <= price)) away.push_back(other);
        for (const auto other : away) set(!ask, other, 0);
        if (*rc::gen::inRange(0, 20) == 0) {
            source = {};
            world.level(ask ? Side::sell : Side::buy, price, quantity, core::tick_flag::snapshot);
            if (quantity != 0) source[ask][price] = quantity;
        } else {
            set(ask, price, quantity);
        }

        RC_ASSERT(of(world.book(), Side::buy) == slowly(source[false], false));
        RC_ASSERT(of(world.book(), Side::sell) == slowly(source[true], true));
        const auto bid = world.book().best(Side::buy), offer = world.book().best(Side::sell);
        RC_ASSERT(bid.units == 0 || offer.units == 0 || bid < offer);
    }
}

}  // namespace feeder
