#include "strategies/analysis/underlying.hpp"

#include "pipeline/traps/consensus.hpp"

#include <array>
#include <cctype>
#include <string_view>

namespace strategies {

std::string underlying_of(const core::Instrument& instrument) {
    // The longer first where one ends like the other.
    constexpr std::array<std::string_view, 19> money{"FDUSD", "USDT", "USDC", "TUSD", "BUSD", "USDP", "USDE",
                                                     "PYUSD", "DAI",  "USD",  "EUR",  "GBP",  "CHF",  "JPY",
                                                     "TRY",   "BRL",  "AUD",  "CAD",  "KRW"};
    auto pair = pipeline::traps::pair_of(instrument);
    const auto ends_with = [&](std::string_view end) {
        return pair.size() > end.size() && std::string_view{pair}.substr(pair.size() - end.size()) == end;
    };
    auto name = pair.size();  // without the date of a dated future
    while (name > 0 && std::isdigit(static_cast<unsigned char>(pair[name - 1])) != 0) --name;
    if (pair.size() - name >= 6 && name > 0) pair.resize(name);
    for (const auto quote : money)
        if (ends_with(quote)) {
            pair.resize(pair.size() - quote.size());
            break;
        }
    return pair;
}

}  // namespace strategies
