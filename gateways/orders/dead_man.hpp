#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/time.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace gateways {

/// A venue's own timer that cancels our orders, stops included, when we do not renew it.
/// Binance futures: POST /fapi|dapi/v1/countdownCancelAll, per symbol, weight 10, checked about every 10 ms. OKX: POST
/// /api/v5/trade/cancel-all-after, in seconds. Bybit: POST /v5/order/disconnected-cancel-all (`product`, `timeWindow` 3
/// to 300 s), set once; it counts from the loss of a private stream that subscribed to `dcp`, and only for accounts for
/// which Bybit enabled it. Bitget and Binance spot document none.
struct DeadManTimer {
    core::Nanoseconds countdown{};
    core::Nanoseconds renew_every{};  ///< 0: set once per connection
    bool per_instrument{};
    bool can_end{true};       ///< a request ends it; else only its connection does
    std::uint32_t weight{1};  ///< of one renewal, in the venue's request budget
};
/// What the venue offers for the market; countdown 0: nothing.
DeadManTimer dead_man_timer(core::Venue venue, core::Market market) noexcept;

/// Why the venue's timer cannot be used there, for people; empty: it can. `keeps_stops`: an orderly end leaves stops at
/// the venue, which a timer that cannot be ended would cancel.
std::string_view dead_man_trouble(core::Venue venue, std::span<const core::Market> markets, bool keeps_stops) noexcept;

/// The timers of one account: of every market that has one, of every instrument where the venue counts them so. Says
/// what to ask the venue for and when: a renewal in time, a failed one again after doubling pauses, and at an orderly
/// end the end of every timer that may be running there. Whether a renewal that is still on its way arrives after the
/// request that ends it nobody knows: such a timer counts as running until it was ended once more.
class DeadManTimers {
public:
    DeadManTimers() noexcept = default;
    /// Those of the venue's instruments.
    DeadManTimers(core::Venue venue, const core::InstrumentTable& instruments);

    struct Ask {
        core::InstrumentId instrument{};
        core::Nanoseconds countdown{};  ///< 0: end it
        std::uint32_t weight{};
    };
    /// What should be asked for now; then `asked` says that it was.
    [[nodiscard]] std::optional<Ask> due(core::Nanoseconds now) const noexcept;
    void asked(const Ask& ask, core::Nanoseconds now) noexcept;
    /// What came of it.
    void answered(core::InstrumentId instrument, core::Nanoseconds countdown, bool done,
                  core::Nanoseconds now) noexcept;
    /// The private stream is another one: what is set once per connection is set anew.
    void reconnected() noexcept;
    /// From now on they are ended, for good.
    void end() noexcept { ending_ = true; }
    [[nodiscard]] bool ending() const noexcept { return ending_; }
    /// None of them can be running at the venue (as far as a request can end them).
    [[nodiscard]] bool off() const noexcept;
    /// True once, when the venue may have cancelled everything because a renewal is overdue by the whole countdown.
    [[nodiscard]] bool lapsed(core::Nanoseconds now) noexcept;

    static constexpr core::Nanoseconds first_pause = std::chrono::milliseconds{500};
    static constexpr core::Nanoseconds longest_pause = std::chrono::seconds{10};
    /// Without an answer for so long a renewal is sent again; at the end there is less time.
    static constexpr core::Nanoseconds patience = std::chrono::seconds{15}, last_patience = std::chrono::seconds{2};

private:
    struct One {
        core::InstrumentId instrument{};
        DeadManTimer timer{};
        core::Nanoseconds asked_at{}, next{};
        core::Nanoseconds renewed_at{};            ///< when the newest renewal left that the venue confirmed
        std::uint32_t failures{}, arms{}, ends{};  ///< in a row; requests on their way
        bool running{}, confirmed{};               ///< may be; was confirmed since it ran out
    };
    std::vector<One> all_;
    bool ending_{};
};

}  // namespace gateways
