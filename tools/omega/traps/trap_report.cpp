#include "tools/omega/traps/trap_report.hpp"

#include "tools/omega/traps/trap_chart.hpp"
#include "tools/omega/traps/trap_page.hpp"
#include "tools/omega/traps/trap_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <ostream>

namespace omega {

namespace {

using strategies::LabelledTrap;
using strategies::TrapScore;
using strategies::TrapVerdict;

/// The lift's interval on a logarithmic scale from a quarter to four, with a line at one.
std::string forest(const strategies::Lift& lift) {
    if (!core::known(lift.bounds.high)) return {};
    const auto x = [](double value) { return 45 + 40 * std::clamp(std::log2(std::max(value, 1e-9)) / 2, -1., 1.); };
    return fmt::format(
        R"(<svg class="f" width="90" height="14" aria-hidden="true"><line class="one" x1="45" x2="45" y1="0" y2="14"/>)"
        R"(<line x1="{:.1f}" x2="{:.1f}" y1="7" y2="7"/><circle cx="{:.1f}" cy="7" r="3"/></svg>)",
        x(lift.bounds.low), x(lift.bounds.high), x(lift.value));
}

std::string with_range(double value, const strategies::Interval& bounds, int decimals) {
    if (!core::known(value)) return "–";
    if (!core::known(bounds.low)) return shown(value, decimals);
    return fmt::format("{:.{}f} <small>{:.{}f}–{:.{}f}</small>", value, decimals, bounds.low, decimals, bounds.high,
                       decimals);
}

void append_scores(fmt::memory_buffer& to, std::span<const TrapScore> scores) {
    auto out = std::back_inserter(to);
    fmt::format_to(
        out,
        R"(<section class="card"><h2>Verdicts</h2><div class="scroll"><table><thead><tr><th>kind</th><th>verdict)"
        R"(</th><th>events</th><th>counted</th><th>hits</th><th>against</th><th>open</th><th>precision</th><th>base</th><th>lift)"
        R"(</th><th>¼ · 1 · 4</th><th>Brier</th></tr></thead><tbody>)");
    std::string silent;
    for (const auto& s : scores) {
        if (s.events == 0) {
            silent += fmt::format("{}{}", silent.empty() ? "" : ", ", name(s.kind));
            continue;
        }
        fmt::format_to(
            out,
            R"(<tr><td>{}</td><td><span class="chip {}">{}</span></td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td>)"
            R"(<td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>)",
            name(s.kind), name(s.verdict), name(s.verdict), s.events, s.share.n, s.share.hits, s.against, s.unresolved,
            with_range(s.share.value(), s.precision_interval, 2), shown(s.base_rate, 3),
            with_range(s.lift.value, s.lift.bounds, 2), forest(s.lift), shown(s.brier, 3));
    }
    fmt::format_to(out, "</tbody></table></div>");
    if (!silent.empty()) fmt::format_to(out, "<p>Not seen: {}.</p>", silent);
    fmt::format_to(
        out,
        "<p>A hit is a move of X the expected way before X against it, within Y. Base is how often the same "
        "happens at control times n·Y, lift is precision over base, with 95 % intervals. Counted leaves out "
        "what a gap or the end left open, and what overlaps an event of its kind. An edge needs 30 counted "
        "events, a lift above 1 at 95 %, more hits than against at 95 %, and to survive Benjamini–Hochberg at 10 % "
        "over all kinds. Against: "
        "X the other way came first; as "
        "many as hits, and the kind knows when the price moves, not where. Brier is "
        "the error of the confidence as a forecast: .25 is a coin.</p></section>");
}

void append_recall(fmt::memory_buffer& to, std::span<const Recall> rows) {
    if (rows.empty()) return;
    auto out = std::back_inserter(to);
    fmt::format_to(
        out, R"(<section class="card"><h2>Planted and found</h2><div class="scroll"><table><thead><tr><th>kind</th>)"
             "<th>planted</th><th>found</th><th>recall</th><th>false alarms</th><th>per planted</th></tr></thead>"
             "<tbody>");
    for (const Recall& row : rows)
        fmt::format_to(out, "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
                       name(row.kind), row.planted, row.found, shown(row.recall(), 2), row.false_alarms,
                       shown(row.false_alarms_per_planted(), 2));
    fmt::format_to(out, "</tbody></table></div></section>");
}

void append_filter(fmt::memory_buffer& to, std::span<const TrapScore> scores) {
    auto out = std::back_inserter(to);
    fmt::format_to(
        out,
        R"(<section class="card row" style="align-items:center"><div class="key"><span>▲ expects up</span>)"
        R"(<span>▼ expects down</span><span>● a burst</span><span>■ nothing</span><span class="h">green: hit</span>)"
        R"(<span class="s">red: miss</span><span class="o">grey: open</span><span>hollow: overlaps, not counted)"
        R"(</span></div><label>Show <select id="kind"><option value="">all kinds</option>)");
    for (const auto& s : scores)
        if (s.events > 0) fmt::format_to(out, R"(<option value="{0}">{0}</option>)", name(s.kind));
    fmt::format_to(out, "</select></label></section>");
}

/// Marks beyond a few hundred hide the price and each other: what counts is kept first, then evenly.
void thin_out(std::vector<const LabelledTrap*>& events) {
    constexpr std::size_t most_marks = 400;
    if (events.size() <= most_marks) return;
    std::erase_if(events, [](const LabelledTrap* trap) { return trap->overlaps; });
    if (events.size() <= most_marks) return;
    for (std::size_t i = 0; i < most_marks; ++i) events[i] = events[i * events.size() / most_marks];
    events.resize(most_marks);
}

void append_instrument(fmt::memory_buffer& to, const TrapRun& run, const core::Instrument& instrument) {
    const PriceTrack& prices = run.prices()[instrument.id.value];
    if (prices.columns().empty()) return;
    std::vector<const LabelledTrap*> events;
    std::size_t hits = 0, misses = 0;
    for (const auto& trap : run.outcomes().events()) {
        if (trap.event.instrument != instrument.id) continue;
        events.push_back(&trap);
        hits += trap.outcome == strategies::Outcome::hit;
        misses += trap.outcome == strategies::Outcome::miss;
    }
    fmt::format_to(
        std::back_inserter(to),
        R"(<section class="card"><div class="row"><h2>{}</h2><small>{} events: {} hit, {} missed, {} open · {} to )"
        R"({}</small></div><div class="scroll">)",
        escaped(instrument.name()), events.size(), hits, misses, events.size() - hits - misses,
        core::to_iso8601(prices.columns().front().start).substr(0, 19),
        core::to_iso8601(prices.columns().back().start).substr(0, 19));
    const std::size_t seen = events.size();
    thin_out(events);
    append_chart(to, prices, events, instrument);
    fmt::format_to(std::back_inserter(to), R"(</div><p class="say">{}{}</p></section>)",
                   seen == 0 ? "No trap was seen here." : "Point at a mark, or tap it, for its story.",
                   seen > events.size() ? fmt::format(" Drawn are {} of {} events, evenly chosen.", events.size(), seen)
                                        : std::string{});
}

}  // namespace

std::string escaped(std::string_view text) {
    std::string safe;
    for (const char c : text) switch (c) {
            case '&': safe += "&amp;"; break;
            case '<': safe += "&lt;"; break;
            case '>': safe += "&gt;"; break;
            case '"': safe += "&quot;"; break;
            case '\'': safe += "&#39;"; break;
            default: safe += c;
        }
    return safe;
}

void write_report(std::ostream& out, std::span<const TrapScore> scores, std::span<const Recall> recall,
                  const TrapRun& run, const core::InstrumentTable& instruments) {
    fmt::memory_buffer page;
    auto into = std::back_inserter(page);
    fmt::format_to(into, "{}", page_head);
    const auto edges = std::ranges::count(scores, TrapVerdict::edge, &TrapScore::verdict);
    const auto nones = std::ranges::count(scores, TrapVerdict::none, &TrapScore::verdict);
    fmt::format_to(into,
                   "<h1>Traps</h1><p>{} events in {} ticks, {} to {}. {} kinds with an edge, {} worse than chance; "
                   "the rest is unproven.</p>",
                   run.outcomes().events().size(), run.ticks(), core::to_iso8601(run.first()).substr(0, 19),
                   core::to_iso8601(run.last()).substr(0, 19), edges, nones);
    append_scores(page, scores);
    append_recall(page, recall);
    append_filter(page, scores);
    for (const auto& instrument : instruments) append_instrument(page, run, instrument);
    fmt::format_to(into, "{}", page_foot);
    out.write(page.data(), static_cast<std::streamsize>(page.size()));
}

}  // namespace omega
