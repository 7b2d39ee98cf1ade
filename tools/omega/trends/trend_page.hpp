#pragma once

#include "tools/omega/trends/trend_story.hpp"

#include <iosfwd>
#include <vector>

namespace omega {

/// A page on its own, no script and nothing loaded: per instrument its price with the patterns, the regime below it and
/// the alignment of the timeframes. Follows the reader's light or dark.
void write_trend_page(std::ostream& out, const std::vector<TrendStory>& stories,
                      const core::InstrumentTable& instruments, const pipeline::Timeframes& timeframes);

}  // namespace omega
