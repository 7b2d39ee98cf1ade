#pragma once

#include "gateways/exchange/service.hpp"

#include <array>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
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

using Requests = Expected<std::vector<Request>>;
using Outcome = Expected<Unified>;
using Build = Requests (*)(const Ask&);
using Read = Outcome (*)(const Answer&);

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

/// A service whose calls stand in a table. A venue adds its errors, its markets and its signature.
class TableService : public Service {
public:
    [[nodiscard]] Requests build(Call call, const Arguments& arguments, const Context& context) const final;
    [[nodiscard]] Outcome parse(Call call, const Arguments& arguments, const Context& context, const Request& request,
                                const Response& response) const final;

protected:
    /// `handlers` must outlive the service.
    explicit TableService(const Handlers& handlers) noexcept : handlers_{handlers} {}

private:
    /// The error in an answer, if it is one.
    [[nodiscard]] virtual std::optional<ApiError> error_in(Call call, const Response& response,
                                                           const Value& document) const = 0;
    /// What an answer without a document means, by its status alone; nothing if that says nothing.
    [[nodiscard]] virtual std::optional<ApiError> error_without_document(Call, const Response&) const { return {}; }
    /// What readers see of a document: all of it, or what is inside of the venue's envelope.
    [[nodiscard]] virtual const Value& inside(const Value& document) const noexcept { return document; }

    const Handlers& handlers_;
};

/// One request as the list that a builder returns.
inline std::vector<Request> only(Request request) {
    std::vector<Request> all;
    all.push_back(std::move(request));
    return all;
}

/// Adds every option of a call to `to` except those that were used and must not be sent.
void pass_on(Value& to, const Value& params, std::span<const std::string_view> used);
inline void pass_on(Value& to, const Value& params, std::initializer_list<std::string_view> used) {
    pass_on(to, params, std::span{used.begin(), used.end()});
}

/// What one order is to be, from the arguments of any call that creates one, or from a member of create_orders.
struct OrderWish {
    std::string symbol{}, type{}, side{}, amount{}, price{};
    Value params = Value::object();

    [[nodiscard]] bool is_market() const noexcept { return type == "market"; }
    /// postOnly, or a time in force that says so.
    [[nodiscard]] bool is_post_only() const noexcept;
    /// The first of these options that was given, as text.
    [[nodiscard]] const std::string& option(std::initializer_list<std::string_view> names) const noexcept {
        return params.first(names);
    }
};
/// The calls with a cost become market orders with the option `cost`, those of stop loss and take profit limit or
/// market orders with the option stopLossPrice or takeProfitPrice. Errors: bad_request (side or type unknown, no price
/// of a limit order).
Expected<OrderWish> order_wish(const Ask& ask);
Expected<OrderWish> order_wish(const Value& member);
/// An order that exists: what edit_order calls name. The option clientOrderId stands for the id.
Expected<OrderWish> edit_wish(const Ask& ask);

/// The texts of a list, or the one text.
std::vector<std::string> texts_of(const Value& list);

/// Whether a list of wanted symbols is empty or has this one.
bool is_wanted(const std::vector<std::string>& symbols, std::string_view symbol) noexcept;

/// The id by which the caller means an order: the option clientOrderId (or `own`, the venue's name of it), also from
/// the calls ..._with_client_order_id; "" if it is the venue's id.
std::string client_order_id(const Ask& ask, std::string_view own = {});

/// Fills what follows from the rest: remaining, cost, average; unknown stays unknown.
void complete(Order& order);
/// A price or amount where a venue writes 0 for none.
std::string unless_zero(std::string_view text);
std::string lower_case(std::string_view text);
std::string upper_case(std::string_view text);

/// The unified symbol of a venue's id, or the id itself when no such market is loaded.
std::string symbol_of(const Context& context, std::string_view id, bool contract);

}  // namespace gateways::exchange
