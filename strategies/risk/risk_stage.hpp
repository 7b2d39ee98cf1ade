#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/tick.hpp"
#include "pipeline/book/market.hpp"
#include "strategies/command.hpp"
#include "strategies/decision.hpp"
#include "strategies/risk/account.hpp"
#include "strategies/risk/backoff.hpp"
#include "strategies/risk/bracket.hpp"
#include "strategies/risk/gate.hpp"
#include "strategies/risk/protections.hpp"
#include "strategies/risk/settings.hpp"
#include "strategies/risk/working_orders.hpp"

#include <cstdint>
#include <vector>

namespace strategies {

/// What RiskStage stands on.
struct RiskStageSettings {
    RiskSettings risk;
    BracketSettings bracket;
    core::Notional start_equity{};
    std::uint32_t epoch{1};  ///< high bits of every order id
    std::size_t bots{1};
    bool live{};  ///< orders go to a real venue: `live_enabled` is asked for
};

/// The last stage before a gateway: judges what bots want, and owns what became of it: working orders, the bracket of
/// every position, the account and its protections. Exits, cancels and protection pass in every mode. `command` ticks
/// are those of strategies::Command.
/// In:  executions come back as ticks. Out: orders to send, in order. Old protection is cancelled when the new rests;
/// what was refused is sent again after a pause (Backoff). Spot: no two orders ever rest on the same coins. The stop
/// does; targets are watched here, and for them and for exits the stop's end is awaited first.
class RiskStage {
public:
    using Command = strategies::Command;

    RiskStage(const RiskStageSettings& settings, const core::InstrumentTable& instruments);

    void on(const core::Tick& tick, const pipeline::Market& market, const Intents& intents, Orders& out) noexcept;

    [[nodiscard]] const Account& account() const noexcept { return account_; }
    [[nodiscard]] const Gate& gate() const noexcept { return gate_; }
    [[nodiscard]] const Protections& protections() const noexcept { return protections_; }
    [[nodiscard]] std::uint64_t closed_trades() const noexcept { return closed_trades_; }
    [[nodiscard]] std::uint64_t unplaced() const noexcept {
        return unplaced_;
    }  ///< orders that found no room: 0 in a sound run

private:
    void on_execution(const core::Tick& tick, const pipeline::Market& market, Orders& out) noexcept;
    void restore(const core::Tick& tick, core::Execution what, Orders& out) noexcept;
    void on_command(const core::Tick& tick) noexcept;
    void tell_account(Orders& out) noexcept;
    void on_closed(const ClosedTrade& trade, core::Purpose by) noexcept;
    void watch_equity(Orders& out) noexcept;
    void flatten(Orders& out) noexcept;
    void on_rest(core::OrderId id, Orders& out) noexcept;
    void on_end(const core::Tick& tick, Bracket::End how, Orders& out) noexcept;
    [[nodiscard]] bool naked(core::InstrumentId instrument) noexcept;
    void protect(core::InstrumentId instrument, Orders& out) noexcept;
    void protect_coins(core::InstrumentId instrument, Orders& out) noexcept;
    void place(core::InstrumentId instrument, const Bracket::Changes& changes, Orders& out) noexcept;
    void cancel_replaced(Orders& out) noexcept;
    void cancel_protection(core::InstrumentId instrument, core::Quantity position, Orders& out) noexcept;
    void retry(Orders& out) noexcept;
    void close_position(core::InstrumentId instrument, core::Purpose purpose, Orders& out) noexcept;
    [[nodiscard]] bool holds_coins(core::InstrumentId instrument) noexcept;
    void try_exit(core::InstrumentId instrument, Orders& out) noexcept;
    void want(const Intent& intent, const pipeline::Market& market, Orders& out) noexcept;
    core::OrderId send(core::Order order, Orders& out) noexcept;
    void cancel(core::OrderId id, Orders& out) noexcept;

    /// The way out of one position.
    struct Exit {
        bool wanted{};  ///< an exit is to be sent
        core::Purpose purpose{};
        Backoff pause{};
    };

    RiskStageSettings settings_;
    const core::InstrumentTable* instruments_;
    Account account_;
    Gate gate_;
    Protections protections_;
    WorkingOrders working_;
    std::vector<Bracket> brackets_;  // by instrument
    std::vector<Exit> exits_;        // by instrument
    std::uint64_t counter_{}, closed_trades_{}, unplaced_{};
    core::Nanoseconds now_{};  // account time: never goes back, whatever instrument ticks
    core::Nanoseconds tick_time_{};
    std::uint64_t sequence_{};
    core::Nanoseconds next_watch_{};
    core::Notional equity_{};
    AccountMemory told_{};
    std::vector<PlanMemory> told_plans_;  // by instrument
    /// A restore: nothing is judged until it is complete and the price of everything held is known (for at most 60 s).
    enum class Restore : std::uint8_t { none, under_way, unmarked } restore_{};
    core::Nanoseconds begin_by_{};
    core::Nanoseconds retry_at_{core::Nanoseconds::max()};  // something refused, or without room, is due again
    bool flattening_{};                                     // until everything is flat
};

}  // namespace strategies
