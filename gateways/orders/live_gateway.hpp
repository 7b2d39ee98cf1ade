#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/order.hpp"
#include "core/domain/tick.hpp"
#include "core/net/circuit_breaker.hpp"
#include "core/net/clock_offset.hpp"
#include "core/net/rate_limit.hpp"
#include "gateways/orders/dead_man.hpp"
#include "gateways/orders/ledger.hpp"
#include "gateways/orders/order_gate.hpp"
#include "gateways/orders/protection.hpp"
#include "gateways/orders/protection_queue.hpp"
#include "gateways/orders/reconcile.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace gateways {

/// What the transport of a venue has to do. Whatever it learns comes back as events or as an AccountSnapshot.
enum class ActionKind : std::uint8_t {
    place,        ///< send `order`. Never twice: what becomes of it is asked for
    cancel,       ///< cancel `order` (a copy of it), by our id or by `venue_order`; may be repeated
    cancel_all,   ///< of the account
    ask_order,    ///< fetch `order.id`, or `venue_order`: order_update, or not_found
    ask_fills,    ///< fetch the fills of the order
    ask_account,  ///< open orders, fills since `since`, positions: an AccountSnapshot
    ask_time,     ///< the venue's clock: a sample for clock()
    renew_timer  ///< the venue's dead-man timer, `countdown` (0: no longer); of `order.instrument` where per instrument
};
inline constexpr std::size_t action_kind_count = 8;
std::string_view name(ActionKind kind) noexcept;

struct Action {
    ActionKind kind{};
    core::Order order{};
    VenueId venue_order{};
    core::Nanoseconds timestamp{};  ///< the venue's time to sign with; 0 where nothing is signed
    core::Nanoseconds since{};      ///< ask_account: venue time
    core::Nanoseconds countdown{};  ///< renew_timer
    bool conditional{};             ///< `order` stands in the venue's book of waiting orders, whatever its fields say
};

/// What a person must hear of.
enum class AlertKind : std::uint8_t {
    naked_position,  ///< longer than the grace without a stop
    resurrected,     ///< an order that was given up lives
    overfilled,
    unbooked_fill,
    liquidated,
    outside_order,
    position_mismatch,  ///< seen twice in a row: no entries until it is resolved
    stop_incomplete,    ///< the deadline of a stop passed with orders not proven to be gone
    hedge_mode,         ///< the account holds long and short apart: the instrument is not traded
    timer_left,         ///< the venue's dead-man timer could not be ended: it may cancel the stops that stay
    left_naked,         ///< the gate is closed, and a position has no (whole) stop at the venue
    protection_waits    ///< the venue banned us while a stop or an exit waits to be sent
};
inline constexpr std::size_t alert_kind_count = 12;
std::string_view name(AlertKind kind) noexcept;
struct Alert {
    AlertKind kind{};
    core::InstrumentId instrument{};
    core::OrderId id{};
};

/// Everything that follows from one call.
struct Outcome {
    std::vector<Action> actions;
    std::vector<core::Tick> executions;  ///< for the pipeline
    std::vector<Alert> alerts;
    void clear() noexcept { actions.clear(), executions.clear(), alerts.clear(); }
};

struct LiveSettings {
    core::Venue venue{};
    LedgerSettings ledger{};
    ReconcileSettings reconcile{};
    core::BreakerSettings breaker{};
    bool dead_man{};         ///< keep the venue's timers running that cancel our orders when we do not renew them
    bool pays_timers{true};  ///< takes what their requests weigh from the budget; else whoever sends them does
    std::uint32_t order_weight{1}, query_weight{4}, account_weight{40};
    core::Nanoseconds cancel_retry{std::chrono::milliseconds{250}};  ///< after a refused cancel, doubled by each …
    core::Nanoseconds order_pause{std::chrono::seconds{1}};          ///< without entries, after "too many orders"
    core::Nanoseconds stop_retry{std::chrono::milliseconds{250}};  ///< between stops of the gateway's own, doubled …
    core::Nanoseconds longest_retry{std::chrono::seconds{30}};     ///< … up to this
    bool stop_keeps_protection{true};  ///< an orderly stop leaves the stops of held positions at the venue
    core::Nanoseconds naked_grace{std::chrono::seconds{2}};
    core::Nanoseconds clock_limit{std::chrono::milliseconds{500}};  ///< no entries when our clock may be wrong by more
    std::size_t compact_above{64u << 20};                           ///< bytes of the ledger's file
    std::uint32_t epoch{};                                          ///< of this run: for orders of the gateway's own
};

/// Orders of one account at one venue, from the risk gate to the wire and back: records, checks, budgets, asks,
/// reconciles and protects. Pure: no socket, no clock, no thread; `now` is handed in and is the clock that stamps
/// receive_time (core::Clock, which no step of the system's time moves). Which way an action goes is its carrier's
/// business.
class LiveGateway {
public:
    LiveGateway(const LiveSettings& settings, const core::InstrumentTable& instruments, OrderLedger& ledger,
                core::RateLedger& budget);

    /// An order or a cancel of the risk gate. What may not leave is answered with a `rejected` execution at once; what
    /// protects a position and only lacks request budget waits for it.
    void submit(const core::Order& order, core::Nanoseconds now, Outcome& out);
    /// What the venue said; stream_up and stream_down, too.
    void on(const VenueEvent& event, core::Nanoseconds now, Outcome& out);
    void on(const AccountSnapshot& snapshot, core::Nanoseconds now, Outcome& out);
    void account_failed(core::Nanoseconds now) noexcept { reconciler_.failed(now); }
    /// Not one byte of the order left (no connection): it is refused, not unknown.
    void not_sent(core::OrderId id, core::Nanoseconds now, Outcome& out);
    /// The order-entry WebSocket broke: the outcome of what it had not answered is unknown.
    void entry_lost(core::Nanoseconds now, Outcome& out);
    /// What came of a renew_timer.
    void timer_renewed(const Action& action, bool done, core::Nanoseconds now) noexcept {
        timers_.answered(action.order.instrument, action.countdown, done, now);
    }
    /// The newest price traded: no stop of the gateway's own is placed beyond it. Optional.
    void price(core::InstrumentId instrument, core::Price last) noexcept { prices_[instrument.value] = last; }
    /// A person takes the venue's word for a position that differs (Reconciler::accept). It is in the ledger then, and
    /// the pipeline hears of the difference as of a fill at `price`, a stranger's order. False: there is no difference.
    bool accept(core::InstrumentId instrument, core::Price price, core::Nanoseconds now, Outcome& out);
    /// Lets time pass; every 10 ms or so.
    void step(core::Nanoseconds now, Outcome& out);

    /// A person says so. `open` is refused while stopping.
    bool open() noexcept { return gate_.open(); }
    void stop(core::Nanoseconds now, core::Nanoseconds limit) noexcept {
        gate_.stop(now, limit, settings_.stop_keeps_protection);
    }

    /// Why an entry may not leave now; none: it may.
    [[nodiscard]] Block block(core::InstrumentId instrument) const noexcept { return reconciler_.block(instrument); }
    [[nodiscard]] const OrderGate& gate() const noexcept { return gate_; }
    [[nodiscard]] const core::CircuitBreaker& breaker() const noexcept { return breaker_; }
    [[nodiscard]] core::ClockOffset& clock() noexcept { return clock_; }
    [[nodiscard]] Reconciler& reconciler() noexcept { return reconciler_; }
    /// Orders that did not leave because of gate, block, clock, breaker or budget.
    [[nodiscard]] std::uint64_t held_back() const noexcept { return held_back_; }

private:
    [[nodiscard]] bool may_pass(const core::Order& order, core::Nanoseconds now) noexcept;
    [[nodiscard]] bool may_leave(const core::Order& order, core::Nanoseconds now) noexcept;
    [[nodiscard]] bool closes(const core::Order& order) const noexcept;
    bool record(const core::Order& order, core::Nanoseconds now, Outcome& out);
    void send(const core::Order& order, core::Nanoseconds now, Outcome& out);
    void protect_with(const core::Order& order, core::Nanoseconds now, Outcome& out);
    void work_off_protection(core::Nanoseconds now, Outcome& out);
    void let_go(core::OrderId id, core::Nanoseconds now, Outcome& out);
    [[nodiscard]] bool awaits_protection(core::Nanoseconds now) const noexcept;
    void tell_naked(Outcome& out) const;
    void place(const core::Order& order, core::Nanoseconds now, Outcome& out);
    void refuse(const core::Order& order, core::RejectReason why, core::Nanoseconds now, Outcome& out);
    void want_cancel(core::OrderId id, core::Nanoseconds now, Outcome& out);
    void work_off_cancels(core::Nanoseconds now, Outcome& out);
    void judge(const VenueEvent& answer, core::Nanoseconds now) noexcept;
    void learn(const VenueEvent& event, core::Nanoseconds now, Outcome& out);
    void act_on(const std::vector<Effect>& effects, core::Nanoseconds now, Outcome& out);
    void ask(const Effect& effect, core::Nanoseconds now, Outcome& out);
    void protect(core::Nanoseconds now, Outcome& out);
    void ask_regularly(core::Nanoseconds now, Outcome& out);
    void close_up(core::Nanoseconds now, Outcome& out);
    void keep_timers(core::Nanoseconds now, Outcome& out);
    void keep_ledger_small();
    void withdraw_own_stops(core::InstrumentId instrument, core::Nanoseconds now, Outcome& out);
    [[nodiscard]] Action action(ActionKind kind, core::Nanoseconds now) noexcept;

    LiveSettings settings_;
    const core::InstrumentTable* instruments_;
    OrderLedger* ledger_;
    core::RateLedger* budget_;
    Reconciler reconciler_;
    OrderGate gate_;
    core::CircuitBreaker breaker_;
    core::ClockOffset clock_;
    core::SigningClock signing_;
    DeadManTimers timers_;
    ProtectionWatch watch_;
    struct WantedCancel {
        core::OrderId id{};
        core::Nanoseconds next{};
        std::uint32_t refusals{};
    };
    std::vector<WantedCancel> cancels_;
    ProtectionQueue waiting_;
    struct Naked {
        bool alarmed{};            // it was said
        std::uint32_t stops{};     // that we placed since
        core::Nanoseconds next{};  // when we may place another
        core::Nanoseconds placed{};
    };
    std::vector<Naked> naked_;         // by instrument
    std::vector<core::Price> prices_;  // by instrument
    std::vector<Effect> effects_;
    core::Nanoseconds paused_until_{};
    std::size_t compact_at_;
    std::uint64_t own_orders_{}, held_back_{};
    bool paged_{};
};

/// `first` doubled `times` times, at most `longest`.
constexpr core::Nanoseconds doubled_wait(core::Nanoseconds first, std::uint32_t times,
                                         core::Nanoseconds longest) noexcept {
    const auto wait = first * (std::int64_t{1} << (times < 20 ? times : 20));
    return wait < longest ? wait : longest;
}

}  // namespace gateways
