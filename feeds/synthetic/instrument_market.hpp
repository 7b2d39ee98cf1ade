#pragma once

#include "feeds/frame.hpp"
#include "feeds/synthetic/crowd.hpp"
#include "feeds/synthetic/frame_text.hpp"
#include "feeds/synthetic/path.hpp"
#include "feeds/synthetic/planter.hpp"
#include "feeds/synthetic/plot.hpp"
#include "feeds/synthetic/settings.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace feeds::synthetic {

/// Highest and lowest trade of each minute, as the bar planters need them.
class MinuteRange {
public:
    static constexpr std::size_t minutes = 20;

    void trade(core::Nanoseconds time, std::int64_t price) noexcept;
    /// Over this minute and the last `minutes` whole ones with trades; 0 until there are that many.
    [[nodiscard]] std::int64_t highest() const noexcept;
    [[nodiscard]] std::int64_t lowest() const noexcept;

private:
    struct Range {
        std::int64_t high, low;
    };
    std::array<Range, minutes + 1> ranges_{};
    std::size_t count_{};
    core::Nanoseconds minute_{-1};
};

/// One instrument of the market: path, crowd, traps and the stream of its frames in event time.
class InstrumentMarket {
public:
    /// `leader`: the market whose fair value this one shares, or nullptr; it must stay where it is.
    InstrumentMarket(const Settings& settings, std::size_t index, const InstrumentMarket* leader,
                     std::vector<Truth>& truth);

    /// What `produce` made.
    struct Made {
        std::string_view bytes;
        core::Nanoseconds event_time{};
        bool rest{};
        bool depth{};
    };

    /// Event time of the next frame.
    [[nodiscard]] core::Nanoseconds next_time() const noexcept;
    /// The next frame; its bytes are empty when a depth event was held back (a gap) or had nothing to tell.
    Made produce() noexcept;

    void skip_next_depth() noexcept { skip_depth_ = true; }
    [[nodiscard]] const FrameText& text() const noexcept { return *text_; }
    [[nodiscard]] Mood mood() const noexcept { return path_.mood(); }
    [[nodiscard]] double mid() const noexcept { return crowd_.mid(); }  ///< in ticks
    [[nodiscard]] core::Venue venue() const noexcept { return instrument_.venue; }

private:
    Made act() noexcept;
    Made deed() noexcept;
    Made show(const Act& act) noexcept;
    Made stream_snapshot() noexcept;
    Made quote() noexcept;
    Made depth() noexcept;
    void order_snapshot(core::Nanoseconds at) noexcept { snapshot_wanted_ = at; }
    double fair() noexcept;
    void trap() noexcept;
    bool plant(const Planter& planter) noexcept;
    [[nodiscard]] core::Price price_units(double ticks) const noexcept;

    static constexpr core::Nanoseconds never = core::Nanoseconds::max();

    const InstrumentSettings instrument_;
    const std::size_t index_;
    const InstrumentMarket* const leader_;
    const bool elsewhere_;  // the same pair is on another venue
    const double events_per_s_, traps_per_h_, wildness_;
    const core::Nanoseconds depth_interval_;
    const core::Nanoseconds start_;
    const double start_ticks_;

    Chance chance_;
    Path path_;
    Crowd crowd_;
    std::unique_ptr<FrameText> text_;
    MinuteRange range_;
    std::vector<Truth>& truth_;

    core::Nanoseconds now_, next_act_, next_depth_;
    core::Nanoseconds snapshot_wanted_{never}, snapshot_due_{never};
    std::uint64_t previous_depth_id_, first_change_{};
    std::uint64_t trade_id_;
    bool quote_due_{};
    bool skip_depth_{};
    double burst_{};  // extra activity, decaying

    std::vector<PlannedTrap> planned_;  // of this instrument, by time
    std::size_t next_planned_{};
    const std::vector<std::string> kinds_;  // of the random ones
    Plot plot_;
    core::Nanoseconds next_trap_, next_try_;

    double shared_bps_{};  // fair value that followers share
    double basis_noise_{};
    core::Nanoseconds basis_time_;
};

}  // namespace feeds::synthetic
