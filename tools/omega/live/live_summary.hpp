#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/order.hpp"
#include "tools/omega/engine/order_desk.hpp"
#include "tools/omega/live/accounts.hpp"
#include "tools/omega/live/market_data.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

namespace omega {

/// What people were told that concerns money, kept for the end: a screen is gone by then.
class AlertBook {
public:
    static constexpr std::size_t most = 200;

    void add(std::string text) {
        ++count_;
        if (texts_.size() < most) texts_.push_back(std::move(text));
    }
    [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
    [[nodiscard]] const std::vector<std::string>& texts() const noexcept { return texts_; }  ///< the first `most`

private:
    std::vector<std::string> texts_;
    std::uint64_t count_{};
};

/// What stays at the venues when a run has ended, as its ledgers know it and as the venues last said.
struct LeftBehind {
    struct Position {
        core::InstrumentId instrument{};
        core::Quantity quantity{};  ///< signed
        core::Quantity naked{};     ///< of it no stop at the venue covers
        bool unknown{};             ///< the venue's word, which the ledger does not share: no stop of ours is for it
    };
    struct Order {
        core::Order order{};
        core::Quantity left{};
        bool guards{};  ///< a stop that covers a position: it stays on purpose
    };
    std::vector<Position> positions{};
    std::vector<Order> orders{};  ///< of ours, not proven to be gone

    /// A position without its whole stop, or an order that guards none: a person should look.
    [[nodiscard]] bool unsafe() const noexcept;
};
LeftBehind left_behind(const Accounts& accounts, const core::InstrumentTable& instruments);

/// What a live run says at its end beside to_json(engine, …) and print_summary(engine, …).
struct LiveFacts {
    const core::InstrumentTable* instruments{};
    const MarketData* market{};
    const Accounts* accounts{};  ///< nullptr on paper
    const OrderDesk* desk{};
    AlertBook alerts{};
    LeftBehind left{};
    std::string recorded{};   ///< folder of the captures, "": none
    core::Notional equity{};  ///< what the accounts held at the start; …
    core::Notional cap{};     ///< … and what of it may be counted at most (start_equity)
};
nlohmann::json to_json(const LiveFacts& facts);
void print_summary(std::ostream& out, const LiveFacts& facts);

}  // namespace omega
