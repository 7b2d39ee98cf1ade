#include "tools/omega/trends/trend_story.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <bit>

namespace omega {

namespace {

/// Unknown is null.
nlohmann::ordered_json number(double x) {
    return core::known(x) ? nlohmann::ordered_json(x) : nlohmann::ordered_json();
}

nlohmann::ordered_json to_json(const pipeline::Prediction& one) {
    return {{"p", number(one.p)},         {"online", number(one.online)}, {"trees", number(one.trees)},
            {"skill", number(one.skill)}, {"labels", one.labels},         {"standing", name(one.standing)},
            {"usable", one.usable}};
}

nlohmann::ordered_json to_json(const pipeline::Predictions& all) {
    if (!all.fresh) return nullptr;
    return {{"time", all.time.count()},
            {"trend", name(all.trend)},
            {"confidence", number(all.confidence)},
            {"forecast_bps", number(all.forecast_bps)},
            {"harmony", number(all.harmony)},
            {"band", name(all.band)},
            {"missing", all.missing},
            {"direction", to_json(all.direction)},
            {"trap", to_json(all.trap)}};
}

}  // namespace

TrendStory::News TrendStory::on(const Foresight::Slot& slot, const core::Instrument& instrument) {
    News news;
    const auto& trends = slot.get<pipeline::Trends>();
    const auto& closed = slot.get<pipeline::Bars>();
    if (const auto& told = slot.get<pipeline::Predictions>(); told.fresh) {
        news.state = told.trend != predictions.trend || told.band != predictions.band;
        predictions = told;
        predicted += core::known(told.direction.p);
        time = std::max(time, told.time);
    }
    if (trends.mask == 0 && trends.pattern_count == 0) return news;
    const auto shortest = static_cast<std::size_t>(std::countr_zero(closed.bar_mask));
    time = closed.bars[shortest].end();
    face = trends.now;
    for (std::uint32_t mask = trends.mask; mask != 0; mask &= mask - 1) {
        const auto i = static_cast<std::size_t>(std::countr_zero(mask));
        frames[i] = trends.frames[i];
        ++bars[i];
    }
    patterns.insert(patterns.end(), trends.patterns.begin(), trends.patterns.begin() + trends.pattern_count);
    samples.push_back({time, instrument.to_double(closed.bars[shortest].close), face.alignment, face.regime});
    news.state = news.state || trends.changed;
    news.patterns = trends.pattern_count != 0;
    return news;
}

std::string number_text(double x, int decimals) {
    return core::known(x) ? fmt::format("{:.{}f}", x, decimals) : "unknown";
}

std::string width_text(std::uint32_t seconds) {
    if (seconds % 86400 == 0) return fmt::format("{}d", seconds / 86400);
    if (seconds % 3600 == 0) return fmt::format("{}h", seconds / 3600);
    return seconds % 60 == 0 ? fmt::format("{}m", seconds / 60) : fmt::format("{}s", seconds);
}

nlohmann::ordered_json to_json(const TrendStory& story, const core::Instrument& instrument,
                               const pipeline::Timeframes& timeframes) {
    nlohmann::ordered_json rows = nlohmann::ordered_json::array();
    for (std::size_t i = 0; i < timeframes.count; ++i) {
        if (story.bars[i] == 0) continue;
        const auto& frame = story.frames[i];
        rows.push_back({{"timeframe", width_text(timeframes.seconds[i])},
                        {"bars", story.bars[i]},
                        {"state", frame.state == pipeline::unknown_trend ? nlohmann::ordered_json()
                                                                         : nlohmann::ordered_json(frame.state)},
                        {"trend", pipeline::trend_name(frame.state)},
                        {"change_bps", frame.change_bps},
                        {"movement", name(frame.movement)},
                        {"regime", name(frame.regime)},
                        {"volatility_rank", frame.volatility_rank}});
    }
    return {{"instrument", instrument.name()},
            {"time", story.time.count()},
            {"alignment", story.face.alignment},
            {"known_share", story.face.known_share},
            {"bias", name(story.face.bias)},
            {"run", story.face.run * story.face.run_sign},
            {"dominance", story.face.dominance},
            {"regime", name(story.face.regime)},
            {"volatility_rank", story.face.volatility_rank},
            {"label", pipeline::trend_label(story.face.volatility_rank, story.face.bias)},
            {"prediction", to_json(story.predictions)},
            {"timeframes", std::move(rows)}};
}

nlohmann::ordered_json to_json(const pipeline::PatternEvent& p, const core::Instrument& instrument,
                               const pipeline::Timeframes& timeframes) {
    return {{"instrument", instrument.name()},
            {"time", p.time.count()},
            {"pattern", name(p.kind)},
            {"timeframe", width_text(timeframes.seconds[p.timeframe])},
            {"forming", p.forming},
            {"expect", p.bullish ? "up" : "down"},
            {"score", p.score},
            {"points", p.points},
            {"zone", {p.zone_low, p.zone_high}},
            {"targets", {p.target1, p.target2}},
            {"invalid_at", p.invalid_at}};
}

}  // namespace omega
