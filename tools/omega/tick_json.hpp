#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/tick.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <vector>

namespace omega {

/// Appends `units`·10^-decimals as plain decimal text without trailing zeros, in JSON quotes.
void append_decimal(fmt::memory_buffer& to, std::int64_t units, int decimals);

/// Writes ticks as `omega decode` prints them: one JSON object a line, as spec'd for machines. Prices and quantities
/// are exact decimal strings, times integers in ns, what is unknown null.
class TickJson {
public:
    /// `instruments` must outlive this and not grow.
    explicit TickJson(const core::InstrumentTable& instruments);

    /// Appends the tick's line, with its line feed.
    void append(fmt::memory_buffer& to, const core::Tick& tick) const;

private:
    const core::InstrumentTable& instruments_;
    std::vector<std::string> heads_;  ///< by instrument: `"venue":…,"market":…,"instrument":…,"venue_time":`
};

}  // namespace omega
