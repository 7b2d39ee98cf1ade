#pragma once

#include "core/domain/instrument.hpp"
#include "core/net/secret.hpp"
#include "gateways/orders/venue_event.hpp"
#include "gateways/streams/reading.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gateways::okx {

/// Decodes OKX's private sockets (channels orders, orders-algo, algo-advance, fills, positions, account and
/// balance_and_position) and the answers to order entry.
/// Orders are ours by their clOrdId, else by algoClOrdId (an algo order's own, and that of the order it became); an
/// answer that does not repeat it, by its id, which therefore begins with the client order id. An accepted cancel or
/// amendment is no event: the orders channel tells what became of it. An orders row may carry a trade: it comes as
/// `fill` before the order as it then stands.
/// Source: OKX API v5, "Order Book Trading, WebSocket", "Trading Account, WebSocket".
class PrivateStream final : public streams::PrivateReader {
public:
    /// `instruments` outlives it; those of this venue are looked up by instId.
    explicit PrivateStream(const core::InstrumentTable& instruments);
    ~PrivateStream() override;

    /// Appends the events of one frame; the text "pong" is one. Errors: malformed, wrong_type; nothing is appended
    /// then.
    core::Result<streams::Reading> read(std::string_view frame, core::Nanoseconds receive_time,
                                        std::vector<VenueEvent>& to) override;

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// The login of a private or business socket. HMAC-SHA256 in base64 over the time in seconds and
/// "GET/users/self/verify".
std::string login_request(const core::Secret& key, const core::Secret& secret, const core::Secret& passphrase,
                          core::Nanoseconds time);
/// Subscribes to orders, positions and the account on the private socket.
std::string_view subscribe_request() noexcept;
/// Subscribes to orders that wait for a price, on the business socket.
std::string_view subscribe_algo_request() noexcept;
/// To be sent when nothing came for some seconds; the venue closes after 30.
std::string_view ping_request() noexcept;

}  // namespace gateways::okx
