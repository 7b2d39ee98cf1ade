#include "gateways/live/verdict.hpp"

#include "gateways/binance/codes.hpp"
#include "gateways/bitget/codes.hpp"
#include "gateways/bybit/codes.hpp"
#include "gateways/exchange/refusal.hpp"
#include "gateways/okx/codes.hpp"

#include <charconv>

namespace gateways::live {

using exchange::ErrorKind;

namespace {

std::int32_t number_of(std::string_view code) noexcept {
    std::int32_t number{};
    const auto [end, error] = std::from_chars(code.data(), code.data() + code.size(), number);
    return error == std::errc{} && end == code.data() + code.size() ? number : 0;
}

Refusal by_code(core::Venue venue, const exchange::ApiError& error) noexcept {
    if (error.code.empty()) return Refusal::other;
    switch (venue) {
        case core::Venue::binance: return binance::meaning_of(error.code, error.message).refusal;
        case core::Venue::bitget: return bitget::meaning_of(error.code, error.message).refusal;
        case core::Venue::bybit: return bybit::meaning_of(number_of(error.code)).refusal;
        case core::Venue::okx: return okx::meaning_of(number_of(error.code)).refusal;
        default: return Refusal::other;
    }
}

}  // namespace

Refusal refusal_of(core::Venue venue, const exchange::ApiError& error) noexcept {
    // 429 and 418 carry codes of other meaning, or none
    if (error.kind == ErrorKind::rate_limited || error.kind == ErrorKind::banned)
        return exchange::refusal_of(error.kind);
    if (error.kind == ErrorKind::not_supported) return Refusal::malformed;
    const auto refusal = by_code(venue, error);
    return refusal == Refusal::other ? exchange::refusal_of(error.kind) : refusal;
}

Rejected rejected_of(core::Venue venue, const exchange::ApiError& error) noexcept {
    return {.refusal = refusal_of(venue, error), .code = number_of(error.code)};
}

Verdict verdict_of(const exchange::ApiError& error, Refusal refusal) noexcept {
    if (error.kind == ErrorKind::network) return Verdict::unsent;
    if (error.status >= 500) return Verdict::unknown;
    if (refusal == Refusal::duplicate_id) return Verdict::refused;  // of a second one; the first is there
    switch (error.kind) {
        case ErrorKind::authentication:
        case ErrorKind::permission:
        case ErrorKind::insufficient_funds:
        case ErrorKind::order_not_found:
        case ErrorKind::invalid_order:
        case ErrorKind::rate_limited:
        case ErrorKind::banned:
        case ErrorKind::nonce:
        case ErrorKind::bad_request:
        case ErrorKind::not_supported: return Verdict::refused;
        default: return Verdict::unknown;
    }
}

}  // namespace gateways::live
