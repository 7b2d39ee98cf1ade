#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/result.hpp"
#include "gateways/exchange/error.hpp"
#include "gateways/exchange/request.hpp"
#include "gateways/live/line_plan.hpp"
#include "gateways/live/rate_feedback.hpp"
#include "gateways/orders/live_gateway.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gateways::live {

struct Desk;
struct Talk;

/// What came of one Action, for LiveGateway.
struct Answered {
    std::vector<VenueEvent> events{};               ///< for LiveGateway::on, in order
    std::optional<AccountSnapshot> snapshot{};      ///< ask_account; its flags say what is whole
    bool account_failed{};                          ///< ask_account: nothing could be had
    bool not_sent{};                                ///< place: not one byte left; `events` says nothing of it
    std::optional<bool> timer_renewed{};            ///< renew_timer
    std::optional<core::Nanoseconds> venue_time{};  ///< ask_time
    std::optional<exchange::ApiError> error{};      ///< the first one, for people
};

/// One Action on its way to the venue and back: requests leave one after another, each built when the answers before it
/// are known. Pure: bytes and times in, bytes out. Whatever comes back, it ends after at most `max_requests`.
///
/// A write is told as refused only when the venue said so; a lost, late, broken or unknown answer is `outcome_unknown`.
class Conversation {
public:
    Conversation(std::shared_ptr<const Desk> desk, const Action& action, core::Nanoseconds now);
    Conversation(Conversation&&) noexcept;
    Conversation& operator=(Conversation&&) noexcept;
    ~Conversation();

    /// The next request before it is signed: what it will cost, and where. Nothing: as of next(). Valid until then.
    const exchange::Request* upcoming(core::Nanoseconds now);
    /// The next request, signed with the action's timestamp and what has passed since. Nothing: done, or waiting for an
    /// answer.
    std::optional<exchange::WireRequest> next(core::Nanoseconds now);
    /// The answer to the newest request. Without one: `network` where not one byte left, `unknown_outcome` else.
    void answer(const core::Result<exchange::Response, exchange::ApiError>& response, core::Nanoseconds sent,
                core::Nanoseconds received);
    /// Gives up: what is not answered is unknown, what was read so far counts.
    void abandon(core::Nanoseconds now);
    [[nodiscard]] bool done() const noexcept;
    /// What came of it. Precondition: done().
    Answered take();

    static constexpr std::size_t max_requests = 300;
    static constexpr std::size_t max_body = 16u << 20;  ///< bytes of one answer; a longer one is not read
    static constexpr std::size_t max_events = 100'000;  ///< of one list

private:
    std::unique_ptr<Talk> talk_;
};

/// Actions over REST, for Binance (spot, USD-M), Bitget (classic), Bybit and OKX, through the venue's unified Service.
///
/// Orders carry gateways::write_client_id(order.id) and are found again by it; numbers are the instrument's exact
/// decimals, so that the venue refuses what does not fit. Accounts are in one-way mode. An order with a trigger is
/// released by the last trade's price. What a venue cannot do is refused here: a market order that buys spot at Bitget
/// (its size is money there, and no price is known), inverse contracts.
class AccountCalls {
public:
    /// markets: those of the venue that are in use. setup: the same that the account's sockets have. base: "" for the
    /// venue's hosts, or "https://127.0.0.1:PORT" instead of all of them. The table must outlive everything. Throws
    /// std::invalid_argument: a venue without Service, an inverse market, a symbol whose currencies are not known, two
    /// spot symbols of one base currency (what is held of it could not be told apart).
    AccountCalls(core::Venue venue, const std::vector<core::Market>& markets, const core::InstrumentTable& instruments,
                 AccountSetup setup, exchange::Credentials keys);
    /// Of an account where all is as usual.
    AccountCalls(core::Venue venue, const std::vector<core::Market>& markets, const core::InstrumentTable& instruments,
                 exchange::Environment environment, exchange::Credentials keys, std::string base = {});

    [[nodiscard]] Conversation begin(const Action& action, core::Nanoseconds now) const;

private:
    std::shared_ptr<const Desk> desk_;
};

}  // namespace gateways::live
