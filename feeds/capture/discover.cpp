#include "feeds/capture/discover.hpp"

#include "core/domain/function_ref.hpp"
#include "core/domain/wide.hpp"
#include "feeds/capture/known_instruments.hpp"
#include "feeds/capture/merged_reader.hpp"
#include "feeds/with_venue.hpp"

#include <array>
#include <limits>
#include <vector>

namespace feeds::capture {

namespace {

/// The most decimals that any value seen so far needs.
class DecimalsUsed {
public:
    /// `units` of 10^-decimals.
    void see(std::int64_t units, int decimals) noexcept {
        seen_ = true;
        while (used_ < decimals &&
               units % static_cast<std::int64_t>(core::pow10[static_cast<std::size_t>(decimals - used_)]) != 0)
            ++used_;
    }
    [[nodiscard]] int or_probe(int probe) const noexcept { return seen_ ? used_ : probe; }

private:
    int used_{};
    bool seen_{};
};

/// Decimals a probe reads prices and quantities with.
struct Probe {
    int price, quantity;
};
constexpr Probe usual_probe{Symbols::probe_price_decimals, Symbols::probe_quantity_decimals};
/// For frames with a number too large for that: there are asks of 9,999,999,997 francs and trades of 10^12 coins.
constexpr std::array coarser_probes{Probe{6, 8}, Probe{2, 8},  Probe{10, 4}, Probe{6, 4},
                                    Probe{2, 4}, Probe{10, 0}, Probe{0, 0}};

struct Seen {
    DecimalsUsed price_used, quantity_used;

    void see(const core::Tick& tick, const Probe& probe) noexcept {
        using core::TickKind;
        const auto price = [&](core::Price value) { price_used.see(value.units, probe.price); };
        const auto quantity = [&](core::Quantity value) { quantity_used.see(value.units, probe.quantity); };
        switch (tick.kind) {
            case TickKind::level:
                price(tick.level.price);
                quantity(tick.level.quantity);
                break;
            case TickKind::trade:
            case TickKind::liquidation:
                price(tick.trade.price);
                quantity(tick.trade.quantity);
                break;
            case TickKind::quote:
                price(tick.quote.bid_price);
                price(tick.quote.ask_price);
                quantity(tick.quote.bid_quantity);
                quantity(tick.quote.ask_quantity);
                break;
            case TickKind::bar:
                price(tick.bar.low);
                see_above_low(tick.bar.open_above_low, probe);
                see_above_low(tick.bar.high_above_low, probe);
                see_above_low(tick.bar.close_above_low, probe);
                quantity(tick.bar.volume);
                break;
            // A mark or index is an average: finer than any order could be, and left out where it does not fit.
            default: break;
        }
    }

private:
    void see_above_low(std::uint32_t offset, const Probe& probe) noexcept {
        // A span cut to the widest that fits says nothing.
        if (offset != std::numeric_limits<std::uint32_t>::max()) price_used.see(offset, probe.price);
    }
};

template <class Decoder>
class Discovery {
public:
    void on_frame(const Frame& frame) {
        if (frame.origin != FrameOrigin::socket && frame.origin != FrameOrigin::rest) return;
        batch_.clear();
        const auto decoded = decoder_.decode(frame, batch_);
        if (decoded) [[likely]]
            see(usual_probe);
        else if (decoded.error() == core::Error::out_of_range)
            read_coarser(frame);
    }

    core::InstrumentTable finish() {
        core::InstrumentTable found;
        seen_.resize(probes_.size());
        for (const auto& probe : probes_) {
            const auto& seen = seen_[probe.id.value];
            found.add(describe(probe.venue, probe.market, probe.symbol, seen.price_used.or_probe(usual_probe.price),
                               seen.quantity_used.or_probe(usual_probe.quantity)));
        }
        return found;
    }

private:
    void see(const Probe& probe) {
        for (const auto& tick : batch_.ticks()) {
            if (tick.instrument == core::no_instrument) continue;
            if (tick.instrument.value >= seen_.size()) seen_.resize(std::size_t{tick.instrument.value} + 1);
            seen_[tick.instrument.value].see(tick, probe);
        }
    }
    void use(const Probe& probe) {
        for (std::size_t i = 0; i < probes_.size(); ++i) {
            auto& instrument = probes_[core::InstrumentId{static_cast<std::uint16_t>(i)}];
            instrument.price_decimals = probe.price;
            instrument.quantity_decimals = probe.quantity;
        }
    }
    void read_coarser(const Frame& frame) {
        for (const auto& probe : coarser_probes) {
            use(probe);
            batch_.clear();
            if (!decoder_.decode_general(frame, batch_)) continue;
            see(probe);
            break;
        }
        use(usual_probe);
    }

    core::InstrumentTable probes_;
    Decoder decoder_{probes_, true};
    Batch batch_;
    std::vector<Seen> seen_;
};

/// `frames` calls what it is given with every frame, in order.
core::InstrumentTable discover_frames(core::Venue venue,
                                      core::FunctionRef<void(core::FunctionRef<void(const Frame&)>)> frames) {
    return with_venue(venue, [&](auto types) {
        Discovery<typename decltype(types)::Decoder> discovery;
        frames([&](const Frame& frame) { discovery.on_frame(frame); });
        return discovery.finish();
    });
}

}  // namespace

core::InstrumentTable discover(core::Venue venue, std::span<const std::filesystem::path> captures) {
    MergedReader reader{captures};
    return discover_frames(venue, [&](core::FunctionRef<void(const Frame&)> see) {
        for (Frame frame; reader.next(frame);) see(frame);
    });
}

core::InstrumentTable discover(core::Venue venue, const Tape& tape) {
    return discover_frames(venue, [&](core::FunctionRef<void(const Frame&)> see) {
        for (const auto& frame : tape) see(frame);
    });
}

}  // namespace feeds::capture
