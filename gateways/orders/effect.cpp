#include "gateways/orders/effect.hpp"

#include "core/domain/wide.hpp"
#include "gateways/orders/order_state.hpp"

#include <array>
#include <limits>

namespace gateways {

std::string_view name(EffectKind kind) noexcept {
    static constexpr std::array<std::string_view, effect_kind_count> names{"execution", "ask_order",   "ask_fills",
                                                                           "cancel",    "resurrected", "overfilled",
                                                                           "unbooked",  "liquidated",  "outside"};
    const auto index = static_cast<std::size_t>(kind);
    return index < names.size() ? names[index] : "?";
}

std::string_view name(OrderState state) noexcept {
    static constexpr std::array<std::string_view, order_state_count> names{
        "pending_send", "sent",      "unknown",  "working", "partially_filled",
        "cancelling",   "cancelled", "rejected", "expired", "filled"};
    const auto index = static_cast<std::size_t>(state);
    return index < names.size() ? names[index] : "?";
}

namespace {

/// value·10^(8 − decimals), rounded up: a fee is never taken for less than it is.
bool to_notional(core::Int128 value, int decimals, core::Notional& to) noexcept {
    for (; decimals < core::Notional::decimals; ++decimals) {
        if (value > std::numeric_limits<std::int64_t>::max() || value < std::numeric_limits<std::int64_t>::min())
            return false;
        value *= 10;
    }
    for (; decimals > core::Notional::decimals; --decimals) {
        const auto rest = value % 10;
        value = value / 10 + (rest > 0 ? 1 : 0);
    }
    if (value > std::numeric_limits<std::int64_t>::max() || value < std::numeric_limits<std::int64_t>::min())
        return false;
    to = {static_cast<std::int64_t>(value)};
    return true;
}

}  // namespace

bool value_fee(const core::Instrument& instrument, const Fill& fill, core::Notional& fee) noexcept {
    const auto asset = fill.fee_asset.view();
    if (asset.empty()) return false;
    const std::string_view symbol = instrument.symbol;
    if (symbol.starts_with(asset))
        return to_notional(static_cast<core::Int128>(fill.fee.units) * fill.price.units,
                           fill.fee.decimals + instrument.price_decimals, fee);
    return symbol.find(asset) != std::string_view::npos && to_notional(fill.fee.units, fill.fee.decimals, fee);
}

core::Notional assumed_fee(const core::Instrument& instrument, const Fill& fill, std::uint32_t ppm) noexcept {
    constexpr core::Int128 million = 1'000'000;
    const auto value = instrument.notional(fill.price, fill.quantity);
    if (!value) return {};
    const auto size = value->units < 0 ? -core::Int128{value->units} : core::Int128{value->units};
    return {static_cast<std::int64_t>((size * ppm + million - 1) / million)};
}

core::Int128 fee_in_base(const core::Instrument& instrument, const Fill& fill) noexcept {
    const auto asset = fill.fee_asset.view();
    const std::string_view symbol = instrument.symbol;
    if (instrument.market != core::Market::spot || asset.empty() || !symbol.starts_with(asset)) return 0;
    core::Int128 fee = fill.fee.units;
    for (int decimals = fill.fee.decimals; decimals < 18; ++decimals) fee *= 10;
    return fee;
}

core::Quantity take_units(const core::Instrument& instrument, core::Int128& owed) noexcept {
    core::Int128 unit = 1;
    for (int decimals = instrument.quantity_decimals; decimals < 18; ++decimals) unit *= 10;
    auto whole = owed / unit;
    if (owed > whole * unit) ++whole;
    owed -= whole * unit;
    return {static_cast<std::int64_t>(whole)};
}

}  // namespace gateways
