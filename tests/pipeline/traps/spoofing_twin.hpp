#pragma once

#include "core/domain/time.hpp"
#include "pipeline/traps/confidence.hpp"
#include "pipeline/traps/finding.hpp"
#include "tests/pipeline/traps/book_tape.hpp"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

namespace test {

using namespace std::chrono_literals;
using core::Side;
using pipeline::TrapKind;
using pipeline::traps::evidence;
using pipeline::traps::Finding;
using pipeline::traps::layering_confidence;
using pipeline::traps::spoofing_confidence;

/// The rules once more, slowly: a map for the book, every size and every candidate kept, each judgement from scratch.
struct SpoofingTwin {
    struct One {
        std::int64_t price, delta, low, traded, cancelled, executed;
        double multiple, mid;
        core::Nanoseconds placed, at;
        std::int64_t volume;
        double fill, push, quantity20;
        bool inside;
    };
    struct SideState {
        std::map<std::int64_t, std::int64_t> book;  ///< by rank: the key is −price for bids
        std::vector<std::int64_t> sorted;           ///< prices, best first, before the event
        std::vector<double> sizes;
        std::vector<One> standing, withdrawn, layers;
        double quantity20{}, layers_quantity20{};
        core::Nanoseconds layers_first{};
        std::int64_t sign{};
    };
    SideState sides[2];
    std::int64_t volume[2]{};
    bool valid{}, trusted{};
    double mid{};
    std::vector<Finding> found;

    SpoofingTwin() { sides[0].sign = 1, sides[1].sign = -1; }

    static bool among(const SideState& side, std::int64_t price, std::size_t best) {
        return side.sorted.size() < best || (side.sorted[best - 1] - price) * side.sign <= 0;
    }
    static double mean(const SideState& side) {
        double value = core::unknown;
        for (const double size : side.sizes) value = core::known(value) ? value + 2. / 101 * (size - value) : size;
        return value;
    }

    void event(core::Nanoseconds time, const std::vector<Depth>& levels, bool snapshot) {
        if (snapshot) reset(true);
        for (const auto& [which, price, quantity] : levels) {
            SideState& side = sides[static_cast<std::size_t>(which)];
            auto& held = side.book[-side.sign * price];
            const std::int64_t before = std::exchange(held, quantity);
            if (quantity == 0) side.book.erase(-side.sign * price);
            if (valid && !snapshot) update(side, time, price, before, quantity);
        }
        trusted |= snapshot;
        const auto& [bids, asks] = std::pair{sides[0].book, sides[1].book};
        if (!bids.empty() && !asks.empty() && -bids.begin()->first >= asks.begin()->first) return gap();
        whole(time);
    }
    void trade(std::int64_t price, std::int64_t quantity, Side aggressor) {
        volume[static_cast<std::size_t>(aggressor)] += quantity;
        for (One& one : sides[1 - static_cast<std::size_t>(aggressor)].standing)
            if (one.price == price) one.traded += quantity;
    }
    void gap() {
        reset(false);
        trusted = valid = false;
    }
    void reset(bool keep_sizes) {
        for (SideState& side : sides) {
            if (keep_sizes) side.book.clear();
            if (!keep_sizes) side.sizes.clear();
            side.standing.clear();
            side.withdrawn.clear();
            side.layers.clear();
        }
    }

    void update(SideState& side, core::Nanoseconds time, std::int64_t price, std::int64_t before, std::int64_t after) {
        const double average = side.sizes.size() < 100 ? core::unknown : mean(side);
        const std::int64_t touch = side.sorted[0], distance = (touch - price) * side.sign * 10'000;
        auto at =
            std::find_if(side.standing.begin(), side.standing.end(), [&](auto& one) { return one.price == price; });
        const bool large =
            static_cast<double>(after - before) >= 3 * average && distance >= touch && distance <= 50 * touch;
        const bool newer =
            large && (at == side.standing.end() || at->delta - at->cancelled - at->executed < after - before);
        if (newer) {
            if (at != side.standing.end()) side.standing.erase(at);
            if (side.standing.size() == 64) side.standing.erase(side.standing.begin());
            One one{};
            one.price = price;
            one.delta = after - before;
            one.low = after;
            one.multiple = static_cast<double>(one.delta) / average;
            one.mid = mid;
            one.placed = time;
            one.volume = volume[side.sign > 0 ? 0 : 1];
            side.standing.push_back(one);
        } else if (at != side.standing.end()) {
            const std::int64_t traded = std::exchange(at->traded, 0), gone = std::max<std::int64_t>(at->low - after, 0);
            const std::int64_t executed = std::min({gone, traded, std::max<std::int64_t>(before - after, 0)});
            at->low -= gone;
            at->executed += executed;
            at->cancelled += gone - executed;
            if (10 * at->cancelled >= 9 * at->delta) {
                at->at = time;
                at->cancelled = std::min(at->cancelled, at->delta);
                at->fill =
                    static_cast<double>(volume[side.sign > 0 ? 0 : 1] - at->volume) / static_cast<double>(at->delta);
                at->push = static_cast<double>(side.sign) * core::bps(mid, at->mid);
                at->quantity20 = side.quantity20;
                at->inside = among(side, price, 20);
                side.withdrawn.push_back(*at);
                side.standing.erase(at);
            } else if (10 * at->executed > at->delta) {
                side.standing.erase(at);
            }
        }
        if (after > 0 && among(side, price, 10)) side.sizes.push_back(static_cast<double>(after));
    }

    void whole(core::Nanoseconds time) {
        const bool two_sided = !sides[0].book.empty() && !sides[1].book.empty();
        valid = trusted && two_sided;
        if (!valid) return reset_candidates();
        judge(time);
        mid = 0;
        for (SideState& side : sides) {
            side.sorted.clear();
            side.quantity20 = 0;
            for (const auto& [rank, quantity] : side.book) {
                side.sorted.push_back(-side.sign * rank);
                if (side.sorted.size() <= 20) side.quantity20 += static_cast<double>(quantity);
            }
            mid += static_cast<double>(side.sorted[0]) / 200;
        }
    }
    void reset_candidates() {
        for (SideState& side : sides) {
            side.standing.clear();
            side.withdrawn.clear();
            side.layers.clear();
        }
    }

    static std::vector<One> together(const std::vector<One>& all, core::Nanoseconds first) {
        std::vector<One> some;
        for (const One& one : all)
            if (one.placed < first && one.at - first <= 1s) some.push_back(one);
        return some;
    }
    static void take(std::vector<One>& from, const std::vector<One>& some) {
        for (const One& one : some)
            from.erase(std::find_if(from.begin(), from.end(),
                                    [&](const One& o) { return o.price == one.price && o.placed == one.placed; }));
    }
    void judge(core::Nanoseconds time) {
        if (!valid) return;
        for (SideState& side : sides) {
            if (!side.layers.empty()) {
                const auto late = together(side.withdrawn, side.layers_first);
                side.layers.insert(side.layers.end(), late.begin(), late.end());
                take(side.withdrawn, late);
                if (!late.empty()) layering(side);
                if (time - side.layers_first > 1s) side.layers.clear();
            }
            while (!side.withdrawn.empty()) {
                const One first = side.withdrawn[0];
                const auto gone = together(side.withdrawn, first.at);
                if (gone.size() >= 3) {
                    side.layers = gone;
                    take(side.withdrawn, gone);
                    side.layers_first = first.at;
                    side.layers_quantity20 = first.quantity20;
                    layering(side);
                    continue;
                }
                std::size_t standing = 0;
                for (const One& one : side.standing) standing += one.placed < first.at;
                if (gone.size() + standing >= 3 && time - first.at <= 1s) break;
                spoofing(side, first);
                side.withdrawn.erase(side.withdrawn.begin());
            }
        }
    }
    void layering(const SideState& side) {
        double delta = 0, cancelled = 0, outside = 0;
        std::int64_t nearest = side.layers[0].price;
        core::Nanoseconds last{};
        for (const One& one : side.layers) {
            delta += static_cast<double>(one.delta);
            cancelled += static_cast<double>(one.cancelled);
            outside += one.inside ? 0 : static_cast<double>(one.delta);
            nearest = (one.price - nearest) * side.sign > 0 ? one.price : nearest;
            last = std::max(last, one.at);
        }
        const auto n = static_cast<double>(side.layers.size());
        const double share = std::min(1., delta / (side.layers_quantity20 + outside));
        const double spread = 1e3 * core::seconds(last - side.layers_first);
        raise({TrapKind::layering, static_cast<int>(side.sign), 0,
               layering_confidence(n, share, cancelled / delta, spread), 4 * share, true,
               evidence(n, share, cancelled / delta, spread, static_cast<double>(nearest) / 100)});
    }
    void spoofing(const SideState& side, const One& one) {
        const auto life = one.at - one.placed;
        if (one.multiple < 5 || life > 3s) return;
        const auto delta = static_cast<double>(one.delta);
        const double share = static_cast<double>(one.cancelled) / delta, life_ms = 1e3 * core::seconds(life);
        raise(
            {TrapKind::spoofing, static_cast<int>(side.sign), 0,
             spoofing_confidence(one.multiple, share, life_ms, one.fill, one.push), one.multiple / 10, true,
             evidence(static_cast<double>(one.price) / 100, delta, one.multiple, share, life_ms, one.fill, one.push)});
    }
    void raise(const Finding& finding) {
        if (finding.confidence >= .3) found.push_back(finding);
    }
};

}  // namespace test
