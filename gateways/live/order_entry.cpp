#include "gateways/live/order_entry.hpp"

#include <algorithm>

namespace gateways::live {

namespace {

using core::OrderType;

EntryKind kind_of(const core::Order& order) noexcept {
    if (order.type == OrderType::market) return EntryKind::market;
    if (order.type == OrderType::stop_market) return EntryKind::stop;
    return static_cast<EntryKind>(order.time_in_force);
}
static_assert(static_cast<int>(EntryKind::post_only) == static_cast<int>(core::TimeInForce::post_only) &&
              static_cast<int>(EntryKind::ioc) == static_cast<int>(core::TimeInForce::ioc));

constexpr core::Nanoseconds order_lives = std::chrono::seconds{5};

/// A number's text in a buffer of its own.
struct Digits {
    std::array<char, core::max_decimal_text> bytes;
    std::string_view write(std::int64_t units, int decimals) noexcept {
        return {bytes.data(),
                static_cast<std::size_t>(core::write_decimal(bytes.data(), units, decimals) - bytes.data())};
    }
};

}  // namespace

OrderEntry::OrderEntry(core::Venue venue, const std::vector<core::Market>& markets,
                       const core::InstrumentTable& instruments, const exchange::Credentials& keys,
                       const AccountSetup& setup)
    : signer_{keys.secret} {
    for (const auto& instrument : instruments) {
        decimals_.push_back({static_cast<std::uint8_t>(instrument.price_decimals),
                             static_cast<std::uint8_t>(instrument.quantity_decimals)});
        const bool ours = instrument.venue == venue && setup.websocket_entry &&
                          std::find(markets.begin(), markets.end(), instrument.market) != markets.end();
        forms_of_.push_back(ours ? static_cast<std::int32_t>(forms_.size()) : -1);
        if (ours) forms_.push_back(entry_forms(instrument, keys, signer_, setup));
    }
}

const EntryForm* OrderEntry::form_of(const Action& action) const noexcept {
    const auto& order = action.order;
    if (order.instrument.value >= forms_of_.size() || forms_of_[order.instrument.value] < 0) return nullptr;
    if (is_outside(order.id)) return nullptr;  // its venue does not know it by a text of ours: REST names it
    if (order.id == core::OrderId{} || action.timestamp <= core::Nanoseconds{}) return nullptr;
    const auto& forms = forms_[static_cast<std::size_t>(forms_of_[order.instrument.value])];
    const EntryForm* form = nullptr;
    if (action.kind == ActionKind::cancel)
        form = order.trigger.units != 0 ? &forms.cancel_stop : &forms.cancel;
    else if (action.kind == ActionKind::place && order.type != OrderType::cancel &&
             (order.trigger.units != 0) == (order.type == OrderType::stop_market))  // its form has no other trigger
        form = &forms.orders[static_cast<std::size_t>(order.side)][static_cast<std::size_t>(kind_of(order))];
    return form == nullptr || form->message.empty() ? nullptr : form;
}

std::optional<OrderEntry::Message> OrderEntry::write(const Action& action, std::uint32_t count) noexcept {
    const auto* form = form_of(action);
    if (form == nullptr) return std::nullopt;
    const auto& order = action.order;
    const auto [price_decimals, quantity_decimals] = decimals_[order.instrument.value];
    const auto operation = action.kind == ActionKind::place ? streams::Operation::place : streams::Operation::cancel;
    streams::write_request_id(request_.data(), order.id, operation, count);

    Digits price, quantity, trigger, time, deadline;
    constexpr auto ms = std::chrono::milliseconds{1};
    Blanks blanks;
    const auto fill = [&](Blank blank, std::string_view text) { blanks[static_cast<std::size_t>(blank)] = text; };
    fill(Blank::request, {request_.data(), request_.size()});
    fill(Blank::client, {request_.data(), client_id_length});
    fill(Blank::price, price.write(order.price.units, price_decimals));
    fill(Blank::quantity, quantity.write(order.quantity.units, quantity_decimals));
    fill(Blank::trigger, trigger.write(order.trigger.units, price_decimals));
    fill(Blank::time, time.write(action.timestamp / ms, 0));
    fill(Blank::deadline, deadline.write((action.timestamp + order_lives) / ms, 0));
    if (order.reduce_only) {
        fill(Blank::reduce, form->reduce);
        fill(Blank::reduce_signed, form->reduce_signed);
    }
    std::array<char, core::hex_length> signature;
    if (!form->payload.empty()) {
        const auto* const end = form->payload.write(payload_.data(), blanks);
        core::write_hex(
            signature.data(),
            signer_.sign(form->start, {payload_.data() + form->started,
                                       end - (payload_.data() + form->started) > 0
                                           ? static_cast<std::size_t>(end - (payload_.data() + form->started))
                                           : 0}));
        fill(Blank::signature, {signature.data(), signature.size()});
    }
    const auto* const end = form->message.write(text_.data(), blanks);
    return Message{.text = {text_.data(), static_cast<std::size_t>(end - text_.data())},
                   .request = {request_.data(), request_.size()}};
}

}  // namespace gateways::live
