#pragma once

#include "core/domain/instrument.hpp"
#include "core/net/sign.hpp"
#include "gateways/exchange/request.hpp"
#include "gateways/live/line_plan.hpp"
#include "gateways/live/message_template.hpp"
#include "gateways/orders/live_gateway.hpp"
#include "gateways/streams/request_id.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace gateways::live {

/// One kind of order, or of cancel, of one instrument: its message, and what of it is signed.
struct EntryForm {
    MessageTemplate message{};
    MessageTemplate payload{};                   ///< Binance: what is signed; else empty
    core::Signer::Start start{};                 ///< the signature's state behind the payload's first blocks
    std::size_t started{};                       ///< bytes that `start` has seen
    std::string_view reduce{}, reduce_signed{};  ///< texts of reduce-only; static
};

/// The kinds, in the order of EntryForms.
enum class EntryKind : std::uint8_t { gtc, ioc, fok, post_only, market, stop };
inline constexpr std::size_t entry_kind_count = 6;
struct EntryForms {
    std::array<std::array<EntryForm, entry_kind_count>, 2> orders;  ///< by side and kind; empty: not by socket
    EntryForm cancel, cancel_stop;
};

/// The forms of an instrument at its venue, prepared with the account's key and signer.
/// Sources: Binance web-socket-api.md "Place new order", USD-M WebSocket API "New Order", "New Algo Order"; Bitget
/// "Websocket, Private, Place Order"; Bybit "Websocket Trade, Guideline"; OKX "WS / Place order", "WS / Cancel order".
EntryForms entry_forms(const core::Instrument& instrument, const exchange::Credentials& keys,
                       const core::Signer& signer, const AccountSetup& setup);

/// Orders and cancels as messages of the venue's order-entry socket: all that is known at start is prepared, an order
/// adds its numbers, ids, time and signature. write() neither allocates nor throws.
///
/// Orders are of accounts with one position an instrument (one-way). Left to REST: stops of Bitget and OKX, which keep
/// them apart; spot market buys of Bitget, which count money; what has no id of ours.
class OrderEntry {
public:
    OrderEntry(core::Venue venue, const std::vector<core::Market>& markets, const core::InstrumentTable& instruments,
               const exchange::Credentials& keys, const AccountSetup& setup);

    /// The message of a `place` or `cancel` and its request id, or nothing where it goes by REST: no such form, no
    /// time to sign with. Both texts are valid until the next call. `count` makes the request's id unique.
    struct Message {
        std::string_view text, request;
    };
    [[nodiscard]] std::optional<Message> write(const Action& action, std::uint32_t count) noexcept;

private:
    [[nodiscard]] const EntryForm* form_of(const Action& action) const noexcept;

    core::Signer signer_;
    std::vector<std::int32_t> forms_of_;  // by instrument; -1: none
    std::vector<EntryForms> forms_;
    std::vector<std::array<std::uint8_t, 2>> decimals_;  // of price and quantity, by instrument
    std::array<char, streams::request_id_length> request_{};
    std::array<char, MessageTemplate::longest> text_{}, payload_{};
};

}  // namespace gateways::live
