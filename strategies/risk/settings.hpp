#pragma once

#include <cstdint>

namespace strategies {

/// Keys `bracket.*` (spec/bots.md section 7).
struct BracketSettings {
    double stop_bps{200};  ///< where a decision names none
    double take_profit_bps{600};
    bool trail{false};  ///< best gain >= 150 bps: stop at entry + 50; >= 300: entry + half of the best gain
};

/// Keys `risk.*` (spec/risk.md sections 3 and 4). Shares are of equity.
struct RiskSettings {
    bool live_enabled{false};
    double max_book_age_ms{2000};
    double price_band_bps{200};
    double max_order_notional{.05};
    double max_position{.05};
    double max_exposure{1.0};
    double max_trade_risk{.01};
    double max_leverage{3};
    std::uint32_t max_open_orders{20};
    double orders_per_s{5};
    double orders_burst{10};
    double orders_per_min{100};
    double fee_bps{10}, slippage_bps{5};  ///< counted in the loss at the stop, as sizing does

    double daily_loss_limit{.03}, daily_loss_flatten{.05};
    double max_drawdown_limit{.10}, max_drawdown_halt{.20};
    std::uint32_t stoploss_guard_stops{4};
    double stoploss_guard_window_s{86400}, stoploss_guard_lock_s{3600};
    std::uint32_t consecutive_losses{5};
    double consecutive_losses_lock_s{7200};
    double cooldown_s{300};
    std::uint32_t low_profit_trades{4};
    double low_profit_min{-.005}, low_profit_window_s{86400}, low_profit_lock_s{7200};
    std::uint32_t reject_guard_rejects{5};
    double reject_guard_window_s{10}, reject_guard_lock_s{60};
};

}  // namespace strategies
