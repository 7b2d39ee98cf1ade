#pragma once

#include "core/net/rate_limit.hpp"
#include "gateways/exchange/service.hpp"

#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

namespace omega {

/// A venue could not be asked: it was not reached, or was in no state to answer. The program ends with 3.
class NotReached : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// What became of a question, as the exception to throw: NotReached where the venue was not there, else
/// std::runtime_error with its words. `what`: "binance: its markets could not be had".
[[noreturn]] void give_up(const std::string& what, const gateways::exchange::ApiError& error);

/// The clock that every taker of a budget hands in, and what passes time; a test has its own.
struct WaitingRoom {
    std::function<core::Nanoseconds()> now{};
    std::function<void(core::Nanoseconds)> wait{};
    core::Nanoseconds patience{std::chrono::minutes{2}};  ///< a longer wait is a refusal

    static WaitingRoom real();  ///< core::Clock, and sleep
};

/// A transport that takes each request from the venue's budget before it sends it, waits while the budget is used up,
/// and tells the budget what the venue answers. `requests`: those of the call, for their weights; one that is none of
/// them weighs 1. A cancel may use what is reserved for cancels; an order counts as one, too. Errors besides `send`'s:
/// rate_limited (the wait is longer than its patience), banned. `budget` outlives it.
gateways::exchange::Transport paying(gateways::exchange::Transport send, core::Venue venue, core::RateLedger& budget,
                                     std::vector<gateways::exchange::Request> requests,
                                     WaitingRoom room = WaitingRoom::real());

}  // namespace omega
