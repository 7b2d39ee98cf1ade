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
        labellers_.emplace_back(settings_.golden_age_s, settings_.horizon_bars, pipeline::PriceScale{instrument});
}

void RowCollector::on(const Senses::Slot& slot) {
    const auto& tick = slot.tick;
    if (!tick.whole() || tick.instrument.value >= labellers_.size()) return;
    Labeller& labeller = labellers_[tick.instrument.value];
    pipeline::ai::Minute minute;
    const auto step = labeller.on(tick, slot.get<pipeline::Market>(), slot.get<pipeline::Bars>(),
                                  slot.get<pipeline::Indicators>(), slot.get<pipeline::Levels>(),
                                  slot.get<pipeline::Traps>(), slot.get<pipeline::Trends>(), minute_, minute);
    dropped_ += step.dropped;
    if (!step.closed) return;
    if (step.matured != nullptr) keep(*step.matured, minute.from);
    ++minutes_;
    const auto missing = std::count_if(minute.features.begin(), minute.features.end(),
                                       [](double x) noexcept { return !core::known(x); });
    if (missing > static_cast<std::ptrdiff_t>(settings_.max_missing))
        ++too_many_missing_;
    else if (step.blind)
        ++dropped_;
    else
        labeller.open(minute, minute.features);
}

void RowCollector::keep(const Labeller::Rows::Row& row, core::Nanoseconds until) {
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
