#include "gateways/live/talk.hpp"
#include "gateways/streams/fields.hpp"

#include <algorithm>

/// Conversations about the whole account.
namespace gateways::live {

using exchange::ApiError;
using exchange::ErrorKind;

namespace {

constexpr std::size_t index(Part part) noexcept {
    return static_cast<std::size_t>(part);
}

Part part_of(Purpose purpose) noexcept {
    if (purpose == Purpose::open_orders) return Part::open_orders;
    return purpose == Purpose::fills || purpose == Purpose::released ? Part::fills : Part::positions;
}

}  // namespace

void Talk::incomplete(Part part, const char* why) {
    whole_[index(part)] = false;
    note({.kind = ErrorKind::malformed, .code = {}, .message = why});
}

void Talk::incomplete(Part part, core::Error error) {
    whole_[index(part)] = false;
    note({.kind = ErrorKind::malformed,
          .code = {},
          .message = "a row cannot be read: " + std::string{core::name(error)}});
}

void Talk::account_part_failed(const ApiError& error) {
    const auto part = part_of(step_.purpose);
    // A list that the venue does not have, or that says nothing, names no fill: they are all there, without our id.
    if (step_.purpose == Purpose::released &&
        (error.kind == ErrorKind::malformed || error.kind == ErrorKind::other || error.kind == ErrorKind::bad_request))
        return;
    whole_[index(part)] = false;
    // What concerns the key, the address or the way to the venue concerns every request.
    const bool of_all = error.kind == ErrorKind::rate_limited || error.kind == ErrorKind::banned ||
                        error.kind == ErrorKind::authentication || error.kind == ErrorKind::permission ||
                        error.kind == ErrorKind::nonce || error.kind == ErrorKind::network ||
                        error.kind == ErrorKind::unknown_outcome;
    if (of_all) {
        for (const auto& step : steps_) whole_[index(part_of(step.purpose))] = false;
        return end();
    }
    std::erase_if(steps_, [&](const Step& step) { return part_of(step.purpose) == part; });
}

bool Talk::follow(const Page& page, Part part) {
    began_part_[index(part)] = true;
    if (!page.is_list) {
        incomplete(part, "the answer is no list");
        return false;
    }
    if (!page.next) return false;
    if (*page.next == step_.cursor || seen_.size() >= Conversation::max_events) {
        incomplete(part, "the pages have no end");
        return false;
    }
    steps_.push_front(on_page(desk_->venue, step_, *page.next));
    return true;
}

void Talk::open_orders(const std::vector<exchange::Order>& orders, const exchange::Response& response) {
    for (const auto& order : orders) {
        // A row without a known status is read as an error, so that no order is lost silently.
        const auto read =
            order_event(origin(EventSource::query), order, step_.conditional || !order.trigger_price.empty());
        if (!read) {
            incomplete(Part::open_orders, read.error());
            continue;
        }
        if (!*read || final((*read)->update.status)) continue;
        if (seen_.size() >= Conversation::max_events) {
            incomplete(Part::open_orders, "too many orders");
            break;
        }
        if (seen_.emplace(step_.conditional ? 0xfffe : 0xffff, order.id).second) account_.open_orders.push_back(**read);
    }
    (void)follow(page_of(desk_->venue, step_, orders.size(), response.body), Part::open_orders);
}

void Talk::fills(const std::vector<exchange::Trade>& trades, const exchange::Response& response) {
    const auto full = page_size(desk_->venue, Purpose::fills);
    if (desk_->venue == core::Venue::binance && trades.size() >= full) {
        // Which of more than these the venue told it does not say: again, in shorter windows.
        auto windows = cut(*desk_, step_, venue_time(received_));
        if (windows.empty()) return incomplete(Part::fills, "too many fills in a millisecond");
        steps_.insert(steps_.begin(), std::make_move_iterator(windows.begin()), std::make_move_iterator(windows.end()));
        began_part_[index(Part::fills)] = true;
        return;
    }
    constexpr core::Nanoseconds ms = std::chrono::milliseconds{1};
    bool reached = false;  // the beginning of the window: what comes behind is older
    for (const auto& trade : trades) {
        const auto read = fill_event(origin(EventSource::query), trade);
        if (!read) {
            incomplete(Part::fills, read.error());
            continue;
        }
        if (!*read) continue;
        const auto& event = **read;
        if (event.venue_time < step_.from - ms) {
            reached = true;
            continue;
        }
        if (seen_.size() >= Conversation::max_events) {
            incomplete(Part::fills, "too many fills");
            break;
        }
        if (!seen_.emplace(event.instrument.value, trade.side + trade.id).second) continue;
        account_.fills.push_back(event);
        if (event.order.value == 0) ask_for_released(event.instrument);
    }
    auto page = page_of(desk_->venue, step_, trades.size(), response.body);
    if (reached) page.next.reset();
    (void)follow(page, Part::fills);
}

/// Told without a client id, a fill may be of the order that a stop of ours became: nothing but the stop knows.
void Talk::ask_for_released(core::InstrumentId instrument) {
    const auto& of = (*desk_->instruments)[instrument];
    if (!desk_->keeps_conditionals_apart(of.market) || !asked_released_.insert(instrument.value).second) return;
    // behind the other fills, before what is held
    const auto at =
        std::find_if(steps_.begin(), steps_.end(), [](const Step& step) { return step.purpose > Purpose::released; });
    steps_.insert(at, released_list_step(*desk_, of));
}

void Talk::name_released(const std::vector<exchange::Order>& orders) {
    for (const auto& order : orders) {
        const auto ours = streams::order_id(order.client_order_id);
        if (order.released_id.empty() || ours.value == 0) continue;
        for (auto& fill : account_.fills)
            if (fill.order.value == 0 && fill.instrument == step_.instrument &&
                fill.venue_order.view() == order.released_id)
                fill.order = ours;
    }
}

void Talk::positions(const std::vector<exchange::Position>& positions, const exchange::Response& response) {
    for (const auto& position : positions) {
        const auto read = position_event(origin(EventSource::query), position);
        if (!read)
            incomplete(Part::positions, read.error());
        else if (*read && account_.positions.size() < Conversation::max_events)
            account_.positions.push_back(**read);
    }
    (void)follow(page_of(desk_->venue, step_, positions.size(), response.body), Part::positions);
}

void Talk::holdings(const exchange::Balances& balances, const exchange::Response& response) {
    began_part_[index(Part::positions)] = true;
    for (const auto& [name, id] : desk_->by_name) {
        const auto& instrument = (*desk_->instruments)[id];
        if (instrument.market != core::Market::spot) continue;
        const auto read = holding_event(origin(EventSource::query), instrument, balances);
        if (!read)
            incomplete(Part::positions, read.error());
        else if (*read)
            account_.positions.push_back(**read);
    }
    (void)follow(page_of(desk_->venue, step_, balances.all.size(), response.body), Part::positions);
}

}  // namespace gateways::live
