#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>

namespace core {

__extension__ typedef __int128 Int128;
__extension__ typedef unsigned __int128 Uint128;

/// 10^n for 0 <= n <= 19.
inline constexpr std::array<std::uint64_t, 20> pow10 = [] {
    std::array<std::uint64_t, 20> powers{};
    std::uint64_t power = 1;
    for (auto& p : powers) {
        p = power;
        power *= 10;
    }
    return powers;
}();

/// A signed product of up to four 64-bit factors, then divided: money is price × quantity × contract value over a
/// power of ten, and neither the product nor a step of the division may lose anything.
/// Divisions may be chained: floor(floor(x / a) / b) is floor(x / (a·b)); the remainder is remembered as one bit.
class Wide {
public:
    constexpr explicit Wide(Int128 value) noexcept : negative_{value < 0} {
        const auto size = negative_ ? -static_cast<Uint128>(value) : static_cast<Uint128>(value);
        limbs_[0] = static_cast<std::uint64_t>(size);
        limbs_[1] = static_cast<std::uint64_t>(size >> 64);
    }

    /// Multiplies by a signed factor; at most four factors of 64 bits fit.
    constexpr Wide& operator*=(std::int64_t factor) noexcept {
        if (factor < 0) negative_ = !negative_;
        return multiply(factor < 0 ? -static_cast<std::uint64_t>(factor) : static_cast<std::uint64_t>(factor));
    }
    /// Multiplies by 10^digits, any digits >= 0.
    constexpr Wide& scale_up(int digits) noexcept {
        for (; digits > 19; digits -= 19) multiply(pow10[19]);
        return multiply(pow10[static_cast<std::size_t>(digits)]);
    }

    /// Divides by a factor that is not 0.
    constexpr Wide& operator/=(std::uint64_t divisor) noexcept {
        if ((limbs_[1] | limbs_[2] | limbs_[3]) == 0) {
            inexact_ |= limbs_[0] % divisor != 0;
            limbs_[0] /= divisor;
            return *this;
        }
        std::uint64_t rest = 0;
        for (std::size_t i = limbs_.size(); i-- > 0;) {
            const auto part = static_cast<Uint128>(rest) << 64 | limbs_[i];
            limbs_[i] = static_cast<std::uint64_t>(part / divisor);
            rest = static_cast<std::uint64_t>(part % divisor);
        }
        inexact_ |= rest != 0;
        return *this;
    }
    /// Divides by 10^digits, any digits >= 0.
    constexpr Wide& scale_down(int digits) noexcept {
        for (; digits > 19; digits -= 19) *this /= pow10[19];
        return *this /= pow10[static_cast<std::size_t>(digits)];
    }

    /// The value rounded towards zero, or nullopt when 64 bits do not hold it.
    [[nodiscard]] constexpr std::optional<std::int64_t> towards_zero() const noexcept { return rounded(false); }
    /// The value rounded towards minus infinity, or nullopt when 64 bits do not hold it.
    [[nodiscard]] constexpr std::optional<std::int64_t> floor() const noexcept {
        return rounded(negative_ && inexact_);
    }
    /// The value rounded towards plus infinity, or nullopt when 64 bits do not hold it.
    [[nodiscard]] constexpr std::optional<std::int64_t> ceil() const noexcept {
        return rounded(!negative_ && inexact_);
    }

    /// The value rounded towards minus infinity, or nullopt when 127 bits do not hold it.
    [[nodiscard]] constexpr std::optional<Int128> floor128() const noexcept {
        if ((limbs_[3] | limbs_[2]) != 0 || limbs_[1] >> 62 != 0) return std::nullopt;
        const auto size = static_cast<Int128>(static_cast<Uint128>(limbs_[1]) << 64 | limbs_[0]);
        return negative_ ? -size - (inexact_ ? 1 : 0) : size;
    }

private:
    constexpr Wide& multiply(std::uint64_t factor) noexcept {
        std::uint64_t carry = 0;
        for (auto& limb : limbs_) {
            const auto part = static_cast<Uint128>(limb) * factor + carry;
            limb = static_cast<std::uint64_t>(part);
            carry = static_cast<std::uint64_t>(part >> 64);
        }
        return *this;
    }
    [[nodiscard]] constexpr std::optional<std::int64_t> rounded(bool away_from_zero) const noexcept {
        if ((limbs_[1] | limbs_[2] | limbs_[3]) != 0) return std::nullopt;
        auto size = limbs_[0];
        if (away_from_zero && ++size == 0) return std::nullopt;
        const auto limit = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
        if (size > limit + (negative_ ? 1 : 0)) return std::nullopt;
        return static_cast<std::int64_t>(negative_ ? -size : size);
    }

    std::array<std::uint64_t, 4> limbs_{};
    bool negative_{};
    bool inexact_{};
};

}  // namespace core
