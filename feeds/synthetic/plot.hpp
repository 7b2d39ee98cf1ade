#pragma once

#include "feeds/synthetic/crowd.hpp"
#include "feeds/synthetic/planter.hpp"

namespace feeds::synthetic {

/// A trap on its way through its plan. One at a time.
class Plot {
public:
    static constexpr core::Nanoseconds never = core::Nanoseconds::max();

    /// False when the scene does not allow this kind now; nothing has begun then.
    bool begin(const Planter& planter, const Scene& scene) noexcept;

    enum class Passed : std::uint8_t { nothing, extreme, end };
    /// Moves on to `now`; the extreme and the end are told once each, by calls of their own if both have passed.
    Passed advance(core::Nanoseconds now) noexcept;

    [[nodiscard]] const Planter* planter() const noexcept { return planter_; }  ///< nullptr: none is under way
    [[nodiscard]] core::Nanoseconds start() const noexcept { return start_; }
    [[nodiscard]] core::Nanoseconds end() const noexcept;
    [[nodiscard]] double offset_bps() const noexcept { return offset_; }
    [[nodiscard]] double activity() const noexcept { return activity_; }
    [[nodiscard]] const Manner& manner() const noexcept { return manner_; }
    [[nodiscard]] bool apart() const noexcept { return plan_.apart; }

    /// When the next deed is due; `never` if there is none.
    [[nodiscard]] core::Nanoseconds next_deed() const noexcept { return next_deed_; }
    /// Does it.
    Act do_deed(Crowd& crowd) noexcept;

private:
    struct Placed {
        core::Side side;
        std::int64_t price, added, shown;
    };
    Act place(const Deed& deed, Crowd& crowd) noexcept;
    void schedule() noexcept;

    Plan plan_{};
    const Planter* planter_{};
    core::Nanoseconds start_{}, next_deed_{never};
    std::size_t point_{}, deed_{};
    double offset_{};
    double activity_{1};
    Manner manner_{};
    std::array<Placed, Crowd::max_guarded> placed_{};
    std::size_t placed_count_{};
    std::int64_t kept_price_{}, kept_quantity_{};
};

}  // namespace feeds::synthetic
