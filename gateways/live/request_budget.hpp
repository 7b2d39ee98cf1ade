#pragma once

#include "core/net/rate_limit.hpp"
#include "gateways/exchange/request.hpp"
#include "gateways/live/rate_feedback.hpp"

#include <optional>
#include <string_view>

namespace gateways::live {

/// Where a REST request of ours counts at its venue, by its path. Source: the pages of venue_limits.hpp.
core::RateScope scope_of(core::Venue venue, exchange::Method method, std::string_view path) noexcept;

/// Pays for every request when it leaves, and hears what its answer says of the budget. One thread; the ledger is
/// everybody's.
class RequestBudget {
public:
    /// `ledger` outlives it.
    RequestBudget(core::Venue venue, core::RateLedger& ledger) noexcept : venue_{venue}, ledger_{&ledger} {}

    /// The request may leave now. Not granted: nothing was taken; look again at `until`. `use`: cancel for what ends or
    /// protects, which no limit of questions holds back. `is_paid`: LiveGateway took what it weighs as an order.
    core::RateAnswer pay(const exchange::Request& request, core::RateUse use, core::Nanoseconds now,
                         bool is_paid = false) noexcept;
    /// The same of a request with this path and weight.
    core::RateAnswer pay(exchange::Method method, std::string_view path, std::uint32_t weight, core::RateUse use,
                         core::Nanoseconds now, bool is_paid = false) noexcept;
    /// What the venue said in answer to a request of this scope. Everybody who shares the ledger hears of it.
    void heed(const RateFeedback& feedback, core::RateScope scope, core::Nanoseconds now) noexcept;

private:
    core::Venue venue_;
    core::RateLedger* ledger_;
};

}  // namespace gateways::live
