#include "core/domain/decimal.hpp"

#include "core/domain/price.hpp"
#include "core/domain/wide.hpp"

#include <algorithm>
#include <limits>

namespace core {

namespace {

constexpr bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

/// value·10 + digit, or false when 63 bits do not hold it.
bool append(std::int64_t& value, char digit) noexcept {
    return !__builtin_mul_overflow(value, 10, &value) && !__builtin_add_overflow(value, digit - '0', &value);
}

}  // namespace

Result<std::int64_t> parse_decimal(std::string_view text, int decimals) noexcept {
    if (text.empty()) return Error::malformed;
    if (text.front() == '-') return Error::negative;
    const auto* at = text.data();
    const auto* const end = at + text.size();

    // The grammar first, to its end: broken text is malformed whatever its digits would have meant.
    const auto* point = std::find_if_not(at, end, is_digit);
    if (point == at) return Error::malformed;
    const auto* fraction = point;
    if (point != end) {
        if (*point != '.') return Error::malformed;
        fraction = point + 1;
        if (fraction == end || !std::all_of(fraction, end, is_digit)) return Error::malformed;
    }

    const auto* const wanted = end - fraction > decimals ? fraction + decimals : end;
    if (!std::all_of(wanted, end, [](char c) { return c == '0'; })) return Error::too_precise;

    std::int64_t units = 0;
    for (; at != point; ++at)
        if (!append(units, *at)) return Error::out_of_range;
    for (at = fraction; at != wanted; ++at)
        if (!append(units, *at)) return Error::out_of_range;
    for (auto missing = decimals - static_cast<int>(wanted - fraction); missing > 0 && units != 0; --missing)
        if (!append(units, '0')) return Error::out_of_range;
    return units;
}

bool scan_long_decimal(const char*& p, int decimals, std::int64_t& units) noexcept {
    const auto text = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
    const auto values = _mm256_sub_epi8(text, _mm256_set1_epi8('0'));
    const auto is_digit = _mm256_cmpeq_epi8(_mm256_min_epu8(values, _mm256_set1_epi8(9)), values);
    const auto is_zero = _mm256_cmpeq_epi8(values, _mm256_setzero_si256());
    const auto others = ~static_cast<std::uint32_t>(_mm256_movemask_epi8(is_digit));
    const auto not_zeros = ~static_cast<std::uint32_t>(_mm256_movemask_epi8(is_zero));

    const auto whole = std::countr_zero(others);
    if (whole == 0 || whole > 15 || whole + decimals > 18) return false;
    const bool has_point = p[whole] == '.';
    const auto end = has_point ? std::countr_zero(_blsr_u32(others)) : whole;
    if (end == 32 || (has_point && end == whole + 1)) return false;

    // As many decimals as fit with the whole digits in 15; what the text has beyond them must be zeros.
    const auto taken = std::min(decimals, 15 - whole);
    if (_bzhi_u32(not_zeros, static_cast<unsigned>(end)) >> std::min(whole + 1 + taken, 31) != 0) return false;
    units = decimal_tables::gather(_mm256_castsi256_si128(values), static_cast<std::size_t>(whole),
                                   static_cast<std::size_t>(end), static_cast<std::size_t>(taken)) *
            static_cast<std::int64_t>(pow10[static_cast<std::size_t>(decimals - taken)]);
    p += end;
    return true;
}

char* write_decimal(char* to, std::int64_t units, int decimals) noexcept {
    auto size = static_cast<std::uint64_t>(units);
    if (units < 0) {
        *to++ = '-';
        size = -size;
    }

    // Digits come out from the last to the first; their number is known before the first is written.
    const auto bits = 64 - __builtin_clzll(size | 1);
    const auto guess = bits * 1233 >> 12;  // floor(bits · log10 2): one short at most
    auto digits = guess + (size >= pow10[static_cast<std::size_t>(guess)] ? 1 : 0);
    digits = std::max(digits, decimals + 1);
    auto* const end = to + digits + (decimals > 0 ? 1 : 0);
    auto* at = end;
    for (int i = 0; i < decimals; ++i) {
        *--at = static_cast<char>('0' + size % 10);
        size /= 10;
    }
    if (decimals > 0) *--at = '.';
    while (at != to) {
        *--at = static_cast<char>('0' + size % 10);
        size /= 10;
    }
    return end;
}

std::string to_text(std::int64_t units, int decimals) {
    char text[max_decimal_text];
    const char* end = write_decimal(text, units, decimals);
    if (decimals > 0) {
        while (end[-1] == '0') --end;
        if (end[-1] == '.') --end;
    }
    return {static_cast<const char*>(text), end};
}

}  // namespace core
