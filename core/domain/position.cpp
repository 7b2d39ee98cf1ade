#include "core/domain/position.hpp"

#include <algorithm>
#include <limits>

namespace core {

namespace {

/// Decimals of the basis: 1e-12 of the quote currency (or finer, where the instrument is), 1e-18 of a coin.
int linear_scale(const Instrument& instrument) noexcept {
    return std::max(0, 12 - instrument.price_decimals - instrument.quantity_decimals);
}
int inverse_scale(const Instrument& instrument) noexcept {
    return 18 + instrument.price_decimals;
}

/// What trading a signed quantity at a price brings in, in the units of Position::basis_, rounded down.
std::optional<Int128> flow(const Instrument& instrument, Price price, std::int64_t quantity) noexcept {
    if (instrument.market == Market::inverse) {
        Wide coins{quantity};
        coins.scale_up(inverse_scale(instrument));
        coins /= static_cast<std::uint64_t>(price.units);
        return coins.floor128();
    }
    Wide paid{-static_cast<Int128>(quantity) * price.units};
    paid.scale_up(linear_scale(instrument));
    return paid.floor128();
}

/// The money that basis units are worth at `price`, rounded down. Error: out_of_range.
Result<Notional> value(const Instrument& instrument, Int128 difference, Price price) noexcept {
    Wide money{difference};
    money *= instrument.contract_value.units;
    if (instrument.market == Market::inverse) {
        money *= price.units;
        money.scale_down(inverse_scale(instrument) + instrument.quantity_decimals);
    } else {
        money.scale_down(linear_scale(instrument) + instrument.price_decimals + instrument.quantity_decimals);
    }
    const auto units = money.floor();
    if (!units) return Error::out_of_range;
    return Notional{*units};
}

/// basis·part/whole, rounded down; part/whole is in (0, 1], so it fits where the basis did.
Int128 share(Int128 basis, std::uint64_t part, std::uint64_t whole) noexcept {
    if (part == whole) return basis;
    Wide wide{basis};
    wide *= static_cast<std::int64_t>(part);
    wide /= whole;
    return *wide.floor128();
}

/// Small enough that the sum with any flow (below 2^126) is no overflow.
constexpr bool fits_basis(Int128 basis) noexcept {
    return basis >> 125 == 0 || basis >> 125 == -1;
}

constexpr std::uint64_t magnitude(std::int64_t value) noexcept {
    return value < 0 ? -static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
}

}  // namespace

Result<Notional> Position::apply_fill(const Instrument& instrument, Side side, Price price, Quantity quantity,
                                      Notional fee) noexcept {
    if (price.units <= 0 || quantity.units <= 0) return Error::out_of_range;
    const auto traded = side == Side::buy ? quantity.units : -quantity.units;
    auto next = *this;
    if (__builtin_add_overflow(quantity_.units, traded, &next.quantity_.units) ||
        next.quantity_.units == std::numeric_limits<std::int64_t>::min() ||
        __builtin_add_overflow(fees_.units, fee.units, &next.fees_.units))
        return Error::out_of_range;

    Notional gain{};
    auto closes = std::int64_t{0};
    if (quantity_.units != 0 && (quantity_.units > 0) != (traded > 0)) {
        closes = magnitude(traded) < magnitude(quantity_.units) ? traded : -quantity_.units;
        const auto released = share(basis_, magnitude(closes), magnitude(quantity_.units));
        const auto closing = flow(instrument, price, closes);
        if (!closing) return Error::out_of_range;
        const auto realised = value(instrument, released + *closing, price);
        if (!realised || __builtin_add_overflow(realised_.units, realised->units, &next.realised_.units))
            return Error::out_of_range;
        gain = *realised;
        next.basis_ -= released;
    }
    const auto opening = flow(instrument, price, traded - closes);
    if (!opening || !fits_basis(next.basis_ += *opening)) return Error::out_of_range;
    *this = next;
    return gain;
}

Price Position::entry(const Instrument& instrument) const noexcept {
    if (flat() || basis_ == 0) return {};
    const bool up = quantity_.units > 0;
    Wide price{0};
    if (instrument.market == Market::inverse) {
        // quantity/basis, with as many high bits of the basis as a divisor has.
        auto coins = static_cast<Uint128>(basis_ < 0 ? -basis_ : basis_);
        price = Wide{static_cast<Int128>(magnitude(quantity_.units))};
        price.scale_up(inverse_scale(instrument));
        int dropped = 0;
        for (; coins >> 64 != 0; ++dropped) coins = (coins >> 1) + (up ? 0 : coins & 1);
        price /= static_cast<std::uint64_t>(coins);
        for (; dropped > 0; dropped -= std::min(dropped, 63)) price /= std::uint64_t{1} << std::min(dropped, 63);
    } else {
        price = Wide{basis_ < 0 ? -basis_ : basis_};
        price /= magnitude(quantity_.units);
        price.scale_down(linear_scale(instrument));
    }
    const auto units = up ? price.ceil() : price.floor();
    return {units.value_or(std::numeric_limits<std::int64_t>::max())};
}

Result<Notional> Position::unrealised(const Instrument& instrument, Price price) const noexcept {
    if (flat()) return Notional{};
    if (price.units <= 0) return Error::out_of_range;
    const auto closing = flow(instrument, price, -quantity_.units);
    if (!closing) return Error::out_of_range;
    return value(instrument, basis_ + *closing, price);
}

}  // namespace core
