#include "tools/omega/traps/trap_recall.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>
#include <ostream>

namespace omega {

namespace {

using namespace std::chrono_literals;
using pipeline::TrapKind;

/// How long after a trap's end its event may come.
constexpr core::Nanoseconds patience(TrapKind kind) noexcept {
    switch (kind) {
        case TrapKind::stop_hunt_up:
        case TrapKind::stop_hunt_down: return 90s;  // its minute closes
        case TrapKind::bull_trap:
        case TrapKind::bear_trap:                   // up to three bars of its timeframe more
        case TrapKind::fractal_trap: return 20min;  // three bars of five minutes
        default: return 30s;
    }
}

bool explains(const feeds::synthetic::Truth& planted, const pipeline::TrapEvent& event) {
    return planted.instrument == event.instrument.value && planted.kind == name(event.kind) &&
           (planted.expect.empty() || planted.expect == name(event.expect)) && event.time >= planted.start &&
           event.time <= planted.end + patience(event.kind);
}

}  // namespace

double Recall::recall() const noexcept {
    return planted == 0 ? core::unknown : static_cast<double>(found) / static_cast<double>(planted);
}

double Recall::false_alarms_per_planted() const noexcept {
    return planted == 0 ? core::unknown : static_cast<double>(false_alarms) / static_cast<double>(planted);
}

std::vector<Recall> recall_of(std::span<const feeds::synthetic::Truth> truth,
                              std::span<const strategies::LabelledTrap> events) {
    std::array<Recall, pipeline::trap_kind_count> rows;
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i].kind = static_cast<TrapKind>(i);
    std::vector<bool> found(truth.size());
    for (const auto& labelled : events) {
        bool explained = false;
        for (std::size_t i = 0; i < truth.size(); ++i) {
            if (!explains(truth[i], labelled.event)) continue;
            explained = true;
            if (found[i]) continue;  // of two that overlap each takes its own event
            found[i] = true;
            break;
        }
        if (!explained) ++rows[static_cast<std::size_t>(labelled.event.kind)].false_alarms;
    }
    for (std::size_t i = 0; i < truth.size(); ++i) {
        const auto kind = pipeline::parse_trap_kind(truth[i].kind);
        if (!kind) continue;
        Recall& row = rows[static_cast<std::size_t>(*kind)];
        ++row.planted;
        row.found += found[i];
    }
    std::vector<Recall> seen;
    for (const Recall& row : rows)
        if (row.planted + row.false_alarms > 0) seen.push_back(row);
    return seen;
}

void write_truth(std::ostream& out, std::span<const feeds::synthetic::Truth> truth,
                 const core::InstrumentTable& instruments) {
    for (const auto& planted : truth) {
        const auto& instrument = instruments[core::InstrumentId{static_cast<std::uint16_t>(planted.instrument)}];
        const nlohmann::ordered_json line{{"kind", planted.kind},
                                          {"expect", planted.expect},
                                          {"instrument", instrument.symbol},
                                          {"start", planted.start.count()},
                                          {"time", planted.time.count()},
                                          {"end", planted.end.count()},
                                          {"price", core::to_text(planted.price, instrument.price_decimals)}};
        out << line.dump() << '\n';
    }
}

}  // namespace omega
