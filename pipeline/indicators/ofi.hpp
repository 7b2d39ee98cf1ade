#pragma once

#include "core/domain/price.hpp"
#include "core/domain/unknown.hpp"
#include "pipeline/indicators/ema.hpp"
#include "pipeline/indicators/second_buckets.hpp"

namespace pipeline {

/// Best prices and their sizes.
struct Top {
    core::Price bid, ask;
    core::Quantity bid_quantity, ask_quantity;
};

/// What one quote after another adds to order flow imbalance, in quantity units: size that joined or improved the bid,
/// or left the ask, is positive.
constexpr std::int64_t ofi_increment(const Top& before, const Top& now) noexcept {
    std::int64_t sum = 0;
    if (now.bid >= before.bid) sum = core::saturating_sum(sum, now.bid_quantity.units);
    if (now.bid <= before.bid) sum = core::saturating_sum(sum, -before.bid_quantity.units);
    if (now.ask <= before.ask) sum = core::saturating_sum(sum, -now.ask_quantity.units);
    if (now.ask >= before.ask) sum = core::saturating_sum(sum, before.ask_quantity.units);
    return sum;
}

/// Order flow imbalance over the last w seconds, and in units of the usual size of the top of the book.
/// In: every change of the best prices or sizes, in sequence order (two of one time both count). A quote gap: reset().
/// Source: Cont, Kukanov, Stoikov, The Price Impact of Order Book Events, 2014.
class Ofi {
public:
    static constexpr int size_quotes = 300;  ///< period of the mean size, in quotes

    explicit Ofi(int window_s, Memory memory = default_memory()) : flow_(window_s, memory) {}

    void add(std::int64_t second, const Top& top) noexcept {
        flow_.advance(second);
        if (quotes_ != 0) flow_.add(ofi_increment(top_, top));
        quotes_ += quotes_ < 2;
        top_ = top;
        size_ = mean_size_.add(
            static_cast<double>(core::saturating_sum(top.bid_quantity.units, top.ask_quantity.units)) / 2);
    }

    /// Σ increments at `second`, in quantity units; unknown before the second quote.
    [[nodiscard]] double value(std::int64_t second) noexcept {
        flow_.advance(second);
        return quotes_ < 2 ? core::unknown : static_cast<double>(flow_.total());
    }

    /// The same over the mean size of a side of the top (EMA of 300 quotes); unknown before the 300th.
    [[nodiscard]] double normalised(std::int64_t second) noexcept {
        const double flow = value(second);
        return size_ > 0 ? flow / size_ : core::unknown;
    }

    /// Forgets everything: quotes are missing.
    void reset() noexcept {
        flow_.clear();
        quotes_ = 0;
        mean_size_ = Ema{size_quotes};
        size_ = core::unknown;
    }

private:
    SecondBuckets flow_;
    Ema mean_size_{size_quotes};
    double size_{core::unknown};
    Top top_{};
    int quotes_{};  // 2: two or more
};

}  // namespace pipeline
