#pragma once

#include "core/domain/unknown.hpp"
#include "pipeline/trends/predictions.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace pipeline::ai {

/// One of ten equal slices of 0..1 by predicted probability.
struct ReliabilityBin {
    std::uint64_t n{};
    double mean_p{core::unknown}, hit_share{core::unknown};
};

/// How good scored predictions were; unknown without labels.
struct Score {
    std::uint64_t n{};
    double base{core::unknown};      ///< ȳ, share of the label 1
    double brier{core::unknown};     ///< mean (p − y)²
    double skill{core::unknown};     ///< 1 − Brier/(ȳ(1 − ȳ)); unknown where all labels are equal
    double log_loss{core::unknown};  ///< p clipped to 1e-6
    double accuracy{core::unknown};  ///< p >= .5 taken as the label 1
    std::array<ReliabilityBin, 10> bins{};
};

/// Scores predictions against their labels, over the newest `window` and in total.
class Calibration {
public:
    explicit Calibration(std::uint32_t window) : ring_(window) {}

    /// A prediction, made before its label was learnt from. O(1).
    void add(double p, bool label) noexcept;

    [[nodiscard]] Score rolling() const noexcept { return score(rolling_); }
    [[nodiscard]] Score total() const noexcept { return score(total_); }

    /// The rolling skill alone, for every minute; unknown where Score::skill is.
    [[nodiscard]] double skill() const noexcept;
    /// Whether `least` labels or more have shown skill.
    [[nodiscard]] Standing standing(std::uint64_t least) const noexcept;
    [[nodiscard]] std::uint64_t labels() const noexcept { return total_.n; }

private:
    struct Bin {
        std::uint64_t n{}, ones{};
        double sum{};
    };
    struct Sums {
        std::uint64_t n{}, ones{}, right{};
        double squares{}, log_loss{};
        std::array<Bin, 10> bins{};

        void add(float p, bool label) noexcept;
        void remove(float p, bool label) noexcept;
    };
    static Score score(const Sums& sums) noexcept;

    std::vector<float> ring_;  // p, negative (also −0) where the label was 0: four bytes a label
    std::size_t next_{};
    // `rolling_` gathers rounding as values leave it. `since_start_` sums only what was added since position 0, so each
    // time the ring is full again it is the exact sum of it, and takes rolling_'s place: O(1) and no drift.
    Sums rolling_{}, since_start_{}, total_{};
};

}  // namespace pipeline::ai
