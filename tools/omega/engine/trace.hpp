#pragma once

#include "core/domain/order.hpp"
#include "pipeline/traps/traps.hpp"
#include "strategies/decision.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace omega {

/// Everything a session concluded, kept to compare it with another run of the same input.
struct Trace {
    struct Trap {
        std::uint64_t sequence;
        pipeline::TrapEvent event;
    };
    /// What else a tick changed, by section: a hash of everything that is new in it.
    enum class Section : std::uint8_t { regime, indicators, levels, trends, predictions, weights };
    struct Sensed {
        std::uint64_t sequence;
        Section section;
        std::uint64_t hash;
    };
    struct Decided {
        std::uint64_t sequence;
        strategies::Decision decision;
    };
    std::vector<Trap> traps;
    std::vector<Sensed> senses;
    std::vector<Decided> decisions;
    std::vector<core::Order> orders;
};

std::string_view name(Trace::Section section) noexcept;  ///< "regime", "indicators", …

/// The earliest place where two runs of the same input part.
struct Difference {
    std::uint64_t sequence{};
    std::string section, field;
};

/// The first difference by tick sequence, or nullopt when the runs agree in every field.
std::optional<Difference> first_difference(const Trace& a, const Trace& b);
/// The same for orders only: what a journal of orders can be compared with.
std::optional<Difference> first_difference(const std::vector<core::Order>& a, const std::vector<core::Order>& b);

}  // namespace omega
