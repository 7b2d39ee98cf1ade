#pragma once

#include "gateways/streams/json_row.hpp"
#include "gateways/streams/reading.hpp"

#include <vector>

namespace gateways::streams {

/// Where a decoder writes the events of one frame; the base of the venues' readers.
struct RowReader {
    RowReader(const core::InstrumentTable& table, core::Venue of) noexcept : instruments{&table}, venue{of} {}

    void begin(core::Nanoseconds now, std::vector<VenueEvent>& to) noexcept {
        receive_time = message_time = now;
        events = &to;
        reading = {};
    }
    [[nodiscard]] VenueEvent event(VenueEventKind kind, EventSource source) const noexcept {
        VenueEvent event;
        event.kind = kind;
        event.source = source;
        event.venue = venue;
        event.instrument = core::no_instrument;
        event.venue_time = message_time;
        event.receive_time = receive_time;
        return event;
    }
    void append(const VenueEvent& event) {
        events->push_back(event);
        ++reading.events;
    }
    void refuse(core::Error error) noexcept {
        if (reading.refused++ == 0) reading.first = error;
    }
    /// The value of a field, or nothing and the row refused.
    template <class T>
    bool take(const core::Result<T>& from, T& to) noexcept {
        if (from)
            to = *from;
        else
            refuse(from.error());
        return from.has_value();
    }

    const core::InstrumentTable* instruments;
    core::Venue venue;
    core::Nanoseconds receive_time{}, message_time{};
    std::vector<VenueEvent>* events{};
    Reading reading{};
};

}  // namespace gateways::streams
