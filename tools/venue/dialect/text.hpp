#pragma once

#include "tools/venue/engine/engine.hpp"

#include <string>

namespace venue {

/// Exactly `decimals` digits after the point: "61800.30".
std::string fixed(std::int64_t units, int decimals);
inline std::string fixed(core::Notional money) {
    return fixed(money.units, core::Notional::decimals);
}
inline std::string price_text(const Listing& listing, core::Price price) {
    return fixed(price.units, listing.instrument.price_decimals);
}
inline std::string quantity_text(const Listing& listing, core::Quantity quantity) {
    return fixed(quantity.units, listing.instrument.quantity_decimals);
}
/// `quote`/`quantity` in the listing's price decimals, rounded down: the average price of fills. "0" before the first.
core::Price average_price(const Listing& listing, core::Notional quote, core::Quantity quantity);
/// Milliseconds since the epoch.
inline std::int64_t milliseconds(core::Nanoseconds time) noexcept {
    return time.count() / 1'000'000;
}

}  // namespace venue
