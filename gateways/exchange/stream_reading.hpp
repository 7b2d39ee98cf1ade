#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/result.hpp"
#include "gateways/exchange/error.hpp"
#include "gateways/exchange/value.hpp"
#include "gateways/orders/venue_event.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What the readers of private streams have in common.
namespace gateways::exchange {

/// What one frame of a private stream was.
enum class StreamFrame : std::uint8_t {
    events,   ///< events of the account were appended (perhaps none: of an instrument without news)
    answer,   ///< a request of ours was accepted: login, subscription, order entry
    refused,  ///< a request of ours was refused, `error` says why
    alive,    ///< pong and the like
    notice,   ///< well-formed, known, and nothing that an account's state depends on
    ended     ///< the stream is over: stream_down was appended, a new one must be opened
};
std::string_view name(StreamFrame frame) noexcept;

/// One frame read.
struct StreamReading {
    StreamFrame frame{};
    std::string id{};  ///< of an answer or refusal: the request's id, "" where the venue does not repeat it
    ApiError error{};  ///< of a refusal
};

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
                                   const Value& time_ms) const noexcept;

private:
    const core::InstrumentTable& instruments_;
    core::Venue venue_;
};

/// Numbers of an instrument; "" is 0. Errors: malformed, too_precise, out_of_range.
core::Result<core::Price> price_of(const std::string& text, const core::Instrument& instrument) noexcept;
core::Result<core::Quantity> quantity_of(const std::string& text, const core::Instrument& instrument) noexcept;
/// Any decimal, signed, of up to 18 decimals and 64 bits; "" is 0. Errors: malformed, too_precise, out_of_range.
core::Result<Amount> amount_of(const std::string& text) noexcept;
Amount negated(Amount amount) noexcept;
/// The texts that identify: too long ones are an error, oversized.
core::Result<VenueId> venue_id_of(const std::string& text) noexcept;
/// Our id in a client order id, or 0.
core::OrderId order_id_of(std::string_view client_order_id) noexcept;

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
