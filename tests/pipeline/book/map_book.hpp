#pragma once

#include "pipeline/book/market.hpp"
#include "tests/pipeline/ticks.hpp"

#include <rapidcheck/gtest.h>

#include <cstdint>
#include <functional>
#include <map>
#include <vector>

namespace test {

/// The stage's rules on std::map, recomputed whole after each event.
struct MapBook {
    std::map<std::int64_t, std::int64_t, std::greater<>> bids;
    std::map<std::int64_t, std::int64_t> asks;
    bool trusted = false;
    std::vector<std::int64_t> replaced{};  ///< by the levels of the newest event, one by one

    void apply(const std::vector<Depth>& levels, bool snapshot) {
        if (snapshot) bids.clear(), asks.clear();
        replaced.clear();
        for (const auto& [side, price, quantity] : levels) {
            const auto held = [p = price](const auto& book) { return book.count(p) != 0 ? book.at(p) : 0; };
            replaced.push_back(side == core::Side::buy ? held(bids) : held(asks));
            if (side == core::Side::buy)
                quantity ? void(bids[price] = quantity) : void(bids.erase(price));
            else
                quantity ? void(asks[price] = quantity) : void(asks.erase(price));
        }
        trusted |= snapshot;
        if (!bids.empty() && !asks.empty() && bids.begin()->first >= asks.begin()->first) trusted = false;
    }
    [[nodiscard]] bool valid() const { return trusted && !bids.empty() && !asks.empty(); }
    template <class Levels>
    static double top(int count, const Levels& levels) {
        double sum = 0;
        int n = 0;
        for (const auto& [price, quantity] : levels)
            if (n++ < count) sum += static_cast<double>(quantity);
        return sum;
    }
    /// A price is among the best n exactly when it is no worse than the n-th.
    template <class Levels>
    static void expect_top(const pipeline::TopLevels& top, const Levels& levels) {
        RC_ASSERT(top.quantity20 == MapBook::top(20, levels));
        std::size_t rank = 0;
        for (const auto& [price, quantity] : levels) {
            ++rank;
            const auto no_worse = [&, p = price](core::Price edge) { return !levels.key_comp()(edge.units, p); };
            RC_ASSERT(no_worse(top.tenth) == (rank <= 10));
            RC_ASSERT(no_worse(top.twentieth) == (rank <= 20));
        }
    }
};

}  // namespace test
