// Orders meet: what is taken, who pays what to whom, and what becomes of the rest.
#include "core/domain/wide.hpp"
#include "tools/venue/engine/engine.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace venue {

using core::Notional;
using core::Price;
using core::Quantity;
using core::Side;

Quantity Engine::affordable(ListingId listing, Notional budget) const {
    const auto& state = market(listing);
    const auto& i = state.rules.instrument;
    Quantity sum{};
    state.book.walk(Side::sell, [&](Price price, Quantity shown) {
        const auto all = i.notional(price, shown);
        Quantity taken = shown;
        if (!all || *all > budget) {
            core::Wide quantity{static_cast<core::Int128>(budget.units)};
            quantity.scale_up(i.price_decimals + i.quantity_decimals);
            quantity /= static_cast<std::uint64_t>(price.units);
            quantity.scale_down(Notional::decimals);
            taken = std::min(shown, Quantity{quantity.towards_zero().value_or(0)});
            taken.units -= taken.units % i.lot_size.units;
        }
        sum = sum + taken;
        budget = budget - i.notional(price, taken).value_or(budget);
        return taken == shown && budget.units > 0;
    });
    sum.units -= sum.units % i.lot_size.units;
    return sum;
}

void Engine::execute(Order& order) {
    auto& book = market(order.listing).book;
    if (order.time_in_force == TimeInForce::post_only && would_take(order)) {
        finish(order, OrderState::expired, Change::expired, Refusal::post_only);
        return;
    }
    if (order.quote_amount.units != 0) order.quantity = affordable(order.listing, order.quote_amount);
    Quantity want = order.left();
    if (reduces(order)) {
        want = std::min(want, reducible(account(order.account), order));
        if (want.units == 0) {
            finish(order, OrderState::expired, Change::expired, Refusal::reduce_only);
            return;
        }
    }
    const Price limit = market_kind(order.kind) ? Price{} : order.price;
    if (order.time_in_force == TimeInForce::fok && book.available(order.side, limit, order.account) < want) {
        finish(order, OrderState::expired, Change::expired, Refusal::not_fillable);
        return;
    }
    apply(order, book.take(order.side, limit, want, order.account));
    settle_remainder(order);
}

void Engine::settle_remainder(Order& order) {
    if (!live(order.state)) return;
    const bool rests = !market_kind(order.kind) &&
                       (order.time_in_force == TimeInForce::gtc || order.time_in_force == TimeInForce::post_only);
    if (!rests) {
        finish(order, OrderState::expired, Change::expired, Refusal::no_market);
        return;
    }
    Quantity left = order.left();
    if (reduces(order)) left = std::min(left, reducible(account(order.account), order));
    if (left.units == 0)
        finish(order, OrderState::expired, Change::expired, Refusal::reduce_only);
    else
        market(order.listing).book.rest(order.side, order.price, left, order.number, order.account);
}

void Engine::apply(Order& taker, const std::vector<Book::Match>& matches) {
    for (const auto& match : matches) {
        Quantity quantity = match.quantity;
        Order* maker = match.maker == 0 ? nullptr : &mutable_order(match.maker);
        if (match.own) {  // by an account, so by an order
            assert(maker != nullptr);
            finish(*maker, OrderState::expired, Change::expired, Refusal::self_trade);
            continue;
        }
        if (maker != nullptr && reduces(*maker)) {
            quantity = std::min(quantity, reducible(account(maker->account), *maker));
            if (quantity.units == 0) {
                finish(*maker, OrderState::expired, Change::expired, Refusal::reduce_only);
                continue;
            }
        }
        const auto trade = print(taker.listing, taker.side, match.price, quantity);
        if (maker != nullptr) {
            fill(*maker, match.price, quantity, true, trade);
            // What is left of it has nothing more to reduce.
            if (live(maker->state) && reduces(*maker) && reducible(account(maker->account), *maker).units == 0)
                finish(*maker, OrderState::expired, Change::expired, Refusal::reduce_only);
        }
        fill(taker, match.price, quantity, false, trade);
    }
}

void Engine::apply_outside(ListingId listing, Side taker, const std::vector<Book::Match>& matches) {
    for (const auto& match : matches) {
        Quantity quantity = match.quantity;
        Order* maker = match.maker == 0 ? nullptr : &mutable_order(match.maker);
        if (maker != nullptr && reduces(*maker)) {
            quantity = std::min(quantity, reducible(account(maker->account), *maker));
            if (quantity.units == 0) {
                finish(*maker, OrderState::expired, Change::expired, Refusal::reduce_only);
                continue;
            }
        }
        const auto trade = print(listing, taker, match.price, quantity);
        if (maker != nullptr) {
            fill(*maker, match.price, quantity, true, trade);
            // What is left of it has nothing more to reduce.
            if (live(maker->state) && reduces(*maker) && reducible(account(maker->account), *maker).units == 0)
                finish(*maker, OrderState::expired, Change::expired, Refusal::reduce_only);
        }
    }
}

void Engine::fill(Order& order, Price price, Quantity quantity, bool maker, std::uint64_t trade) {
    auto& owner = account(order.account);
    const auto& rules = market(order.listing).rules;
    Fill made;
    made.trade = trade;
    made.order = order.number;
    made.listing = order.listing;
    made.side = order.side;
    made.position_side = order.position_side;
    made.maker = maker;
    made.price = price;
    made.quantity = quantity;
    made.quote = rules.instrument.notional(price, quantity).value_or(Notional{});
    made.time = now_;
    order.filled = order.filled + quantity;
    order.filled_quote = order.filled_quote + made.quote;
    order.state = order.left().units == 0 ? OrderState::filled : OrderState::partially_filled;
    order.updated = now_;
    if (rules.spot())
        fill_spot(owner, order, made);
    else
        fill_linear(owner, order, made);
    order.fee += made.fee;
    order.realised = order.realised + made.realised;
    owner.fills.push_back(made);
    if (owner.fills.size() > Account::max_fills) owner.fills.pop_front();
    if (order.state == OrderState::filled) {
        owner.open.erase(order.number);
        finished_.push_back(order.number);
    }
    tell(order, Change::filled, &made);
    tell_account(owner, order.listing, order.liquidation ? Cause::liquidation : Cause::fill, made.realised);
}

void Engine::fill_spot(Account& owner, Order& order, Fill& made) {
    const auto& rules = market(order.listing).rules;
    const Rate rate = made.maker ? rules.maker_fee : rules.taker_fee;
    const auto bought = base_amount(rules, made.quantity);
    unlock(order);
    auto& base = owner.wallet[rules.base];
    auto& quote = owner.wallet[rules.quote];
    if (order.side == Side::buy) {
        made.fee_asset = rules.base;
        made.fee = share(bought, rate);
        quote.free -= made.quote.units;
        base.free += bought - made.fee;
    } else {
        made.fee_asset = rules.quote;
        made.fee = share(made.quote.units, rate);
        base.free -= bought;
        quote.free += made.quote.units - made.fee;
    }
    lock(order);
}

void Engine::fill_linear(Account& owner, Order& order, Fill& made) {
    auto& state = market(order.listing);
    const auto& rules = state.rules;
    auto& position = owner.positions[{order.listing, order.position_side}];
    const auto before = position.held.quantity();
    made.fee_asset = rules.quote;
    made.fee = share(made.quote.units, made.maker ? rules.maker_fee : rules.taker_fee);
    const auto gain =
        position.held.apply_fill(rules.instrument, order.side, made.price, made.quantity, Notional{made.fee});
    made.realised = gain.value_or(Notional{});
    owner.derivatives()[rules.quote].free += made.realised.units - made.fee;
    position.updated = now_;

    const auto after = position.held.quantity();
    const auto size = [](Quantity quantity) { return quantity.units < 0 ? -quantity.units : quantity.units; };
    const auto settings = owner.settings_of(order.listing);
    if (!settings.isolated || after.units == 0) {
        position.isolated_margin = {};
    } else {
        const auto entry = position.held.entry(rules.instrument);
        const auto worth = rules.instrument.notional(entry, Quantity{size(after)}).value_or(Notional{});
        if (size(after) > size(before) || (before.units > 0) != (after.units > 0)) {
            position.isolated_margin = Notional{worth.units / settings.leverage};
        } else {
            core::Wide kept{static_cast<core::Int128>(position.isolated_margin.units) * size(after)};
            kept /= static_cast<std::uint64_t>(size(before));
            position.isolated_margin = Notional{kept.towards_zero().value_or(0)};
        }
    }
    const auto long_part = [](Quantity quantity) {
        return static_cast<std::uint64_t>(std::max<std::int64_t>(0, quantity.units));
    };
    state.open_interest += long_part(after);
    state.open_interest -= long_part(before);
}

void Engine::lock(Order& order) {
    const auto& rules = market(order.listing).rules;
    if (!rules.spot() || !live(order.state)) return;
    const bool waits = order.state == OrderState::untriggered;
    if (waits ? holds_nothing_yet(order) : market_kind(order.kind)) return;
    const bool buys = order.side == Side::buy;
    order.locked = buys ? rules.instrument.notional(order.price, order.left()).value_or(Notional{}).units
                        : base_amount(rules, order.left());
    auto& balance = account(order.account).wallet[buys ? rules.quote : rules.base];
    balance.free -= order.locked;
    balance.locked += order.locked;
}

void Engine::unlock(Order& order) {
    if (order.locked == 0) return;
    const auto& rules = market(order.listing).rules;
    auto& balance = account(order.account).wallet[order.side == Side::buy ? rules.quote : rules.base];
    balance.locked -= order.locked;
    balance.free += order.locked;
    order.locked = 0;
}

void Engine::finish(Order& order, OrderState state, Change change, Refusal reason) {
    if (!live(order.state)) return;
    auto& owner = account(order.account);
    if (order.state == OrderState::untriggered)
        std::erase(waiting_[order.listing], order.number);
    else if (!market_kind(order.kind))
        market(order.listing).book.remove(order.side, order.price, order.number);
    const bool held = order.locked != 0;
    unlock(order);
    order.state = state;
    order.reason = reason;
    order.updated = now_;
    owner.open.erase(order.number);
    finished_.push_back(order.number);
    tell(order, change);
    if (held) tell_account(owner, order.listing, Cause::order);
}

}  // namespace venue
