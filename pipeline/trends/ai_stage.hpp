#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/tick.hpp"
#include "pipeline/trends/calibration.hpp"
#include "pipeline/trends/features.hpp"
#include "pipeline/trends/ftrl.hpp"
#include "pipeline/trends/labeller.hpp"
#include "pipeline/trends/predictions.hpp"
#include "pipeline/trends/settings.hpp"
#include "pipeline/trends/standardiser.hpp"
#include "pipeline/trends/tree_table.hpp"

#include <array>
#include <optional>
#include <vector>

namespace pipeline {

/// What the monitor counted, over all instruments.
struct AiCounters {
    std::uint64_t minutes{}, predictions{};
    std::uint64_t missing_features{};  ///< summed over the minutes
    std::uint64_t too_many_missing{};  ///< minutes without a prediction for it
    std::uint64_t undirected{};        ///< rows that reached neither barrier, or both in one minute
    std::uint64_t dropped{};           ///< rows with a gap inside their horizon
    std::array<std::uint64_t, ai::target_count> learnt{};
};

/// The AI trends monitor (spec/trends.md section 3): on each closed minute a feature vector, a prediction of direction
/// and of traps, and the learning of rows whose horizon has passed. Every instrument learns on its own, so their order
/// does not matter. Deterministic; nothing is allocated after construction; exp and log run at minute closes only.
class AiStage {
public:
    /// Throws std::invalid_argument for impossible settings or a refused table of trees, with file and line.
    AiStage(const AiSettings& settings, const Timeframes& timeframes, const core::InstrumentTable& instruments);

    void on(const core::Tick& tick, const Market& market, const Bars& bars, const Indicators& indicators,
            const Levels& levels, const Traps& traps, const Trends& trends, Predictions& out) noexcept {
        out.fresh = false;
        if (tick.instrument.value >= senses_.size()) return;
        const bool changed = levels.changed || levels.golden || bars.bucket_closed(1) || bars.cleared;
        if (changed || traps.count != 0 || bars.bar_mask != 0) [[unlikely]]
            follow(tick, market, bars, indicators, levels, traps, trends, out);
    }

    /// Scores of a model: the blend, or with trees its parts.
    enum class Part : std::uint8_t { blend, online, trees };
    [[nodiscard]] const ai::Calibration& calibration(core::InstrumentId id, ai::Target target,
                                                     Part part = Part::blend) const noexcept {
        const auto& model = models_[id.value * ai::target_count + static_cast<std::size_t>(target)];
        return model.scores[model.scores.size() == 1 ? 0 : static_cast<std::size_t>(part)];
    }
    [[nodiscard]] const AiCounters& counters() const noexcept { return counters_; }

private:
    /// Probabilities as they were told, to be scored with the label.
    struct Told {
        double blend{core::unknown}, online{core::unknown}, trees{core::unknown};
    };
    struct Waiting {
        ai::Inputs inputs{};
        std::array<Told, ai::target_count> told{};
    };
    struct Senses {
        ai::Labeller<Waiting> labeller;
        ai::Standardiser standardiser{};
        std::uint64_t minutes{};
    };
    struct Model {
        ai::Ftrl<ai::input_count> online{};
        std::vector<ai::Calibration> scores;  // blend; with trees online and trees, too
    };

    void follow(const core::Tick& tick, const Market& market, const Bars& bars, const Indicators& indicators,
                const Levels& levels, const Traps& traps, const Trends& trends, Predictions& out) noexcept;
    void learn(core::InstrumentId id, ai::Labeller<Waiting>::Rows::Row& row) noexcept;
    void learn(Model& model, const Waiting& waiting, ai::Target target, bool label) noexcept;
    void predict(core::InstrumentId id, const ai::Minute& minute, Waiting& waiting, Predictions& out) noexcept;

    AiSettings settings_;
    std::size_t minute_;  // index of the 60 s timeframe
    std::array<std::optional<ai::TreeTable>, ai::target_count> trees_;
    AiCounters counters_;
    std::vector<Senses> senses_;  // by instrument
    std::vector<Model> models_;   // instrument × target
};

}  // namespace pipeline
