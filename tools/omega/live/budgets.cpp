#include "tools/omega/live/budgets.hpp"

#include "gateways/live/venue_limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <vector>

namespace omega {

namespace {

core::RateLedger open(core::Venue venue, const std::vector<core::Market>& markets, bool simulated) {
    const auto rules = gateways::live::rate_rules(venue, markets);
    const auto path = std::filesystem::path{"/dev/shm"} / fmt::format("omega-rate-{}", core::name(venue));
    if (!simulated)
        if (auto shared = core::RateLedger::open(path, rules)) return std::move(*shared);
    // Also where another engine of this host counts by other rules: both then count for themselves.
    auto own = core::RateLedger::anonymous(rules);
    if (!own) throw std::runtime_error{fmt::format("{}: no memory for its request budget", core::name(venue))};
    return std::move(*own);
}

}  // namespace

Budgets::Budgets(const core::InstrumentTable& instruments, bool simulated) {
    for (std::size_t i = 0; i < budgets_.size(); ++i) {
        const auto venue = static_cast<core::Venue>(i);
        std::vector<core::Market> markets;
        for (const auto& instrument : instruments)
            if (instrument.venue == venue && std::ranges::count(markets, instrument.market) == 0)
                markets.push_back(instrument.market);
        if (!markets.empty()) budgets_[i] = std::make_unique<core::RateLedger>(open(venue, markets, simulated));
    }
}

}  // namespace omega
