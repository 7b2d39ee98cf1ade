#pragma once

#include "core/domain/time.hpp"
#include "core/domain/unknown.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

namespace strategies {

/// Which end of p0 ± X a price path reached first within its time. Every outcome test of spec/traps.md section 9 reads
/// off this one word.
enum class Touch : std::uint8_t {
    none,       ///< time ran out inside
    up,         ///< +X first
    down,       ///< −X first
    both,       ///< both inside one bar: nobody knows which came first
    unresolved  ///< a feed gap, or the tape ended, before the time ran out
};

/// Many paths of one instrument, each followed to the end of its time: a feed that is lost on the way makes a path
/// unresolved even if it touched before. Else only what needs no time would be counted, and every "burst" that is known
/// to have an outcome would have burst.
///
/// In:  in the order of time: expire() with every event's time, then prices(). A price at the very end of a path's time
///      still counts.
/// Out: done(tag, Touch) once for every path.
/// Cost: a price inside every path is two comparisons. Cold side: starting a path may allocate.
class FirstTouches {
public:
    using Tag = std::uint64_t;

    void start(Tag tag, double price, double bps, core::Nanoseconds until) {
        paths_.push_back({price, bps, until, tag, Touch::none});
        narrow(paths_.back());
    }

    /// Prices from `low` to `high` were traded until `end`: one trade, or a bar. A path whose time ends inside a bar
    /// that leaves it cannot be resolved.
    void prices(double low, double high, core::Nanoseconds end) noexcept {
        if (low > floor_ && high < ceiling_) return;
        widen();
        for (Path& path : paths_) {
            if (path.touch == Touch::none) {
                const bool up = core::bps(high, path.price) >= path.bps;
                const bool down = core::bps(low, path.price) <= -path.bps;
                path.touch = up && down ? Touch::both : up ? Touch::up : down ? Touch::down : Touch::none;
                if (path.touch != Touch::none && path.until < end) path.touch = Touch::unresolved;
            }
            narrow(path);
        }
    }

    /// Ends the paths whose time ended before `time`.
    template <class Done>
    void expire(core::Nanoseconds time, Done&& done) {
        if (time <= first_end_) return;
        widen();
        std::size_t kept = 0;
        for (const Path& path : paths_) {
            if (path.until < time) {
                done(path.tag, path.touch);
                continue;
            }
            narrow(path);
            paths_[kept++] = path;
        }
        paths_.resize(kept);
    }

    /// The feed is known up to `last` and not after it: paths that had more time stay unresolved.
    template <class Done>
    void lose(core::Nanoseconds last, Done&& done) {
        for (const Path& path : paths_) done(path.tag, path.until <= last ? path.touch : Touch::unresolved);
        paths_.clear();
        widen();
    }

    [[nodiscard]] std::size_t size() const noexcept { return paths_.size(); }

private:
    struct Path {
        double price, bps;
        core::Nanoseconds until;
        Tag tag;
        Touch touch;
    };

    void widen() noexcept {
        ceiling_ = std::numeric_limits<double>::infinity();
        floor_ = -ceiling_;
        first_end_ = core::Nanoseconds::max();
    }
    void narrow(const Path& path) noexcept {
        first_end_ = std::min(first_end_, path.until);
        if (path.touch != Touch::none) return;
        // A hair inside the bound: the exact comparison is the one in bps.
        constexpr double hair = 1e-12;
        ceiling_ = std::min(ceiling_, path.price * (1 + path.bps / 1e4) * (1 - hair));
        floor_ = std::max(floor_, path.price * (1 - path.bps / 1e4) * (1 + hair));
    }

    std::vector<Path> paths_;
    double ceiling_{std::numeric_limits<double>::infinity()}, floor_{-std::numeric_limits<double>::infinity()};
    core::Nanoseconds first_end_{core::Nanoseconds::max()};
};

}  // namespace strategies
