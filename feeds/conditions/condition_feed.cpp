#include "feeds/conditions/condition_feed.hpp"

#include <algorithm>

namespace feeds::conditions {
namespace {

constexpr core::Nanoseconds not_asked = core::Nanoseconds::min();
constexpr std::size_t kept_schumann = 128;

}  // namespace

ConditionFeed::ConditionFeed(const FeedSettings& settings)
    : sentiment_source_{settings.sentiment, max_sentiment_bytes, settings.ca_file},
      schumann_source_{settings.schumann, max_schumann_bytes, settings.ca_file} {}

void ConditionFeed::count(const core::Fault& fault, const char* input, const std::string& problem) {
    ++counts_.faults[static_cast<std::size_t>(fault.reason)];
    problem_ = std::string{input} + ": " + std::string{core::name(fault.reason)};
    if (*fault.field != '\0') problem_ += std::string{" at "} + fault.field;
    if (!problem.empty()) problem_ += " (" + problem + ")";
}

bool ConditionFeed::take_sentiment(std::optional<TextSource::Arrival> arrival, core::Nanoseconds now) {
    if (!arrival) return false;
    if (!*arrival) {
        count(arrival->error(), "sentiment", sentiment_source_.problem());
        return false;
    }
    auto history = parse_fear_greed(**arrival);
    if (!history) {
        count(history.error(), "sentiment", {});
        if (now != not_asked) sentiment_source_.reject(now);
        return false;
    }
    sentiment_source_.accept();
    // An address gives the newest day, a file perhaps all of them: what is known of other days stays.
    history_.insert(history_.begin(), history->begin(), history->end());
    std::stable_sort(history_.begin(), history_.end(), [](const auto& a, const auto& b) { return a.time < b.time; });
    history_.erase(
        std::unique(history_.begin(), history_.end(), [](const auto& a, const auto& b) { return a.time == b.time; }),
        history_.end());
    if (history_.size() > max_sentiment_entries)
        history_.erase(history_.begin(), history_.end() - max_sentiment_entries);
    ++counts_.taken;
    return true;
}

bool ConditionFeed::take_schumann(std::optional<TextSource::Arrival> arrival, core::Nanoseconds now) {
    if (!arrival) return false;
    if (!*arrival) {
        count(arrival->error(), "schumann", schumann_source_.problem());
        return false;
    }
    const auto measured = parse_schumann(**arrival);
    if (!measured) {
        count(measured.error(), "schumann", {});
        if (now != not_asked) schumann_source_.reject(now);
        return false;
    }
    schumann_source_.accept();
    std::erase_if(schumann_, [&](const Schumann& s) { return s.time == measured->time; });
    schumann_.insert(std::upper_bound(schumann_.begin(), schumann_.end(), *measured,
                                      [](const auto& a, const auto& b) { return a.time < b.time; }),
                     *measured);
    if (schumann_.size() > kept_schumann) schumann_.erase(schumann_.begin());
    ++counts_.taken;
    return true;
}

bool ConditionFeed::poll_files() {
    const bool sentiment = take_sentiment(sentiment_source_.poll_file(), not_asked);
    return take_schumann(schumann_source_.poll_file(), not_asked) || sentiment;
}

bool ConditionFeed::poll_urls(core::Nanoseconds now) {
    const bool sentiment = take_sentiment(sentiment_source_.poll_url(now), now);
    return take_schumann(schumann_source_.poll_url(now), now) || sentiment;
}

Known ConditionFeed::at(core::Nanoseconds time) const noexcept {
    Known known;
    if (const auto day = sentiment_at(history_, time)) {
        known.sentiment = day->index;
        known.sentiment_time = day->time;
    }
    const auto after = std::upper_bound(schumann_.begin(), schumann_.end(), time,
                                        [](core::Nanoseconds t, const Schumann& s) { return t < s.time; });
    if (after != schumann_.begin()) {
        known.schumann_hz = std::prev(after)->hz;
        known.schumann_time = std::prev(after)->time;
    }
    return known;
}

}  // namespace feeds::conditions
