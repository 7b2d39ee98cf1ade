#pragma once

#include "core/domain/instrument.hpp"
#include "pipeline/book/market.hpp"
#include "strategies/decision.hpp"
#include "strategies/risk/account.hpp"
#include "strategies/risk/protections.hpp"
#include "strategies/risk/settings.hpp"
#include "strategies/risk/token_bucket.hpp"
#include "strategies/risk/working_orders.hpp"

#include <vector>

namespace strategies {

/// The pre-trade checks of spec/risk.md section 3, in its order; the first failure answers. Exits and cancels pass in
/// every mode.
class Gate {
public:
    Gate(const RiskSettings& settings, const core::InstrumentTable& instruments, bool live);

    /// Judges an entry (or addition). May reduce `order.quantity` to the position cap. Counts the answer.
    Verdict judge(const Intent& intent, core::Order& order, const pipeline::Market& market, const Account& account,
                  WorkingOrders& working, const Protections& protections) noexcept;

    /// Blocks entries of an instrument while its position or an order's outcome is in doubt.
    void doubt(core::InstrumentId instrument, bool in_doubt) noexcept { doubtful_[instrument.value] = in_doubt; }

    [[nodiscard]] std::uint64_t answers(Denial denial) const noexcept {
        return answers_[static_cast<std::size_t>(denial)];
    }
    [[nodiscard]] std::uint64_t reduced() const noexcept { return reduced_; }

private:
    Verdict check(const Intent& intent, core::Order& order, const pipeline::Market& market, const Account& account,
                  WorkingOrders& working, const Protections& protections) noexcept;
    Verdict check_money(const Intent& intent, core::Order& order, core::Price mark, const Account& account,
                        WorkingOrders& working) const noexcept;

    RiskSettings settings_;
    const core::InstrumentTable* instruments_;
    bool live_;
    TokenBucket per_second_, per_minute_;
    std::vector<bool> doubtful_;
    std::array<std::uint64_t, denial_count> answers_{};
    std::uint64_t reduced_{};
};

}  // namespace strategies
