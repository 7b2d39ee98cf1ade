#include "gateways/live/talk.hpp"
#include "gateways/streams/fields.hpp"

#include <algorithm>

/// Conversations about one order.
namespace gateways::live {

using exchange::ApiError;
using exchange::ErrorKind;

namespace {

/// It still waits for its price.
bool waits(const Step& step, const exchange::Order& order) noexcept {
    return !step.released && (step.conditional || !order.trigger_price.empty());
}

}  // namespace

VenueEvent Talk::about_order(VenueEventKind kind, EventSource source) const {
    VenueEvent event;
    event.kind = kind;
    event.source = source;
    event.venue = desk_->venue;
    event.side = action_.order.side;
    event.instrument = action_.order.instrument;
    event.venue_time = event.receive_time = received_;
    if (!is_outside(action_.order.id)) event.order = action_.order.id;
    event.venue_order = action_.venue_order;
    return event;
}

bool Talk::is_mine(const exchange::Order& order) const {
    if (!order.client_order_id.empty() && action_.order.id.value != 0 && !is_outside(action_.order.id))
        return order.client_order_id == client_id_text(action_.order.id);
    return action_.venue_order.empty() || order.id.empty() || order.id == action_.venue_order.view();
}

// ---- placing

void Talk::placed(const exchange::Order& order) {
    if (order.error) return failed(*order.error);
    auto acknowledged = about_order(VenueEventKind::acknowledged, EventSource::answer);
    const auto id = VenueId::of(order.id);
    if (!id || id->empty() || !is_mine(order))
        return failed({.kind = ErrorKind::unknown_outcome, .code = {}, .message = "the answer names another order"});
    acknowledged.acknowledged = {};
    acknowledged.venue_order = *id;
    if (order.time) acknowledged.venue_time = *order.time;
    say(acknowledged);
    for (const auto& trade : order.trades) {
        const auto fill = fill_event(origin(EventSource::answer), trade);
        if (!fill || !*fill) continue;  // the stream tells it, or a question
        auto event = **fill;
        event.order = action_.order.id;
        say(event);
    }
    if (order.status.empty() || order.side.empty()) return;
    const auto update = order_event(origin(EventSource::answer), order, waits(step_, order));
    if (!update || !*update) return;
    auto event = **update;
    event.order = action_.order.id;
    say(event);
}

void Talk::place_failed(const ApiError& error) {
    const auto rejected = rejected_of(desk_->venue, error);
    switch (verdict_of(error, rejected.refusal)) {
        case Verdict::unsent: result_.not_sent = true; break;
        case Verdict::unknown: say(about_order(VenueEventKind::outcome_unknown, EventSource::answer)); break;
        case Verdict::refused: {
            auto event = about_order(VenueEventKind::rejected, EventSource::answer);
            event.rejected = rejected;
            say(event);
            break;
        }
    }
    end();
}

// ---- cancelling

void Talk::cancelled(const exchange::Order& order) {
    if (order.error) return failed(*order.error);
    // Most only say that they will.
    if (order.status != "canceled" || (!step_.released && !is_mine(order))) return;
    auto event = about_order(VenueEventKind::cancelled, EventSource::answer);
    event.closed = {};
    if (const auto id = VenueId::of(order.id); event.venue_order.empty() && id && !step_.released)
        event.venue_order = *id;
    if (const auto filled = streams::quantity(order.filled, *instrument_); filled && !order.filled.empty())
        event.closed = {.filled = *filled, .filled_known = true, .refusal = Refusal::other};
    if (order.last_update_time) event.venue_time = *order.last_update_time;
    say(event);
}

void Talk::refuse_cancel(Refusal refusal, std::int32_t code) {
    auto event = about_order(VenueEventKind::cancel_rejected, EventSource::answer);
    event.rejected = {.refusal = refusal, .code = code};
    say(event);
}

void Talk::cancel_failed(const ApiError& error) {
    const auto rejected = rejected_of(desk_->venue, error);
    const auto verdict = verdict_of(error, rejected.refusal);
    end();
    if (verdict == Verdict::unknown) return say(about_order(VenueEventKind::outcome_unknown, EventSource::answer));
    if (verdict == Verdict::unsent) return refuse_cancel(Refusal::unavailable, 0);
    const bool absent = error.kind == ErrorKind::order_not_found;
    if (absent && !tried_released_ && is_conditional(action_) && instrument_ != nullptr) {
        // Its price has come: it is an order of its own now, and that one is to be cancelled.
        tried_released_ = true;
        if (step_.conditional) {
            for (auto& step : order_steps(*desk_, *instrument_, action_, Purpose::order_to_cancel))
                steps_.push_back(std::move(step));
            return;
        }
        if (desk_->venue == core::Venue::bybit) {
            steps_.push_back(cancel_step(*desk_, *instrument_, action_, false));
            return;
        }
    }
    refuse_cancel(rejected.refusal, rejected.code);
}

void Talk::listed_to_cancel(const std::vector<exchange::Order>& orders, const exchange::Response& response) {
    std::vector<std::string> ids;
    for (const auto& order : orders)
        if (!order.id.empty()) ids.push_back(order.id);
    const auto page = page_of(desk_->venue, step_, orders.size(), response.body);
    if (page.next && *page.next != step_.cursor) steps_.push_front(on_page(desk_->venue, step_, *page.next));
    for (auto& step : cancel_listed_steps((*desk_->instruments)[step_.instrument], ids, step_.conditional))
        steps_.push_front(std::move(step));
}

// ---- asking

void Talk::asked(const exchange::Unified& result, const exchange::Response& response) {
    if (const auto* order = std::get_if<exchange::Order>(&result)) {
        if (!step_.released && !is_mine(*order))
            return failed({.kind = ErrorKind::malformed, .code = {}, .message = "the answer names another order"});
        return found(*order);
    }
    const auto* orders = std::get_if<std::vector<exchange::Order>>(&result);
    if (orders == nullptr)
        return failed({.kind = ErrorKind::malformed, .code = {}, .message = "not what was asked for"});
    for (const auto& order : *orders) {
        const bool named = !order.client_order_id.empty() || order.id == action_.venue_order.view();
        if (named && is_mine(order)) return found(order);
    }
    const auto page = page_of(desk_->venue, step_, orders->size(), response.body);
    if (!page.is_list || (page.next && *page.next == step_.cursor))
        return failed({.kind = ErrorKind::malformed, .code = {}, .message = "the answer is no list of orders"});
    if (page.next)
        steps_.push_front(on_page(desk_->venue, step_, *page.next));
    else if (steps_.empty())
        gone();
}

void Talk::found(const exchange::Order& order) {
    end();
    if (order.error) return note(*order.error);
    const bool became = step_.conditional && (!order.released_id.empty() || order.status == "closed");
    if (became && !order.released_id.empty() && step_.purpose != Purpose::order) {
        steps_.push_back(step_.purpose == Purpose::order_to_fills
                             ? order_fills_step(*desk_, *instrument_, order.released_id)
                             : cancel_step(*instrument_, order.released_id));
        return;
    }
    if (became) {
        conditional_id_ = order.id;
        conditional_time_ = order.last_update_time;
        steps_.push_back(released_step(*instrument_, action_, order.released_id, step_.purpose));
        return;
    }
    if (step_.purpose != Purpose::order) return go_on_with(order);
    const auto update = order_event(origin(EventSource::query), order, waits(step_, order));
    if (!update || !*update)
        return note({.kind = ErrorKind::malformed,
                     .code = {},
                     .message = "the order cannot be read: " +
                                std::string{update ? "another instrument" : core::name(update.error())}});
    auto event = **update;
    if (!is_outside(action_.order.id) && action_.order.id.value != 0) event.order = action_.order.id;
    // Known by the name of the conditional order that it was.
    if (step_.released && !conditional_id_.empty())
        if (const auto id = VenueId::of(conditional_id_)) event.venue_order = *id;
    say(event);
}

/// The order is known now: on to what it was asked for.
void Talk::go_on_with(const exchange::Order& order) {
    const bool waiting = step_.conditional && !step_.released;
    if (step_.purpose == Purpose::order_to_fills) {
        if (!waiting && !order.id.empty()) steps_.push_back(order_fills_step(*desk_, *instrument_, order.id));
        return;
    }
    if (waiting) return refuse_cancel(order.status == "open" ? Refusal::other : Refusal::already_final, 0);
    if (order.status == "open") {
        steps_.push_back(cancel_step(*instrument_, order.id));
        return;
    }
    refuse_cancel(Refusal::already_final, 0);
}

/// Every place where it could be has been looked at.
void Talk::gone() {
    if (step_.released && step_.purpose == Purpose::order) return released_is_gone();
    if (step_.purpose == Purpose::order) say(about_order(VenueEventKind::not_found, EventSource::query));
    if (step_.purpose == Purpose::order_to_cancel) refuse_cancel(Refusal::unknown_order, 0);
}

/// The price of a conditional order has come, and the venue does not know what it became. For a moment that is the
/// venue's own delay; after that there is nothing that could still trade. What it filled the fills tell.
void Talk::released_is_gone() {
    constexpr core::Nanoseconds delay = std::chrono::seconds{10};
    if (!conditional_time_ || venue_time(received_) - *conditional_time_ < delay) return;
    auto event = about_order(VenueEventKind::cancelled, EventSource::query);
    event.closed = {};
    if (const auto id = VenueId::of(conditional_id_); id && event.venue_order.empty()) event.venue_order = *id;
    say(event);
}

void Talk::fills_of_order(const std::vector<exchange::Trade>& trades, const exchange::Response& response) {
    const auto& asked_id = step_.arguments.params().first({"orderId", "ordId"});
    for (const auto& trade : trades) {
        if (trade.order != asked_id || result_.events.size() >= Conversation::max_events) continue;
        const auto fill = fill_event(origin(EventSource::query), trade);
        if (!fill) {
            note({.kind = ErrorKind::malformed, .code = {}, .message = "a fill cannot be read"});
            continue;
        }
        if (!*fill || (*fill)->instrument != action_.order.instrument) continue;
        if (!seen_.emplace((*fill)->instrument.value, std::string{trade.side} + trade.id).second) continue;
        auto event = **fill;
        if (!is_outside(action_.order.id) && action_.order.id.value != 0) event.order = action_.order.id;
        if (!action_.venue_order.empty()) event.venue_order = action_.venue_order;
        say(event);
    }
    const auto page = page_of(desk_->venue, step_, trades.size(), response.body);
    if (page.next && *page.next != step_.cursor) steps_.push_front(on_page(desk_->venue, step_, *page.next));
}

}  // namespace gateways::live
