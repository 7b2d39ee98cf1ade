#pragma once

#include "gateways/exchange/call.hpp"
#include "gateways/exchange/error.hpp"
#include "gateways/exchange/value.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gateways::exchange {

/// The arguments of one call by their names, bound from ccxt's positions; `params`, what comes after them, is an
/// object of venue or unified options.
class Arguments {
public:
    /// One argument as it is typed: JSON, or a bare word, which is a text.
    static Value read(std::string_view text);

    /// Binds positions to the call's names. An object where a later position is expected, and the last given, is
    /// `params`, as callers of ccxt leave out what they do not need only at the end. Errors: bad_request with the
    /// missing or superfluous argument.
    static core::Result<Arguments, ApiError> bind(Call call, std::vector<Value> positional);

    /// The argument of that name, or null.
    [[nodiscard]] const Value& operator[](std::string_view name) const noexcept { return named_[name]; }
    /// Its text: a word, or the digits of a number; "" when it was not given.
    [[nodiscard]] const std::string& text(std::string_view name) const noexcept { return named_[name].text(); }
    /// The options of the call.
    [[nodiscard]] const Value& params() const noexcept { return named_["params"]; }
    [[nodiscard]] const Value& param(std::string_view name) const noexcept { return params()[name]; }

    void set(std::string_view name, Value value) { named_.set(name, std::move(value)); }
    void set_params(Value params) { named_.set("params", std::move(params)); }

private:
    Value named_ = Value::object();
};

}  // namespace gateways::exchange
