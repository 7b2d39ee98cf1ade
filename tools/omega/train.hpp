#pragma once

#include "core/domain/instrument.hpp"
#include "pipeline/trends/tree_table.hpp"
#include "tools/omega/options.hpp"
#include "tools/omega/training/boosting.hpp"

#include <CLI/App.hpp>

#include <filesystem>
#include <iosfwd>
#include <optional>
#include <vector>

namespace omega {

/// `omega train`: a table of trees from recordings, with scores, and how certain
/// they are.
struct TrainOptions {
    std::vector<std::filesystem::path> files{};  ///< captures of sessions, or 1-minute candles
    std::optional<core::Venue> venue{};          ///< told by the captures where absent
    pipeline::ai::Target target{};
    std::filesystem::path out{};  ///< where the table goes; empty: only scores
    std::size_t folds{5};
    BoostingSettings boosting{};
    bool force{};  ///< write a table without skill, too
    bool json{};
    ConfigOptions config{};
};

/// Exit code: 0 done, 1 no skill above 0 was measured with 95 % confidence (nothing written unless `force`), 2
/// unreadable input or wrong usage.
int train_command(const TrainOptions& options, std::ostream& out, std::ostream& err);

/// Adds the verb; running it sets `exit_code`.
void add_train(CLI::App& app, int& exit_code);

}  // namespace omega
