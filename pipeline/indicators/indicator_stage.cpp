#include "pipeline/indicators/indicator_stage.hpp"

#include <bit>
#include <cmath>

namespace pipeline {

namespace {

/// Counts what is asked of it.
class Meter final : public std::pmr::memory_resource {
public:
    std::size_t bytes{};

private:
    void* do_allocate(std::size_t size, std::size_t alignment) override {
        bytes += size;
        return std::pmr::new_delete_resource()->allocate(size, alignment);
    }
    void do_deallocate(void* at, std::size_t size, std::size_t alignment) override {
        std::pmr::new_delete_resource()->deallocate(at, size, alignment);
    }
    [[nodiscard]] bool do_is_equal(const memory_resource& other) const noexcept override { return this == &other; }
};

}  // namespace

IndicatorStage::IndicatorStage(const IndicatorSettings& settings, const Timeframes& timeframes,
                               const core::InstrumentTable& instruments) {
    checked_seconds("ofi.window_s", settings.ofi_window_s);
    Meter meter;
    const InstrumentFlow flow{settings, &meter};
    fresh_.reserve(timeframes.count);
    for (std::size_t i = 0; i < timeframes.count; ++i) {
        const IndicatorSet metered{settings, static_cast<double>(timeframes.seconds[i]), &meter};
        fresh_.push_back(metered);
    }
    // Everything that a ring holds is eight bytes wide, so none of them leaves a gap.
    const auto ring_bytes = meter.bytes * instruments.size();
    bytes_per_instrument_ = meter.bytes + sizeof(State) + timeframes.count * sizeof(IndicatorSet);
    rings_ = std::make_unique<std::byte[]>(ring_bytes);
    arena_ = std::make_unique<std::pmr::monotonic_buffer_resource>(rings_.get(), ring_bytes);
    states_.reserve(instruments.size());
    sets_.reserve(instruments.size() * timeframes.count);
    for (const auto& instrument : instruments) {
        states_.push_back({PriceScale{instrument}, std::pow(10.0, instrument.quantity_decimals),
                           InstrumentFlow{settings, arena_.get()}});
        for (std::size_t i = 0; i < timeframes.count; ++i)
            sets_.emplace_back(settings, static_cast<double>(timeframes.seconds[i]), arena_.get());
    }
}

void IndicatorStage::update(core::InstrumentId instrument, const Bars& bars, Indicators& indicators) noexcept {
    State& state = states_[instrument.value];
    IndicatorSet* const sets = &sets_[instrument.value * fresh_.size()];
    for (std::uint32_t mask = bars.bar_mask; mask != 0; mask &= mask - 1) {
        const auto i = static_cast<std::size_t>(std::countr_zero(mask));
        if ((bars.gap_mask >> i & 1) != 0) sets[i] = fresh_[i];
        const Bar& bar = bars.bars[i];
        sets[i].add({.high = state.price(bar.high),
                     .low = state.price(bar.low),
                     .close = state.price(bar.close),
                     .volume = static_cast<double>(bar.volume().units) / state.units_per_quantity},
                    indicators.values[i]);
        indicators.values[i].vwap_session = state.flow.session_vwap(bar.end() - core::Nanoseconds{1});
    }
}

}  // namespace pipeline
