#include "strategies/sizing.hpp"

#include <algorithm>
#include <cmath>

namespace strategies {

core::Quantity size_position(const SizingSettings& settings, const core::Instrument& instrument, double equity,
                             double entry, double stop, double size_fraction, double requested) noexcept {
    if (!(equity > 0) || !(entry > 0) || !(stop > 0) || !(size_fraction > 0)) return {};
    // What one unit (1 base, or 1 contract) is worth and loses, in quote currency.
    const double contract = static_cast<double>(instrument.contract_value.units) * 1e-8;
    const bool inverse = instrument.market == core::Market::inverse;
    const double worth = inverse ? contract : entry * contract;
    const double loss =
        worth * std::abs(entry - stop) / entry + worth * (2 * settings.fee_bps + settings.slippage_bps) / 1e4;

    const double budget = size_fraction * std::min(requested, settings.risk_per_trade) * equity;
    const double wanted = std::min(budget / loss, settings.max_position * equity / worth);

    double scale = 1;
    for (int i = 0; i < instrument.quantity_decimals; ++i) scale *= 10;
    const double lots = std::floor(wanted * scale / static_cast<double>(instrument.lot_size.units) + 1e-9);
    if (!(lots >= 1) || lots > 9e15) return {};
    const core::Quantity quantity{static_cast<std::int64_t>(lots) * instrument.lot_size.units};

    if (quantity < instrument.min_quantity) return {};
    if (static_cast<double>(quantity.units) / scale * worth < instrument.min_notional.value()) return {};
    return quantity;
}

}  // namespace strategies
