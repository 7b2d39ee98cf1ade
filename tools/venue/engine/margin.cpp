// What derivatives cost: margin, funding, liquidation, and the settings of an account.
#include "core/domain/wide.hpp"
#include "tools/venue/engine/engine.hpp"

#include <algorithm>

namespace venue {

using core::Notional;
using core::Price;
using core::Quantity;
using core::Side;

namespace {

Quantity size_of(Quantity quantity) noexcept {
    return quantity.units < 0 ? -quantity : quantity;
}

}  // namespace

Notional Engine::notional(ListingId listing, Quantity quantity) const {
    const auto& state = market(listing);
    return state.rules.instrument.notional(state.mark(), size_of(quantity)).value_or(Notional{});
}

Notional Engine::unrealised(const Account&, ListingId listing, const Position& position) const {
    const auto& state = market(listing);
    return position.held.unrealised(state.rules.instrument, state.mark()).value_or(Notional{});
}

Notional Engine::unrealised(const Account& owner) const {
    Notional sum{};
    for (const auto& [where, position] : owner.positions)
        if (!position.held.flat()) sum = sum + unrealised(owner, where.first, position);
    return sum;
}

Notional Engine::position_margin(const Account& owner, ListingId listing, const Position& position) const {
    if (position.isolated_margin.units != 0) return position.isolated_margin;
    const auto worth = notional(listing, position.held.quantity());
    return Notional{worth.units / owner.settings_of(listing).leverage};
}

Notional Engine::maintenance(ListingId listing, const Position& position) const {
    return Notional{share(notional(listing, position.held.quantity()).units, market(listing).rules.maintenance)};
}

Notional Engine::margin_of(const Account& owner, const Order& order) const {
    const auto& state = market(order.listing);
    if (state.rules.spot() || reduces(order)) return {};
    Quantity opens = order.left();
    if (order.position_side == PositionSide::net)
        opens = Quantity{std::max<std::int64_t>(0, opens.units - reducible(owner, order).units)};
    Price price = order.price;
    if (market_kind(order.kind)) price = triggered_kind(order.kind) ? order.trigger : state.mark();
    const auto worth = state.rules.instrument.notional(price, opens);
    if (!worth) return Notional{INT64_MAX / 4};
    return Notional{worth->units / owner.settings_of(order.listing).leverage};
}

Notional Engine::order_margin(const Account& owner) const {
    Notional sum{};
    for (const auto number : owner.open) {
        const auto& order = *this->order(number);
        // A stop's margin is asked for when it is released.
        if (order.state != OrderState::untriggered) sum = sum + margin_of(owner, order);
    }
    return sum;
}

Notional Engine::available_margin(const Account& owner) const {
    const auto found = owner.derivatives().find("USDT");
    Notional sum{found == owner.derivatives().end() ? 0 : found->second.free};
    for (const auto& [where, position] : owner.positions) {
        if (position.held.flat()) continue;
        if (position.isolated_margin.units == 0) sum = sum + unrealised(owner, where.first, position);
        sum = sum - position_margin(owner, where.first, position);
    }
    return sum - order_margin(owner);
}

Price Engine::liquidation_price(const Account& owner, ListingId listing, const Position& position) const {
    const auto held = position.held.quantity();
    if (held.units == 0) return {};
    const auto& rules = market(listing).rules;
    // What may be lost before nothing but this position's maintenance is left.
    Notional cushion = position.isolated_margin;
    if (cushion.units == 0) {
        const auto wallet = owner.derivatives().find(rules.quote);
        cushion = Notional{wallet == owner.derivatives().end() ? 0 : wallet->second.free};
        for (const auto& [where, other] : owner.positions) {
            if (other.held.flat() || &other == &position) continue;
            if (other.isolated_margin.units != 0)
                cushion = cushion - other.isolated_margin;
            else
                cushion = cushion + unrealised(owner, where.first, other) - maintenance(where.first, other);
        }
    }
    const auto& i = rules.instrument;
    const auto entry = i.notional(position.held.entry(i), size_of(held)).value_or(Notional{});
    const bool is_long = held.units > 0;
    // long: worth − entry + cushion = m·worth; short: entry − worth + cushion = m·worth.
    const auto worth = is_long ? entry - cushion : entry + cushion;
    if (worth.units <= 0) return {};
    const auto share_left = 100'000'000 + (is_long ? -rules.maintenance.units : rules.maintenance.units);
    core::Wide price{static_cast<core::Int128>(worth.units) * 100'000'000};
    price.scale_up(i.price_decimals + i.quantity_decimals);
    price /= static_cast<std::uint64_t>(share_left);
    price /= static_cast<std::uint64_t>(size_of(held).units);
    price /= static_cast<std::uint64_t>(i.contract_value.units);
    return Price{price.towards_zero().value_or(0)};
}

Refusal Engine::set_leverage(AccountId id, ListingId listing, int leverage) {
    if (listing >= markets_.size() || market(listing).rules.spot()) return Refusal::unknown_listing;
    if (leverage < 1 || leverage > market(listing).rules.max_leverage) return Refusal::leverage;
    auto& owner = account(id);
    auto settings = owner.settings_of(listing);
    if (settings.leverage == leverage) return Refusal::unchanged;
    settings.leverage = leverage;
    const auto before = owner.settings_of(listing);
    owner.margin_settings[listing] = settings;
    if (available_margin(owner).units < 0) {
        owner.margin_settings[listing] = before;
        return Refusal::margin;
    }
    tell_account(owner, listing, Cause::configuration);
    return Refusal::none;
}

Refusal Engine::set_isolated(AccountId id, ListingId listing, bool isolated) {
    if (listing >= markets_.size() || market(listing).rules.spot()) return Refusal::unknown_listing;
    auto& owner = account(id);
    auto settings = owner.settings_of(listing);
    if (settings.isolated == isolated) return Refusal::unchanged;
    const bool in_use =
        std::ranges::any_of(owner.positions,
                            [&](const auto& one) { return one.first.first == listing && !one.second.held.flat(); }) ||
        std::ranges::any_of(owner.open, [&](OrderNumber number) { return order(number)->listing == listing; });
    if (in_use) return Refusal::open_positions;
    settings.isolated = isolated;
    owner.margin_settings[listing] = settings;
    tell_account(owner, listing, Cause::configuration);
    return Refusal::none;
}

Refusal Engine::set_hedge(AccountId id, bool hedge) {
    auto& owner = account(id);
    if (owner.hedge == hedge) return Refusal::unchanged;
    const bool in_use = std::ranges::any_of(owner.positions, [](const auto& one) { return !one.second.held.flat(); }) ||
                        std::ranges::any_of(owner.open, [&](OrderNumber number) {
                            return !market(order(number)->listing).rules.spot();
                        });
    if (in_use) return Refusal::open_positions;
    owner.hedge = hedge;
    return Refusal::none;
}

void Engine::liquidate(AccountId id, ListingId listing) {
    auto& owner = account(id);
    for (const auto number : std::vector<OrderNumber>(owner.open.begin(), owner.open.end())) {
        auto& order = mutable_order(number);
        if (order.listing == listing) finish(order, OrderState::cancelled, Change::cancelled, Refusal::liquidated);
    }
    for (const auto side : {PositionSide::net, PositionSide::long_, PositionSide::short_}) {
        const auto* position = owner.position(listing, side);
        if (position == nullptr || position->held.flat()) continue;
        const auto held = position->held.quantity();
        Order order;
        order.listing = listing;
        order.side = held.units > 0 ? Side::sell : Side::buy;
        order.kind = OrderKind::market;
        order.position_side = side;
        order.reduce_only = true;
        order.quantity = size_of(held);
        order.number = next_order_++;
        order.account = id;
        order.client_id = "autoclose-" + std::to_string(order.number);
        order.state = OrderState::open;
        order.liquidation = true;
        order.created = order.updated = now_;
        auto& kept = orders_.emplace(order.number, std::move(order)).first->second;
        owner.open.insert(kept.number);
        owner.by_client_id[kept.client_id] = kept.number;
        tell(kept, Change::accepted);
        execute(kept);
    }
    // What is lost beyond the margin is the venue's loss.
    auto& wallet = owner.derivatives()[market(listing).rules.quote];
    wallet.free = std::max<std::int64_t>(0, wallet.free);
    settle(listing);
}

void Engine::check_liquidations() {
    if (liquidating_) return;
    liquidating_ = true;
    for (const auto& owner : accounts_) {
        Notional equity{}, needed{};
        const auto wallet = owner->derivatives().find("USDT");
        if (wallet != owner->derivatives().end()) equity = Notional{wallet->second.free};
        std::vector<ListingId> shared, alone;
        for (const auto& [where, position] : owner->positions) {
            if (position.held.flat()) continue;
            const auto gain = unrealised(*owner, where.first, position);
            const auto least = maintenance(where.first, position);
            if (position.isolated_margin.units != 0) {
                equity = equity - position.isolated_margin;
                if (position.isolated_margin + gain <= least) alone.push_back(where.first);
            } else {
                equity = equity + gain;
                needed = needed + least;
                shared.push_back(where.first);
            }
        }
        for (const auto listing : alone) liquidate(owner->id, listing);
        if (!shared.empty() && equity <= needed)
            for (const auto listing : shared) liquidate(owner->id, listing);
    }
    liquidating_ = false;
}

void Engine::exchange_funding(ListingId listing) {
    auto& state = market(listing);
    const auto& rules = state.rules;
    state.funding_history.push_back({state.next_funding, rules.funding, state.mark()});
    if (state.funding_history.size() > MarketState::max_trades) state.funding_history.pop_front();
    for (const auto& owner : accounts_) {
        for (const auto& [where, position] : owner->positions) {
            if (where.first != listing || position.held.flat()) continue;
            // A positive rate is paid by the long to the short.
            const auto worth = notional(listing, position.held.quantity()).units;
            const auto paid = share(position.held.quantity().units > 0 ? worth : -worth, rules.funding);
            owner->derivatives()[rules.quote].free -= paid;
            tell_account(*owner, listing, Cause::funding, Notional{-paid});
        }
    }
}

}  // namespace venue
