#include "core/domain/decimal.hpp"

#include "core/domain/price.hpp"
#include "core/domain/wide.hpp"

#include <algorithm>
#include <bit>
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
    using namespace decimal_tables;
    const auto text = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
    const auto shifted = _mm256_add_epi8(text, _mm256_set1_epi8(80));
    const auto others =
        static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpgt_epi8(shifted, _mm256_set1_epi8(-119))));
    const auto is_zero = _mm256_cmpeq_epi8(text, _mm256_set1_epi8('0'));
    const auto not_zeros = ~static_cast<std::uint32_t>(_mm256_movemask_epi8(is_zero));

    const auto whole = std::countr_zero(others);
    if (whole == 0 || whole > 15 || whole + decimals > 18) return false;
    const bool has_point = p[whole] == '.';
    const auto end = has_point ? std::countr_zero(_blsr_u32(others)) : whole;
    if (end == 32 || (has_point && end == whole + 1)) return false;

    // As many decimals as fit with the whole digits in 15; what the text has beyond them must be zeros.
    const auto taken = std::min(decimals, 15 - whole);
    if (_bzhi_u32(not_zeros, static_cast<unsigned>(end)) >> std::min(whole + 1 + taken, 31) != 0) return false;
    units = gather(digits_of(p, static_cast<std::size_t>(end)), static_cast<std::size_t>(whole),
                   static_cast<std::size_t>(taken)) *
            static_cast<std::int64_t>(pow10[static_cast<std::size_t>(decimals - taken)]);
    p += end;
    return true;
}

namespace {

/// The eight digits of a number below 10^8 as bytes, the first in the lowest byte.
std::uint64_t eight_digits_of(std::uint32_t number) noexcept {
    // Halves, then quarters, then digits, all at once: division by 100 and by 10 as multiplications that are exact
    // here.
    const auto halves = static_cast<std::uint64_t>(number / 10'000) | static_cast<std::uint64_t>(number % 10'000) << 32;
    const auto hundreds = halves * 10'486 >> 20 & 0x0000007f'0000007f;
    const auto pairs = hundreds | (halves - 100 * hundreds) << 16;
    const auto tens = pairs * 103 >> 10 & 0x000f000f'000f000f;
    return tens | (pairs - 10 * tens) << 8;
}

char* write_long_decimal(char* to, std::uint64_t size, int decimals) noexcept {
    // Digits come out from the last to the first; their number is known before the first is written.
    const auto bits = 64 - std::countl_zero(size | 1);
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

}  // namespace

char* write_decimal(char* to, std::int64_t units, int decimals) noexcept {
    auto size = static_cast<std::uint64_t>(units);
    if (units < 0) {
        *to++ = '-';
        size = -size;
    }
    if (size >= pow10[15] || decimals >= 15) return write_long_decimal(to, size, decimals);

    // Sixteen digits to the right end of 16 lanes; the leading zeros are shifted out and the point squeezed in.
    const auto high = static_cast<std::uint32_t>(size / 100'000'000);
    const auto low = static_cast<std::uint32_t>(size % 100'000'000);
    const auto digits = _mm_set_epi64x(static_cast<long long>(eight_digits_of(low)),
                                       high == 0 ? 0 : static_cast<long long>(eight_digits_of(high)));
    const auto not_zeros = ~_mm_movemask_epi8(_mm_cmpeq_epi8(digits, _mm_setzero_si128())) & 0xffff;
    const auto count = std::max(16 - std::countr_zero(static_cast<unsigned>(not_zeros | 0x8000)), decimals + 1);
    const auto point = decimals == 0 ? 16 : count - decimals;
    const auto lanes = _mm_setr_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    const auto at = _mm_set1_epi8(static_cast<char>(point));
    const auto control =
        _mm_add_epi8(_mm_add_epi8(lanes, _mm_set1_epi8(static_cast<char>(16 - count))), _mm_cmpgt_epi8(lanes, at));
    const auto text = _mm_or_si128(_mm_shuffle_epi8(digits, control), _mm_set1_epi8('0'));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to),
                     _mm_blendv_epi8(text, _mm_set1_epi8('.'), _mm_cmpeq_epi8(lanes, at)));
    return to + count + (decimals > 0 ? 1 : 0);
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
