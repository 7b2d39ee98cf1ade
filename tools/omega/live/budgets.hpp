#pragma once

#include "core/domain/instrument.hpp"
#include "core/net/rate_limit.hpp"

#include <array>
#include <memory>

namespace omega {

/// The request budgets of the venues in use, one each for everybody who asks: snapshots, orders, questions. Real venues
/// count by address, so all engines of this host share one in memory; a simulated venue has this process alone.
class Budgets {
public:
    /// Throws std::runtime_error when there is no memory for one.
    Budgets(const core::InstrumentTable& instruments, bool simulated);
    [[nodiscard]] core::RateLedger& of(core::Venue venue) noexcept {
        return *budgets_[static_cast<std::size_t>(venue)];
    }

private:
    std::array<std::unique_ptr<core::RateLedger>, core::venue_count> budgets_{};
};

}  // namespace omega
