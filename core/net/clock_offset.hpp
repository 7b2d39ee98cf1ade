#pragma once

#include "core/domain/time.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace core {

/// The venue's clock, seen through the network. Local times are of a clock that does not step (core::Clock,
/// CLOCK_MONOTONIC), so no change of this machine's time (NTP, a container, a person) ever moves what is signed.
///
/// One question about the time gives offset = venue − (sent + received)/2, wrong by at most half the round trip and the
/// venue's resolution. Of the newest questions the one with the least possible error counts, where the error of an old
/// one grows by what two clocks may drift apart.
class ClockOffset {
public:
    /// venue_time: what the venue answered, known to ± `resolution`/2 (most say milliseconds).
    /// False: thrown away (it was received before it was sent, or took longer than `longest_round_trip`).
    bool sample(Nanoseconds sent, Nanoseconds venue_time, Nanoseconds received, Nanoseconds resolution = 1ms) noexcept;

    [[nodiscard]] bool known() const noexcept { return count_ > 0; }
    /// venue − local. Precondition: known().
    [[nodiscard]] Nanoseconds offset(Nanoseconds now) const noexcept { return samples_[best(now)].offset; }
    /// The largest error that the offset can have; Nanoseconds::max() while unknown.
    [[nodiscard]] Nanoseconds uncertainty(Nanoseconds now) const noexcept;

    /// The venue refused a timestamp: what we believe is wrong. It is time to ask at once, and the next answer replaces
    /// all before it; until then the old offset is the best there is (a cancel is tried all the same), of unknown
    /// error.
    void distrust() noexcept { distrusted_ = true, was_asked_ = false; }

    /// Time to ask again: a few times at first, then every `interval`, or sooner when the error has grown past `alarm`.
    [[nodiscard]] bool due(Nanoseconds now) const noexcept;
    void asked(Nanoseconds now) noexcept { asked_ = now, was_asked_ = true; }

    static constexpr std::size_t kept = 16;
    static constexpr std::size_t first_samples = 4;
    static constexpr std::int64_t drift_ppm = 50;
    static constexpr Nanoseconds longest_round_trip = 2s;
    static constexpr Nanoseconds interval = 30s, first_interval = 200ms;
    static constexpr Nanoseconds alarm = 250ms;

private:
    struct Sample {
        Nanoseconds offset{}, error{}, at{};
    };
    [[nodiscard]] std::size_t best(Nanoseconds now) const noexcept;
    [[nodiscard]] static Nanoseconds error_at(const Sample& sample, Nanoseconds now) noexcept {
        return sample.error + Nanoseconds{(now - sample.at).count() / 1'000'000 * drift_ppm};
    }

    std::array<Sample, kept> samples_{};
    std::size_t count_{}, next_{};
    Nanoseconds asked_{};
    bool was_asked_{}, distrusted_{};
};

/// The time to sign with, by the venue's clock. It never goes back by the small corrections of the offset: it waits.
/// Only when it is ahead by more than `step`, which the venue would refuse anyway, does it follow at once.
class SigningClock {
public:
    /// Nothing can be signed before the offset is known. Precondition: offset.known().
    [[nodiscard]] Nanoseconds at(const ClockOffset& offset, Nanoseconds now) noexcept {
        const auto venue = now + offset.offset(now);
        if (venue < last_ && last_ - venue > step) {
            ++steps_back_;
            last_ = venue;
        }
        last_ = venue > last_ ? venue : last_;
        return last_;
    }
    [[nodiscard]] std::uint64_t steps_back() const noexcept { return steps_back_; }

    static constexpr Nanoseconds step = 250ms;  // a fourth of what Binance and Bybit accept from the future

private:
    Nanoseconds last_{Nanoseconds::min()};
    std::uint64_t steps_back_{};
};

}  // namespace core
