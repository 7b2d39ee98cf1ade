#include "gateways/live/talk.hpp"

#include <algorithm>

namespace gateways::live {

using core::Nanoseconds;
using exchange::ApiError;
using exchange::ErrorKind;
using exchange::Unified;

Talk::Talk(std::shared_ptr<const Desk> of, const Action& what, Nanoseconds now)
    : desk_{std::move(of)},
      action_{what},
      began_{now},
      received_{now},
      instrument_{desk_->find(what.order.instrument)} {
    plan();
}

void Talk::plan() {
    const auto refuse = [&](ErrorKind kind, const char* why) {
        step_.purpose = action_.kind == ActionKind::place    ? Purpose::place
                        : action_.kind == ActionKind::cancel ? Purpose::cancel
                                                             : Purpose::time;
        failed(exchange::refused(kind, why));
    };
    if (action_.kind == ActionKind::renew_timer) result_.timer_renewed = false;  // until the venue says yes
    if (action_.kind != ActionKind::ask_time && action_.timestamp.count() <= 0)
        return refuse(ErrorKind::network, "the venue's clock is not known: nothing can be signed");
    const bool of_order = action_.kind == ActionKind::place || action_.kind == ActionKind::cancel ||
                          action_.kind == ActionKind::ask_order || action_.kind == ActionKind::ask_fills;
    if (of_order && instrument_ == nullptr)
        return refuse(ErrorKind::bad_request, "the instrument is not one of this venue in use");
    const auto take = [&](std::vector<Step> steps) { steps_.assign(steps.begin(), steps.end()); };
    switch (action_.kind) {
        case ActionKind::place: {
            auto step = place_step(*desk_, action_.order);
            if (!step) return refuse(step.error().kind, step.error().message.c_str());
            return take({std::move(*step)});
        }
        case ActionKind::cancel: return take({cancel_step(*desk_, *instrument_, action_, is_conditional(action_))});
        case ActionKind::cancel_all: return take(cancel_all_steps(*desk_));
        case ActionKind::ask_order: return take(order_steps(*desk_, *instrument_, action_, Purpose::order));
        case ActionKind::ask_fills: {
            const bool apart = is_conditional(action_) && desk_->keeps_conditionals_apart(instrument_->market);
            if (!apart && !action_.venue_order.empty())
                return take({order_fills_step(*desk_, *instrument_, std::string{action_.venue_order.view()})});
            return take(order_steps(*desk_, *instrument_, action_, Purpose::order_to_fills));
        }
        case ActionKind::ask_account: return take(account_steps(*desk_, action_.since, action_.timestamp));
        case ActionKind::ask_time: return take({time_step(*desk_)});
        case ActionKind::renew_timer: return take(timer_steps(*desk_, action_));
    }
}

Nanoseconds Talk::venue_time(Nanoseconds now) const noexcept {
    return action_.timestamp + std::max(Nanoseconds{}, now - began_);
}

const exchange::Request* Talk::upcoming(Nanoseconds now) {
    while (!waiting_ && !built_ && !steps_.empty()) {
        step_ = std::move(steps_.front());
        steps_.pop_front();
        if (sent_ == Conversation::max_requests) {
            failed(exchange::refused(ErrorKind::unknown_outcome, "the answer has too many pages"));
            end();
            return nullptr;
        }
        auto built = desk_->service->build(step_.call, step_.arguments, {.markets = desk_->table});
        if (!built || built->size() != 1) {
            received_ = now;
            failed(built ? exchange::refused(ErrorKind::not_supported, "more than one request") : built.error());
            continue;
        }
        request_ = std::move(built->front());
        if (!step_.path.empty()) request_.path = step_.path;
        built_ = true;
    }
    return built_ ? &request_ : nullptr;
}

std::optional<exchange::WireRequest> Talk::next(Nanoseconds now) {
    if (upcoming(now) == nullptr) return std::nullopt;
    auto wire = desk_->service->prepare(request_, &desk_->keys, venue_time(now), desk_->setup.environment);
    if (!desk_->setup.base.empty()) wire.base = desk_->setup.base;
    if (sent_++ == 0) {
        account_.asked_at = now;
        account_.fills_until = venue_time(now);
    }
    built_ = false;
    waiting_ = true;
    return wire;
}

void Talk::answer(const exchange::Expected<exchange::Response>& response, Nanoseconds, Nanoseconds received) {
    if (!waiting_) return;
    waiting_ = false;
    received_ = received;
    if (!response) {
        auto error = response.error();
        if (error.kind != ErrorKind::network) error.kind = ErrorKind::unknown_outcome;
        return failed(error);
    }
    auto result = read(*response);
    if (result)
        understood(std::move(*result), *response);
    else
        failed(result.error());
}

Talk::Result Talk::read(const exchange::Response& response) const {
    if (response.body.size() > Conversation::max_body)
        return ApiError{
            .kind = ErrorKind::malformed, .code = {}, .message = "the answer is too long", .status = response.status};
    return desk_->service->parse(step_.call, step_.arguments, {.markets = desk_->table}, request_, response);
}

void Talk::abandon(Nanoseconds now) {
    if (waiting_) answer(exchange::refused(ErrorKind::unknown_outcome, "no answer in time"), now, now);
    if (steps_.empty() && !built_) return;
    if (!std::exchange(built_, false)) step_ = steps_.front();
    end();
    if (action_.kind == ActionKind::ask_account)
        whole_.fill(false);
    else
        failed(exchange::refused(sent_ == 0 ? ErrorKind::network : ErrorKind::unknown_outcome, "given up"));
    end();
}

void Talk::understood(Unified&& result, const exchange::Response& response) {
    const auto broken = [&] {
        failed({.kind = ErrorKind::malformed, .code = {}, .message = "not what was asked for"});
    };
    const auto* order = std::get_if<exchange::Order>(&result);
    const auto* orders = std::get_if<std::vector<exchange::Order>>(&result);
    const auto* trades = std::get_if<std::vector<exchange::Trade>>(&result);
    switch (step_.purpose) {
        case Purpose::time:
            if (const auto* time = std::get_if<exchange::Time>(&result); time != nullptr && *time)
                result_.venue_time = **time;
            else
                broken();
            return;
        case Purpose::place: return order != nullptr ? placed(*order) : broken();
        case Purpose::cancel: return order != nullptr ? cancelled(*order) : broken();
        case Purpose::cancel_all: return;
        case Purpose::listed_to_cancel: return orders != nullptr ? listed_to_cancel(*orders, response) : broken();
        case Purpose::timer: result_.timer_renewed = true; return;
        case Purpose::order:
        case Purpose::order_to_fills:
        case Purpose::order_to_cancel: return asked(result, response);
        case Purpose::order_fills: return trades != nullptr ? fills_of_order(*trades, response) : broken();
        case Purpose::open_orders: return orders != nullptr ? open_orders(*orders, response) : broken();
        case Purpose::fills: return trades != nullptr ? fills(*trades, response) : broken();
        case Purpose::released: return orders != nullptr ? name_released(*orders) : broken();
        case Purpose::positions: {
            const auto* list = std::get_if<std::vector<exchange::Position>>(&result);
            return list != nullptr ? positions(*list, response) : broken();
        }
        case Purpose::holdings: {
            const auto* balances = std::get_if<exchange::Balances>(&result);
            return balances != nullptr ? holdings(*balances, response) : broken();
        }
    }
}

void Talk::failed(const ApiError& error) {
    note(error);
    switch (step_.purpose) {
        case Purpose::place: return place_failed(error);
        case Purpose::cancel: return cancel_failed(error);
        case Purpose::timer: result_.timer_renewed = false; return end();
        case Purpose::order:
        case Purpose::order_to_fills:
        case Purpose::order_to_cancel:
            if (error.kind == ErrorKind::order_not_found) {
                if (steps_.empty()) gone();
                return;
            }
            if (step_.purpose == Purpose::order_to_cancel) refuse_cancel(Refusal::other, 0);
            return end();
        case Purpose::open_orders:
        case Purpose::fills:
        case Purpose::released:
        case Purpose::positions:
        case Purpose::holdings: return account_part_failed(error);
        default:
            // One symbol's cancel-all may fail for there is nothing to cancel; a refused address fails them all.
            if (error.kind == ErrorKind::rate_limited || error.kind == ErrorKind::banned) end();
            return;
    }
}

Answered Talk::take() {
    if (action_.kind == ActionKind::ask_account) {
        const auto part = [&](Part of) {
            return whole_[static_cast<std::size_t>(of)] && began_part_[static_cast<std::size_t>(of)];
        };
        account_.venue = desk_->venue;
        account_.open_orders_complete = part(Part::open_orders);
        account_.fills_complete = part(Part::fills);
        account_.positions_complete = part(Part::positions);
        result_.account_failed = std::none_of(began_part_.begin(), began_part_.end(), [](bool began) { return began; });
        std::stable_sort(account_.fills.begin(), account_.fills.end(),
                         [](const auto& a, const auto& b) { return a.venue_time < b.venue_time; });
        if (!result_.account_failed) result_.snapshot = std::move(account_);
    }
    return std::move(result_);
}

void Talk::note(ApiError error) {
    // "Not found" answers a question, and is no trouble.
    const bool asks = step_.purpose == Purpose::order || step_.purpose == Purpose::order_to_fills;
    if (asks && error.kind == ErrorKind::order_not_found) return;
    if (!result_.error) result_.error = std::move(error);
}

// ---- the outside

Conversation::Conversation(std::shared_ptr<const Desk> desk, const Action& action, Nanoseconds now)
    : talk_{std::make_unique<Talk>(std::move(desk), action, now)} {}
Conversation::Conversation(Conversation&&) noexcept = default;
Conversation& Conversation::operator=(Conversation&&) noexcept = default;
Conversation::~Conversation() = default;

const exchange::Request* Conversation::upcoming(Nanoseconds now) {
    return talk_->upcoming(now);
}
std::optional<exchange::WireRequest> Conversation::next(Nanoseconds now) {
    return talk_->next(now);
}
void Conversation::answer(const core::Result<exchange::Response, ApiError>& response, Nanoseconds sent,
                          Nanoseconds received) {
    talk_->answer(response, sent, received);
}
void Conversation::abandon(Nanoseconds now) {
    talk_->abandon(now);
}
bool Conversation::done() const noexcept {
    return talk_->done();
}
Answered Conversation::take() {
    return talk_->take();
}

AccountCalls::AccountCalls(core::Venue venue, const std::vector<core::Market>& markets,
                           const core::InstrumentTable& instruments, AccountSetup setup, exchange::Credentials keys)
    : desk_{make_desk(venue, markets, instruments, std::move(setup), std::move(keys))} {}

AccountCalls::AccountCalls(core::Venue venue, const std::vector<core::Market>& markets,
                           const core::InstrumentTable& instruments, exchange::Environment environment,
                           exchange::Credentials keys, std::string base)
    : AccountCalls{venue, markets, instruments, AccountSetup{.environment = environment, .base = std::move(base)},
                   std::move(keys)} {}

Conversation AccountCalls::begin(const Action& action, Nanoseconds now) const {
    return Conversation{desk_, action, now};
}

}  // namespace gateways::live
