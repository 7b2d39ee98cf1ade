#include "tools/venue/engine/engine.hpp"

#include "core/domain/wide.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace venue {

using core::Price;
using core::Quantity;
using core::Side;

std::string_view name(Refusal refusal) noexcept {
    switch (refusal) {
        case Refusal::none: return "none";
        case Refusal::unknown_listing: return "unknown_listing";
        case Refusal::unknown_order: return "unknown_order";
        case Refusal::unknown_account: return "unknown_account";
        case Refusal::duplicate_client_id: return "duplicate_client_id";
        case Refusal::bad_price: return "bad_price";
        case Refusal::tick_size: return "tick_size";
        case Refusal::bad_quantity: return "bad_quantity";
        case Refusal::lot_size: return "lot_size";
        case Refusal::min_notional: return "min_notional";
        case Refusal::too_large: return "too_large";
        case Refusal::bad_trigger: return "bad_trigger";
        case Refusal::would_trigger: return "would_trigger";
        case Refusal::balance: return "balance";
        case Refusal::margin: return "margin";
        case Refusal::post_only: return "post_only";
        case Refusal::not_fillable: return "not_fillable";
        case Refusal::reduce_only: return "reduce_only";
        case Refusal::position_side: return "position_side";
        case Refusal::leverage: return "leverage";
        case Refusal::open_positions: return "open_positions";
        case Refusal::unchanged: return "unchanged";
        case Refusal::too_many_orders: return "too_many_orders";
        case Refusal::finished: return "finished";
        case Refusal::self_trade: return "self_trade";
        case Refusal::no_market: return "no_market";
        case Refusal::liquidated: return "liquidated";
    }
    return "?";
}

std::int64_t share(std::int64_t amount, Rate rate) noexcept {
    core::Wide product{static_cast<core::Int128>(amount) * rate.units};
    product.scale_down(Rate::decimals);
    return product.ceil().value_or(0);
}

std::int64_t base_amount(const Listing& listing, Quantity quantity) noexcept {
    core::Wide amount{static_cast<core::Int128>(quantity.units) * listing.instrument.contract_value.units};
    amount.scale_down(listing.instrument.quantity_decimals);
    return amount.towards_zero().value_or(0);
}

Price MarketState::mark() const {
    const Price bid = book.best(Side::buy), ask = book.best(Side::sell);
    if (bid.units == 0 || ask.units == 0) return last;
    return Price{(bid.units + ask.units) / 2};
}

Engine::Engine(EngineSettings settings, std::vector<Listing> listings)
    : settings_{settings}, next_order_{settings.first_order}, next_trade_{settings.first_trade} {
    for (auto& listing : listings) {
        const auto& rules = listing.instrument;
        if (listing.spot() && rules.price_decimals + rules.quantity_decimals > core::Notional::decimals)
            throw std::invalid_argument{"venue simulator: " + rules.symbol + ": price and quantity together have " +
                                        "more than 8 decimals"};
        if (listing.spot() && rules.contract_value.units != 100'000'000)
            throw std::invalid_argument{"venue simulator: " + rules.symbol + ": a spot listing has no contract value"};
        auto market = std::make_unique<MarketState>();
        market->rules = std::move(listing);
        markets_.push_back(std::move(market));
    }
    waiting_.resize(markets_.size());
}

Engine::~Engine() = default;

void Engine::advance(core::Nanoseconds now) {
    if (now <= now_) return;
    now_ = now;
    for (ListingId id = 0; id < listings(); ++id) {
        auto& state = market(id);
        state.candles.fill_until(now);
        if (state.rules.spot()) continue;
        const auto due = core::floor_to(now, settings_.funding_interval) + settings_.funding_interval;
        if (state.next_funding != due && state.next_funding.count() != 0) exchange_funding(id);
        state.next_funding = due;
    }
}

void Engine::on_tick(ListingId listing, const core::Tick& tick) {
    auto& state = market(listing);
    if (tick.is(core::TickKind::trade)) {
        const auto aggressor = tick.side;
        auto left = tick.trade.quantity;
        const auto matches = state.book.traded(aggressor, tick.trade.price, left);
        for (const auto& match : matches) left = left - match.quantity;
        apply_outside(listing, aggressor, matches);
        if (left.units > 0) print(listing, aggressor, tick.trade.price, left);
        settle(listing);
    } else if (tick.is(core::TickKind::level)) {
        const bool opens = (tick.flags & core::tick_flag::first) != 0 && (tick.flags & core::tick_flag::snapshot) != 0;
        if (opens)
            for (const auto& [side, price] : state.book.outside_levels())
                state.book.set_outside(side, price, Quantity{});
        state.book.set_outside(tick.side, tick.level.price, tick.level.quantity);
        if (!tick.whole()) return;
        for (;;) {
            Side taker{};
            const auto matches = state.book.uncross(taker);
            if (matches.empty()) break;
            apply_outside(listing, taker, matches);
        }
        settle(listing);
    }
}

void Engine::outside_order(ListingId listing, Side side, Price price, Quantity quantity) {
    auto& state = market(listing);
    const auto matches = state.book.take(side, price, quantity, 0);
    for (const auto& match : matches) quantity = quantity - match.quantity;
    apply_outside(listing, side, matches);
    if (quantity.units > 0 && price.units != 0)
        state.book.set_outside(side, price, state.book.outside(side, price) + quantity);
    settle(listing);
}

void Engine::move_market(ListingId listing, Price price, Quantity quantity) {
    auto& state = market(listing);
    const Price mark = state.mark();
    const Side taker = price >= mark ? Side::buy : Side::sell;
    const auto everything = state.book.available(taker, price, 0);
    if (everything.units > 0) apply_outside(listing, taker, state.book.take(taker, price, everything, 0));
    if (quantity.units > 0) print(listing, taker, price, quantity);
    settle(listing);
}

Account& Engine::add_account(Credentials credentials, bool unified) {
    auto made = std::make_unique<Account>();
    made->id = static_cast<AccountId>(accounts_.size() + 1);
    made->credentials = std::move(credentials);
    made->unified = unified;
    accounts_.push_back(std::move(made));
    return *accounts_.back();
}

Account* Engine::account(std::string_view key) noexcept {
    for (auto& one : accounts_)
        if (one->credentials.key == key) return one.get();
    return nullptr;
}

void Engine::deposit(AccountId id, const std::string& asset, std::int64_t amount, bool derivatives) {
    auto& owner = account(id);
    (derivatives ? owner.derivatives() : owner.wallet)[asset].free += amount;
    for (ListingId listing = 0; listing < listings(); ++listing) {
        const auto& rules = market(listing).rules;
        if (rules.spot() != derivatives && (rules.base == asset || rules.quote == asset)) {
            tell_account(owner, listing, Cause::transfer, core::Notional{amount});
            return;
        }
    }
}

const Order* Engine::order(OrderNumber number) const noexcept {
    const auto found = orders_.find(number);
    return found == orders_.end() ? nullptr : &found->second;
}

const Order* Engine::order(const Account& owner, std::string_view client_id) const noexcept {
    const auto found = owner.by_client_id.find(client_id);
    return found == owner.by_client_id.end() ? nullptr : order(found->second);
}

std::vector<const Order*> Engine::orders(AccountId id) const {
    std::vector<const Order*> all;
    for (const auto& [number, order] : orders_)
        if (order.account == id) all.push_back(&order);
    return all;
}

std::optional<ListingId> Engine::find(std::string_view symbol, std::optional<core::Market> kind) const {
    for (ListingId id = 0; id < listings(); ++id) {
        const auto& rules = market(id).rules.instrument;
        if (rules.symbol == symbol && (!kind || rules.market == *kind)) return id;
    }
    return std::nullopt;
}

std::uint64_t Engine::print(ListingId listing, Side aggressor, Price price, Quantity quantity) {
    auto& state = market(listing);
    const std::uint64_t id = std::exchange(reuse_trade_id_, false) ? next_trade_ - 1 : next_trade_++;
    const PublicTrade trade{id, aggressor, price, quantity, now_};
    state.last = price;
    state.trades.push_back(trade);
    if (state.trades.size() > MarketState::max_trades) state.trades.pop_front();
    state.candles.add(trade, state.rules.instrument.notional(price, quantity).value_or(core::Notional{}));
    if (listener_ != nullptr) listener_->on_trade(listing, trade);
    return id;
}

void Engine::tell(const Order& order, Change change, const Fill* fill) {
    if (listener_ != nullptr) listener_->on_order(account(order.account), order, change, fill);
}

void Engine::tell_account(const Account& owner, ListingId listing, Cause cause, core::Notional amount) {
    if (listener_ != nullptr) listener_->on_account(owner, listing, cause, amount);
}

void Engine::publish(ListingId listing) {
    auto& state = market(listing);
    for (const auto& [side, price] : state.book.take_changes()) {
        ++state.update_id;
        if (listener_ != nullptr)
            listener_->on_level(listing, side, price, state.book.displayed(side, price), state.update_id);
    }
}

void Engine::settle(ListingId listing) {
    if (std::exchange(settling_, true)) return;
    while (trigger(listing)) {
    }
    check_liquidations();
    for (ListingId id = 0; id < listings(); ++id) publish(id);
    forget();
    settling_ = false;
}

void Engine::forget() {
    while (finished_.size() > settings_.max_kept_orders) {
        const auto number = finished_.front();
        finished_.pop_front();
        const auto found = orders_.find(number);
        if (found == orders_.end()) continue;
        auto& ids = account(found->second.account).by_client_id;
        const auto named = ids.find(found->second.client_id);
        if (named != ids.end() && named->second == number) ids.erase(named);
        orders_.erase(found);
    }
}

}  // namespace venue
