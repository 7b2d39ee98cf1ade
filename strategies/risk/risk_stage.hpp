#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/tick.hpp"
#include "pipeline/book/market.hpp"
#include "strategies/decision.hpp"
#include "strategies/risk/account.hpp"
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
/// every position, the account and its protections. Exits, cancels and protection pass in every mode. Commands: a
/// `command` tick with code Command::stop_entries lowers the mode to reduce-only for the rest of the run (the journal's
/// disk is full, say).
/// In:  executions come back as ticks. Out: orders to send, in order; new protection before the cancel of the old.
class RiskStage {
public:
    /// Codes of `command` ticks that concern risk.
    enum class Command : std::uint16_t { stop_entries = 1 };

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
    void on_closed(const ClosedTrade& trade, core::Purpose by) noexcept;
    void watch_equity(Orders& out) noexcept;
    void flatten(Orders& out) noexcept;
    void protect(core::InstrumentId instrument, Orders& out) noexcept;
    void close_position(core::InstrumentId instrument, core::Purpose purpose, Orders& out) noexcept;
    void want(const Intent& intent, const pipeline::Market& market, Orders& out) noexcept;
    core::OrderId send(core::Order order, Orders& out) noexcept;
    void cancel(core::OrderId id, Orders& out) noexcept;

    RiskStageSettings settings_;
    const core::InstrumentTable* instruments_;
    Account account_;
    Gate gate_;
    Protections protections_;
    WorkingOrders working_;
    std::vector<Bracket> brackets_;
    std::uint64_t counter_{}, closed_trades_{}, unplaced_{};
    core::Nanoseconds now_{};  // account time: never goes back, whatever instrument ticks
    core::Nanoseconds tick_time_{};
    std::uint64_t sequence_{};
    core::Nanoseconds next_watch_{};
    core::Notional equity_{};
    bool flattening_{};   // until everything is flat
    bool unprotected_{};  // a protective order found no room: asked for again with the next tick
};

}  // namespace strategies
