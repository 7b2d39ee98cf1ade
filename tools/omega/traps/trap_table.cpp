#include "tools/omega/traps/trap_table.hpp"

#include "tools/omega/traps/trap_json.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <ostream>

namespace omega {

std::string shown(double value, int decimals) {
    return core::known(value) ? fmt::format("{:.{}f}", value, decimals) : "–";
}

namespace {

std::string range(const strategies::Interval& bounds, int decimals) {
    if (!core::known(bounds.low)) return "–";
    return fmt::format("{:.{}f}..{:.{}f}", bounds.low, decimals, bounds.high, decimals);
}

}  // namespace

void print_event_head(std::ostream& out) {
    fmt::print(out, "{:<30} {:<26} {:<27} {:>12} {:<6} {:>5} {:<8} {:>6} {:>6} {:>5} {:>5} {:>6}\n", "time",
               "instrument", "kind", "price", "expect", "conf", "severity", "impact", "T bps", "up", "down", "meter");
}

void print_event(std::ostream& out, const SeenTrap& seen, const core::Instrument& instrument) {
    const auto& event = seen.event;
    fmt::print(out, "{:<30} {:<26} {:<27} {:>12} {:<6} {:>5.2f} {:<8} {:>6.2f} {:>6.1f} {:>5.2f} {:>5.2f} {:>5}{}{}\n",
               core::to_iso8601(event.time), instrument.name(), name(event.kind), price_text(event.price, instrument),
               name(event.expect), event.confidence, name(event.severity), event.impact, event.threshold_bps,
               seen.pressure_up, seen.pressure_down, shown(seen.meter, 2), seen.reported().value_or(false) ? "!" : " ",
               event.revision > 0 ? fmt::format(" upgrade {}", event.revision) : "");
}

void print_scores(std::ostream& out, std::span<const strategies::TrapScore> scores,
                  const core::InstrumentTable& instruments) {
    fmt::print(out, "{:<54} {:>6} {:>6} {:>5} {:>7} {:>5} {:>6} {:>11} {:>6} {:>6} {:>11} {:>6}  {}\n", "kind",
               "events", "n", "hits", "against", "open", "prec", "95 %", "base", "lift", "95 %", "brier", "verdict");
    std::string silent;
    for (const auto& score : scores) {
        if (score.events == 0) {
            silent += fmt::format("{}{}", silent.empty() ? "" : ", ", name(score.kind));
            continue;
        }
        const auto label = score.instrument == core::no_instrument
                               ? std::string{name(score.kind)}
                               : fmt::format("{:<27} {}", name(score.kind), instruments[score.instrument].name());
        fmt::print(out, "{:<54} {:>6} {:>6} {:>5} {:>7} {:>5} {:>6} {:>11} {:>6} {:>6} {:>11} {:>6}  {}\n", label,
                   score.events, score.share.n, score.share.hits, score.against, score.unresolved,
                   shown(score.share.value(), 3), range(score.precision_interval, 2), shown(score.base_rate, 3),
                   shown(score.lift.value, 2), range(score.lift.bounds, 2), shown(score.brier, 3), name(score.verdict));
    }
    if (!silent.empty()) fmt::print(out, "not seen: {}\n", silent);
}

void print_recall(std::ostream& out, std::span<const Recall> rows) {
    fmt::print(out, "{:<27} {:>7} {:>5} {:>6} {:>12} {:>11}\n", "planted kind", "planted", "found", "recall",
               "false alarms", "per planted");
    for (const Recall& row : rows)
        fmt::print(out, "{:<27} {:>7} {:>5} {:>6} {:>12} {:>11}\n", name(row.kind), row.planted, row.found,
                   shown(row.recall(), 2), row.false_alarms, shown(row.false_alarms_per_planted(), 2));
}

}  // namespace omega
