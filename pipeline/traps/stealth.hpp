#pragma once

#include "pipeline/traps/reporter.hpp"

#include <cstdint>
#include <vector>

namespace pipeline::traps {

/// stealth_accumulation and stealth_distribution (spec/traps.md section 5, tape family): persistent one-sided flow that
/// does not move the price. Looks once a minute, at whole minutes of the epoch.
class Stealth {
public:
    Stealth(const TrapSettings& settings, const core::Instrument& instrument, const Timeframes& timeframes);

    void on_second(const Senses& senses, const Second& second, std::int64_t index, Reporter& reporter) noexcept {
        if (started_ && index != next_) [[unlikely]]
            jump_to(index);
        if (seconds_ == 0) minute_ = {0, 0, second.high, second.low};
        started_ = true;
        carried_ = second.close;
        next_ = index + 1;
        ++seconds_;
        minute_.buy += second.buy;
        minute_.sell += second.sell;
        if (second.high > minute_.high) minute_.high = second.high;
        if (second.low < minute_.low) minute_.low = second.low;
        if (next_ % width == 0) close(senses, reporter);
    }
    void clear() noexcept {
        count_ = next_minute_ = 0;
        seconds_ = 0;
        started_ = false;
    }

private:
    static constexpr std::int64_t width = 60;
    struct Minute {
        double buy{}, sell{}, high{}, low{};
    };
    void close(const Senses& senses, Reporter& reporter) noexcept;
    /// Everything up to the second `index` was empty, and longer than the window.
    void jump_to(std::int64_t index) noexcept;
    void add(const Minute& minute) noexcept;
    void judge(const Senses& senses, Reporter& reporter) noexcept;

    double units_per_base_{1};
    std::vector<Minute> minutes_;  // ring
    std::size_t count_{}, next_minute_{};
    Minute minute_;
    std::int64_t next_{};     // the second to come
    std::int64_t seconds_{};  // seen of the open minute
    double carried_{};
    bool started_{};
};

}  // namespace pipeline::traps
