#include "tools/omega/training/rows.hpp"

#include <algorithm>
#include <utility>

namespace omega {

using pipeline::ai::Barrier;
using pipeline::ai::Target;

RowCollector::RowCollector(const Settings& settings, const core::InstrumentTable& instruments, Target target)
    : settings_{settings.ai},
      target_{target},
      minute_{static_cast<std::size_t>(std::max(0, settings.bars.timeframes.index_of(60)))} {
    pipeline::check(settings.ai, settings.bars.timeframes);
    for (const auto& instrument : instruments)
        states_.push_back({pipeline::ai::FeatureSource{settings_.golden_age_s}, Rows{settings_.horizon_bars},
                           pipeline::PriceScale{instrument}});
}

void RowCollector::mark(State& state, const pipeline::Traps& traps, core::Nanoseconds after, core::Nanoseconds until) {
    for (std::size_t i = 0; i < traps.count; ++i) {
        const auto& event = traps.events[i];
        if (pipeline::ai::counts_as_trap(event) && event.time > after && event.time <= until)
            state.rows.trap(event.time);
    }
}

void RowCollector::on(const Senses::Slot& slot) {
    const auto& tick = slot.tick;
    if (!tick.whole() || tick.instrument.value >= states_.size()) return;
    State& state = states_[tick.instrument.value];
    const auto& bars = slot.get<pipeline::Bars>();
    const auto& traps = slot.get<pipeline::Traps>();
    pipeline::ai::Minute minute;
    const bool closed = state.source.add(slot.get<pipeline::Market>(), bars, slot.get<pipeline::Indicators>(),
                                         slot.get<pipeline::Levels>(), traps, slot.get<pipeline::Trends>(), minute_,
                                         state.scale, minute);
    if (bars.cleared || (closed && (bars.gap_mask >> minute_ & 1) != 0)) dropped_ += state.rows.drop();
    if (!closed) {
        mark(state, traps, core::Nanoseconds::min(), core::Nanoseconds::max());
        return;
    }
    mark(state, traps, core::Nanoseconds::min(), minute.time);
    if (const auto* row = state.rows.close(minute.high, minute.low)) keep(*row, minute.time);
    ++minutes_;
    const auto missing = std::count_if(minute.features.begin(), minute.features.end(),
                                       [](double x) noexcept { return !core::known(x); });
    if (missing > static_cast<std::ptrdiff_t>(settings_.max_missing))
        ++too_many_missing_;
    else
        state.rows.open(minute.time, minute.close, minute.x_bps, minute.features);
    mark(state, traps, minute.time, core::Nanoseconds::max());
}

void RowCollector::keep(const Rows::Row& row, core::Nanoseconds until) {
    if (target_ == Target::direction && row.barrier == Barrier::none) {
        ++undirected_;
        return;
    }
    const bool label = target_ == Target::direction ? row.barrier == Barrier::up : row.trap;
    rows_.push_back({row.time, until, row.payload, label});
}

std::vector<LabelledRow> RowCollector::take() {
    auto rows = std::exchange(rows_, {});
    std::stable_sort(rows.begin(), rows.end(),
                     [](const LabelledRow& a, const LabelledRow& b) { return a.time < b.time; });
    return rows;
}

}  // namespace omega
