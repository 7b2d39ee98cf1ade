#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/price.hpp"
#include "core/domain/tick.hpp"
#include "core/domain/time.hpp"

#include <array>
#include <cstdint>

namespace strategies {

/// What must outlive the process, as the stages tell it when it changes and take it back as command ticks.

/// Of the account (spec/risk.md sections 1, 2, 4): a halt and the peak are not undone by a restart.
struct AccountMemory {
    core::Notional peak{}, day_start{};
    std::int64_t day{-1};  ///< whose start that was: UTC midnight in ns
    bool halted{}, daily_reduce{}, drawdown_reduce{};
    bool daily_flattened{};  ///< the day's loss flattened once: an operator who resumes is not overruled the same day
    bool flattening{};       ///< a flatten is not finished

    friend bool operator==(const AccountMemory&, const AccountMemory&) = default;

    [[nodiscard]] constexpr std::uint64_t bits() const noexcept {
        return known | (halted ? 2U : 0U) | (daily_reduce ? 4U : 0U) | (drawdown_reduce ? 8U : 0U) |
               (daily_flattened ? 16U : 0U) | (flattening ? 32U : 0U);
    }
    constexpr void set_bits(std::uint64_t bits) noexcept {
        halted = (bits & 2U) != 0;
        daily_reduce = (bits & 4U) != 0;
        drawdown_reduce = (bits & 8U) != 0;
        daily_flattened = (bits & 16U) != 0;
        flattening = (bits & 32U) != 0;
    }
    static constexpr std::uint64_t known = 1;  ///< there is such a memory
};

/// Of one instrument's bracket (spec/bots.md section 7): where its stop and what is left of its targets should be.
struct PlanMemory {
    struct Target {
        core::Price price{};
        double share{};
        friend bool operator==(const Target&, const Target&) = default;
    };
    bool active{};
    core::Side side{};  ///< of the position
    std::uint8_t bot{};
    core::Price stop{};
    double best_gain_bps{};
    std::array<Target, 5> targets{};  ///< share 0: none

    friend bool operator==(const PlanMemory&, const PlanMemory&) = default;
};

/// Of one bot's additions to a position (spec/bots.md section 2).
struct AdditionMemory {
    std::uint8_t bot{};
    std::uint32_t added{};
    core::Nanoseconds last{};

    friend bool operator==(const AdditionMemory&, const AdditionMemory&) = default;
};

}  // namespace strategies
