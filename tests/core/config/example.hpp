#pragma once

#include "core/config/load.hpp"
#include "core/config/print.hpp"

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace test {

enum class Mode { paper, testnet, prod };

struct InstrumentSettings {
    double max_position{0.05};
    bool enabled{true};
    bool operator==(const InstrumentSettings&) const = default;
};

/// Settings with one field of every kind that a schema can bind.
struct Settings {
    Mode mode{Mode::paper};
    std::string journal{"journal"};
    bool cosmic{false};
    int depth{20};
    std::uint64_t seed{42};
    double max_position{0.05};
    double limit{0.03}, halt{0.10};
    std::chrono::nanoseconds cooldown{std::chrono::seconds{300}};
    std::chrono::milliseconds age{2000};
    std::vector<double> ratios{0.5, 0.618};
    std::vector<int> timeframes{1, 15};
    std::vector<std::string> venues{"binance"};
    std::map<std::string, InstrumentSettings> instruments{};
    bool operator==(const Settings&) const = default;
};

inline core::Schema schema_of(Settings& s) {
    core::Schema schema;
    schema
        .add("mode", s.mode, {{"paper", Mode::paper}, {"testnet", Mode::testnet}, {"prod", Mode::prod}},
             "where orders go")
        .add("journal.directory", s.journal, "where the journal is written")
        .add("cosmic.enabled", s.cosmic, "master switch")
        .add("book.depth", s.depth, core::Range{1, 1000}, "levels kept a side")
        .add("random.seed", s.seed, core::any_number, "seed of the generators")
        .add("risk.max_position", s.max_position, core::Range{0, 1}, "cap of a position as a share of equity")
        .add("risk.daily_loss.limit", s.limit, core::above(0, 1), "loss that stops entries")
        .add("risk.daily_loss.halt", s.halt, core::above(0, 1), "loss that halts")
        .add("risk.cooldown_s", s.cooldown, core::Range{0, 86400}, "pause after an exit")
        .add("risk.max_book_age_ms", s.age, core::Range{1, 60000}, "oldest book that is traded")
        .add("fib.ratios", s.ratios, core::Range{0, 5}, "retracements")
        .add("fib.timeframes_min", s.timeframes, core::Range{1, 1440}, "legs of these timeframes")
        .add("feeds.venues", s.venues, "what is listened to")
        .add_map(
            "instruments", s.instruments,
            [](core::Schema& entry, InstrumentSettings& instrument) {
                entry.add("max_position", instrument.max_position, core::Range{0, 1}, "its own cap")
                    .add("enabled", instrument.enabled, "traded at all");
            },
            "per instrument")
        .require(
            {"risk.daily_loss.limit", "risk.daily_loss.halt"}, [&s] { return s.halt > s.limit; },
            "halt must be above limit");
    return schema;
}

/// What is wrong with a file's text, a line each.
inline std::vector<std::string> problems(const core::ConfigSources& sources) {
    Settings settings;
    auto schema = schema_of(settings);
    std::vector<std::string> lines;
    for (const auto& problem : core::load(schema, sources)) lines.push_back(core::to_text(problem));
    return lines;
}

inline std::vector<std::string> problems(const std::string& text) {
    return problems({.file = "omega.yaml", .text = text});
}

}  // namespace test
