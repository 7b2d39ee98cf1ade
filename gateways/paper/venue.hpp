#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/order.hpp"
#include "core/domain/reject_reasons.hpp"
#include "core/domain/tick.hpp"
#include "core/random/xoshiro.hpp"
#include "gateways/paper/book.hpp"
#include "gateways/paper/queue.hpp"
#include "gateways/paper/settings.hpp"

#include <cstdint>
#include <vector>

namespace gateways::paper {

/// A venue that does not exist, fed with the market of one that does: orders travel there, meet the recorded book and
/// tape, and reports travel back. Deterministic: the same ticks and orders at the same times give the same reports.
///
/// Takers walk the book as it stands when they arrive, never at a better price than it shows, and never take the same
/// displayed quantity twice. Makers wait behind what is displayed at their price; trades there (and, by model,
/// cancellations) bring them forward; trades through their price fill them, never for more than traded. Its clock is
/// the receive time of the ticks. Spot accounts hold what they bought, and a coin that rests in one order cannot be
/// sold by another: such an order is refused. Stops hold their coins as their venue does it: Binance from the
/// beginning, Bybit, Bitget and OKX not before they are triggered.
class Venue {
public:
    Venue(const Settings& settings, const core::InstrumentTable& instruments);

    /// A market tick, in the order in which the engine sees it.
    void on_market(const core::Tick& tick) noexcept;

    /// An order (or cancel) that leaves us at `now`. Orders arrive in the order in which they were sent.
    void submit(const core::Order& order, core::Nanoseconds now) noexcept;

    /// Answers an order that never left (it could not be journaled) as a venue would: rejected, a round trip later.
    void refuse(const core::Order& order, core::Nanoseconds now) noexcept;

    /// Lets time pass until `until` and hands over every report due by then, in order. `sink` may submit.
    template <class Sink>
    void deliver(core::Nanoseconds until, Sink&& sink) noexcept {
        while (next_due() <= until) {
            if (!reports_.empty() && (arrivals_.empty() || reports_.front().receive_time <= arrivals_.front().time)) {
                const core::Tick report = reports_.front();
                reports_.pop();
                sink(report);
            } else {
                const Arrival arrival = arrivals_.front();
                arrivals_.pop();
                now_ = arrival.time;
                if (arrival.refused)
                    report(arrival.order, core::Execution::rejected, core::reject_reason::held_back, {},
                           arrival.order.quantity, {});
                else
                    arrive(arrival.order);
            }
        }
    }
    /// When something happens next without a further tick: an order arrives or a report is due; Nanoseconds::max() if
    /// nothing will.
    [[nodiscard]] core::Nanoseconds next_due() const noexcept {
        const auto arrival = arrivals_.empty() ? core::Nanoseconds::max() : arrivals_.front().time;
        const auto report = reports_.empty() ? core::Nanoseconds::max() : reports_.front().receive_time;
        return arrival < report ? arrival : report;
    }
    /// The least time between a submit and its first effect on anybody.
    [[nodiscard]] core::Nanoseconds lookahead() const noexcept { return lookahead_; }

    [[nodiscard]] std::size_t working() const noexcept { return working_.size(); }
    /// What the venue believes we hold, signed.
    [[nodiscard]] core::Quantity position(core::InstrumentId id) const noexcept { return listings_[id.value].position; }

private:
    struct Arrival {
        core::Nanoseconds time;
        core::Order order;
        bool refused{};
    };
    struct Working {
        core::Order order;
        core::Quantity left{};
        QueuePlace place{};
        bool triggered{};  ///< a stop whose time came, but for which the book had no (or not enough) quantity
    };
    struct Listing {  ///< one instrument there
        Book book;
        core::Quantity position{};
        core::Nanoseconds clock_offset{};  ///< venue time − receive time, as last seen
        std::uint32_t working{};
    };

    void arrive(const core::Order& order) noexcept;
    core::RejectReason check(const core::Order& order, const Listing& listing) const noexcept;
    void execute(const core::Order& order) noexcept;
    void cancel(const core::Order& order) noexcept;
    core::Quantity walk(const core::Order& order, core::Quantity wanted) noexcept;
    [[nodiscard]] core::Quantity fillable(const core::Order& order, core::Quantity wanted) const noexcept;
    [[nodiscard]] core::Quantity capped(const core::Order& order, core::Quantity wanted) const noexcept;
    /// Spot: what of the coins no other working order holds.
    [[nodiscard]] core::Quantity free_coins(const core::Order& order) const noexcept;
    void rest(const core::Order& order, core::Quantity left) noexcept;

    void on_trade(const core::Tick& tick) noexcept;
    void on_display(const core::Tick& tick) noexcept;
    void on_top(core::InstrumentId id) noexcept;
    void trigger(std::size_t index) noexcept;
    core::Quantity fill_maker(std::size_t index, core::Quantity quantity) noexcept;
    void sweep(core::InstrumentId id) noexcept;

    void fill(const core::Order& order, core::Price price, core::Quantity quantity, bool maker) noexcept;
    void report(const core::Order& order, core::Execution what, core::RejectReason why, core::Price price,
                core::Quantity quantity, core::Notional fee) noexcept;
    [[nodiscard]] core::Nanoseconds latency(double constant_us, const std::vector<double>& samples_us,
                                            core::Xoshiro& draws) noexcept;

    Settings settings_;
    const core::InstrumentTable* instruments_;
    core::Nanoseconds lookahead_{}, now_{};
    core::Nanoseconds last_arrival_{core::Nanoseconds::min()}, last_due_{core::Nanoseconds::min()};
    core::Xoshiro entry_draws_, response_draws_;  // one a direction: when an order is told of does not move the other's
    std::vector<Listing> listings_;
    std::vector<Working> working_;  // in order of arrival
    Fifo<Arrival> arrivals_;
    Fifo<core::Tick> reports_;
    std::uint64_t newest_id_{};
};

}  // namespace gateways::paper
