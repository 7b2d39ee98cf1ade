#include "feeds/capture/discover.hpp"

#include "core/domain/wide.hpp"
#include "feeds/any_feed.hpp"
#include "feeds/capture/known_instruments.hpp"
#include "feeds/capture/merged_reader.hpp"

#include <limits>
#include <vector>

namespace feeds::capture {

namespace {

/// How many trailing zeros every value seen so far has, of those a probe's units can have.
class TrailingZeros {
public:
    explicit TrailingZeros(int probe) : zeros_{probe} {}

    void see(std::int64_t units) noexcept {
        seen_ = true;
        while (zeros_ > 0 && units % static_cast<std::int64_t>(core::pow10[static_cast<std::size_t>(zeros_)]) != 0)
            --zeros_;
    }
    [[nodiscard]] int of(int probe) const noexcept { return seen_ ? probe - zeros_ : probe; }

private:
    int zeros_;
    bool seen_{};
};

struct Seen {
    TrailingZeros price{Symbols::probe_price_decimals};
    TrailingZeros quantity{Symbols::probe_quantity_decimals};

    void see(const core::Tick& tick) noexcept {
        using core::TickKind;
        switch (tick.kind) {
            case TickKind::level:
                price.see(tick.level.price.units);
                quantity.see(tick.level.quantity.units);
                break;
            case TickKind::trade:
            case TickKind::liquidation:
                price.see(tick.trade.price.units);
                quantity.see(tick.trade.quantity.units);
                break;
            case TickKind::quote:
                price.see(tick.quote.bid_price.units);
                price.see(tick.quote.ask_price.units);
                quantity.see(tick.quote.bid_quantity.units);
                quantity.see(tick.quote.ask_quantity.units);
                break;
            case TickKind::bar:
                price.see(tick.bar.low.units);
                see_above_low(tick.bar.open_above_low);
                see_above_low(tick.bar.high_above_low);
                see_above_low(tick.bar.close_above_low);
                quantity.see(tick.bar.volume.units);
                break;
            // A mark or index is an average: finer than any order could be, and left out where it does not fit.
            default: break;
        }
    }

private:
    void see_above_low(std::uint32_t offset) noexcept {
        // A span cut to the widest that fits says nothing.
        if (offset != std::numeric_limits<std::uint32_t>::max()) price.see(offset);
    }
};

template <class Decoder>
class Discovery {
public:
    void on_frame(const Frame& frame) {
        if (frame.origin == FrameOrigin::sent || frame.origin == FrameOrigin::opened) return;
        batch_.clear();
        if (!decoder_.decode(frame, batch_)) return;
        for (const auto& tick : batch_.ticks()) {
            if (tick.instrument.value >= seen_.size()) {
                if (tick.instrument == core::no_instrument) continue;
                seen_.resize(std::size_t{tick.instrument.value} + 1);
            }
            seen_[tick.instrument.value].see(tick);
        }
    }

    core::InstrumentTable finish() {
        core::InstrumentTable found;
        seen_.resize(probes_.size());
        for (const auto& probe : probes_) {
            const auto& seen = seen_[probe.id.value];
            found.add(describe(probe.venue, probe.market, probe.symbol, seen.price.of(probe.price_decimals),
                               seen.quantity.of(probe.quantity_decimals)));
        }
        return found;
    }

private:
    core::InstrumentTable probes_;
    Decoder decoder_{probes_, true};
    Batch batch_;
    std::vector<Seen> seen_;
};

}  // namespace

core::InstrumentTable discover(core::Venue venue, std::span<const std::filesystem::path> captures) {
    return with_venue(venue, [&](auto types) {
        Discovery<typename decltype(types)::Decoder> discovery;
        MergedReader reader{captures};
        for (Frame frame; reader.next(frame);) discovery.on_frame(frame);
        return discovery.finish();
    });
}

core::InstrumentTable discover(core::Venue venue, const Tape& tape) {
    return with_venue(venue, [&](auto types) {
        Discovery<typename decltype(types)::Decoder> discovery;
        for (const auto& frame : tape) discovery.on_frame(frame);
        return discovery.finish();
    });
}

}  // namespace feeds::capture
