#include "tools/omega/live/questions.hpp"

#include "core/runtime/clock.hpp"
#include "gateways/live/rate_feedback.hpp"
#include "gateways/live/request_budget.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string_view>
#include <thread>
#include <utility>

namespace omega {

using namespace gateways::exchange;
using core::RateScope;
using core::RateUse;

namespace {

bool has(std::string_view text, std::string_view part) noexcept {
    return text.find(part) != std::string_view::npos;
}

/// Public questions count apart where a venue has a window for them: but for Binance, which has one weight for a host.
RateScope scope_of(core::Venue venue, const WireRequest& wire) noexcept {
    const std::string_view target{wire.target};
    const bool open = has(target, "/market/") || has(target, "/public/") || has(target, "/market?");
    if (venue != core::Venue::binance && open) return RateScope::linear_data;
    if (venue == core::Venue::binance && target.starts_with("/dapi/")) return RateScope::linear;
    return gateways::live::scope_of(venue, wire.method, target);
}

/// Binance counts new orders beside the weight of their requests.
bool counts_as_order_too(core::Venue venue, const WireRequest& wire) noexcept {
    const std::string_view path = std::string_view{wire.target}.substr(0, wire.target.find('?'));
    return venue == core::Venue::binance && (wire.method == Method::post || wire.method == Method::put) &&
           has(path, "rder") && !has(path, "test");
}

RateUse use_of(const WireRequest& wire) noexcept {
    return wire.method == Method::del || has(wire.target, "ancel") ? RateUse::cancel : RateUse::normal;
}

std::uint32_t weight_of(const std::vector<Request>& requests, const WireRequest& wire) noexcept {
    const std::string_view path = std::string_view{wire.target}.substr(0, wire.target.find('?'));
    const auto known = std::ranges::find_if(
        requests, [&](const Request& one) { return one.method == wire.method && one.path == path; });
    return known == requests.end() ? 1 : static_cast<std::uint32_t>(std::max(known->weight, 1));
}

/// Takes everything that the request counts in, or nothing.
core::RateAnswer take(core::RateLedger& budget, core::Venue venue, const WireRequest& wire, std::uint32_t weight,
                      core::Nanoseconds now) noexcept {
    const auto scope = scope_of(venue, wire);
    const auto use = use_of(wire);
    const auto answer = budget.take(weight, use, now, scope);
    if (!answer.granted() || !counts_as_order_too(venue, wire)) return answer;
    const auto order = budget.take(1, use, now, RateScope::orders);
    if (!order.granted()) budget.give_back(weight, now, scope);
    return order;
}

}  // namespace

void give_up(const std::string& what, const ApiError& error) {
    const auto text = fmt::format("{}: {}: {}", what, name(error.kind), error.message);
    switch (error.kind) {
        case ErrorKind::network:
        case ErrorKind::maintenance:
        case ErrorKind::unknown_outcome: throw NotReached{text};
        default: throw std::runtime_error{text};
    }
}

WaitingRoom WaitingRoom::real() {
    const auto clock = std::make_shared<core::Clock>();
    return {.now = [clock] { return clock->now(); },
            .wait = [](core::Nanoseconds time) { std::this_thread::sleep_for(time); }};
}

Transport paying(Transport send, core::Venue venue, core::RateLedger& budget, std::vector<Request> requests,
                 WaitingRoom room) {
    return [send = std::move(send), venue, &budget, requests = std::move(requests),
            room = std::move(room)](const WireRequest& wire) -> Expected<Response> {
        const auto weight = weight_of(requests, wire);
        const auto begin = room.now();
        for (auto now = begin;; now = room.now()) {
            const auto answer = take(budget, venue, wire, weight, now);
            if (answer.granted()) break;
            if (answer.until - begin > room.patience || now - begin > room.patience) {
                const auto seconds = std::max<std::int64_t>(1, (answer.until - now) / std::chrono::seconds{1});
                auto error =
                    refused(answer.refusal == core::RateRefusal::banned ? ErrorKind::banned : ErrorKind::rate_limited,
                            fmt::format("nothing was sent: {} of this host's request budget; try again in {} s",
                                        name(answer.refusal), seconds));
                error.retry_after_s = seconds;
                return error;
            }
            room.wait(std::max(answer.until - now, core::Nanoseconds{std::chrono::milliseconds{1}}));
        }
        auto response = send(wire);
        if (response)
            gateways::live::RequestBudget{venue, budget}.heed(gateways::live::rate_feedback(venue, *response),
                                                              scope_of(venue, wire), room.now());
        return response;
    };
}

}  // namespace omega
