// What clients ask of the engine: place, change, cancel; and the rules that are checked before anything happens.
#include "tools/venue/engine/engine.hpp"

#include <algorithm>
#include <utility>

namespace venue {

using core::Notional;
using core::Price;
using core::Quantity;
using core::Side;

namespace {

bool passed(const Order& order, Price price) noexcept {
    // A stop releases when the price runs against the order's side, a take-profit when it runs with it.
    const bool rising = (order.side == Side::buy) == stop_kind(order.kind);
    return price.units != 0 && (rising ? price >= order.trigger : price <= order.trigger);
}

Price watched(const MarketState& state, TriggerBy by) {
    return by == TriggerBy::mark ? state.mark() : state.last;
}

}  // namespace

Refusal Engine::check_price(const Listing& rules, const NewOrder& wanted) const {
    const auto& i = rules.instrument;
    if (!market_kind(wanted.kind)) {
        if (wanted.price.units <= 0) return Refusal::bad_price;
        if (wanted.price.units % i.tick_size.units != 0) return Refusal::tick_size;
    }
    if (triggered_kind(wanted.kind)) {
        if (wanted.trigger.units <= 0) return Refusal::bad_trigger;
        if (wanted.trigger.units % i.tick_size.units != 0) return Refusal::tick_size;
    }
    return Refusal::none;
}

Refusal Engine::check(const Account& account, const NewOrder& wanted) const {
    const auto& state = market(wanted.listing);
    const auto& rules = state.rules;
    const auto& i = rules.instrument;
    if (const auto bad = check_price(rules, wanted); bad != Refusal::none) return bad;
    if (rules.spot()) {
        if (wanted.position_side != PositionSide::net || wanted.close_position) return Refusal::position_side;
    } else if (account.hedge == (wanted.position_side == PositionSide::net)) {
        return Refusal::position_side;
    }
    const bool by_amount = wanted.quote_amount.units != 0;
    if (by_amount) {
        if (!rules.spot() || wanted.kind != OrderKind::market || wanted.side != Side::buy || wanted.quantity.units != 0)
            return Refusal::bad_quantity;
        if (wanted.quote_amount.units < 0) return Refusal::bad_quantity;
        if (wanted.quote_amount < i.min_notional) return Refusal::min_notional;
    } else if (!wanted.close_position) {
        if (wanted.quantity.units <= 0) return Refusal::bad_quantity;
        if (wanted.quantity < i.min_quantity || wanted.quantity > rules.max_quantity ||
            wanted.quantity.units % i.lot_size.units != 0)
            return Refusal::lot_size;
        const Price price = !market_kind(wanted.kind)     ? wanted.price
                            : triggered_kind(wanted.kind) ? wanted.trigger
                            : state.mark().units != 0     ? state.mark()
                                                          : i.tick_size;
        const auto worth = i.notional(price, wanted.quantity);
        if (!worth) return Refusal::too_large;
        if (*worth < i.min_notional && !wanted.reduce_only) return Refusal::min_notional;
    }
    if (!wanted.client_id.empty()) {
        const auto* same = order(account, wanted.client_id);
        if (same != nullptr && live(same->state)) return Refusal::duplicate_client_id;
    }
    if (account.open.size() >= settings_.max_open_orders) return Refusal::too_many_orders;
    return Refusal::none;
}

bool Engine::reduces(const NewOrder& order) const noexcept {
    if (order.reduce_only || order.close_position) return true;
    // In hedge mode selling the long position, or buying the short one, can only close it.
    return (order.position_side == PositionSide::long_ && order.side == Side::sell) ||
           (order.position_side == PositionSide::short_ && order.side == Side::buy);
}

Quantity Engine::reducible(const Account& account, const NewOrder& order) const {
    const auto* position = account.position(order.listing, order.position_side);
    if (position == nullptr) return {};
    const auto held = position->held.quantity();
    const bool opposite = order.side == Side::buy ? held.units < 0 : held.units > 0;
    return opposite ? Quantity{held.units < 0 ? -held.units : held.units} : Quantity{};
}

Refusal Engine::check_reduction(const Account& account, const NewOrder& wanted) const {
    if (market(wanted.listing).rules.spot()) return wanted.reduce_only ? Refusal::reduce_only : Refusal::none;
    // A stop may wait for a position that is still to come; what is to trade now may not.
    if (!reduces(wanted) || triggered_kind(wanted.kind)) return Refusal::none;
    return reducible(account, wanted).units == 0 ? Refusal::reduce_only : Refusal::none;
}

Refusal Engine::check_funds(const Account& account, const NewOrder& wanted) const {
    const auto& state = market(wanted.listing);
    const auto& rules = state.rules;
    if (!rules.spot()) {
        if (reduces(wanted)) return Refusal::none;
        Order order;
        static_cast<NewOrder&>(order) = wanted;
        const auto needed = margin_of(account, order);
        return needed > available_margin(account) ? Refusal::margin : Refusal::none;
    }
    const auto free = [&](const std::string& asset) {
        const auto found = account.wallet.find(asset);
        const auto has = found == account.wallet.end() ? std::int64_t{0} : found->second.free;
        // In one wallet, what secures positions cannot be spent.
        return account.unified && asset == "USDT" ? std::min(has, available_margin(account).units) : has;
    };
    if (wanted.side == Side::sell)
        return base_amount(rules, wanted.quantity) > free(rules.base) ? Refusal::balance : Refusal::none;
    std::int64_t cost = 0;
    if (wanted.quote_amount.units != 0) {
        cost = wanted.quote_amount.units;
    } else if (!market_kind(wanted.kind)) {
        cost = rules.instrument.notional(wanted.price, wanted.quantity).value_or(Notional{INT64_MAX}).units;
    } else {
        Quantity left = wanted.quantity;
        state.book.walk(Side::sell, [&](Price price, Quantity shown) {
            const auto taken = std::min(left, shown);
            cost += rules.instrument.notional(price, taken).value_or(Notional{}).units;
            left = left - taken;
            return left.units > 0;
        });
    }
    return cost > free(rules.quote) ? Refusal::balance : Refusal::none;
}

bool Engine::would_take(const NewOrder& wanted) const {
    const Price best = market(wanted.listing).book.best(core::opposite(wanted.side));
    return best.units != 0 && (wanted.side == Side::buy ? wanted.price >= best : wanted.price <= best);
}

bool Engine::fillable(AccountId id, const NewOrder& wanted) const {
    return market(wanted.listing).book.available(wanted.side, market_kind(wanted.kind) ? Price{} : wanted.price, id) >=
           wanted.quantity;
}

bool Engine::would_trigger(const NewOrder& wanted) const {
    Order order;
    static_cast<NewOrder&>(order) = wanted;
    return passed(order, watched(market(wanted.listing), wanted.trigger_by));
}

Refusal Engine::test(AccountId id, const NewOrder& wanted) const {
    if (id == 0 || id > accounts_.size()) return Refusal::unknown_account;
    if (wanted.listing >= markets_.size()) return Refusal::unknown_listing;
    const auto& owner = *accounts_[id - 1];
    if (const auto bad = check(owner, wanted); bad != Refusal::none) return bad;
    if (const auto bad = check_reduction(owner, wanted); bad != Refusal::none) return bad;
    return holds_nothing_yet(wanted) ? Refusal::none : check_funds(owner, wanted);
}

/// An order that waits for its price and needs nothing until then. One that locks the coins it would sell needs them
/// now; what it would buy at the market is not known before.
bool Engine::holds_nothing_yet(const NewOrder& wanted) const noexcept {
    if (!triggered_kind(wanted.kind)) return false;
    const auto& rules = market(wanted.listing).rules;
    if (rules.spot() && !rules.locks_conditionals && !wanted.locks_at_once) return true;
    return market_kind(wanted.kind) && !(rules.spot() && wanted.side == Side::sell);
}

core::Result<const Order*, Refusal> Engine::submit(AccountId id, NewOrder wanted) {
    if (const auto bad = test(id, wanted); bad != Refusal::none) return bad;
    auto& owner = account(id);
    Order order;
    static_cast<NewOrder&>(order) = std::move(wanted);
    order.number = next_order_++;
    order.account = id;
    order.created = order.updated = now_;
    if (order.client_id.empty()) order.client_id = "omega" + std::to_string(order.number);
    order.state = triggered_kind(order.kind) ? OrderState::untriggered : OrderState::open;
    auto& kept = orders_.emplace(order.number, std::move(order)).first->second;
    owner.open.insert(kept.number);
    owner.by_client_id[kept.client_id] = kept.number;
    lock(kept);
    tell(kept, Change::accepted);
    if (kept.locked != 0) tell_account(owner, kept.listing, Cause::order);
    if (kept.state == OrderState::untriggered)
        waiting_[kept.listing].push_back(kept.number);
    else
        execute(kept);
    settle(kept.listing);
    return core::Result<const Order*, Refusal>{this->order(kept.number)};
}

Refusal Engine::cancel(AccountId id, OrderNumber number) {
    const auto found = orders_.find(number);
    if (found == orders_.end() || found->second.account != id) return Refusal::unknown_order;
    auto& order = found->second;
    if (!live(order.state)) return Refusal::finished;
    const auto listing = order.listing;
    finish(order, OrderState::cancelled, Change::cancelled, Refusal::none);
    settle(listing);
    return Refusal::none;
}

std::vector<OrderNumber> Engine::cancel_all(AccountId id, std::optional<ListingId> listing) {
    std::vector<OrderNumber> all;
    for (const auto number : account(id).open)
        if (!listing || order(number)->listing == *listing) all.push_back(number);
    for (const auto number : all) (void)cancel(id, number);
    return all;
}

core::Result<const Order*, Refusal> Engine::amend(AccountId id, OrderNumber number, const Amendment& change) {
    const auto found = orders_.find(number);
    if (found == orders_.end() || found->second.account != id) return Refusal::unknown_order;
    auto& order = found->second;
    if (!live(order.state)) return Refusal::finished;
    NewOrder next = order;
    next.client_id.clear();
    if (change.price) next.price = *change.price;
    if (change.quantity) next.quantity = *change.quantity;
    if (change.trigger) next.trigger = *change.trigger;
    if (next.price == order.price && next.quantity == order.quantity && next.trigger == order.trigger)
        return Refusal::unchanged;
    const auto& owner = account(id);
    if (const auto bad = check(owner, next); bad != Refusal::none && bad != Refusal::too_many_orders) return bad;
    if (next.quantity <= order.filled) return Refusal::bad_quantity;

    // What it held back is free for the amended one; if that is not enough the old one stays as it was.
    const bool keeps_place = next.price == order.price && next.quantity < order.quantity;
    NewOrder rest = next;
    rest.quantity = next.quantity - order.filled;
    auto& holder = account(id);
    unlock(order);
    holder.open.erase(number);
    const bool waits = order.state == OrderState::untriggered;
    const auto bad = waits && holds_nothing_yet(next) ? Refusal::none : check_funds(owner, rest);
    holder.open.insert(number);
    if (bad != Refusal::none) {
        lock(order);
        return bad;
    }
    auto& book = market(order.listing).book;
    const bool resting = order.state != OrderState::untriggered;
    if (resting && !keeps_place) book.remove(order.side, order.price, number);
    order.price = next.price;
    order.quantity = next.quantity;
    order.trigger = next.trigger;
    order.updated = now_;
    if (resting && keeps_place) book.reduce(order.side, order.price, number, order.left());
    lock(order);
    tell(order, Change::amended);
    if (resting && !keeps_place) execute(order);
    settle(order.listing);
    return core::Result<const Order*, Refusal>{this->order(number)};
}

bool Engine::trigger(ListingId listing) {
    auto& waiting = waiting_[listing];
    const auto& state = market(listing);
    const auto due = std::ranges::find_if(waiting, [&](OrderNumber number) {
        const auto* order = this->order(number);
        return passed(*order, watched(state, order->trigger_by));
    });
    if (due == waiting.end()) return false;
    auto& order = mutable_order(*due);
    auto& owner = account(order.account);
    if (order.close_position) order.quantity = reducible(owner, order);
    owner.open.erase(order.number);
    unlock(order);
    const auto bad = check_funds(owner, order);
    owner.open.insert(order.number);
    if (bad != Refusal::none) {  // it never becomes an order of the book
        finish(order, OrderState::rejected, Change::rejected, bad);
        return true;
    }
    waiting.erase(due);
    order.released = true;
    order.state = order.filled.units == 0 ? OrderState::open : OrderState::partially_filled;
    order.updated = now_;
    tell(order, Change::triggered);
    lock(order);
    execute(order);
    return true;
}

}  // namespace venue
