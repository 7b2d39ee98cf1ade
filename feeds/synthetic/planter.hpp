#pragma once

#include "core/domain/price.hpp"
#include "core/domain/time.hpp"
#include "feeds/synthetic/chance.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace feeds::synthetic {

/// What a planter may look at: the market as it is when a trap is due.
struct Scene {
    core::Nanoseconds now{};
    double price{};  ///< mid, in ticks
    double
        highest_20{};  ///< highest and lowest trade of the last 20 whole minutes and this one, in ticks; 0 before that
    double lowest_20{};
    Chance* chance{};
};

/// What a trap does to the market: the fair value is pushed off its path through these points, linearly between them.
struct Plan {
    struct Point {
        double after_s{};     ///< since the start, increasing
        double offset_bps{};  ///< of the fair value
        double activity{1};   ///< of the market until this point, 1 = usual
    };
    static constexpr std::size_t max_points = 12;
    std::array<Point, max_points> points{};
    std::size_t count{};
    std::size_t extreme{};  ///< the point that a detector must have seen: its time and price are the truth

    void then(double after_s, double offset_bps, double activity = 1) noexcept {
        points[count++] = {after_s, offset_bps, activity};
    }
    void then_extreme(double after_s, double offset_bps, double activity = 1) noexcept {
        extreme = count;
        then(after_s, offset_bps, activity);
    }
};

/// One kind of trap. `kind` and `expect` are the words of the specification of traps.
struct Planter {
    std::string_view kind;
    std::string_view expect;  ///< "up", "down", "burst", "inert"
    double weight{};          ///< how often, beside the others
    /// Writes the plan; false when the scene does not allow this kind now.
    bool (*plan)(const Scene&, Plan&) noexcept {};
};

/// The families, a file each. A new kind is a line in its family's table.
std::span<const Planter> movement_planters() noexcept;
std::span<const Planter> bar_planters() noexcept;

inline constexpr std::size_t planter_families = 2;
std::array<std::span<const Planter>, planter_families> all_planters() noexcept;

/// The planter of a kind; of one with two directions the first that matches `expect` ("" matches any). nullptr if none.
const Planter* find_planter(std::string_view kind, std::string_view expect) noexcept;
/// One by weight, for `draw` in [0, 1).
const Planter& choose_planter(double draw) noexcept;

/// A trap as it was planted: what a detector may be judged by.
struct Truth {
    std::string_view kind;
    std::string_view expect;
    std::size_t instrument{};   ///< index into Settings::instruments
    core::Nanoseconds start{};  ///< the push begins
    core::Nanoseconds time{};   ///< its extreme
    core::Nanoseconds end{};    ///< nothing is left of it
    core::Price price{};        ///< mid at the extreme, in the instrument's price units
};

}  // namespace feeds::synthetic
