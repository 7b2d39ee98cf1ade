#include "gateways/live/rate_feedback.hpp"

#include "gateways/exchange/value.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace gateways::live {

namespace {

using exchange::Response;

std::optional<std::int64_t> number_in(std::string_view text) noexcept {
    std::int64_t number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size() || number < 0) return std::nullopt;
    return number;
}

/// A span a venue may ask for; more than a week is no answer to anything.
core::Nanoseconds bounded(std::int64_t value, core::Nanoseconds unit) noexcept {
    constexpr std::chrono::hours longest{24 * 7};
    return value > longest / unit ? core::Nanoseconds{longest} : value * unit;
}

/// Errors are short; what is long is no error.
bool begins_with(const Response& response, std::string_view text) noexcept {
    constexpr std::size_t beginning = 64;
    return std::string_view{response.body}.substr(0, beginning).find(text) != std::string_view::npos;
}

void read_binance(const Response& response, RateFeedback& feedback) noexcept {
    if (const auto used = number_in(response.header("X-MBX-USED-WEIGHT-1M")))
        feedback.used_weight = static_cast<std::uint32_t>(std::min<std::int64_t>(*used, UINT32_MAX));
    feedback.banned = response.status == 418 || response.status == 403;
    if (response.status == 429 || feedback.banned)
        feedback.retry_after = bounded(number_in(response.header("Retry-After")).value_or(0), std::chrono::seconds{1});
    feedback.orders = begins_with(response, "-1015");
    feedback.everything = feedback.retry_after && !feedback.orders;
}

void read_bybit(const Response& response, RateFeedback& feedback) {
    if (response.status == 403) {  // "access too frequent": ten minutes. Source: Bybit v5, "Rate Limit"
        feedback.banned = true;
        feedback.retry_after = std::chrono::minutes{10};
        return;
    }
    if (response.status != 429 && !begins_with(response, "\"retCode\":10006") &&
        !begins_with(response, "\"retCode\":10018") && !begins_with(response, "\"retCode\":10429"))
        return;
    feedback.retry_after = core::Nanoseconds{};
    const auto reset = number_in(response.header("X-Bapi-Limit-Reset-Timestamp"));
    auto now = number_in(response.header("Timenow"));
    constexpr std::size_t short_enough = 4096;
    if (!now && response.body.size() <= short_enough)
        if (const auto body = exchange::Value::parse(response.body)) now = (*body)["time"].integer();
    if (reset && now && *now >= 0 && *reset > *now)
        feedback.retry_after = bounded(*reset - *now, std::chrono::milliseconds{1});
}

void read_okx(const Response& response, RateFeedback& feedback) noexcept {
    for (const auto* code : {"\"code\":\"50011\"", "\"code\":\"50040\"", "\"code\":\"50061\""})
        if (response.status == 429 || begins_with(response, code)) feedback.retry_after = core::Nanoseconds{};
}

}  // namespace

RateFeedback rate_feedback(core::Venue venue, const Response& response) {
    RateFeedback feedback;
    switch (venue) {
        case core::Venue::binance: read_binance(response, feedback); break;
        case core::Venue::bybit: read_bybit(response, feedback); break;
        case core::Venue::okx: read_okx(response, feedback); break;
        default:
            if (response.status == 429) feedback.retry_after = core::Nanoseconds{};
            break;
    }
    return feedback;
}

RateFeedback rate_feedback(core::Venue venue, const streams::Reading& reading) noexcept {
    RateFeedback feedback;
    feedback.used_weight = reading.used_weight;
    feedback.banned = reading.refusal == Refusal::banned;
    if (!feedback.banned && reading.refusal != Refusal::rate_limited) return feedback;
    feedback.retry_after = reading.retry_after;
    const bool of_address = venue == core::Venue::binance && reading.code != -1015;
    feedback.orders = !feedback.banned && !of_address && reading.kind == streams::FrameKind::answer;
    feedback.everything = !feedback.banned && of_address;
    return feedback;
}

}  // namespace gateways::live
