#pragma once

#include "core/domain/instrument.hpp"
#include "core/net/rate_limit.hpp"
#include "tools/omega/live/host_budget.hpp"
#include "tools/omega/live/settings.hpp"
#include "tools/omega/settings.hpp"

#include <array>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace omega {

/// The request budgets of the venues in use, one each for everybody who asks: snapshots, orders, questions. Real venues
/// count by address, so all engines of this host share one in memory for each of a venue's worlds (prod, testnet); a
/// simulated venue has this process alone.
class Budgets {
public:
    /// Of the venues and markets that `settings` name. `folder`: where they are shared, by their names. Throws
    /// std::runtime_error when there is no memory for one, std::invalid_argument for an instrument that is no symbol.
    Budgets(const LiveSettings& settings, RunMode mode, const std::filesystem::path& folder = shared_budgets);
    [[nodiscard]] core::RateLedger& of(core::Venue venue) noexcept {
        return *budgets_[static_cast<std::size_t>(venue)];
    }
    /// Which of them should be shared and are not, and why: then two engines together may take more than a venue gives.
    [[nodiscard]] const std::vector<std::string>& problems() const noexcept { return problems_; }

private:
    core::RateLedger open(core::Venue venue, const std::vector<core::Market>& markets, std::string_view world,
                          const std::filesystem::path& folder);

    std::array<std::unique_ptr<core::RateLedger>, core::venue_count> budgets_{};
    std::vector<std::string> problems_;
};

}  // namespace omega
