#include "tools/omega/engine/summary.hpp"

#include "core/domain/time.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>
#include <nlohmann/json.hpp>

#include <ostream>

namespace omega {

namespace {

using nlohmann::json;

json percentiles(const core::Histogram& h) {
    if (h.count() == 0)
        return {{"count", 0}, {"p50_ns", nullptr}, {"p99_ns", nullptr}, {"p999_ns", nullptr}, {"max_ns", nullptr}};
    return {{"count", h.count()},
            {"p50_ns", h.percentile(50)},
            {"p99_ns", h.percentile(99)},
            {"p999_ns", h.percentile(99.9)},
            {"max_ns", h.max()}};
}

core::Notional gained(const Engine& engine) {
    return engine.wiring().risk.account().equity() - Wiring::start_equity(engine.settings());
}

core::Notional fees(const Engine& engine) {
    core::Notional sum{};
    for (const auto& instrument : engine.instruments())
        sum = sum + engine.wiring().risk.account().position(instrument.id).fees();
    return sum;
}

}  // namespace

namespace {

/// Of every instrument by its name; what is unknown is null.
json faces(const Engine& engine) {
    const auto number = [](double x) { return core::known(x) ? json(x) : json(); };
    json all = json::object();
    for (const auto& instrument : engine.instruments()) {
        const Face face = engine.sight().face(instrument.id);
        all[instrument.name()] = {{"pressure_up", face.pressure_up},
                                  {"pressure_down", face.pressure_down},
                                  {"meter", number(face.meter)},
                                  {"ofi", number(face.ofi)},
                                  {"ofi_normalised", number(face.ofi_normalised)},
                                  {"flow60", number(face.flow60)},
                                  {"intensity", number(face.intensity)},
                                  {"intensity_ratio", number(face.intensity_ratio)},
                                  {"intensity_exponential", number(face.intensity_exponential)},
                                  {"vpin", number(face.vpin)}};
    }
    return all;
}

}  // namespace

json to_json(const Engine& engine, const RunFacts& facts) {
    const auto& counts = engine.observer().counts();
    json traps = json::object();
    for (std::size_t i = 0; i < counts.traps.size(); ++i)
        if (counts.traps[i] != 0) traps[std::string{name(static_cast<pipeline::TrapKind>(i))}] = counts.traps[i];
    json denials = json::object();
    for (std::size_t i = 1; i < counts.denials.size(); ++i)
        if (counts.denials[i] != 0)
            denials[std::string{strategies::name(static_cast<strategies::Denial>(i))}] = counts.denials[i];
    json reasons = json::object();
    for (std::size_t i = 0; i < counts.reasons.size(); ++i)
        if (counts.reasons[i] != 0) reasons[std::string{strategies::reason::name(i)}] = counts.reasons[i];
    json stages = json::object();
    for (const auto& line : engine.latency().lines()) stages[std::string{line.name}] = percentiles(line.histogram);

    json unknown = json::object();  // cosmic_unknown_total{factor}
    for (std::size_t i = 0; i < pipeline::factor_count; ++i)
        if (const auto n = engine.wiring().cosmic.unknown_counts()[i]; n != 0)
            unknown[std::string{name(static_cast<pipeline::Factor>(i))}] = n;

    json result{{"frames", facts.frames},
                {"ticks", counts.ticks},
                {"drops", facts.drops},
                {"feed_errors", facts.feed_errors},
                {"sequence_breaks", facts.sequence_breaks},
                {"traps", traps},
                {"senses", faces(engine)},
                {"decisions", counts.decisions},
                {"wishes", counts.wishes},
                {"reasons", reasons},
                {"denials", denials},
                {"cosmic_unknown", unknown},
                {"orders", counts.orders},
                {"cancels", counts.cancels},
                {"fills", counts.fills},
                {"rejects", counts.rejects},
                {"closed_trades", engine.wiring().risk.closed_trades()},
                {"pnl", core::to_text(gained(engine))},
                {"fees", core::to_text(fees(engine))},
                {"equity", core::to_text(engine.wiring().risk.account().equity())},
                {"profile", engine.settings().profile == Profile::standard ? "standard" : "short"},
                {"topology", name(engine.settings().topology.kind)},
                {"digest", engine.digest()},
                {"latency", {{"tick_to_order", percentiles(engine.latency().tick_to_order())}, {"stages", stages}}},
                {"wall_s", facts.wall_s}};
    result["journal"] = nullptr;
    if (!engine.settings().journal.empty())
        result["journal"] = {{"directory", engine.settings().journal},
                             {"entries_stopped", engine.entries_stopped()},
                             {"ticks_not_kept", engine.unjournaled()}};
    if (facts.verify) {
        result["verified"] = !facts.difference.has_value();
        result["first_difference"] = nullptr;
        if (facts.difference)
            result["first_difference"] = {{"sequence", facts.difference->sequence},
                                          {"section", facts.difference->section},
                                          {"field", facts.difference->field}};
    }
    return result;
}

bool tell_full_disk(const Engine& engine, std::string_view verb, std::ostream& err) {
    if (!engine.entries_stopped()) return false;
    fmt::print(err,
               "omega {}: journal {}: the disk has no room for another segment; entries were stopped, {} ticks at the "
               "end were not kept. What was written is whole; make room, or name another directory, and start again\n",
               verb, engine.settings().journal, engine.unjournaled());
    return true;
}

void print_summary(std::ostream& out, const Engine& engine, const RunFacts& facts) {
    const auto& counts = engine.observer().counts();
    const auto span = core::seconds(facts.last - facts.first);
    fmt::print(out, "\n  frames     {:>12}   ticks {:>12}   {:.2f} M frames/s   {:.1f} s of market in {:.2f} s\n",
               facts.frames, counts.ticks, static_cast<double>(facts.frames) / facts.wall_s * 1e-6, span, facts.wall_s);
    fmt::print(out, "  feed       {:>12} errors   {} sequence breaks   {} drops\n", facts.feed_errors,
               facts.sequence_breaks, facts.drops);
    fmt::print(out, "  traps      {:>12}", counts.all_traps());
    for (std::size_t i = 0; i < counts.traps.size(); ++i)
        if (counts.traps[i] != 0)
            fmt::print(out, "   {} {}", name(static_cast<pipeline::TrapKind>(i)), counts.traps[i]);
    for (const auto& instrument : engine.instruments()) {
        const Face face = engine.sight().face(instrument.id);
        if (core::known(face.meter))
            fmt::print(out, "\n             {:<22} pressure up {:.2f} down {:.2f}   meter {:.2f}", instrument.name(),
                       face.pressure_up, face.pressure_down, face.meter);
    }
    fmt::print(
        out, "\n  decisions  {:>12}   wishes {}   orders {}   cancels {}   fills {}   rejects {}   closed trades {}\n",
        counts.decisions, counts.wishes, counts.orders, counts.cancels, counts.fills, counts.rejects,
        engine.wiring().risk.closed_trades());
    if (counts.decisions != 0) {
        fmt::print(out, "  because    {:>12}", "");
        for (std::size_t i = 0; i < counts.reasons.size(); ++i)
            if (counts.reasons[i] != 0) fmt::print(out, "   {} {}", strategies::reason::name(i), counts.reasons[i]);
        fmt::print(out, "\n");
    }
    for (std::size_t i = 1; i < counts.denials.size(); ++i)
        if (counts.denials[i] != 0)
            fmt::print(out, "  denied     {:>12}   {}\n", counts.denials[i],
                       strategies::name(static_cast<strategies::Denial>(i)));
    fmt::print(out, "  account    {:>12} pnl   fees {}   equity {}\n", core::to_text(gained(engine)),
               core::to_text(fees(engine)), core::to_text(engine.wiring().risk.account().equity()));
    fmt::print(out, "  digest     {}\n", engine.digest());
    if (facts.verify) {
        if (facts.difference)
            fmt::print(out, "  verify     DIFFERENT at tick {}: {} {}\n", facts.difference->sequence,
                       facts.difference->section, facts.difference->field);
        else
            fmt::print(out, "  verify     same\n");
    }
    const auto& whole = engine.latency().tick_to_order();
    fmt::print(out, "\n  where the time goes, ns        p50      p99    p99.9        max      count\n");
    const auto row = [&](std::string_view name, const core::Histogram& h) {
        if (h.count() != 0)
            fmt::print(out, "    {:<22} {:>8} {:>8} {:>8} {:>10} {:>10}\n", name, h.percentile(50), h.percentile(99),
                       h.percentile(99.9), h.max(), h.count());
    };
    for (const auto& line : engine.latency().lines()) row(line.name, line.histogram);
    row("frame to order", whole);
}

}  // namespace omega
