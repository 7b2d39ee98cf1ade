#pragma once

#include "core/domain/result.hpp"
#include "core/domain/time.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>

namespace core {

/// What a venue counts apart: by host, by endpoint, by account. Which of them share a window, RateWindow::scopes says.
enum class RateScope : std::uint8_t {
    orders,      ///< new orders and cancels
    algo,        ///< the same of orders that wait for a price, where those have endpoints of their own
    spot,        ///< private questions about spot
    linear,      ///< … and contracts
    slow,        ///< … of the endpoints that take least: positions, balances
    spot_data,   ///< public questions about spot
    linear_data  ///< … and contracts
};
inline constexpr std::size_t rate_scope_count = 7;
using RateScopes = std::uint8_t;  ///< one bit each
constexpr RateScopes bit(RateScope scope) noexcept {
    return static_cast<RateScopes>(1U << static_cast<unsigned>(scope));
}
inline constexpr RateScopes all_rate_scopes = (1U << rate_scope_count) - 1;

/// At most `limit` of weight in any span of `length`.
struct RateWindow {
    Nanoseconds length{};
    std::uint32_t limit{};
    std::uint32_t reserve{};             ///< of the limit, kept for cancels
    RateScopes scopes{all_rate_scopes};  ///< whose requests count in it
};

/// The windows that one venue counts for one IP or one account; all hold at once.
struct RateRules {
    static constexpr std::size_t max_windows = 8;
    std::array<RateWindow, max_windows> windows{};
    std::size_t count{};
};

enum class RateUse : std::uint8_t { normal, cancel };
enum class RateRefusal : std::uint8_t {
    none,
    window,    ///< the budget is used up until `until`
    back_off,  ///< the venue said 429: of this scope, or of everything
    banned     ///< the venue said 418 or 403: nothing at all leaves before `until`
};
std::string_view name(RateRefusal refusal) noexcept;

struct RateAnswer {
    RateRefusal refusal{};
    Nanoseconds until{};  ///< when it may be worth asking again; 0 when granted
    [[nodiscard]] bool granted() const noexcept { return refusal == RateRefusal::none; }
};

/// What one venue still takes from one IP or account, in memory that all processes of this host share: whoever sends
/// takes from it first. Any thread, any process; all of them hand in the same clock of the host, one that does not step
/// (CLOCK_MONOTONIC, core::Clock): by what two of them differ, one window may be too short.
///
/// Each window is a ring of sixteenths and one more, so what was granted never exceeds the limit in any span of its
/// length, wherever the venue lets its own window begin. A taker adds first and then looks; over the limit it takes
/// back. There is no lock: a process that dies in between leaves at most its own weight counted until the window has
/// passed.
class RateLedger {
public:
    /// Memory of this process and the processes it forks. Error: io.
    static Result<RateLedger> anonymous(const RateRules& rules);
    /// Shared by name, e.g. /dev/shm/omega-rate-binance-ip (a file system that does not outlive a boot). Made if
    /// absent, mode 0600. Errors: io, refused (another user's, or its owner counts by other rules), corrupt (not such a
    /// file).
    static Result<RateLedger> open(const std::filesystem::path& path, const RateRules& rules);
    RateLedger(RateLedger&& other) noexcept;
    RateLedger& operator=(RateLedger&& other) noexcept;
    ~RateLedger();

    /// Takes `weight` of every window of the scope, or of none. Cancels may use the reserve, and are not held back by a
    /// 429 that was another's. A weight of 0 asks only whether anything may leave at all.
    RateAnswer take(std::uint32_t weight, RateUse use, Nanoseconds now, RateScope scope = RateScope::orders) noexcept;
    /// Returns what was taken at about `now` and not sent.
    void give_back(std::uint32_t weight, Nanoseconds now, RateScope scope = RateScope::orders) noexcept;

    /// The venue's own count of a window (X-MBX-USED-WEIGHT-1M; limit − remaining elsewhere): others may use this IP.
    /// It only raises ours.
    void observe(std::size_t window, std::uint32_t used, Nanoseconds now) noexcept;
    /// 429 of a venue that counts all requests of an address together, with its Retry-After if there was one (≤ 0:
    /// none; then 1 s, doubled by each one within a minute, at most 64 s): nothing leaves.
    void throttled(Nanoseconds retry_after, Nanoseconds now) noexcept;
    /// The same of one scope, at a venue that counts them apart: the others go on, and so do its cancels.
    void throttled(Nanoseconds retry_after, Nanoseconds now, RateScope scope) noexcept;
    /// 418, 403: until when, as far as the venue says; else ten minutes.
    void banned(Nanoseconds until_after, Nanoseconds now) noexcept;

    /// The first window in which requests of the scope count: that of the venue's own count.
    [[nodiscard]] std::optional<std::size_t> window_of(RateScope scope) const noexcept;
    [[nodiscard]] std::uint32_t used(std::size_t window, Nanoseconds now) const noexcept;
    [[nodiscard]] const RateRules& rules() const noexcept { return rules_; }

    struct Shared;  // in rate_limit.cpp

private:
    [[nodiscard]] Nanoseconds pause(std::size_t of, Nanoseconds retry_after, Nanoseconds now) noexcept;
    RateLedger(Shared* shared, const RateRules& rules) noexcept : shared_{shared}, rules_{rules} {}
    Shared* shared_{};
    RateRules rules_{};
};

}  // namespace core
