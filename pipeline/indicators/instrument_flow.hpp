#pragma once

#include "pipeline/book/market.hpp"
#include "pipeline/indicators/indicators.hpp"
#include "pipeline/indicators/ofi.hpp"
#include "pipeline/indicators/session_vwap.hpp"
#include "pipeline/indicators/settings.hpp"
#include "pipeline/indicators/signed_flow.hpp"
#include "pipeline/indicators/trade_intensity.hpp"

namespace pipeline {

/// What the trades and quotes of one instrument say between bars.
class InstrumentFlow {
public:
    static constexpr int flow_window_s = 60;

    InstrumentFlow(const IndicatorSettings& settings, Memory memory)
        : ofi_(settings.ofi_window_s, memory),
          flow_(flow_window_s, memory),
          intensity_(memory),
          session_(settings.vwap_session_utc_h) {}

    void on_trade(core::Nanoseconds time, core::Side aggressor, double price, core::Quantity quantity) noexcept {
        const auto second = second_of(time);
        flow_.add(second, aggressor, quantity);
        intensity_.add(second);
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
    }

    /// The measures as they stand at `time`, the tick that came with it counted.
    void write(core::Nanoseconds time, double units_per_quantity, Indicators& out) noexcept {
        const auto second = second_of(time);
        out.ofi = ofi_.value(second) / units_per_quantity;
        out.ofi_normalised = ofi_.normalised(second);
        out.flow60 = flow_.value(second);
        out.intensity = intensity_.rate(second);
        out.intensity_ratio = intensity_.ratio(second);
    }

    [[nodiscard]] double session_vwap(core::Nanoseconds time) const noexcept { return session_.value(time); }

private:
    Ofi ofi_;
    SignedFlow flow_;
    TradeIntensity intensity_;
    SessionVwap session_;
};

}  // namespace pipeline
