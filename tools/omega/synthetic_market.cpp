#include "tools/omega/settings.hpp"

namespace omega {

feeds::synthetic::Settings synthetic_market(const Settings& settings) {
    auto market = settings.market;
    std::vector<core::Venue> others;
    for (const auto& name : settings.market_venues)
        others.push_back(core::parse_venue(name).value_or(core::Venue::omega));
    market.instruments.clear();
    for (const auto& first : feeds::synthetic::usual_instruments(settings.market_instruments)) {
        const auto all = feeds::synthetic::on_venues(first, others, market.instruments.size());
        market.instruments.insert(market.instruments.end(), all.begin(), all.end());
    }
    return market;
}

}  // namespace omega
