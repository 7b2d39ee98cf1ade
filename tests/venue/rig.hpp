#pragma once

#include "tools/venue/engine/engine.hpp"

#include <string>
#include <vector>

namespace test {

/// Notes what an engine tells.
struct Ears final : venue::Listener {
    struct Heard {
        venue::OrderNumber order;
        venue::Change change;
        venue::OrderState state;
        venue::Refusal reason;
    };
    std::vector<Heard> orders;
    std::vector<venue::Fill> fills;
    std::vector<venue::PublicTrade> trades;
    std::vector<venue::Cause> causes;
    std::uint64_t last_update{};
    bool updates_chain{true};

    void on_order(const venue::Account&, const venue::Order& order, venue::Change change,
                  const venue::Fill* fill) override {
        orders.push_back({order.number, change, order.state, order.reason});
        if (fill != nullptr) fills.push_back(*fill);
    }
    void on_account(const venue::Account&, venue::ListingId, venue::Cause cause, core::Notional) override {
        causes.push_back(cause);
    }
    void on_trade(venue::ListingId, const venue::PublicTrade& trade) override { trades.push_back(trade); }
    void on_level(venue::ListingId listing, core::Side, core::Price, core::Quantity, std::uint64_t id) override {
        if (listing != 0) return;
        updates_chain = updates_chain && (last_update == 0 || id == last_update + 1);
        last_update = id;
    }
};

inline constexpr std::int64_t coin = 100'000'000;  // of an asset, in 1e-8

/// An engine with BTCUSDT spot (listing 0) and linear (listing 1), a book of the outside around 100.00, and two
/// accounts.
struct Rig {
    Ears ears;
    venue::Engine engine;
    venue::AccountId first, second;

    explicit Rig(venue::EngineSettings settings = {}) : engine{settings, listings()} {
        engine.listen(&ears);
        engine.advance(std::chrono::hours{480'000});
        first = engine.add_account({"first", core::Secret{std::string{"s"}}, core::Secret{std::string{"p"}}}, false).id;
        second =
            engine.add_account({"second", core::Secret{std::string{"s"}}, core::Secret{std::string{"p"}}}, false).id;
        for (const auto id : {first, second}) {
            engine.deposit(id, "USDT", 10'000 * coin, false);
            engine.deposit(id, "BTC", 10 * coin, false);
            engine.deposit(id, "USDT", 10'000 * coin, true);
        }
        for (venue::ListingId listing = 0; listing < 2; ++listing)
            for (int i = 0; i < 5; ++i) {
                level(listing, core::Side::buy, 9'990 - 10 * i, 100);
                level(listing, core::Side::sell, 10'010 + 10 * i, 100);
            }
        ears.causes.clear();
    }

    static std::vector<venue::Listing> listings() {
        auto all = venue::usual_listings(core::Venue::binance);
        std::vector<venue::Listing> chosen;
        for (auto& one_of : all)
            if (one_of.base == "BTC") {
                auto& i = one_of.instrument;
                i.price_decimals = 2;
                i.quantity_decimals = 2;
                i.tick_size = core::Price{10};
                i.min_quantity = core::Quantity{1};
                one_of.max_quantity = core::Quantity{1'000'000};
                i.min_notional = core::Notional{5 * coin};
                chosen.push_back(one_of);
            }
        return chosen;
    }
    void level(venue::ListingId listing, core::Side side, std::int64_t price, std::int64_t quantity) {
        core::Tick tick;
        tick.kind = core::TickKind::level;
        tick.side = side;
        tick.flags = core::tick_flag::first | core::tick_flag::last;
        tick.level = {core::Price{price}, core::Quantity{quantity}, 0};
        engine.on_tick(listing, tick);
    }
    void trade(venue::ListingId listing, core::Side aggressor, std::int64_t price, std::int64_t quantity) {
        core::Tick tick;
        tick.kind = core::TickKind::trade;
        tick.side = aggressor;
        tick.trade = {core::Price{price}, core::Quantity{quantity}, 0};
        engine.on_tick(listing, tick);
    }
    static venue::NewOrder limit(core::Side side, std::int64_t price, std::int64_t quantity,
                                 venue::ListingId listing = 0) {
        venue::NewOrder wanted;
        wanted.listing = listing;
        wanted.side = side;
        wanted.price = core::Price{price};
        wanted.quantity = core::Quantity{quantity};
        return wanted;
    }
    static venue::NewOrder market(core::Side side, std::int64_t quantity, venue::ListingId listing = 0) {
        auto wanted = limit(side, 0, quantity, listing);
        wanted.kind = venue::OrderKind::market;
        return wanted;
    }
    const venue::Order* placed(const venue::NewOrder& wanted, venue::AccountId id = 1) {
        const auto made = engine.submit(id, wanted);
        return made ? *made : nullptr;
    }
    venue::Balance of(venue::AccountId id, const char* asset, bool derivatives = false) {
        auto& account = engine.account(id);
        return (derivatives ? account.derivatives() : account.wallet)[asset];
    }
};

}  // namespace test
