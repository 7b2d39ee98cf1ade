#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/tick.hpp"
#include "feeds/batch.hpp"
#include "feeds/frame.hpp"

namespace feeds {

/// A tick of one instrument with every byte assigned, payload zero: decoders fill in what they know.
[[nodiscard]] inline core::Tick blank_tick(const core::Instrument& instrument, const Frame& frame, core::TickKind kind,
                                           core::Nanoseconds venue_time) noexcept {
    core::Tick tick;
    tick.venue_time = venue_time;
    tick.receive_time = frame.receive_time;
    tick.instrument = instrument.id;
    tick.venue = instrument.venue;
    tick.kind = kind;
    tick.quote = core::Quote{};  // the widest payload: no byte is left over
    return tick;
}

/// Appends a tick; false when the batch is full.
[[nodiscard]] inline bool append(Batch& batch, const core::Tick& tick) noexcept {
    if (batch.full()) return false;
    batch.claim() = tick;
    batch.commit();
    return true;
}

/// Appends the levels of one book event; `finish` gives them what stands behind them in the frame: time and number.
class LevelWriter {
public:
    LevelWriter(Batch& batch, const core::Instrument& instrument, const Frame& frame, BookEvent::Kind kind) noexcept
        : batch_{batch},
          level_{blank_tick(instrument, frame, core::TickKind::level, {})},
          start_{batch.ticks().size()} {
        level_.flags = kind == BookEvent::Kind::snapshot ? core::tick_flag::snapshot : std::uint8_t{0};
        batch.book.kind = kind;
        batch.book.instrument = instrument.id;
    }

    void side(core::Side side) noexcept { level_.side = side; }

    /// False when the batch is full.
    [[nodiscard]] bool add(std::int64_t price_units, std::int64_t quantity_units) noexcept {
        if (batch_.full()) return false;
        core::Tick& tick = batch_.claim();
        tick = level_;
        tick.level.price.units = price_units;
        tick.level.quantity.units = quantity_units;
        batch_.commit();
        return true;
    }
    /// The same, keeping the venue's own text of it.
    [[nodiscard]] bool add(std::int64_t price_units, std::int64_t quantity_units, const LevelText& text) noexcept {
        if (batch_.full()) return false;
        batch_.texts()[batch_.ticks().size()] = text;
        return add(price_units, quantity_units);
    }

    void finish(core::Nanoseconds venue_time, std::uint64_t update_id) noexcept {
        const auto levels = batch_.ticks().subspan(start_);
        if (levels.empty()) return;
        for (auto& tick : levels) {
            tick.venue_time = venue_time;
            tick.level.update_id = update_id;
        }
        levels.front().flags |= core::tick_flag::first;
        levels.back().flags |= core::tick_flag::last;
    }

private:
    Batch& batch_;
    core::Tick level_;
    std::size_t start_;
};

}  // namespace feeds
