#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/saturating.hpp"
#include "core/domain/tick.hpp"
#include "pipeline/bars/bars.hpp"
#include "pipeline/book/market.hpp"
#include "pipeline/traps/candidates.hpp"
#include "pipeline/traps/reporter.hpp"

#include <array>

namespace pipeline::traps {

/// Spoofing and layering (spec/traps.md section 5, book family) in one instrument: walls that are shown and withdrawn.
///
/// Every level change is judged against the market as it stood before its event. An increase of at least three mean
/// level sizes, 1 to 50 bps from its touch, is a candidate: one a price, the largest that still stands. What leaves the
/// level later is taken from the candidate only when the level falls below all it has held since (others come and go on
/// top), first as executed up to what traded there since the level's last update, else as cancelled. Once .9 of it is
/// cancelled it is withdrawn; once more than .1 is executed it was an order that wanted to trade.
///
/// A withdrawn candidate is spoofing unless it is a layer. So while enough others stand beside it that layering could
/// still come of them, it waits, a second at most. Layers that are withdrawn after the event left raise it again with
/// what is known then, for an upgrade.
class Spoofing {
public:
    Spoofing(const TrapSettings& settings, const core::Instrument& instrument, const Timeframes& timeframes) noexcept;

    /// A level, inner or last. Its market shows the event's time and what the level replaced; the book's view is the
    /// one that the newest on_book() kept.
    void on_level(const Senses& /*senses*/, const core::Tick& tick, const Market& market) noexcept {
        if ((tick.flags & core::tick_flag::snapshot) != 0) [[unlikely]] {
            if ((tick.flags & core::tick_flag::first) != 0) forget();
            return;
        }
        if (!valid_) return;
        Side& side = sides_[static_cast<std::size_t>(tick.side)];
        const auto [price, quantity, id] = tick.level;
        Candidate* candidate = side.candidates.find(price);
        const auto added = static_cast<double>(quantity.units - market.replaced.units);
        if (added >= side.wall && side.in_band(price)) [[unlikely]]
            grow(side, candidate, tick, market);
        else if (candidate != nullptr) [[unlikely]]
            change(side, *candidate, tick, market);
        if (quantity.units > 0 && side.in_top_ten(price)) side.note_size(quantity, least_multiple_);
    }
    void on_trade(const Senses& /*senses*/, const core::Tick& tick, Reporter& /*reporter*/) noexcept {
        const auto quantity = tick.trade.quantity;
        volume_[static_cast<std::size_t>(tick.side)] += static_cast<std::uint64_t>(quantity.units);
        Side& hit = sides_[static_cast<std::size_t>(core::opposite(tick.side))];
        if (Candidate* candidate = hit.candidates.find(tick.trade.price))
            candidate->traded = core::saturating_sum(candidate->traded, quantity);
    }
    /// Judges what was withdrawn, then keeps the view.
    void on_book(const Senses& /*senses*/, const core::Tick& tick, const Market& market, Reporter& reporter) noexcept {
        if (unsettled_ || market.time > next_look_) [[unlikely]]
            judge(market, reporter);
        if (!market.valid)
            reporter.note(Measure::book, core::unknown);
        else if (tick.is(core::TickKind::level))
            for (const Side& side : sides_) reporter.note(Measure::level_size, side.wall);
        if (market.top_changed || market.valid != valid_ || tick.is(core::TickKind::level)) look(market);
    }
    /// Nothing that was seen counts any more: a gap.
    void clear() noexcept;

private:
    /// A candidate after its withdrawal, waiting to be judged.
    struct Withdrawn {
        core::Price price;
        core::Quantity delta;
        double multiple, cancelled;  ///< cancelled: of Δ
        double fill, push_bps;
        double quantity20;  ///< of its side's best twenty before the event that withdrew it
        bool in_top20;
        core::Nanoseconds placed, at;
    };
    /// Layers that left together: one event, which grows until a second after the first withdrawal.
    struct Layers {
        core::Nanoseconds first{}, last{};
        double delta{}, cancelled{};
        double outside{};  ///< of delta: beyond the best twenty levels
        double quantity20{core::unknown};
        core::Price nearest{};
        std::uint32_t count{};
        bool open{};

        [[nodiscard]] bool include(const Withdrawn& one) const noexcept;
    };
    struct Side {
        core::Price nearest{}, farthest{};  ///< of a candidate; nearest is the better one
        core::Price tenth{}, twentieth{};
        double wall{core::unknown};  ///< the least increase that is a candidate; unknown while the mean warms up
        double mean{};
        std::uint32_t sizes{};
        std::int64_t sign{};  ///< +1 where a higher price is the better one
        double quantity20{core::unknown};
        Candidates candidates;

        std::uint32_t withdrawn_count{};
        Layers layers{};
        std::array<Withdrawn, 32> withdrawn{};  ///< in order of time

        [[nodiscard]] bool no_worse(core::Price price, core::Price edge) const noexcept {
            return sign > 0 ? price >= edge : price <= edge;
        }
        [[nodiscard]] bool in_band(core::Price price) const noexcept {
            return no_worse(nearest, price) && no_worse(price, farthest);
        }
        [[nodiscard]] bool in_top_ten(core::Price price) const noexcept { return no_worse(price, tenth); }
        void note_size(core::Quantity quantity, double least_multiple) noexcept {
            constexpr double alpha = 2. / 101;
            const auto size = static_cast<double>(quantity.units);
            mean = sizes == 0 ? size : mean + alpha * (size - mean);
            if (sizes < 100) ++sizes;
            if (sizes == 100) wall = least_multiple * mean;
        }
        void withdraw(const Withdrawn& one) noexcept;
        void drop(std::uint32_t index) noexcept;
        bool join_layers() noexcept;  ///< true when any withdrawn candidate belonged to the open layers
    };

    void grow(Side& side, Candidate* candidate, const core::Tick& tick, const Market& market) noexcept;
    void change(Side& side, Candidate& candidate, const core::Tick& tick, const Market& market) noexcept;
    void look(const Market& market) noexcept;
    void forget() noexcept;

    void judge(const Market& market, Reporter& reporter) noexcept;
    void judge(Side& side, const Market& market, Reporter& reporter) noexcept;
    void report_layering(const Side& side, const Market& market, Reporter& reporter) const noexcept;
    void report_spoofing(const Side& side, const Withdrawn& one, const Market& market,
                         Reporter& reporter) const noexcept;

    [[nodiscard]] std::uint64_t push_volume(const Side& side) const noexcept { return volume_[side.sign > 0 ? 0 : 1]; }

    bool valid_{};
    bool unsettled_{};                       ///< something was withdrawn or forgotten since the newest judgement
    core::Nanoseconds next_look_;            ///< when a withdrawn candidate has waited long enough
    double mid_{core::unknown};              ///< quote currency
    std::array<std::uint64_t, 2> volume_{};  ///< traded, by aggressor; wraps, only differences count
    double least_multiple_;
    double price_unit_, quantity_unit_;  ///< in the quote and base currency
    std::array<Side, 2> sides_;
};

}  // namespace pipeline::traps
