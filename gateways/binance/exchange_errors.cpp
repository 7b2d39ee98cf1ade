#include "gateways/binance/exchange_calls.hpp"

#include <charconv>

namespace gateways::binance {

using namespace exchange;

namespace {

using enum ErrorKind;

/// Source: Binance Spot API, errors.md; USDⓈ-M Futures, Error Codes. Rows with a text stand before those without.
constexpr ErrorRow rows[] = {
    {"-1000", {}, unknown_outcome},
    {"-1001", {}, unknown_outcome},  // internal error, unable to process: the order may stand
    {"-1002", {}, authentication},
    {"-1003", {}, rate_limited},
    {"-1004", {}, maintenance},
    {"-1006", {}, unknown_outcome},
    {"-1007", {}, unknown_outcome},
    {"-1008", {}, maintenance},
    {"-1010", {}, invalid_order},
    {"-1013", {}, invalid_order},
    {"-1014", {}, invalid_order},
    {"-1015", {}, rate_limited},
    {"-1016", {}, maintenance},
    {"-1020", {}, not_supported},
    {"-1021", {}, nonce},
    {"-1022", {}, authentication},
    {"-1034", {}, rate_limited},
    {"-1111", {}, invalid_order},
    {"-1116", {}, invalid_order},
    {"-1117", {}, invalid_order},
    {"-1125", {}, authentication},
    {"-2010", "insufficient", insufficient_funds},
    {"-2010", "Market is closed", maintenance},
    {"-2010", "not permitted", permission},
    {"-2010", {}, invalid_order},
    {"-2011", {}, order_not_found},
    {"-2013", {}, order_not_found},
    {"-2014", {}, authentication},
    {"-2015", {}, authentication},
    {"-2018", {}, insufficient_funds},
    {"-2019", {}, insufficient_funds},
    {"-2020", {}, invalid_order},
    {"-2021", {}, invalid_order},
    {"-2022", {}, invalid_order},
    {"-2023", {}, invalid_order},
    {"-2024", {}, insufficient_funds},
    {"-2025", {}, invalid_order},
    {"-2026", {}, order_not_found},
    {"-2027", {}, invalid_order},
    {"-2028", {}, invalid_order},
    {"-3008", {}, insufficient_funds},
    {"-3041", {}, insufficient_funds},
    {"-4046", {}, other},
    {"-4050", {}, insufficient_funds},
    {"-4051", {}, insufficient_funds},
    {"-4059", {}, other},
    {"-4088", {}, permission},
    {"-5013", {}, insufficient_funds},
};

/// Codes without a row of their own, by their family in the documents.
ErrorKind family_of(std::int64_t code) noexcept {
    if (code <= -1100 && code > -1200) return bad_request;  // parameters
    if (code <= -4000 && code > -6000 && code != -4046 && code != -4059)
        return invalid_order;  // filters, margin and position rules, FOK, post-only
    return other;
}

std::int64_t number_of(std::string_view text) noexcept {
    std::int64_t number{};
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

}  // namespace

ErrorKind kind_of_code(std::string_view code, std::string_view message) noexcept {
    const auto kind = kind_of(rows, code, message);
    return kind == other ? family_of(number_of(code)) : kind;
}

std::optional<ApiError> error_of(Call call, const Response& response, const Value& body) {
    // Some writes of futures answer {"code":200,"msg":"success"}.
    const auto code = body["code"].integer().value_or(0);
    if (response.status < 400 && code >= 0) return std::nullopt;
    // "No need to change margin type." and "No need to change position side.": it is as the caller wants it.
    if ((code == -4046 && call == Call::set_margin_mode) || (code == -4059 && call == Call::set_position_mode))
        return std::nullopt;
    ApiError error{.kind = other,
                   .code = body["code"].text(),
                   .message = body["msg"].text(),
                   .status = response.status,
                   .retry_after_s = number_of(response.header("Retry-After"))};
    error.kind = kind_of_code(error.code, error.message);
    const bool writes = shape(call).access == Access::write;
    if (response.status == 418)
        error.kind = banned;
    else if (response.status == 429)
        error.kind = rate_limited;
    else if (response.status >= 500 && error.kind == other)
        error.kind = unknown_outcome;
    if (error.kind == unknown_outcome && !writes) error.kind = maintenance;
    return error;
}

}  // namespace gateways::binance
