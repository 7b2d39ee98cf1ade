#pragma once

#include "pipeline/traps/trap_stage.hpp"

#include <array>
#include <cmath>
#include <vector>

namespace test {

/// One instrument's tape, built by hand: makes the sections that the stages before TrapStage would have written (a
/// small bucket and bar builder of its own, so that these tests need no other stage) and collects the events.
class Tape {
public:
    static constexpr std::int64_t base = 6'000'000;  ///< 60000.00: one bps is 600 units

    explicit Tape(const pipeline::TrapSettings& settings = {}) : stage_{settings, table()} {}

    void trade(double seconds, std::int64_t price, std::int64_t quantity = 1000, core::Side side = core::Side::buy) {
        core::Tick tick = at(seconds, core::TickKind::trade);
        tick.side = side;
        tick.trade = {{price}, {quantity}, 0};
        close_what_ended(tick.venue_time);
        send(tick);
        add_to(second_, tick, 1);
        for (std::size_t i = 0; i < open_bars_.size(); ++i) add_to(open_bars_[i], tick, timeframes_.seconds[i]);
    }
    /// Nothing but time passes.
    void clock(double seconds) {
        const core::Tick tick = at(seconds, core::TickKind::timer);
        close_what_ended(tick.venue_time);
        send(tick);
    }
    void gap(double seconds, core::InstrumentId instrument = core::InstrumentId{0}) {
        core::Tick tick = at(seconds, core::TickKind::session);
        tick.code = static_cast<std::uint16_t>(core::Session::gap);
        tick.instrument = instrument;
        market_.gap = instrument != core::no_instrument;
        close_what_ended(tick.venue_time);
        bars_.bucket_mask = 0;
        send(tick);
        second_ = {};
    }
    /// A candle-only tape: the bar of the i-th timeframe (0: a minute, 1: five) that starts at `seconds`.
    void candle(double seconds, std::int64_t open, std::int64_t high, std::int64_t low, std::int64_t close,
                std::int64_t volume = 1000, bool restart = false, std::size_t i = 0) {
        bars_ = {};
        bars_.bar_mask = static_cast<std::uint16_t>(1U << i);
        bars_.gap_mask = static_cast<std::uint16_t>(restart ? bars_.bar_mask : 0);
        bars_.bars[i] = {.start = time(seconds),
                         .open = {open},
                         .high = {high},
                         .low = {low},
                         .close = {close},
                         .buy_volume = {volume},
                         .sell_volume = {0},
                         .trades = 1,
                         .width_s = timeframes_.seconds[i]};
        send(at(seconds + timeframes_.seconds[i], core::TickKind::bar));
    }
    void levels(const pipeline::Levels& levels) {
        levels_ = levels;
        levels_.changed = true;
    }
    void depth(double seconds, double bids, double asks) {
        market_.bid_depth10 = market_.bid_depth25 = bids;
        market_.ask_depth10 = market_.ask_depth25 = asks;
        market_.depth_sampled = true;
        clock(seconds);
    }

    /// A trade a second, in [from, to), that goes nowhere: volume varies, so that its z-score is known.
    void quiet(int from, int to, std::int64_t price = base) {
        for (int s = from; s < to; ++s)
            trade(s + .1, price + 60 * (s % 2), 900 + 40 * (s * 7 % 11), s % 2 ? core::Side::buy : core::Side::sell);
    }

    [[nodiscard]] const std::vector<pipeline::TrapEvent>& events() const { return events_; }
    [[nodiscard]] std::vector<pipeline::TrapEvent> of(pipeline::TrapKind kind) const {
        std::vector<pipeline::TrapEvent> some;
        for (const auto& event : events_)
            if (event.kind == kind) some.push_back(event);
        return some;
    }
    [[nodiscard]] const pipeline::Traps& now() const { return traps_; }
    [[nodiscard]] const pipeline::TrapCounters& counters() const { return stage_.counters(); }
    [[nodiscard]] pipeline::TrapStage& stage() { return stage_; }

    static core::Nanoseconds time(double seconds) { return core::Nanoseconds{std::llround(seconds * 1e9)}; }
    static core::InstrumentTable table() {
        core::InstrumentTable instruments;
        core::Instrument btc;
        btc.symbol = "BTCUSDT";
        btc.price_decimals = 2;
        btc.quantity_decimals = 3;
        instruments.add(btc);
        return instruments;
    }

private:
    static core::Tick at(double seconds, core::TickKind kind) {
        core::Tick tick;
        tick.kind = kind;
        tick.venue_time = tick.receive_time = time(seconds);
        tick.instrument = core::InstrumentId{0};
        return tick;
    }
    static void add_to(pipeline::Bar& bar, const core::Tick& tick, std::uint32_t width_s) {
        const auto price = tick.trade.price;
        if (bar.trades == 0)
            bar = {.start = core::floor_to(tick.venue_time, std::chrono::seconds{width_s}),
                   .open = price,
                   .high = price,
                   .low = price,
                   .close = price,
                   .width_s = width_s};
        ++bar.trades;
        bar.high = std::max(bar.high, price);
        bar.low = std::min(bar.low, price);
        bar.close = price;
        auto& volume = tick.side == core::Side::buy ? bar.buy_volume : bar.sell_volume;
        volume = volume + tick.trade.quantity;
    }
    void close_what_ended(core::Nanoseconds now) {
        bars_ = {};
        if (second_.width_s != 0 && second_.end() <= now) {
            bars_.bucket_mask = 1;
            const auto present = core::floor_to(now, std::chrono::seconds{1});
            bars_.buckets[0] = {second_,
                                static_cast<std::uint32_t>((present - second_.end()) / std::chrono::seconds{1})};
            second_ = {.start = present,
                       .open = second_.close,
                       .high = second_.close,
                       .low = second_.close,
                       .close = second_.close,
                       .width_s = 1};
        }
        for (std::size_t i = 0; i < open_bars_.size(); ++i) {
            pipeline::Bar& bar = open_bars_[i];
            if (bar.trades == 0 || bar.end() > now) continue;
            bars_.bar_mask = static_cast<std::uint16_t>(bars_.bar_mask | 1U << i);
            bars_.bars[i] = bar;
            const auto width = std::chrono::seconds{timeframes_.seconds[i]};
            if (ends_[i] != core::Nanoseconds{} && bar.start - ends_[i] > 3 * width)
                bars_.gap_mask = static_cast<std::uint16_t>(bars_.gap_mask | 1U << i);
            ends_[i] = bar.end();
            bar = {};
        }
    }
    void send(const core::Tick& tick) {
        market_.time = tick.venue_time;
        stage_.on(tick, market_, bars_, levels_, traps_);
        for (std::size_t i = 0; i < traps_.count; ++i) events_.push_back(traps_.events[i]);
        market_.gap = market_.depth_sampled = false;
        levels_.changed = false;
    }

    pipeline::TrapStage stage_;
    pipeline::Market market_;
    pipeline::Bars bars_;
    pipeline::Levels levels_;
    pipeline::Traps traps_;
    pipeline::Bar second_{};
    pipeline::Timeframes timeframes_;
    std::array<pipeline::Bar, 5> open_bars_{};  // up to the hour
    std::array<core::Nanoseconds, 5> ends_{};
    std::vector<pipeline::TrapEvent> events_;
};

}  // namespace test
