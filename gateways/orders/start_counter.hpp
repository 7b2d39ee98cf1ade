#pragma once

#include "core/domain/order.hpp"
#include "core/domain/result.hpp"

#include <cstdint>
#include <filesystem>

namespace gateways {

/// Counts the starts of the engine in `path` and returns the new count: the epoch of this run's order ids. It is on the
/// disk before it is returned, so a crash at any moment skips a number and never gives one twice. `at_least`: the new
/// epoch lies above it (OrderLedger::highest_epoch), should the file be gone.
/// Errors: corrupt (the file is there and unreadable: nobody may guess), io, out_of_range (8 million starts), refused
/// (another process is counting).
core::Result<std::uint32_t> next_epoch(const std::filesystem::path& path, std::uint32_t at_least = 0);

/// The ids of one run, none twice.
class OrderIds {
public:
    explicit OrderIds(std::uint32_t epoch) noexcept : epoch_{epoch} {}
    core::OrderId next() noexcept { return core::OrderId::of(epoch_, ++counter_); }
    [[nodiscard]] std::uint32_t epoch() const noexcept { return epoch_; }

private:
    std::uint32_t epoch_;
    std::uint64_t counter_{};
};

}  // namespace gateways
