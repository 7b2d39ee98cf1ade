#pragma once

#include "core/domain/instrument.hpp"
#include "core/net/rate_limit.hpp"

#include <filesystem>
#include <string_view>

namespace omega {

/// Where the engines of a host share what venues take from its address.
inline constexpr const char* shared_budgets = "/dev/shm";

/// The file of one budget there: of a venue's world, "prod" or "testnet".
std::filesystem::path budget_file(core::Venue venue, std::string_view world, const std::filesystem::path& folder);

/// That budget, for a single request by hand; where none was made since the host started, one for the caller alone: by
/// whose rules a shared one counts, the first engine says. Throws std::runtime_error when there is no memory for one.
core::RateLedger host_budget(core::Venue venue, std::string_view world,
                             const std::filesystem::path& folder = shared_budgets);

/// A budget of this process. Throws the same.
core::RateLedger own_budget(core::Venue venue, const core::RateRules& rules);

}  // namespace omega
