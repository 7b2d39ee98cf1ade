#include "gateways/exchange/times.hpp"

namespace gateways::exchange {

namespace {

constexpr std::int64_t last_ms = 9'000'000'000'000;  // year 2255: nanoseconds of 64 bits end in 2262

}  // namespace

Time time_of_ms(const Value& value) noexcept {
    if (!value.is_number() && !value.is_text()) return std::nullopt;
    const auto& text = value.text();
    std::int64_t ms = 0;
    std::size_t digits = 0;
    for (; digits < text.size() && text[digits] >= '0' && text[digits] <= '9'; ++digits) {
        ms = ms * 10 + (text[digits] - '0');
        if (ms > last_ms) return std::nullopt;
    }
    if (digits == 0 || (digits < text.size() && text[digits] != '.') || ms == 0) return std::nullopt;
    return core::Nanoseconds{std::chrono::milliseconds{ms}};
}

Value time_value(const Time& time) {
    return time ? Value{time->count()} : Value{};
}

Value datetime_value(const Time& time) {
    return time ? Value{core::to_iso8601(*time)} : Value{};
}

}  // namespace gateways::exchange
