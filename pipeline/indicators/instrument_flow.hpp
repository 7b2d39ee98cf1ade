#pragma once

#include "pipeline/book/market.hpp"
#include "pipeline/indicators/daily_vpin.hpp"
#include "pipeline/indicators/indicators.hpp"
#include "pipeline/indicators/ofi.hpp"
#include "pipeline/indicators/session_vwap.hpp"
#include "pipeline/indicators/settings.hpp"
#include "pipeline/indicators/signed_flow.hpp"
#include "pipeline/indicators/trade_intensity.hpp"

#include <optional>

namespace pipeline {

/// What the trades and quotes of one instrument say between bars.
class InstrumentFlow {
public:
    static constexpr int flow_window_s = 60;
    static constexpr double memory_s = 10;  ///< of the exponential intensity

    InstrumentFlow(const IndicatorSettings& settings, Memory memory)
        : ofi_(settings.ofi_window_s, memory),
          flow_(flow_window_s, memory),
          intensity_(memory),
          session_(settings.vwap_session_utc_h) {
        if (settings.vpin) vpin_.emplace(memory);
    }

    void on_trade(core::Nanoseconds time, core::Side aggressor, double price, core::Quantity quantity) noexcept {
        const auto second = second_of(time);
        flow_.add(second, aggressor, quantity);
        intensity_.add(second);
        if (first_trade_ == never) [[unlikely]]
            first_trade_ = time;
        exponential_.add(time);
        if (vpin_) [[unlikely]]
            vpin_->add(time, aggressor, quantity);
        session_.add(time, price, static_cast<double>(quantity.units));
    }

    void on_top(const Market& market) noexcept {
        ofi_.add(second_of(market.time), {market.bid, market.ask, market.bid_quantity, market.ask_quantity});
    }

    /// Something was missed: the windows begin anew. The session's mean price goes on, for what was missed is small in
    /// it.
    void on_gap() noexcept {
        ofi_.reset();
        flow_.reset();
        intensity_.reset();
        exponential_ = ExponentialIntensity{memory_s};
        first_trade_ = never;
        if (vpin_) vpin_->reset();
    }

    /// The measures as they stand at `time`, the tick that came with it counted.
    void write(core::Nanoseconds time, double units_per_quantity, Indicators& out) noexcept {
        const auto second = second_of(time);
        out.ofi = ofi_.value(second) / units_per_quantity;
        out.ofi_normalised = ofi_.normalised(second);
        out.flow60 = flow_.value(second);
        out.intensity = intensity_.rate(second);
        out.intensity_ratio = intensity_.ratio(second);
        // What came before the first trade weighs e^-5 by then, less than a hundredth.
        const bool settled = first_trade_ != never && core::seconds(time - first_trade_) >= 5 * memory_s;
        out.intensity_exponential = settled ? exponential_.value(time) : core::unknown;
        out.vpin = vpin_ ? vpin_->value() : core::unknown;
    }

    [[nodiscard]] double session_vwap(core::Nanoseconds time) const noexcept { return session_.value(time); }

private:
    static constexpr core::Nanoseconds never = core::Nanoseconds::max();

    Ofi ofi_;
    SignedFlow flow_;
    TradeIntensity intensity_;
    ExponentialIntensity exponential_{memory_s};
    core::Nanoseconds first_trade_{never};  // since the newest gap
    std::optional<DailyVpin> vpin_;         // where it is wanted
    SessionVwap session_;
};

}  // namespace pipeline
