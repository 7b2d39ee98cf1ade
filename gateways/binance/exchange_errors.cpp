#include "gateways/binance/exchange_calls.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>

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
    {"-1011", {}, permission},
    {"-1013", {}, invalid_order},
    {"-1014", {}, invalid_order},
    {"-1015", {}, rate_limited},
    {"-1016", {}, maintenance},
    {"-1020", {}, not_supported},
    {"-1021", {}, nonce},
    {"-1022", {}, authentication},
    {"-1034", {}, rate_limited},
    {"-1100", {}, bad_request},
    {"-1101", {}, bad_request},
    {"-1102", {}, bad_request},
    {"-1103", {}, bad_request},
    {"-1104", {}, bad_request},
    {"-1105", {}, bad_request},
    {"-1106", {}, bad_request},
    {"-1108", {}, bad_request},
    {"-1111", {}, invalid_order},
    {"-1112", {}, invalid_order},  // no orders in the book
    {"-1114", {}, bad_request},
    {"-1115", {}, bad_request},
    {"-1116", {}, invalid_order},
    {"-1117", {}, invalid_order},
    {"-1118", {}, bad_request},
    {"-1121", {}, bad_request},
    {"-1125", {}, authentication},
    {"-1128", {}, bad_request},
    {"-1130", {}, bad_request},
    {"-1135", {}, bad_request},
    {"-1136", {}, bad_request},
    {"-1145", {}, bad_request},
    {"-1182", {}, bad_request},
    {"-2010", "insufficient", insufficient_funds},
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
    {"-4087", {}, permission},
    {"-4088", {}, permission},
    {"-4192", {}, permission},
    {"-4400", {}, permission},
    {"-4401", {}, permission},
    {"-4402", {}, permission},
    {"-5013", {}, insufficient_funds},
    {"-5028", {}, nonce},  // outside of the matching engine's receive window
};

/// Rules of an order, its instrument or account: each of these codes refuses. Source: USDⓈ-M Futures, Error Codes.
constexpr std::int16_t rules[] = {-5041, -5040, -5039, -5038, -5037, -5029, -5027, -5026, -5025, -5024, -5022,
                                  -5021, -4211, -4210, -4184, -4183, -4164, -4144, -4142, -4141, -4140, -4139,
                                  -4138, -4137, -4135, -4131, -4120, -4118, -4116, -4104, -4062, -4061, -4060,
                                  -4045, -4031, -4030, -4029, -4024, -4023, -4022, -4020, -4016, -4015, -4014,
                                  -4013, -4007, -4006, -4005, -4004, -4003, -4002, -4001};
static_assert(std::is_sorted(std::begin(rules), std::end(rules)));

bool listed(std::span<const std::int16_t> codes, std::int64_t code) noexcept {
    return std::binary_search(codes.begin(), codes.end(), code);
}

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
    return kind == other && listed(rules, number_of(code)) ? invalid_order : kind;
}

ErrorKind kind_of_code(Call call, std::string_view code, std::string_view message) noexcept {
    const auto kind = kind_of_code(code, message);
    if (makes_orders(call)) return of_order(kind);
    return kind == other ? family_of(number_of(code)) : kind;
}

namespace {

/// A replacement of spot is a cancel and an order, and either may have been refused by itself. Source: Binance Spot
/// API, "Cancel an Existing Order and Send a New Order", -2021 and -2022.
void read_replacement(ApiError& error, const Value& data) {
    const auto& cancel = data["cancelResult"].text();
    const auto& placed = data["newOrderResult"].text();
    const auto refused_as = [&](const Value& part) {
        return kind_of_code(Call::edit_order, part["code"].text(), part["msg"].text());
    };
    const auto words = [](const Value& part) { return part["msg"].text() + " (" + part["code"].text() + ")"; };
    error.kind = unknown_outcome;
    if (cancel == "FAILURE" && placed == "NOT_ATTEMPTED") {
        error.kind = refused_as(data["cancelResponse"]);
        error.message += " The order stands as it was: " + words(data["cancelResponse"]);
    } else if (cancel == "FAILURE" && placed == "FAILURE") {
        error.kind = refused_as(data["cancelResponse"]);
        if (refused_as(data["newOrderResponse"]) == unknown_outcome) error.kind = unknown_outcome;
        error.message += " Neither was done: " + words(data["cancelResponse"]) + ", " + words(data["newOrderResponse"]);
    } else if (cancel == "SUCCESS" && placed == "FAILURE") {
        error.message += " The order is cancelled, the new one refused: " + words(data["newOrderResponse"]);
    } else if (cancel == "FAILURE" && placed == "SUCCESS") {
        error.message += " The new order stands beside the old one: " + words(data["cancelResponse"]);
    } else {
        error.message += " Nothing says what became of either order.";
    }
}

}  // namespace

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
    error.kind = kind_of_code(call, error.code, error.message);
    const bool edits = call == Call::edit_order || call == Call::edit_order_with_client_order_id;
    if (edits && error.message.find("cancel-replace") != std::string::npos) read_replacement(error, body["data"]);
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
