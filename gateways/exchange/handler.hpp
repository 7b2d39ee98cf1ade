#pragma once

#include "gateways/exchange/service.hpp"

#include <array>
#include <initializer_list>
#include <vector>

/// How a venue's service is put together: a table with one row a call.
namespace gateways::exchange {

/// A call as its builder sees it.
struct Ask {
    Call call{};
    const Arguments& arguments;
    const Context& context;

    [[nodiscard]] const std::string& text(std::string_view argument) const noexcept { return arguments.text(argument); }
    [[nodiscard]] const Value& param(std::string_view name) const noexcept { return arguments.param(name); }
};

/// An answer as its reader sees it: with what was asked, and the document (of Bitget, Bybit and OKX what is inside of
/// their envelope).
struct Answer {
    const Ask& ask;
    const Request& request;
    const Value& body;
};

using Build = Expected<std::vector<Request>> (*)(const Ask&);
using Read = Expected<Unified> (*)(const Answer&);

/// How one call is asked and read; without functions the venue does not have it.
struct Handler {
    Call call{};
    Build build{};
    Read read{};
};

/// Handlers by call, from a venue's rows.
using Handlers = std::array<Handler, call_count>;
constexpr Handlers handlers_of(std::initializer_list<Handler> rows) {
    Handlers all{};
    for (const auto& row : rows) all[static_cast<std::size_t>(row.call)] = row;
    return all;
}

/// One request as the list that a builder returns.
inline std::vector<Request> only(Request request) {
    std::vector<Request> all;
    all.push_back(std::move(request));
    return all;
}

/// Adds every option of a call to `to` except those that were used and must not be sent.
void pass_on(Value& to, const Value& params, std::initializer_list<std::string_view> used);

/// The unified symbol of a venue's id, or the id itself when no such market is loaded.
std::string symbol_of(const Context& context, std::string_view id, bool contract);

}  // namespace gateways::exchange
