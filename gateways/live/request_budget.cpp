#include "gateways/live/request_budget.hpp"

#include <algorithm>

namespace gateways::live {

using core::RateScope;
using core::Venue;

namespace {

bool has(std::string_view text, std::string_view part) noexcept {
    return text.find(part) != std::string_view::npos;
}

RateScope bitget_scope(bool posts, std::string_view path) noexcept {
    if (posts && (has(path, "order") || has(path, "close-positions")))
        return has(path, "plan-order") || has(path, "tpsl") ? RateScope::algo : RateScope::orders;
    if (has(path, "all-position")) return RateScope::slow;
    return has(path, "/spot/") ? RateScope::spot : RateScope::linear;
}

RateScope okx_scope(bool posts, std::string_view path) noexcept {
    if (posts && has(path, "algo")) return RateScope::algo;
    if (posts) return RateScope::orders;
    const bool quick =
        path == "/api/v5/trade/order" || path == "/api/v5/trade/orders-pending" || path == "/api/v5/trade/fills";
    return quick ? RateScope::linear : RateScope::slow;
}

}  // namespace

RateScope scope_of(Venue venue, exchange::Method method, std::string_view path) noexcept {
    path = path.substr(0, path.find('?'));
    const bool posts = method != exchange::Method::get;
    switch (venue) {
        // One weight for all that a host is asked, orders among it.
        case Venue::binance: return path.starts_with("/fapi/") ? RateScope::linear : RateScope::spot;
        case Venue::bitget: return bitget_scope(posts, path);
        case Venue::okx: return okx_scope(posts, path);
        default: return posts && has(path, "/order/") ? RateScope::orders : RateScope::linear;
    }
}

core::RateAnswer RequestBudget::pay(const exchange::Request& request, core::RateUse use, core::Nanoseconds now,
                                    bool is_paid) noexcept {
    return pay(request.method, request.path, static_cast<std::uint32_t>(std::max(request.weight, 1)), use, now,
               is_paid);
}

core::RateAnswer RequestBudget::pay(exchange::Method method, std::string_view path, std::uint32_t weight,
                                    core::RateUse use, core::Nanoseconds now, bool is_paid) noexcept {
    const auto scope = scope_of(venue_, method, path);
    return ledger_->take(scope == RateScope::orders && is_paid ? 0 : weight, use, now, scope);
}

void RequestBudget::heed(const RateFeedback& feedback, RateScope scope, core::Nanoseconds now) noexcept {
    if (feedback.used_weight)
        if (const auto window = ledger_->window_of(scope)) ledger_->observe(*window, *feedback.used_weight, now);
    if (!feedback.retry_after) return;
    if (feedback.banned)
        ledger_->banned(*feedback.retry_after, now);
    else if (feedback.everything)
        ledger_->throttled(*feedback.retry_after, now);
    else
        ledger_->throttled(*feedback.retry_after, now, feedback.orders ? RateScope::orders : scope);
}

}  // namespace gateways::live
