#pragma once

#include "core/domain/time.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace core {

enum class BreakerState : std::uint8_t { closed, open, half_open };
constexpr std::string_view name(BreakerState state) noexcept {
    return state == BreakerState::closed ? "closed" : state == BreakerState::open ? "open" : "half_open";
}

struct BreakerSettings {
    std::uint32_t failures{5};       ///< in a row, until it opens
    Nanoseconds first_open{5s};      ///< then doubled by every re-open …
    Nanoseconds longest_open{300s};  ///< … up to this
    Nanoseconds probe_timeout{1s};   ///< a probe without answer has failed
};

/// Keeps an endpoint that fails from being asked (spec/risk.md section 5). Closed: everything passes. After `failures`
/// in a row it is open and nothing passes; when its time is over one probe passes, and its outcome decides. Fed with
/// the caller's clock; one thread.
class CircuitBreaker {
public:
    explicit CircuitBreaker(const BreakerSettings& settings = {}) noexcept : settings_{settings} {}

    /// May a request be sent now? In half-open, true once: that request is the probe.
    bool allow(Nanoseconds now) noexcept {
        if (state_ == BreakerState::half_open && now - probed_ >= settings_.probe_timeout) open(now);
        if (state_ == BreakerState::closed) return true;
        if (state_ == BreakerState::half_open || now < until_) return false;
        state_ = BreakerState::half_open;
        probed_ = now;
        return true;
    }
    /// An answer came, whatever it says: the endpoint lives. While open it belongs to an old request and says nothing.
    void success() noexcept {
        if (state_ == BreakerState::open) return;
        state_ = BreakerState::closed;
        failures_ = reopened_ = 0;
    }
    /// No answer in time, a broken connection, or 5xx.
    void failure(Nanoseconds now) noexcept {
        if (state_ == BreakerState::open) return;
        if (state_ == BreakerState::half_open || ++failures_ >= settings_.failures) open(now);
    }

    [[nodiscard]] BreakerState state() const noexcept { return state_; }
    /// When the next probe may pass; 0 unless open.
    [[nodiscard]] Nanoseconds until() const noexcept { return state_ == BreakerState::open ? until_ : Nanoseconds{}; }

private:
    void open(Nanoseconds now) noexcept {
        const auto wait = settings_.first_open * (std::int64_t{1} << std::min<std::uint32_t>(reopened_++, 20));
        state_ = BreakerState::open;
        until_ = now + std::min(wait, settings_.longest_open);
        failures_ = 0;
    }

    BreakerSettings settings_;
    BreakerState state_{BreakerState::closed};
    std::uint32_t failures_{}, reopened_{};
    Nanoseconds until_{}, probed_{};
};

}  // namespace core
