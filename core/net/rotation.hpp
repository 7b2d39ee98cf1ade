#pragma once

#include "core/domain/time.hpp"
#include "core/random/xoshiro.hpp"

#include <cstdint>

namespace core {

/// When a session is replaced before its venue cuts it.
struct RotationSettings {
    Nanoseconds lifetime{24h};  ///< the venue ends a session after so long; 0: it does not
    Nanoseconds margin{30min};  ///< begin so long before
    Nanoseconds spread{30min};  ///< and by chance up to so much earlier, so that sessions do not rotate together
    Nanoseconds patience{60s};  ///< the new session must be ready in this time, or another is tried
};

/// Planned rotation: the new session is opened first, and takes over when it is ready, so that there is no gap. Pure:
/// it is told the time and what is so, and says what to do.
class Rotation {
public:
    enum class Do : std::uint8_t {
        nothing,
        open_second,  ///< open a second session beside the first
        hand_over,    ///< the second is ready: it is the first now, the old one is closed
        drop_second   ///< it is not ready in time: close it; another is asked for after `patience`
    };

    constexpr Rotation(const RotationSettings& settings, std::uint64_t seed) noexcept
        : settings_{settings}, chance_{seed} {}

    /// A session was opened and is the one in use.
    constexpr void opened(Nanoseconds now) noexcept {
        const auto spread = Nanoseconds{
            static_cast<std::int64_t>(chance_.below(static_cast<std::uint64_t>(settings_.spread.count()) + 1))};
        due_ = settings_.lifetime == 0ns ? Nanoseconds::max() : now + settings_.lifetime - settings_.margin - spread;
        second_ = false;
    }
    /// The venue says that it will end the session in use soon.
    constexpr void soon(Nanoseconds now) noexcept { due_ = now < due_ ? now : due_; }
    /// No session is in use (the first broke): nothing to rotate until one is opened. A second under way goes on.
    constexpr void lost() noexcept { due_ = Nanoseconds::max(); }

    /// What to do now. `ready`: the second session has data on every stream and lacks nothing the first has.
    constexpr Do ask(Nanoseconds now, bool ready) noexcept {
        if (second_ && ready) {
            opened(now);
            return Do::hand_over;
        }
        if (second_ && now >= give_up_) {
            second_ = false;
            due_ = now + settings_.patience;
            return Do::drop_second;
        }
        if (second_ || now < due_) return Do::nothing;
        second_ = true;
        give_up_ = now + settings_.patience;
        return Do::open_second;
    }
    /// The second session failed by itself.
    constexpr void second_failed(Nanoseconds now) noexcept {
        if (!second_) return;
        second_ = false;
        due_ = now + settings_.patience;
    }

    [[nodiscard]] constexpr Nanoseconds due() const noexcept { return due_; }
    [[nodiscard]] constexpr bool under_way() const noexcept { return second_; }

private:
    RotationSettings settings_;
    Xoshiro chance_;
    Nanoseconds due_{Nanoseconds::max()}, give_up_{};
    bool second_{};
};

}  // namespace core
