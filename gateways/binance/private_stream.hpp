#pragma once

#include "gateways/exchange/stream_reading.hpp"

namespace gateways::binance {

/// Reads the private frames of one of Binance's markets: the user data stream (raw, in a combined stream's envelope, or
/// in the WebSocket API's of spot) and the WebSocket API's answers.
///
/// A trade of ours becomes a fill and the order as it then stands; a balance or position of an update becomes an event
/// each. TRADE_LITE is a notice: ORDER_TRADE_UPDATE says the same and the fee. balanceUpdate is one, too: it is a
/// difference, and outboundAccountPosition follows with what is there.
/// Source: Binance Spot API, user-data-stream.md, web-socket-api.md; USDⓈ-M and COIN-M Futures, User Data Streams.
class PrivateStream {
public:
    PrivateStream(const core::InstrumentTable& instruments, core::Market market) noexcept
        : make_{instruments, core::Venue::binance}, market_{market} {}

    /// Appends the events of one frame. Errors: malformed (no JSON), unknown_message (no kind known), missing_field,
    /// and those of numbers; then nothing was appended.
    core::Result<exchange::StreamReading> read(std::string_view frame, core::Nanoseconds receive_time,
                                               std::vector<VenueEvent>& events) const;

private:
    struct Frame {
        const exchange::Value& event;
        core::Nanoseconds receive_time;
        std::vector<VenueEvent>& events;
    };
    using Read = core::Result<exchange::StreamReading> (PrivateStream::*)(const Frame&) const;
    struct Kind {
        std::string_view name;
        Read read;
    };
    static const std::vector<Kind>& kinds();

    core::Result<exchange::StreamReading> order(const Frame& frame) const;
    core::Result<exchange::StreamReading> algo_order(const Frame& frame) const;
    core::Result<exchange::StreamReading> account_position(const Frame& frame) const;
    core::Result<exchange::StreamReading> account_update(const Frame& frame) const;
    core::Result<exchange::StreamReading> ended(const Frame& frame) const;
    core::Result<exchange::StreamReading> notice(const Frame& frame) const;
    core::Result<exchange::StreamReading> answer(const exchange::Value& document, core::Nanoseconds receive_time,
                                                 std::vector<VenueEvent>& events) const;

    exchange::EventMaker make_;
    core::Market market_;
};

}  // namespace gateways::binance
