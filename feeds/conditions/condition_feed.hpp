#pragma once

#include "core/domain/unknown.hpp"
#include "feeds/conditions/schumann.hpp"
#include "feeds/conditions/sentiment.hpp"
#include "feeds/conditions/text_source.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace feeds::conditions {

struct FeedSettings {
    SourceSettings sentiment{.file = {}, .url = {}, .poll_s = 3600};  ///< changes once a day; at most once a minute
    SourceSettings schumann{.file = {}, .url = {}, .poll_s = 60};
    std::string ca_file;  ///< PEM of whom https trusts; empty: the system's

    [[nodiscard]] bool any() const noexcept {
        return !sentiment.file.empty() || !sentiment.url.empty() || !schumann.file.empty() || !schumann.url.empty();
    }
};

/// What was known of the inputs at a moment; NaN: nothing. Whoever uses it judges its age.
struct Known {
    double sentiment{core::unknown};
    core::Nanoseconds sentiment_time{};
    double schumann_hz{core::unknown};
    core::Nanoseconds schumann_time{};
};

/// Sentiment and Schumann resonance from files and addresses: cold side, one thread. Whatever goes wrong, the last good
/// value stays until it is too old, and the failure is counted: nothing that trades waits for it.
class ConditionFeed {
public:
    explicit ConditionFeed(const FeedSettings& settings);

    /// Reads changed files. Returns whether anything new is known.
    bool poll_files();
    /// Asks the addresses that are due; `now` is any clock that does not go back.
    bool poll_urls(core::Nanoseconds now);

    /// The newest values not after `time`: of a history the day's own, so that a replay sees what its day saw.
    [[nodiscard]] Known at(core::Nanoseconds time) const noexcept;

    struct Counts {
        std::uint64_t taken{};
        std::array<std::uint64_t, 17> faults{};  ///< by core::Error
    };
    [[nodiscard]] const Counts& counts() const noexcept { return counts_; }
    /// The newest failure in words, "" before the first.
    [[nodiscard]] const std::string& problem() const noexcept { return problem_; }

private:
    bool take_sentiment(std::optional<TextSource::Arrival> arrival, core::Nanoseconds now);
    bool take_schumann(std::optional<TextSource::Arrival> arrival, core::Nanoseconds now);
    void count(const core::Fault& fault, const char* input, const std::string& problem);

    TextSource sentiment_source_, schumann_source_;
    std::vector<Sentiment> history_;
    std::vector<Schumann> schumann_;  // the newest few, oldest first
    Counts counts_;
    std::string problem_;
};

}  // namespace feeds::conditions
