#include "tools/omega/traps/trap_recall.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>
#include <ostream>

namespace omega {

namespace {

using namespace std::chrono_literals;
using pipeline::TrapKind;

/// Nothing can be known of a trap before its push begins; clocks are read a little generously.
constexpr core::Nanoseconds before_start = std::chrono::seconds{5};

/// Could the event come of what was planted? As long as its outcome is awaited the market is not itself, and a
/// divergence is seen from every venue of the pair.
bool explains(const feeds::synthetic::Truth& planted, const strategies::LabelledTrap& trap) {
    const bool paired = trap.event.kind == TrapKind::cross_venue_divergence;
    return planted.kind == name(trap.event.kind) && (paired || planted.instrument == trap.event.instrument.value) &&
           trap.event.time >= planted.start - before_start && trap.event.time <= planted.end + trap.test.horizon;
}

/// Is the event what was planted?
bool finds(const feeds::synthetic::Truth& planted, const strategies::LabelledTrap& trap) {
    return explains(planted, trap) && planted.instrument == trap.event.instrument.value &&
           planted.expect == name(trap.event.expect) && trap.event.time <= planted.end;
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
    for (const auto& trap : events) {
        bool explained = false;
        for (std::size_t i = 0; i < truth.size(); ++i) {
            explained = explained || explains(truth[i], trap);
            if (found[i] || !finds(truth[i], trap)) continue;
            found[i] = true;  // of two that overlap each takes its own event
            break;
        }
        if (!explained) ++rows[static_cast<std::size_t>(trap.event.kind)].false_alarms;
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
