#pragma once

#include "core/domain/result.hpp"
#include "core/domain/time.hpp"
#include "core/domain/unknown.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace feeds::conditions {

/// One value of the fear-and-greed index and the start of its day (UTC), from when on it was known.
struct Sentiment {
    core::Nanoseconds time{};
    double index{};  ///< 0 extreme fear .. 100 extreme greed
};

/// The answer of `GET https://api.alternative.me/fng/?limit=N`, oldest first, one entry a moment. Only `value` and
/// `timestamp` (seconds since the epoch, as text or number) are read; the class is the reader's business.
/// Errors: malformed, missing_field, wrong_type, out_of_range (index outside 0..100, a time before 1970 or after 2261),
/// refused (metadata.error says so), oversized (more than max_entries or max_bytes).
/// Source: alternative.me, "Crypto Fear & Greed Index", API.
core::Result<std::vector<Sentiment>, core::Fault> parse_fear_greed(std::string_view json);

inline constexpr std::size_t max_sentiment_bytes = std::size_t{4} << 20, max_sentiment_entries = 40'000;

/// The newest entry that was known at `time`; nothing before the first. `history`: oldest first.
std::optional<Sentiment> sentiment_at(const std::vector<Sentiment>& history, core::Nanoseconds time) noexcept;

}  // namespace feeds::conditions
