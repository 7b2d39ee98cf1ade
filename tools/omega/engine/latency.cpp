#include "tools/omega/engine/latency.hpp"

namespace omega {

namespace {

std::uint64_t ns(std::uint64_t from, std::uint64_t to, double ns_per_cycle) noexcept {
    return to > from ? static_cast<std::uint64_t>(static_cast<double>(to - from) * ns_per_cycle) : 0;
}

}  // namespace

LatencyBook::LatencyBook(const std::vector<std::string_view>& stages) : stages_{stages.size()} {
    lines_.push_back({"decode", core::Histogram{}});
    lines_.push_back({"journal", core::Histogram{}});
    for (const auto stage : stages) lines_.push_back({stage, core::Histogram{}});
    lines_.push_back({"handover", core::Histogram{}});
    lines_.push_back({"encode", core::Histogram{}});
}

void LatencyBook::on_slot(const pipeline::Stamps& stamps, double ns_per_cycle) noexcept {
    lines_[0].histogram.record(ns(stamps.received, stamps.decoded, ns_per_cycle));
    lines_[1].histogram.record(ns(stamps.decoded, stamps.opened, ns_per_cycle));
    std::uint64_t before = stamps.opened;
    for (std::size_t i = 0; i < stages_; ++i) {
        lines_[2 + i].histogram.record(ns(before, stamps.after[i], ns_per_cycle));
        before = stamps.after[i];
    }
}

void LatencyBook::on_order(const pipeline::Stamps& stamps, std::uint64_t taken_up, std::uint64_t signed_at,
                           double ns_per_cycle) noexcept {
    if (stamps.received == 0) return;
    tick_to_order_.record(ns(stamps.received, signed_at, ns_per_cycle));
    if (stamps.taken) lines_[lines_.size() - 2].histogram.record(ns(stamps.after[stages_ - 1], taken_up, ns_per_cycle));
    lines_.back().histogram.record(ns(taken_up, signed_at, ns_per_cycle));
}

}  // namespace omega
