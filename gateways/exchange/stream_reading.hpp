#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/result.hpp"
#include "gateways/exchange/times.hpp"
#include "gateways/exchange/value.hpp"
#include "gateways/orders/venue_event.hpp"
#include "gateways/streams/fields.hpp"
#include "gateways/streams/reading.hpp"

#include <optional>
#include <string_view>

/// What the readers of private streams that read by exchange::Value (Binance, Bitget) have in common.
namespace gateways::exchange {

/// Makes events of one venue, instrument by instrument. Numbers that do not fit an instrument are an error of the whole
/// frame, never a rounding.
class EventMaker {
public:
    EventMaker(const core::InstrumentTable& instruments, core::Venue venue) noexcept
        : instruments_{instruments}, venue_{venue} {}

    /// The instrument of a venue's symbol, or nullptr.
    [[nodiscard]] const core::Instrument* find(core::Market market, std::string_view symbol) const noexcept {
        return instruments_.find(venue_, market, symbol);
    }
    /// An event with what all have in common; `venue_time` falls back on `receive_time`.
    [[nodiscard]] VenueEvent event(VenueEventKind kind, EventSource source, core::Nanoseconds receive_time,
                                   const Value& time_ms) const noexcept {
        VenueEvent event;
        event.kind = kind;
        event.source = source;
        event.venue = venue_;
        event.receive_time = receive_time;
        event.venue_time = time_of_ms(time_ms).value_or(receive_time);
        return event;
    }

private:
    const core::InstrumentTable& instruments_;
    core::Venue venue_;
};

/// Collects the first error of several readings, so that a row can be read straight through.
class Gather {
public:
    template <class T>
    T operator()(const core::Result<T>& result) noexcept {
        if (result) return *result;
        if (!error_) error_ = result.error();
        return T{};
    }
    [[nodiscard]] bool ok() const noexcept { return !error_; }
    [[nodiscard]] core::Error error() const noexcept { return *error_; }

private:
    std::optional<core::Error> error_{};
};

}  // namespace gateways::exchange
