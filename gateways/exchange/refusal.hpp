#pragma once

#include "gateways/exchange/error.hpp"
#include "gateways/orders/venue_event.hpp"

#include <charconv>
#include <cstdint>
#include <span>
#include <string_view>

namespace gateways::exchange {

/// One of a venue's codes: what it means to a caller of the unified calls, and to the order ledger.
struct CodeMeaning {
    std::int32_t code{};  ///< 0: it is none of nine digits at most
    ErrorKind kind{};
    Refusal refusal{};
};

/// What an error of this kind tells the ledger, where no row of the venue says more.
constexpr Refusal refusal_of(ErrorKind kind) noexcept {
    switch (kind) {
        case ErrorKind::authentication: return Refusal::credentials;
        case ErrorKind::permission: return Refusal::permission;
        case ErrorKind::insufficient_funds: return Refusal::insufficient_balance;
        case ErrorKind::order_not_found: return Refusal::unknown_order;
        case ErrorKind::rate_limited: return Refusal::rate_limited;
        case ErrorKind::banned: return Refusal::banned;
        case ErrorKind::nonce: return Refusal::clock;
        case ErrorKind::maintenance:
        case ErrorKind::unknown_outcome: return Refusal::unavailable;
        case ErrorKind::bad_request: return Refusal::malformed;
        case ErrorKind::invalid_order:
        case ErrorKind::network:
        case ErrorKind::not_supported:
        case ErrorKind::malformed:
        case ErrorKind::other: break;
    }
    return Refusal::other;
}

/// Whether a request that changes something may have been carried out all the same: the venue does not say, or says
/// what no table knows. Then nothing was refused, and the order has to be asked for.
constexpr bool may_be_done(ErrorKind kind) noexcept {
    return kind == ErrorKind::unknown_outcome || kind == ErrorKind::other || kind == ErrorKind::malformed;
}

/// One row of a venue's table of refusals. An empty code or text matches any; text is looked for anywhere in the words.
struct RefusalRow {
    std::string_view code, text;
    Refusal refusal{};
};

/// A code whose kind is known: its refusal is that of the first row that matches, else the kind's.
inline CodeMeaning meaning_of(std::span<const RefusalRow> rows, std::string_view code, std::string_view message,
                              ErrorKind kind) noexcept {
    CodeMeaning made{.code = 0, .kind = kind, .refusal = refusal_of(kind)};
    std::int32_t number{};
    const auto* const end = code.data() + code.size();
    if (code.size() <= 10 && std::from_chars(code.data(), end, number).ptr == end) made.code = number;
    for (const auto& row : rows) {
        if (!row.code.empty() && row.code != code) continue;
        if (!row.text.empty() && message.find(row.text) == std::string_view::npos) continue;
        made.refusal = row.refusal;
        break;
    }
    return made;
}

}  // namespace gateways::exchange
