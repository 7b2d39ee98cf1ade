#include "gateways/bitget/exchange_calls.hpp"

namespace gateways::bitget {

using namespace exchange;

namespace {

using enum ErrorKind;

/// Source: Bitget API documents, "RestAPI Error Codes"; codes of the WebSocket's order entry stand with them.
constexpr ErrorRow rows[] = {
    {"22001", {}, order_not_found},
    {"22002", {}, invalid_order},  // no position to close
    {"22034", {}, invalid_order},
    {"22038", {}, invalid_order},
    {"25202", {}, insufficient_funds},
    {"25203", {}, insufficient_funds},
    {"25204", {}, order_not_found},
    {"25212", {}, invalid_order},
    {"25227", {}, invalid_order},
    {"30001", {}, authentication},
    {"30004", {}, authentication},
    {"30005", {}, authentication},
    {"30007", {}, rate_limited},
    {"30011", {}, authentication},
    {"30012", {}, authentication},
    {"30015", {}, authentication},
    {"40001", {}, authentication},
    {"40002", {}, authentication},
    {"40003", {}, authentication},
    {"40004", {}, nonce},
    {"40005", {}, nonce},
    {"40006", {}, authentication},
    {"40007", {}, bad_request},
    {"40008", {}, nonce},
    {"40009", {}, authentication},
    {"40010", {}, unknown_outcome},  // request timed out
    {"40011", {}, authentication},
    {"40012", {}, authentication},
    {"40013", {}, permission},
    {"40014", {}, permission},
    {"40015", {}, unknown_outcome},  // system is abnormal, try again later
    {"40016", {}, permission},
    {"40017", {}, bad_request},
    {"40018", {}, permission},
    {"40019", {}, bad_request},
    {"40020", {}, bad_request},
    {"40022", {}, permission},
    {"40029", {}, permission},
    {"40034", {}, bad_request},
    {"40036", {}, authentication},
    {"40037", {}, authentication},
    {"40038", {}, permission},
    {"40108", {}, invalid_order},  // quantity
    {"40109", {}, order_not_found},
    {"40200", {}, maintenance},
    {"40404", {}, not_supported},
    {"40706", {}, invalid_order},    // price
    {"40725", {}, unknown_outcome},  // service returned an error
    {"40754", {}, insufficient_funds},
    {"40756", {}, insufficient_funds},
    {"40757", {}, invalid_order},
    {"40761", {}, invalid_order},  // too many open orders
    {"40762", {}, insufficient_funds},
    {"40768", {}, order_not_found},
    {"40774", {}, invalid_order},
    {"40786", {}, invalid_order},  // duplicate clientOid
    {"40808", {}, invalid_order},
    {"43001", {}, order_not_found},
    {"43004", {}, order_not_found},
    {"43011", {}, bad_request},
    {"43012", {}, insufficient_funds},
    {"43025", {}, order_not_found},
    {"45001", {}, maintenance},
    {"45110", {}, invalid_order},
    {"429", {}, rate_limited},
};

/// Codes without a row of their own, by their family in the documents.
ErrorKind family_of(std::string_view code) noexcept {
    if (code.size() != 5) return other;
    if (code.starts_with("43") || code.starts_with("45") || code.starts_with("22")) return invalid_order;
    if (code.starts_with("400")) return bad_request;
    return other;
}

}  // namespace

ErrorKind kind_of_code(std::string_view code, std::string_view message) noexcept {
    const auto kind = kind_of(rows, code, message);
    return kind == other ? family_of(code) : kind;
}

std::optional<ApiError> error_of(Call call, const Response& response, const Value& body) {
    const auto& code = body["code"].text();
    if (response.status < 400 && (code == "00000" || code == "0")) return std::nullopt;
    ApiError error{.kind = kind_of_code(code, body["msg"].text()),
                   .code = code,
                   .message = body["msg"].text(),
                   .status = response.status};
    if (code.empty() && response.status < 400) {
        error.kind = malformed;
        error.message = "the answer has no code";
    } else if (response.status == 429) {
        error.kind = rate_limited;
    } else if (response.status >= 500 && error.kind == other) {
        error.kind = unknown_outcome;
    }
    const bool writes = shape(call).access == Access::write;
    if (error.kind == unknown_outcome && !writes) error.kind = maintenance;
    if (error.kind == malformed && writes) error.kind = unknown_outcome;
    return error;
}

}  // namespace gateways::bitget
