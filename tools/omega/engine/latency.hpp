#pragma once

#include "core/runtime/histogram.hpp"
#include "pipeline/flow/slot.hpp"

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace omega {

/// Where the time between a frame's bytes and an order's bytes went, in nanoseconds.
/// `decode` and `journal` come before the stages, `handover` (the way to the order desk) and `encode` (text and
/// signature) after.
class LatencyBook {
public:
    explicit LatencyBook(const std::vector<std::string_view>& stages);

    /// A timed slot that is finished: the stages it passed. `ns_per_cycle` as calibrated.
    void on_slot(const pipeline::Stamps& stamps, double ns_per_cycle) noexcept;
    /// An order that is signed: the whole way.
    void on_order(const pipeline::Stamps& stamps, std::uint64_t taken_up, std::uint64_t signed_at,
                  double ns_per_cycle) noexcept;

    struct Line {
        std::string_view name;
        core::Histogram histogram;
    };
    [[nodiscard]] const std::vector<Line>& lines() const noexcept { return lines_; }
    [[nodiscard]] const core::Histogram& tick_to_order() const noexcept { return tick_to_order_; }

private:
    std::size_t stages_;
    std::vector<Line> lines_;  // decode, journal, the stages, handover, encode
    core::Histogram tick_to_order_;
};

}  // namespace omega
