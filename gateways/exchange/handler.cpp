#include "gateways/exchange/handler.hpp"

#include <algorithm>

namespace gateways::exchange {

void pass_on(Value& to, const Value& params, std::initializer_list<std::string_view> used) {
    for (std::size_t i = 0; i < params.size(); ++i) {
        const auto& key = params.keys()[i];
        if (std::find(used.begin(), used.end(), key) == used.end() && !params.items()[i].is_null())
            to.set(key, params.items()[i]);
    }
}

std::string symbol_of(const Context& context, std::string_view id, bool contract) {
    const auto* market = context.markets.find_id(id, contract);
    return market != nullptr ? market->symbol : std::string{id};
}

}  // namespace gateways::exchange
