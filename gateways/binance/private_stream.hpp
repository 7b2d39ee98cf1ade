#pragma once

#include "gateways/exchange/stream_reading.hpp"

namespace gateways::binance {

/// Reads the private frames of one of Binance's markets: the user data stream (raw, in a combined stream's envelope, or
/// in the WebSocket API's of spot) and the WebSocket API's answers.
///
/// A trade of ours becomes a fill and the order as it then stands; a balance or position of an update becomes an event
/// each. TRADE_LITE is of no concern: ORDER_TRADE_UPDATE says the same and the fee. Nor is balanceUpdate: it is a
/// difference, and outboundAccountPosition follows with what is there.
/// An answer does not say what was asked: its id does, by streams::write_request_id of orders and cancels and by the
/// two numbers beside it of all else. An accepted cancel is no event: the stream tells what became of it.
/// Source: Binance Spot API, user-data-stream.md, web-socket-api.md; USDⓈ-M and COIN-M Futures, User Data Streams.
class PrivateStream final : public streams::PrivateReader {
public:
    PrivateStream(const core::InstrumentTable& instruments, core::Market market) noexcept
        : make_{instruments, core::Venue::binance}, market_{market} {}

    /// Errors: malformed (no JSON), unknown_message (no kind known), missing_field, oversized, and those of numbers.
    core::Result<streams::Reading> read(std::string_view frame, core::Nanoseconds receive_time,
                                        std::vector<VenueEvent>& events) override;

private:
    struct Frame {
        const exchange::Value& event;
        core::Nanoseconds receive_time;
        std::vector<VenueEvent>& events;
    };
    using Read = core::Result<streams::Reading> (PrivateStream::*)(const Frame&) const;
    struct Kind {
        std::string_view name;
        Read read;
    };
    static const std::vector<Kind>& kinds();

    core::Result<streams::Reading> order(const Frame& frame) const;
    core::Result<streams::Reading> algo_order(const Frame& frame) const;
    core::Result<streams::Reading> account_position(const Frame& frame) const;
    core::Result<streams::Reading> account_update(const Frame& frame) const;
    core::Result<streams::Reading> ended(const Frame& frame) const;
    core::Result<streams::Reading> notice(const Frame& frame) const;
    core::Result<streams::Reading> other(const Frame& frame) const;
    core::Result<streams::Reading> answer(const exchange::Value& document, core::Nanoseconds receive_time,
                                          std::vector<VenueEvent>& events) const;

    exchange::EventMaker make_;
    core::Market market_;
};

}  // namespace gateways::binance
