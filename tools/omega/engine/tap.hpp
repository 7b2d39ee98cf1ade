#pragma once

#include "core/domain/tick.hpp"
#include "core/rings/spsc_ring.hpp"
#include "pipeline/book/market.hpp"
#include "pipeline/flow/slot.hpp"
#include "pipeline/traps/traps.hpp"
#include "strategies/decision.hpp"
#include "tools/omega/engine/sight.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <string_view>
#include <variant>
#include <vector>

namespace omega {

/// What the herald is told: plain data, by value.
struct Glimpse {  ///< the state of an instrument, a few times a second
    core::InstrumentId instrument{};
    std::uint64_t ticks{};
    core::Nanoseconds time{};
    pipeline::Market market{};
    double threshold_bps{}, hf_multiplier{};
    pipeline::Regime regime{};
    core::Notional equity{};
    core::Quantity position{};
    Face face{};
};
struct TimedNews {  ///< stamps of one tick that was timed stage by stage
    pipeline::Stamps stamps{};
};
struct TrapNews {
    pipeline::TrapEvent event{};
};
struct FillNews {  ///< a fill, or a refused order
    core::Tick tick{};
};
/// Words of the cold kind: a connection's trouble, an account's alert. Cut where they are long.
struct NoticeNews {
    bool alert{};  ///< money is at stake
    std::array<char, 300> text{};
    std::uint16_t size{};

    [[nodiscard]] std::string_view words() const noexcept { return {text.data(), size}; }
};
using News = std::variant<std::monostate, Glimpse, TimedNews, TrapNews, FillNews, NoticeNews>;

/// The bounded, lossy way from the hot side to the herald. When it is full, news is dropped and counted: state first
/// (the next glimpse replaces it), then the rest; the journal, not the herald, is what keeps fills.
///
/// Two threads fill it, each a ring of its own: the one that finishes slots (`on_tick` to `on_fill`), and the one that
/// reads the accounts (`on_notice`). Under a staged topology they are not the same.
class Tap {
public:
    /// `instruments`: how many there are; glimpses are of them.
    explicit Tap(std::size_t capacity, std::size_t instruments = 0)
        : ring_{capacity}, notices_{notices_kept}, answered_(instruments) {}

    /// Called for every whole tick; passes on one glimpse of its instrument for each time that the reader asked.
    /// `sight` may be nullptr.
    void on_tick(const core::Tick& tick, const pipeline::Market& market, const pipeline::Traps& traps,
                 const strategies::Orders& orders, const Sight* sight) noexcept {
        ++ticks_;
        if (tick.instrument.value >= answered_.size()) return;
        // Relaxed: a hint; the ring carries the data.
        const auto asked = asked_.load(std::memory_order_relaxed);
        auto& answered = answered_[tick.instrument.value];
        if (answered == asked) [[likely]]
            return;
        answered = asked;
        if (crowded()) return;  // the next glimpse says it all
        push(Glimpse{tick.instrument, ticks_, market.time, market, traps.threshold_bps, traps.hf_multiplier,
                     traps.regime, orders.equity, orders.position,
                     sight != nullptr ? sight->face(tick.instrument) : Face{}});
    }
    void on_timed(const pipeline::Stamps& stamps) noexcept {
        if (!crowded()) push(TimedNews{stamps});
    }
    void on_trap(const pipeline::TrapEvent& event) noexcept { push(TrapNews{event}); }
    void on_fill(const core::Tick& tick) noexcept { push(FillNews{tick}); }
    /// The thread that reads the accounts.
    void on_notice(bool alert, std::string_view text) noexcept {
        NoticeNews notice{.alert = alert, .text = {}, .size = {}};
        notice.size = static_cast<std::uint16_t>(std::min(text.size(), notice.text.size()));
        std::copy_n(text.data(), notice.size, notice.text.data());
        if (!notices_.try_push(notice)) dropped_.fetch_add(1, std::memory_order_relaxed);
    }

    /// Herald's thread: asks for a glimpse of every instrument, each when it ticks next.
    void ask() noexcept { asked_.fetch_add(1, std::memory_order_relaxed); }
    bool take(News& news) noexcept {
        if (const auto* notice = notices_.front()) [[unlikely]] {
            news = *notice;
            notices_.release();
            return true;
        }
        return ring_.try_pop(news);
    }
    [[nodiscard]] std::uint64_t dropped() const noexcept { return dropped_.load(std::memory_order_relaxed); }

private:
    static constexpr std::size_t notices_kept = 256;

    [[nodiscard]] bool crowded() const noexcept { return ring_.size() * 2 > ring_.capacity(); }
    void push(News news) noexcept {
        if (!ring_.try_push(news)) dropped_.fetch_add(1, std::memory_order_relaxed);
    }

    core::SpscRing<News> ring_;
    core::SpscRing<NoticeNews> notices_;
    std::uint64_t ticks_{};
    std::vector<std::uint32_t> answered_;  // by instrument: up to which time of asking
    std::atomic<std::uint32_t> asked_{1};
    std::atomic<std::uint64_t> dropped_{};
};

}  // namespace omega
