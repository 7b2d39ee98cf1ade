#pragma once

#include "gateways/exchange/stream_reading.hpp"

namespace gateways::bitget {

/// Reads the private frames of Bitget: the channels orders, fill, account, positions and orders-algo of a classic
/// account, the topics order, fill, fast-fill, account and position of a unified one, and the answers to login,
/// subscription and order entry.
///
/// A push of `orders` that carries a trade becomes a fill and the order as it then stands. In hedge mode the side of an
/// order is that of its position (closing a long one is "buy"): here it is the side it trades on.
/// Source: Bitget API documents, "Spot/Websocket/Private", "Future/Websocket/Private", "Unified/Websocket/Private".
class PrivateStream {
public:
    explicit PrivateStream(const core::InstrumentTable& instruments) noexcept
        : make_{instruments, core::Venue::bitget} {}

    /// Appends the events of one frame. Errors: malformed (no JSON), unknown_message (no channel known), missing_field,
    /// and those of numbers; then nothing was appended.
    core::Result<exchange::StreamReading> read(std::string_view frame, core::Nanoseconds receive_time,
                                               std::vector<VenueEvent>& events) const;

private:
    /// One row of a push, and where it came from.
    struct Row {
        const exchange::Value& row;
        core::Market market;
        core::Nanoseconds receive_time;
        std::vector<VenueEvent>& events;
    };
    using Read = core::Result<exchange::StreamFrame> (PrivateStream::*)(const Row&) const;
    struct Channel {
        std::string_view name;
        Read read;
    };
    static const std::vector<Channel>& channels();

    core::Result<exchange::StreamFrame> order(const Row& row) const;
    core::Result<exchange::StreamFrame> plan(const Row& row) const;
    core::Result<exchange::StreamFrame> fill(const Row& row) const;
    core::Result<exchange::StreamFrame> account(const Row& row) const;
    core::Result<exchange::StreamFrame> position(const Row& row) const;
    core::Result<exchange::StreamFrame> notice(const Row& row) const;
    core::Result<exchange::StreamReading> answer(const exchange::Value& document, core::Nanoseconds receive_time,
                                                 std::vector<VenueEvent>& events) const;
    [[nodiscard]] VenueEvent order_event(const Row& row, const core::Instrument& instrument,
                                         exchange::Gather& got) const;

    exchange::EventMaker make_;
};

}  // namespace gateways::bitget
