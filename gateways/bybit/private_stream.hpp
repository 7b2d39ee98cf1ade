#pragma once

#include "core/domain/instrument.hpp"
#include "core/net/secret.hpp"
#include "gateways/orders/venue_event.hpp"
#include "gateways/streams/reading.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gateways::bybit {

/// Decodes Bybit's private socket (topics order, execution, execution.fast, position, wallet, also with a category
/// behind the point) and the answers of its order-entry socket.
/// Orders are ours by their orderLinkId; an answer that does not repeat it, by its reqId, which therefore begins with
/// the client order id. An accepted cancel or amendment is no event: the order topic tells what became of it.
/// Source: Bybit v5, "WebSocket Stream, Private", "WebSocket Trade, Guideline", "Enums Definitions".
class PrivateStream final : public streams::PrivateReader {
public:
    /// `instruments` outlives it; those of this venue are looked up by category and symbol.
    explicit PrivateStream(const core::InstrumentTable& instruments);
    ~PrivateStream() override;

    /// Appends the events of one frame. Errors: malformed, wrong_type; nothing is appended then.
    core::Result<streams::Reading> read(std::string_view frame, core::Nanoseconds receive_time,
                                        std::vector<VenueEvent>& to) override;

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// The login of a private or order-entry socket; it is valid until `expires`.
/// HMAC-SHA256 in hex over "GET/realtime" and the time in milliseconds.
std::string login_request(const core::Secret& key, const core::Secret& secret, core::Nanoseconds expires);
/// Subscribes to orders, executions, positions and the wallet.
std::string_view subscribe_request() noexcept;
/// To be sent every 20 seconds.
std::string_view ping_request() noexcept;

}  // namespace gateways::bybit
