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
    {"30006", {}, rate_limited},
    {"30007", {}, rate_limited},
    {"30011", {}, authentication},
    {"30012", {}, authentication},
    {"30014", {}, nonce},
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
    {"40844", {}, invalid_order},
    {"40845", {}, invalid_order},
    {"40889", {}, invalid_order},
    {"40890", {}, invalid_order},
    {"40891", {}, invalid_order},
    {"40910", {}, unknown_outcome},  // operation timed out
    {"40915", {}, invalid_order},
    {"40916", {}, permission},
    {"40917", {}, invalid_order},
    {"40921", {}, invalid_order},
    {"40928", {}, invalid_order},
    {"40931", {}, permission},
    {"40939", {}, invalid_order},
    {"41101", {}, bad_request},
    {"41103", {}, bad_request},
    {"41113", {}, invalid_order},
    {"41114", {}, invalid_order},
    {"41117", {}, invalid_order},
    {"41118", {}, invalid_order},
    {"42016", {}, bad_request},
    {"43001", {}, order_not_found},
    {"43004", {}, order_not_found},
    {"43005", {}, invalid_order},
    {"43006", {}, invalid_order},
    {"43007", {}, invalid_order},
    {"43008", {}, invalid_order},
    {"43009", {}, invalid_order},
    {"43010", {}, invalid_order},
    {"43011", {}, bad_request},
    {"43012", {}, insufficient_funds},
    {"43013", {}, invalid_order},
    {"43014", {}, invalid_order},
    {"43015", {}, invalid_order},
    {"43016", {}, invalid_order},
    {"43023", {}, invalid_order},
    {"43024", {}, invalid_order},
    {"43025", {}, order_not_found},
    {"43027", {}, invalid_order},
    {"43028", {}, invalid_order},
    {"43029", {}, invalid_order},
    {"43030", {}, invalid_order},
    {"43031", {}, invalid_order},
    {"43034", {}, invalid_order},
    {"43035", {}, invalid_order},
    {"43037", {}, invalid_order},
    {"43038", {}, invalid_order},
    {"43039", {}, invalid_order},
    {"43040", {}, invalid_order},
    {"43041", {}, invalid_order},
    {"43042", {}, invalid_order},
    {"43043", {}, invalid_order},
    {"43048", {}, bad_request},
    {"43049", {}, bad_request},
    {"43051", {}, invalid_order},
    {"43058", {}, bad_request},
    {"43071", {}, invalid_order},
    {"43075", {}, invalid_order},
    {"43111", {}, bad_request},
    {"43118", {}, invalid_order},
    {"43119", {}, invalid_order},
    {"43120", {}, invalid_order},
    {"43122", {}, invalid_order},
    {"43123", {}, bad_request},
    {"43128", {}, invalid_order},
    {"43132", {}, insufficient_funds},
    {"45001", {}, unknown_outcome},  // unknown error, told in maintenance
    {"45002", {}, insufficient_funds},
    {"45003", {}, invalid_order},
    {"45004", {}, insufficient_funds},
    {"45005", {}, invalid_order},
    {"45006", {}, invalid_order},
    {"45007", {}, invalid_order},
    {"45008", {}, insufficient_funds},
    {"45009", {}, permission},
    {"45017", {}, bad_request},
    {"45018", {}, invalid_order},
    {"45020", {}, invalid_order},
    {"45021", {}, invalid_order},
    {"45023", {}, unknown_outcome},  // "error creating order" does not say that there is none
    {"45024", {}, unknown_outcome},
    {"45025", {}, bad_request},
    {"45026", {}, bad_request},
    {"45031", {}, order_not_found},
    {"45034", {}, invalid_order},
    {"45035", {}, invalid_order},
    {"45043", {}, invalid_order},
    {"45045", {}, invalid_order},
    {"45051", {}, invalid_order},
    {"45052", {}, invalid_order},
    {"45057", {}, order_not_found},
    {"45060", {}, invalid_order},
    {"45061", {}, invalid_order},
    {"45062", {}, invalid_order},
    {"45064", {}, invalid_order},
    {"45065", {}, invalid_order},
    {"45066", {}, invalid_order},
    {"45067", {}, invalid_order},
    {"45068", {}, invalid_order},
    {"45103", {}, invalid_order},
    {"45104", {}, invalid_order},
    {"45107", {}, permission},
    {"45108", {}, permission},
    {"45109", {}, invalid_order},
    {"45110", {}, invalid_order},
    {"45111", {}, invalid_order},
    {"45112", {}, invalid_order},
    {"45113", {}, invalid_order},
    {"45114", {}, invalid_order},
    {"45115", {}, invalid_order},
    {"45116", {}, invalid_order},
    {"45118", {}, invalid_order},
    {"45119", {}, invalid_order},
    {"45120", {}, invalid_order},
    {"45121", {}, invalid_order},
    {"45122", {}, invalid_order},
    {"45123", {}, insufficient_funds},
    {"45133", {}, invalid_order},
    {"45134", {}, order_not_found},
    {"45135", {}, invalid_order},
    {"50060", {}, invalid_order},
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
    return kind_of(rows, code, message);
}

ErrorKind kind_of_code(Call call, std::string_view code, std::string_view message) noexcept {
    const auto kind = kind_of_code(code, message);
    if (makes_orders(call)) return of_order(kind);
    return kind == other ? family_of(code) : kind;
}

std::optional<ApiError> error_of(Call call, const Response& response, const Value& body) {
    const auto& code = body["code"].text();
    if (response.status < 400 && (code == "00000" || code == "0")) return std::nullopt;
    ApiError error{.kind = kind_of_code(call, code, body["msg"].text()),
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
