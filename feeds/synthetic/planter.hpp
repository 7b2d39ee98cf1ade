#pragma once

#include "core/domain/price.hpp"
#include "core/domain/tick.hpp"
#include "core/domain/time.hpp"
#include "feeds/synthetic/chance.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace feeds::synthetic {

/// What a planter may look at: the market as it is when a trap is due.
struct Scene {
    core::Nanoseconds now{};
    double price{};  ///< mid, in ticks
    double
        highest_20{};  ///< highest and lowest trade of the last 20 whole minutes and this one, in ticks; 0 before that
    double lowest_20{};
    bool elsewhere{};  ///< the same pair is traded on another venue of this market
    Chance* chance{};
};

/// Something that somebody does to the book at a time of a plan, beside the crowd.
struct Deed {
    enum class What : std::uint8_t {
        place,  ///< a level of `side` is raised by `size`, `distance_bps` behind the touch (0: at it); the crowd leaves
                ///< it alone from then on
        cancel,  ///< the `nth` placed level loses what is left of that
        refill,  ///< the `nth` placed level shows again what it showed when it was placed
        take,    ///< an aggressor of `side` takes the share `size` of the touch, all of it with 1
        vacate,  ///< the best level of `side` goes; its price, and the quantity `size`, are kept for `post`
        post     ///< an order of `side` of that quantity at that price, inside the spread
    };
    double after_s{};  ///< since the start, not decreasing
    What what{};
    core::Side side{};
    double size{};  ///< quantities are multiples of the mean of that side's ten best levels
    double distance_bps{};
    std::uint8_t nth{};
};

/// What a trap does to the market: the fair value is pushed off its path through these points, linearly between them,
/// the crowd's manner changes until each of them, and deeds are done.
struct Plan {
    struct Point {
        double after_s{};     ///< since the start, increasing
        double offset_bps{};  ///< of the fair value
        double activity{1};   ///< of the market until this point, 1 = usual
        double lean{};        ///< until this point: 1 all small aggressors buy, −1 all sell; their orders are larger
        double shake_bps{};   ///< until this point: the fair value swings so far to either side, once in 3 s
        bool idle{};          ///< until this point: the crowd neither trades nor betters the touch
    };
    static constexpr std::size_t max_points = 16, max_deeds = 64;
    std::array<Point, max_points> points{};
    std::size_t count{};
    std::size_t extreme{};  ///< the point that a detector must have seen: its time and price are the truth
    std::array<Deed, max_deeds> deeds{};
    std::size_t deed_count{};
    bool apart{};  ///< the same pair elsewhere does not follow

    Point& then(double after_s, double offset_bps, double activity = 1) noexcept {
        return points[count++] = {after_s, offset_bps, activity};
    }
    Point& then_extreme(double after_s, double offset_bps, double activity = 1) noexcept {
        extreme = count;
        return then(after_s, offset_bps, activity);
    }
    void deed(const Deed& deed) noexcept { deeds[deed_count++] = deed; }
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
std::span<const Planter> book_planters() noexcept;
std::span<const Planter> tape_planters() noexcept;
std::span<const Planter> venue_planters() noexcept;

inline constexpr std::size_t planter_families = 5;
std::array<std::span<const Planter>, planter_families> all_planters() noexcept;

/// The planter of a kind; of one with two directions the first that matches `expect` ("" matches any). nullptr if none.
const Planter* find_planter(std::string_view kind, std::string_view expect) noexcept;
/// One by weight, for `draw` in [0, 1), among the given kinds (none given: all). Precondition: one of them is a kind.
const Planter& choose_planter(double draw, std::span<const std::string> kinds) noexcept;

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
