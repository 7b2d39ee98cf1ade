#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/time.hpp"
#include "gateways/exchange/request.hpp"
#include "gateways/streams/reading.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gateways::live {

/// What differs between accounts and is no secret.
struct AccountSetup {
    exchange::Environment environment{};
    std::string base{};  ///< "" or "https://127.0.0.1:PORT" (http://…): instead of all of the venue's hosts
    bool bybit_demo{};   ///< with `testnet`: Bybit's demo trading, which takes no orders by socket
    bool bybit_disconnect_cancel{};  ///< Bybit enabled its dead man's switch for the account: it counts from the loss
                                     ///< of a stream that subscribed to it (docs/v5/websocket/private/dcp)
    bool bitget_entry{};             ///< Bitget lets this key order by socket (it has to be asked for)
    bool isolated_margin{};          ///< contracts of Bitget and OKX are margined one by one; else across the account
    bool websocket_entry{true};
};

/// How one connects, and what has to be said there.
enum class Login : std::uint8_t {
    none,        ///< what is asked is signed by itself, or nothing is
    listen_key,  ///< the key is part of the url (Binance USD-M)
    bitget,
    bybit,
    okx
};

/// One logical connection of an account: what it brings, what it takes, how the venue wants it treated.
struct LinePlan {
    std::string name{};  ///< for people: "okx private"
    std::string url{};   ///< complete but for the listen key at its end
    std::string rest{};  ///< origin of the calls that keep the listen key
    core::Venue venue{};
    core::Market market{};  ///< of what it brings, where the reader has to know (Binance)
    Login login{};
    bool stream{};                      ///< brings the account's events
    std::vector<core::Market> entry{};  ///< takes orders of these markets; none: it takes no orders
    bool signed_subscription{};         ///< `subscription` is made anew, signed with the time (Binance spot)
    std::string subscription{};         ///< sent after the login; "" and not signed: nothing
    unsigned answers{};                 ///< `subscribed` frames that it brings
    std::string ping{};                 ///< sent every `ping_every`: anything that comes then is a sign of life
    core::Nanoseconds ping_every{};
    unsigned most_orders{};        ///< in a second: past it the venue closes the connection; 0: it does not
    core::Nanoseconds lifetime{};  ///< the venue cuts a connection after so long; 0: it does not
};

/// The connections that an account of `markets` needs: those that bring its events, and those that take its orders.
/// Throws std::invalid_argument for what the venue does not offer, naming it.
/// Sources: the venues' pages "Base URLs", "User Data Streams", "Connect", "Websocket Trade".
std::vector<LinePlan> plan_lines(core::Venue venue, const std::vector<core::Market>& markets,
                                 const core::InstrumentTable& instruments, const AccountSetup& setup);

/// The messages of a plan; `time` is the venue's. "" where there is none.
std::string login_message(const LinePlan& plan, const exchange::Credentials& keys, core::Nanoseconds time);
std::string subscribe_message(const LinePlan& plan, const exchange::Credentials& keys, core::Nanoseconds time);

/// POST makes a listen key (or gives the one there is an hour more), PUT keeps it for another hour.
exchange::WireRequest listen_key_request(const LinePlan& plan, exchange::Method method,
                                         const exchange::Credentials& keys);

/// The reader of what a line brings; `instruments` outlives it.
std::unique_ptr<streams::PrivateReader> make_reader(const LinePlan& plan, const core::InstrumentTable& instruments);

}  // namespace gateways::live
