#pragma once

#include "gateways/exchange/stream_reading.hpp"

namespace gateways::bitget {

/// Reads the private frames of Bitget: the channels orders, fill, account, positions and orders-algo of a classic
/// account, the topics order, fill, fast-fill, account and position of a unified one, and the answers to login,
/// subscription and order entry.
///
/// A push of `orders` that carries a trade becomes a fill and the order as it then stands. In hedge mode the side of an
/// order is that of its position (closing a long one is "buy"): here it is the side it trades on.
/// An answer to order entry names its order by the request's id (streams::write_request_id); an accepted cancel is no
/// event: the channel tells what became of it.
/// Source: Bitget API documents, "Spot/Websocket/Private", "Future/Websocket/Private", "Unified/Websocket/Private".
class PrivateStream final : public streams::PrivateReader {
public:
    explicit PrivateStream(const core::InstrumentTable& instruments) noexcept
        : make_{instruments, core::Venue::bitget} {}

    /// Errors: malformed (no JSON), unknown_message (no channel known), missing_field, oversized, and those of numbers.
    core::Result<streams::Reading> read(std::string_view frame, core::Nanoseconds receive_time,
                                        std::vector<VenueEvent>& events) override;

private:
    /// One row of a push, and where it came from.
    struct Row {
        const exchange::Value& row;
        core::Market market;
        core::Nanoseconds receive_time;
        std::vector<VenueEvent>& events;
    };
    using Read = core::Result<streams::FrameKind> (PrivateStream::*)(const Row&) const;
    struct Channel {
        std::string_view name;
        Read read;
    };
    static const std::vector<Channel>& channels();

    core::Result<streams::FrameKind> order(const Row& row) const;
    core::Result<streams::FrameKind> plan(const Row& row) const;
    core::Result<streams::FrameKind> fill(const Row& row) const;
    core::Result<streams::FrameKind> account(const Row& row) const;
    core::Result<streams::FrameKind> position(const Row& row) const;
    core::Result<streams::FrameKind> other(const Row& row) const;
    core::Result<streams::Reading> answer(const exchange::Value& document, core::Nanoseconds receive_time,
                                          std::vector<VenueEvent>& events) const;
    [[nodiscard]] VenueEvent order_event(const Row& row, const core::Instrument& instrument,
                                         exchange::Gather& got) const;

    exchange::EventMaker make_;
};

}  // namespace gateways::bitget
