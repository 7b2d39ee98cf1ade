#include "feeds/conditions/sentiment.hpp"

#include "feeds/conditions/json.hpp"

#include <algorithm>

namespace feeds::conditions {
namespace {

core::Result<Sentiment, core::Fault> parse_entry(const simdjson::dom::element& element) noexcept {
    simdjson::dom::object entry;
    if (const auto error = element.get(entry)) return fault(error, "data");
    const auto index = number(entry, "value");
    if (!index) return index.error();
    if (!(*index >= 0 && *index <= 100)) return core::Fault{.reason = core::Error::out_of_range, .field = "value"};
    const auto time = number(entry, "timestamp");  // with date_format it is a date, which is malformed here
    if (!time) return time.error();
    constexpr double latest = 9.2e9;  // seconds that still fit nanoseconds
    if (!(*time >= 0 && *time <= latest)) return core::Fault{.reason = core::Error::out_of_range, .field = "timestamp"};
    return Sentiment{.time = std::chrono::seconds{static_cast<std::int64_t>(*time)}, .index = *index};
}

}  // namespace

core::Result<std::vector<Sentiment>, core::Fault> parse_fear_greed(std::string_view json) {
    if (json.size() > max_sentiment_bytes) return core::Fault{.reason = core::Error::oversized};
    simdjson::dom::parser parser;
    simdjson::dom::object root;
    const simdjson::padded_string padded{json};
    if (const auto error = parser.parse(padded).get(root)) return fault(error);
    simdjson::dom::element said;
    if (root["metadata"]["error"].get(said) == simdjson::SUCCESS && !said.is_null())
        return core::Fault{.reason = core::Error::refused, .field = "metadata.error"};
    simdjson::dom::array data;
    if (const auto error = root["data"].get(data)) return fault(error, "data");
    std::vector<Sentiment> history;
    for (const auto element : data) {
        if (history.size() == max_sentiment_entries)
            return core::Fault{.reason = core::Error::oversized, .field = "data"};
        const auto entry = parse_entry(element);
        if (!entry) return entry.error();
        history.push_back(*entry);
    }
    if (history.empty()) return core::Fault{.reason = core::Error::missing_field, .field = "data"};
    // Newest first, as published; of two of one moment the earlier in the list counts.
    std::stable_sort(history.begin(), history.end(), [](const auto& a, const auto& b) { return a.time < b.time; });
    const auto twice = [](const auto& a, const auto& b) { return a.time == b.time; };
    history.erase(std::unique(history.begin(), history.end(), twice), history.end());
    return history;
}

std::optional<Sentiment> sentiment_at(const std::vector<Sentiment>& history, core::Nanoseconds time) noexcept {
    const auto after = std::upper_bound(history.begin(), history.end(), time,
                                        [](core::Nanoseconds t, const Sentiment& s) { return t < s.time; });
    if (after == history.begin()) return std::nullopt;
    return *std::prev(after);
}

}  // namespace feeds::conditions
