#pragma once

#include "tools/omega/engine/engine.hpp"
#include "tools/omega/engine/trace.hpp"

#include <nlohmann/json_fwd.hpp>

#include <iosfwd>
#include <optional>
#include <string_view>

namespace omega {

/// What a run says at its end beside what the engine knows.
struct RunFacts {
    std::uint64_t frames{};
    std::uint64_t feed_errors{}, sequence_breaks{};
    std::uint64_t drops{};  ///< ticks, orders or executions that were lost: 0 in a sound run
    double wall_s{};
    core::Nanoseconds first{}, last{};  ///< receive times of the input
    bool verify{};
    std::optional<Difference> difference;
};

/// The shape of spec/cli.md, `omega replay --json`.
nlohmann::json to_json(const Engine& engine, const RunFacts& facts);

/// A journal that found its disk full, in a sentence on `err`; false when it did not.
bool tell_full_disk(const Engine& engine, std::string_view verb, std::ostream& err);

/// The same for people.
void print_summary(std::ostream& out, const Engine& engine, const RunFacts& facts);

}  // namespace omega
