#include "pipeline/trends/ai_stage.hpp"

#include "pipeline/trends/judgement.hpp"

#include <algorithm>
#include <stdexcept>

namespace pipeline {

using ai::Target;

namespace {

std::optional<ai::TreeTable> trees_of(const std::string& file, Target target) {
    if (file.empty()) return std::nullopt;
    auto table = ai::load_trees(file, target);
    if (!table) throw std::invalid_argument{"ai.trees." + std::string{ai::name(target)} + " " + table.error().text()};
    return std::move(*table);
}

}  // namespace

AiStage::AiStage(const AiSettings& settings, const Timeframes& timeframes, const core::InstrumentTable& instruments)
    : settings_{settings},
      minute_{static_cast<std::size_t>(std::max(0, timeframes.index_of(60)))},
      trees_{trees_of(settings.trees_direction, Target::direction), trees_of(settings.trees_trap, Target::trap)} {
    check(settings, timeframes);
    senses_.reserve(instruments.size());
    models_.reserve(instruments.size() * ai::target_count);
    for (const auto& instrument : instruments) {
        senses_.push_back(
            {.labeller = ai::Labeller<Waiting>{settings.golden_age_s, settings.horizon_bars, PriceScale{instrument}}});
        for (const auto& trees : trees_)
            models_.push_back({.scores = std::vector(trees ? 3 : 1, ai::Calibration{settings.calibration_window})});
    }
}

void AiStage::follow(const core::Tick& tick, const Market& market, const Bars& bars, const Indicators& indicators,
                     const Levels& levels, const Traps& traps, const Trends& trends, Predictions& out) noexcept {
    const core::InstrumentId id = tick.instrument;
    Senses& senses = senses_[id.value];
    ai::Minute minute;
    const auto step = senses.labeller.on(tick, market, bars, indicators, levels, traps, trends, minute_, minute);
    counters_.dropped += step.dropped;
    if (!step.closed) return;
    if (step.matured != nullptr) learn(id, *step.matured);

    ++counters_.minutes;
    ++senses.minutes;
    Waiting waiting;
    const auto missing = senses.standardiser.add(minute.features, waiting.inputs);
    counters_.missing_features += missing;
    out = Predictions{};
    out.fresh = true;
    out.time = minute.time;
    out.missing = static_cast<std::uint8_t>(missing);
    const bool warm = senses.minutes > settings_.warmup_bars;
    if (missing > settings_.max_missing) ++counters_.too_many_missing;
    if (warm && missing <= settings_.max_missing) {
        predict(id, minute, waiting, out);
        if (step.blind)
            ++counters_.dropped;
        else
            senses.labeller.open(minute, waiting);
    }
    const double change = (trends.mask >> minute_ & 1) != 0 ? trends.frames[minute_].change_bps : core::unknown;
    out.harmony = ai::harmony(out.confidence, std::abs(trends.now.alignment), out.trap.p, out.trend, change);
    out.band = ai::harmony_band(out.harmony);
}

void AiStage::predict(core::InstrumentId id, const ai::Minute& minute, Waiting& waiting, Predictions& out) noexcept {
    ++counters_.predictions;
    for (std::size_t t = 0; t < ai::target_count; ++t) {
        const Model& model = models_[id.value * ai::target_count + t];
        Prediction& told = t == static_cast<std::size_t>(Target::direction) ? out.direction : out.trap;
        told.online = model.online.predict(waiting.inputs, settings_.ftrl);
        told.trees = trees_[t] ? trees_[t]->predict(minute.features) : core::unknown;
        told.p = ai::blend(told.online, told.trees, settings_.blend);
        const auto& scores = model.scores[0];
        told.labels = scores.labels();
        told.skill = scores.skill();
        told.standing = scores.standing(settings_.skill_labels);
        told.usable = core::known(told.p) && (!settings_.require_skill || told.standing == Standing::calibrated);
        waiting.told[t] = {told.p, told.online, told.trees};
    }
    out.trend = ai::trend_class(out.direction.p);
    out.confidence = ai::confidence(out.direction.p);
    const double way = out.trend == TrendClass::bullish ? 1 : out.trend == TrendClass::bearish ? -1 : 0;
    out.forecast_bps = way * minute.x_bps;
}

void AiStage::learn(core::InstrumentId id, ai::Labeller<Waiting>::Rows::Row& row) noexcept {
    Model* const models = &models_[id.value * ai::target_count];
    if (row.barrier == ai::Barrier::none)
        ++counters_.undirected;
    else
        learn(models[0], row.payload, Target::direction, row.barrier == ai::Barrier::up);
    learn(models[1], row.payload, Target::trap, row.trap);
}

void AiStage::learn(Model& model, const Waiting& waiting, Target target, bool label) noexcept {
    const Told& told = waiting.told[static_cast<std::size_t>(target)];
    model.scores[0].add(told.blend, label);
    if (model.scores.size() > 1) {
        model.scores[1].add(told.online, label);
        model.scores[2].add(told.trees, label);
    }
    model.online.learn(waiting.inputs, label, settings_.ftrl);
    ++counters_.learnt[static_cast<std::size_t>(target)];
}

}  // namespace pipeline
