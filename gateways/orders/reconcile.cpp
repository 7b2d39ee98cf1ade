#include "gateways/orders/reconcile.hpp"

#include <algorithm>
#include <array>

namespace gateways {

namespace {

template <std::size_t n, class Enum>
std::string_view pick(const std::array<std::string_view, n>& names, Enum value) noexcept {
    const auto index = static_cast<std::size_t>(value);
    return index < n ? names[index] : std::string_view{"?"};
}

const TrackedOrder* known(const OrderLedger& ledger, const VenueEvent& event) noexcept {
    const auto* order = event.order.value != 0 ? ledger.find(event.order) : nullptr;
    return order != nullptr ? order : ledger.find(event.venue, event.venue_order);
}

/// Of spot the venue tells what is held of a coin. Its fees are parts of a unit, and what lay there before us is, too:
/// what is less than the smallest order is no other position.
bool same_position(const core::Instrument& instrument, core::Quantity ours, core::Quantity theirs) noexcept {
    if (instrument.market != core::Market::spot) return ours == theirs;
    const auto difference = ours > theirs ? ours - theirs : theirs - ours;
    return difference <= instrument.lot_size;
}

/// A fill told by the venue's order id alone may be of an order of ours whose id there we have not been told yet:
/// booked now, the pipeline would hear of it as a stranger's.
bool may_be_ours(const OrderLedger& ledger, const VenueEvent& fill) {
    if (fill.order.value != 0 || known(ledger, fill) != nullptr) return false;
    bool waits = false;
    ledger.for_each([&](const TrackedOrder& order) {
        waits = waits || (!order.outside && order.venue_order.empty() && order.order.venue == fill.venue &&
                          order.order.instrument == fill.instrument && !final(order.state()));
    });
    return waits;
}

}  // namespace

std::string_view name(DifferenceKind kind) noexcept {
    static constexpr std::array<std::string_view, difference_kind_count> names{
        "missing_fill", "unknown_order", "order_moved", "order_gone", "position_mismatch", "hedge_mode"};
    return pick(names, kind);
}

std::string_view name(Block block) noexcept {
    static constexpr std::array<std::string_view, block_count> names{
        "none", "not_reconciled", "stream_down", "order_doubt", "position_mismatch", "unlisted", "hedge_mode"};
    return pick(names, block);
}

std::vector<Difference> compare(const OrderLedger& ledger, const AccountSnapshot& snapshot,
                                const core::InstrumentTable& instruments) {
    std::vector<Difference> found;
    std::vector<core::Quantity> held(instruments.size());
    for (const auto& instrument : instruments) held[instrument.id.value] = ledger.position(instrument.id);

    for (std::uint32_t i = 0; i < snapshot.fills.size(); ++i) {
        const auto& fill = snapshot.fills[i];
        if (ledger.booked(fill)) continue;
        found.push_back({.kind = DifferenceKind::missing_fill,
                         .instrument = fill.instrument,
                         .id = fill.order,
                         .index = i,
                         .ours = {},
                         .theirs = fill.fill.quantity});
        if (fill.instrument.value >= held.size()) continue;
        auto& position = held[fill.instrument.value];
        position = fill.side == core::Side::buy ? position + fill.fill.quantity : position - fill.fill.quantity;
        auto fee = fee_in_base(instruments[fill.instrument], fill.fill);
        if (fee != 0) position = position - take_units(instruments[fill.instrument], fee);
    }

    std::vector<std::uint64_t> open;
    open.reserve(snapshot.open_orders.size());
    for (std::uint32_t i = 0; i < snapshot.open_orders.size(); ++i) {
        const auto& event = snapshot.open_orders[i];
        const auto* order = known(ledger, event);
        Difference difference{.kind = DifferenceKind::unknown_order,
                              .instrument = event.instrument,
                              .id = event.order,
                              .index = i,
                              .ours = {},
                              .theirs = event.update.filled};
        if (order == nullptr) {
            found.push_back(difference);
            continue;
        }
        open.push_back(order->order.id.value);
        difference.kind = DifferenceKind::order_moved;
        difference.id = order->order.id;
        difference.ours = order->booked;
        if (event.update.filled > order->booked) found.push_back(difference);
    }
    std::sort(open.begin(), open.end());

    if (snapshot.open_orders_complete)
        ledger.for_each([&](const TrackedOrder& order) {
            if (order.order.venue != snapshot.venue || final(order.state()) ||
                order.state() == OrderState::pending_send || order.created >= snapshot.asked_at ||
                std::binary_search(open.begin(), open.end(), order.order.id.value))
                return;
            found.push_back({.kind = DifferenceKind::order_gone,
                             .instrument = order.order.instrument,
                             .id = order.order.id,
                             .index = 0,
                             .ours = order.booked,
                             .theirs = {}});
        });

    if (!snapshot.positions_complete) return found;
    std::vector<core::Quantity> theirs(instruments.size());  // what the venue does not list it does not hold
    std::vector<bool> hedged(instruments.size());
    for (const auto& event : snapshot.positions) {
        const auto i = event.instrument.value;
        if (i >= theirs.size() || event.position.quantity.units == 0) continue;
        if (event.position.side != PositionSide::net || theirs[i].units != 0) hedged[i] = true;
        theirs[i] = theirs[i] + event.position.quantity;
    }
    for (const auto& instrument : instruments) {
        const auto i = instrument.id.value;
        if (instrument.venue != snapshot.venue) continue;
        if (!hedged[i] && same_position(instrument, held[i], theirs[i])) continue;
        found.push_back({.kind = hedged[i] ? DifferenceKind::hedge_mode : DifferenceKind::position_mismatch,
                         .instrument = instrument.id,
                         .id = {},
                         .index = 0,
                         .ours = held[i],
                         .theirs = theirs[i]});
    }
    return found;
}

Reconciler::Reconciler(const ReconcileSettings& settings, core::Venue venue, OrderLedger& ledger,
                       const core::InstrumentTable& instruments)
    : settings_{settings},
      venue_{venue},
      ledger_{&ledger},
      instruments_{&instruments},
      mismatches_(instruments.size()),
      fills_since_{std::max(core::Nanoseconds{}, ledger.newest_fill() - overlap_at_start)},
      virgin_{!ledger.has_history()} {}

void Reconciler::stream(bool up, core::Nanoseconds now) noexcept {
    stream_up_ = up;
    reconciled_ = false;
    began_ = now;
    asking_ = false;
    failures_ = 0;
    next_ = now;
}

void Reconciler::asked(core::Nanoseconds now, core::Nanoseconds venue_now) noexcept {
    if (!ledger_->has_history()) {
        ledger_->begin_at(venue_now - clock_margin);
        fills_since_ = std::max(fills_since_, venue_now - clock_margin);
    }
    asking_ = true;
    asked_at_ = now;
    next_ = now + settings_.interval;
}

void Reconciler::failed(core::Nanoseconds now) noexcept {
    asking_ = false;
    const auto wait = settings_.retry_first * (std::int64_t{1} << std::min<std::uint32_t>(failures_++, 20));
    next_ = now + std::min(wait, settings_.interval);
}

std::vector<Difference> Reconciler::apply(const AccountSnapshot& snapshot, core::Nanoseconds now,
                                          std::vector<Effect>& effects) {
    auto differences = compare(*ledger_, snapshot, *instruments_);
    bool waits = false;  // for an order to be named: it is asked for at this time
    auto newest = fills_since_;
    for (const auto& fill : snapshot.fills) {
        newest = std::max(newest, fill.venue_time - overlap);
        if (ledger_->booked(fill)) continue;
        if (may_be_ours(*ledger_, fill))
            waits = true;
        else
            ledger_->on(fill, effects);
    }
    // Only what was told without a gap is behind us; a fill of the stream proves nothing about those before it.
    if (snapshot.fills_complete && !waits) fills_since_ = std::max(newest, snapshot.fills_until - told_within);
    for (const auto& order : snapshot.open_orders) ledger_->on(order, effects);
    for (const auto& difference : differences) {
        if (difference.kind != DifferenceKind::order_gone) continue;
        const auto* order = ledger_->find(difference.id);
        if (order != nullptr && snapshot.asked_at - order->created >= settings_.settle)
            ledger_->suspect(difference.id, now);
    }
    // Of the time before the stream came back: what it tells are facts, what it does not tell proves nothing.
    if (snapshot.asked_at < began_) return differences;
    if (snapshot.positions_complete) note_positions(differences, now);
    const bool complete =
        snapshot.open_orders_complete && snapshot.fills_complete && snapshot.positions_complete && !waits;
    if (!complete) {
        failed(now);
    } else if (asking_) {
        give_up_missing(now, effects);
        asking_ = false;
        failures_ = 0;
        virgin_ = false;
        reconciled_ = stream_up_;
        const bool doubt =
            std::any_of(mismatches_.begin(), mismatches_.end(), [](const auto& m) { return m.seen > 0; });
        next_ = now + (doubt ? std::min(settings_.retry_first * 4, settings_.interval) : settings_.interval);
    }
    return differences;
}

void Reconciler::note_positions(const std::vector<Difference>& differences, core::Nanoseconds now) {
    std::vector<bool> differs(mismatches_.size());
    for (const auto& difference : differences) {
        const bool hedged = difference.kind == DifferenceKind::hedge_mode;
        if (!hedged && difference.kind != DifferenceKind::position_mismatch) continue;
        if (!hedged && virgin_ && settings_.adopt_first_position) {
            ledger_->adjust(difference.instrument, difference.theirs, now);
            continue;
        }
        differs[difference.instrument.value] = true;
        auto& mismatch = mismatches_[difference.instrument.value];
        const auto before = mismatch.hedged == hedged ? mismatch.seen : 0;
        mismatch = {.ours = difference.ours, .theirs = difference.theirs, .seen = before + 1, .hedged = hedged};
    }
    for (std::size_t i = 0; i < differs.size(); ++i)
        if (!differs[i]) mismatches_[i] = {};
}

/// Fills that the venue claims and tells nowhere, although it was asked again and again: with positions that agree they
/// are none of ours any more (of before this ledger's time, or of an order that the venue has forgotten).
void Reconciler::give_up_missing(core::Nanoseconds now, std::vector<Effect>& effects) {
    std::vector<core::OrderId> settled;
    ledger_->for_each([&](const TrackedOrder& order) {
        const auto instrument = order.order.instrument.value;
        if (order.order.venue == venue_ && instrument < mismatches_.size() && mismatches_[instrument].seen == 0 &&
            (order.outside || final(order.state())) && !order.waived && order.missing().units > 0 &&
            order.asks >= asks_for_fills)
            settled.push_back(order.order.id);
    });
    for (const auto id : settled) ledger_->drop(id, now, effects);
}

Block Reconciler::block(core::InstrumentId instrument) const noexcept {
    if (instrument.value >= mismatches_.size() || (*instruments_)[instrument].venue != venue_) return Block::unlisted;
    if (!stream_up_) return Block::stream_down;
    if (!reconciled_) return Block::not_reconciled;
    if (const auto& differs = mismatches_[instrument.value]; differs.seen > 0)
        return differs.hedged ? Block::hedge_mode : Block::position_mismatch;
    return ledger_->doubtful(instrument) ? Block::order_doubt : Block::none;
}

const Reconciler::Mismatch* Reconciler::mismatch(core::InstrumentId instrument) const noexcept {
    if (instrument.value >= mismatches_.size() || mismatches_[instrument.value].seen == 0) return nullptr;
    return &mismatches_[instrument.value];
}

bool Reconciler::accept(core::InstrumentId instrument, core::Nanoseconds now, std::vector<Effect>& effects) {
    const auto* difference = mismatch(instrument);
    if (difference == nullptr || difference->hedged) return false;
    std::vector<core::OrderId> incomplete;
    ledger_->for_each([&](const TrackedOrder& order) {
        if (order.order.instrument == instrument && (order.outside || final(order.state())) &&
            (order.missing().units > 0 || order.overfilled()))
            incomplete.push_back(order.order.id);
    });
    for (const auto id : incomplete) ledger_->drop(id, now, effects);
    ledger_->adjust(instrument, difference->theirs, now);
    mismatches_[instrument.value] = {};
    return true;
}

}  // namespace gateways
