#pragma once

#include "feeds/binance/scan.hpp"

#include <cstdint>
#include <cstring>
#include <string_view>

namespace feeds::binance {

/// The layout of one level's text, `61800.20","2.507"]`: where its digits stand. The levels of a book share a few
/// layouts, told apart by their length, so one compare checks a whole level and both numbers are read at once.
class alignas(32) PairPattern {
    alignas(32) std::array<std::uint8_t, 32> bytes_{};  // a pair of this layout
    alignas(32) std::array<std::uint8_t, 32> lanes_{};  // shuffles: price in the lower half, quantity in the upper
    std::uint32_t whole_{};                             // bits of the pair's bytes
    std::uint32_t punctuation_{~0U};  // of those, the ones that are no digits; at first, more than any text has
    std::uint32_t
        same_{};  // the bytes that must be as they were: punctuation, and digits finer than the instrument's units
    std::uint32_t quantity_at_{};
    std::uint32_t misses_{};

public:
    /// Reads the pair at `at`, whose first 32 bytes are `text`, or says that it has another layout. Reads 47 bytes.
    [[gnu::always_inline]] bool read(const char* at, __m256i text, std::int64_t& price,
                                     std::int64_t& quantity) const noexcept {
        const auto digits = _mm256_sub_epi8(text, _mm256_set1_epi8('0'));
        const auto is_digit = _mm256_cmpeq_epi8(_mm256_min_epu8(digits, _mm256_set1_epi8(9)), digits);
        const auto others = ~static_cast<std::uint32_t>(_mm256_movemask_epi8(is_digit));
        const auto known = _mm256_load_si256(reinterpret_cast<const __m256i*>(bytes_.data()));
        const auto equal = static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(text, known)));
        if ((others & whole_) != punctuation_ || (equal & same_) != same_) return false;

        const auto second = _mm_sub_epi8(scan::load(at + quantity_at_), _mm_set1_epi8('0'));
        const auto both = _mm256_shuffle_epi8(_mm256_inserti128_si256(digits, second, 1),
                                              _mm256_load_si256(reinterpret_cast<const __m256i*>(lanes_.data())));
        const auto pairs = _mm256_maddubs_epi16(both, _mm256_set1_epi16(0x010a));
        const auto quads = _mm256_madd_epi16(pairs, _mm256_set1_epi32(0x00010064));
        const auto packed = _mm256_packus_epi32(quads, quads);
        const auto eights = _mm256_madd_epi16(packed, _mm256_set1_epi32(0x00012710));
        price = joined(_mm256_castsi256_si128(eights));
        quantity = joined(_mm256_extracti128_si256(eights, 1));
        return true;
    }

    /// Another layout of the same place was met: true when it is time to learn it, the first time and every eighth
    /// time. A rare layout (an order far away, its price a digit shorter) does not push out the common one.
    bool missed() noexcept { return (misses_++ & 7U) == 0; }

    /// Takes over the layout of a pair that was read at `at`; precondition: 32 bytes are readable there. `size` reaches
    /// through `tail` bytes behind the quantity's last; `gap` bytes stand between the numbers. A layout too long, or
    /// whose numbers need more than 16 digits, is left out.
    void learn(const char* at, std::size_t size, std::size_t gap, std::size_t tail, const scan::Scale& price,
               const scan::Scale& quantity) noexcept {
        if (size > bytes_.size()) return;
        PairPattern to;
        const std::string_view text{at, size};
        const auto price_end = text.find('"');
        const auto second = price_end + gap;
        to.same_ = 0;
        if (!lay(text.substr(0, price_end), price, 0, to) ||
            !lay(text.substr(second, size - tail - second), quantity, second, to))
            return;
        to.quantity_at_ = static_cast<std::uint32_t>(second);
        to.whole_ = size == 32 ? ~0U : (1U << size) - 1;
        to.punctuation_ = 0;
        for (std::size_t i = 0; i < size; ++i)
            if (text[i] < '0' || text[i] > '9') to.punctuation_ |= 1U << i;
        to.same_ |= to.punctuation_;
        std::memcpy(to.bytes_.data(), at, to.bytes_.size());
        to.misses_ = misses_;
        *this = to;
    }

private:
    static std::int64_t joined(__m128i eights) noexcept {
        const auto both = static_cast<std::uint64_t>(_mm_cvtsi128_si64(eights));
        return static_cast<std::int64_t>((both & 0xffffffffU) * 100'000'000U + (both >> 32));
    }
    /// The shuffle for one number, whose text starts at `offset`.
    static bool lay(std::string_view number, const scan::Scale& scale, std::size_t offset, PairPattern& to) noexcept {
        const auto point = std::min(number.find('.'), number.size());
        const auto wanted = point + 1 + static_cast<std::size_t>(scale.decimals);
        if (wanted > 16) return false;
        for (std::size_t lane = 0; lane < 16; ++lane) {
            const auto from = static_cast<int>(point) + scale.lanes[lane];
            const bool digit = from >= 0 && from < static_cast<int>(number.size());
            to.lanes_[(offset == 0 ? 0 : 16) + lane] = digit ? static_cast<std::uint8_t>(from) : std::uint8_t{0x80};
        }
        for (auto finer = wanted; finer < number.size(); ++finer) to.same_ |= 1U << (offset + finer);
        return true;
    }
};

}  // namespace feeds::binance
