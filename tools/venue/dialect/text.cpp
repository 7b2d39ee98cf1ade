#include "tools/venue/dialect/text.hpp"

#include "core/domain/wide.hpp"

#include <array>

namespace venue {

std::string fixed(std::int64_t units, int decimals) {
    std::array<char, core::max_decimal_text> text;
    return {text.data(), core::write_decimal(text.data(), units, decimals)};
}

core::Price average_price(const Listing& listing, core::Notional quote, core::Quantity quantity) {
    if (quantity.units == 0) return {};
    const auto& i = listing.instrument;
    core::Wide price{static_cast<core::Int128>(quote.units) * 100'000'000};
    price.scale_up(i.price_decimals + i.quantity_decimals);
    price /= static_cast<std::uint64_t>(quantity.units);
    price /= static_cast<std::uint64_t>(i.contract_value.units);
    price.scale_down(core::Notional::decimals);
    return core::Price{price.towards_zero().value_or(0)};
}

}  // namespace venue
