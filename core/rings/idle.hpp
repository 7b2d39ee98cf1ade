#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace core {

/// What a thread does when it finds no work.
/// spin:  burns its core; the only choice for the hot path (waking a blocked thread costs 16–27 µs).
/// yield: lets others run; for hot threads that must share a core.
/// park:  sleeps, at most `Idle::longest_sleep_ns` at a time; for cold threads.
enum class IdlePolicy : std::uint8_t { spin, yield, park };

std::string_view name(IdlePolicy policy) noexcept;  ///< "spin", "yield", "park"
std::optional<IdlePolicy> parse_idle(std::string_view text) noexcept;

/// A thread's idling: `while (running) idle(ring.drain(work));`
class Idle {
public:
    static constexpr std::uint32_t longest_sleep_ns = 1'000'000;

    explicit Idle(IdlePolicy policy) noexcept : policy_{policy} {}

    /// Tells how much work the last round did; 0 idles once by the policy.
    void operator()(std::size_t work_done) noexcept {
        if (work_done != 0) {
            empty_rounds_ = 0;
            return;
        }
        __builtin_ia32_pause();
        if (policy_ != IdlePolicy::spin) [[unlikely]]
            rest();
    }

    [[nodiscard]] IdlePolicy policy() const noexcept { return policy_; }
    /// How long `park` sleeps after so many empty rounds in a row: nothing at first, then doubling up to the longest.
    [[nodiscard]] static std::uint32_t sleep_ns(std::uint32_t empty_rounds) noexcept;

private:
    void rest() noexcept;

    IdlePolicy policy_;
    std::uint32_t empty_rounds_{};
};

}  // namespace core
