#include "tools/venue/engine/book.hpp"

#include <algorithm>
#include <utility>

namespace venue {

using core::Price;
using core::Quantity;

Quantity Book::Level::shown() const noexcept {
    auto sum = outside;
    for (const auto& order : orders) sum = sum + order.left;
    return sum;
}

void Book::Level::outside_gone(Quantity quantity) noexcept {
    outside = outside - quantity;
    for (auto& order : orders) order.ahead = std::max(Quantity{}, order.ahead - quantity);
}

bool Book::set_outside(core::Side side, Price price, Quantity quantity) {
    auto& all = levels(side);
    const auto key = key_of(side, price);
    const auto found = all.find(key);
    if (found == all.end()) {
        if (quantity.units <= 0) return false;
        all[key].outside = quantity;
    } else {
        auto& level = found->second;
        if (level.outside == quantity) return false;
        level.outside = quantity;
        for (auto& order : level.orders) order.ahead = std::min(order.ahead, quantity);
        if (level.empty()) all.erase(found);
    }
    changed(side, price);
    return true;
}

std::vector<std::pair<core::Side, Price>> Book::outside_levels() const {
    std::vector<std::pair<core::Side, Price>> all;
    for (const auto side : {core::Side::buy, core::Side::sell})
        for (const auto& [key, level] : levels(side))
            if (level.outside.units > 0) all.emplace_back(side, price_of(side, key));
    return all;
}

void Book::rest(core::Side side, Price price, Quantity quantity, OrderNumber number, AccountId account) {
    auto& level = levels(side)[key_of(side, price)];
    level.orders.push_back({number, account, quantity, level.outside});
    changed(side, price);
}

bool Book::remove(core::Side side, Price price, OrderNumber number) {
    auto& all = levels(side);
    const auto found = all.find(key_of(side, price));
    if (found == all.end()) return false;
    if (std::erase_if(found->second.orders, [&](const Resting& order) { return order.number == number; }) == 0)
        return false;
    if (found->second.empty()) all.erase(found);
    changed(side, price);
    return true;
}

void Book::reduce(core::Side side, Price price, OrderNumber number, Quantity left) {
    const auto found = levels(side).find(key_of(side, price));
    if (found == levels(side).end()) return;
    for (auto& order : found->second.orders)
        if (order.number == number) order.left = std::min(order.left, left);
    changed(side, price);
}

std::vector<Book::Match> Book::take(core::Side taker, Price limit, Quantity want, AccountId account) {
    std::vector<Match> matches;
    const auto side = core::opposite(taker);
    auto& all = levels(side);
    while (want.units > 0 && !all.empty()) {
        const auto best = all.begin();
        const Price price = price_of(side, best->first);
        if (limit.units != 0 && best->first > key_of(side, limit)) break;
        auto& level = best->second;
        changed(side, price);
        const Quantity before = level.orders.empty() ? level.outside : level.orders.front().ahead;
        if (before.units > 0) {
            const Quantity quantity = std::min(want, before);
            level.outside_gone(quantity);
            matches.push_back({price, quantity, 0, false});
            want = want - quantity;
        } else {
            auto& first = level.orders.front();
            if (account != 0 && first.account == account) {
                matches.push_back({price, first.left, first.number, true});
                level.orders.erase(level.orders.begin());
            } else {
                const Quantity quantity = std::min(want, first.left);
                matches.push_back({price, quantity, first.number, false});
                want = want - quantity;
                first.left = first.left - quantity;
                if (first.left.units == 0) level.orders.erase(level.orders.begin());
            }
        }
        if (level.empty()) all.erase(best);
    }
    return matches;
}

std::vector<Book::Match> Book::traded(core::Side aggressor, Price at, Quantity quantity) {
    std::vector<Match> matches;
    const auto side = core::opposite(aggressor);
    auto& all = levels(side);
    for (auto level = all.begin(); level != all.end() && quantity.units > 0;) {
        const Price price = price_of(side, level->first);
        if (level->first > key_of(side, at)) break;
        auto& orders = level->second.orders;
        const bool same = price == at;
        // Behind the outside's share at this very price; better prices would have been met first.
        Quantity passed{};
        for (auto& order : orders) {
            const Quantity ahead = same ? std::max(Quantity{}, order.ahead - passed) : Quantity{};
            const Quantity through = std::min(quantity, ahead);
            passed = passed + through;
            quantity = quantity - through;
            const Quantity taken = std::min(quantity, order.left);
            if (taken.units > 0) {
                matches.push_back({price, taken, order.number, false});
                order.left = order.left - taken;
                quantity = quantity - taken;
                changed(side, price);
            }
        }
        if (same && passed.units > 0)
            for (auto& order : orders) order.ahead = std::max(Quantity{}, order.ahead - passed);
        std::erase_if(orders, [](const Resting& order) { return order.left.units == 0; });
        level = level->second.empty() ? all.erase(level) : std::next(level);
    }
    return matches;
}

std::vector<Book::Match> Book::uncross(core::Side& taker) {
    std::vector<Match> matches;
    while (!bids_.empty() && !asks_.empty()) {
        const auto bid = bids_.begin(), ask = asks_.begin();
        const Price bid_price = price_of(core::Side::buy, bid->first), ask_price{ask->first};
        if (bid_price < ask_price) break;
        // One of both sides has an order of ours there, and it was there first.
        const bool our_bid = !bid->second.orders.empty() && ask->second.outside.units > 0;
        const bool our_ask = !ask->second.orders.empty() && bid->second.outside.units > 0;
        if (!our_bid && !our_ask) break;
        const auto side = our_bid ? core::Side::sell : core::Side::buy;
        if (!matches.empty() && side != taker) break;
        taker = side;
        auto& makers = our_bid ? bid->second : ask->second;
        auto& outside = our_bid ? ask->second : bid->second;
        auto& first = makers.orders.front();
        const Quantity quantity = std::min(first.left, outside.outside);
        matches.push_back({our_bid ? bid_price : ask_price, quantity, first.number, false});
        first.left = first.left - quantity;
        outside.outside_gone(quantity);
        if (first.left.units == 0) makers.orders.erase(makers.orders.begin());
        changed(core::Side::buy, bid_price);
        changed(core::Side::sell, ask_price);
        if (bid->second.empty()) bids_.erase(bid);
        if (ask->second.empty()) asks_.erase(ask);
    }
    return matches;
}

Quantity Book::available(core::Side taker, Price limit, AccountId account) const {
    Quantity sum{};
    const auto side = core::opposite(taker);
    for (const auto& [key, level] : levels(side)) {
        if (limit.units != 0 && key > key_of(side, limit)) break;
        sum = sum + level.outside;
        for (const auto& order : level.orders)
            if (order.account != account) sum = sum + order.left;
    }
    return sum;
}

Quantity Book::displayed(core::Side side, Price price) const {
    const auto found = levels(side).find(key_of(side, price));
    return found == levels(side).end() ? Quantity{} : found->second.shown();
}

Quantity Book::outside(core::Side side, Price price) const {
    const auto found = levels(side).find(key_of(side, price));
    return found == levels(side).end() ? Quantity{} : found->second.outside;
}

Price Book::best(core::Side side) const {
    return levels(side).empty() ? Price{} : price_of(side, levels(side).begin()->first);
}

std::vector<Book::Shown> Book::top(core::Side side, std::size_t count) const {
    std::vector<Shown> shown;
    walk(side, [&](Price price, Quantity quantity) {
        if (shown.size() == count) return false;
        shown.push_back({price, quantity});
        return true;
    });
    return shown;
}

std::vector<std::pair<core::Side, Price>> Book::take_changes() {
    std::vector<std::pair<core::Side, Price>> all;
    all.reserve(changes_.size());
    for (const auto& [where, changed] : changes_) all.emplace_back(where.first, Price{where.second});
    changes_.clear();
    return all;
}

}  // namespace venue
