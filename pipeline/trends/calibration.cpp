#include "pipeline/trends/calibration.hpp"

#include <algorithm>
#include <cmath>

namespace pipeline::ai {

namespace {

std::size_t bin_of(float p) noexcept {
    return std::min<std::size_t>(9, static_cast<std::size_t>(static_cast<double>(p) * 10 + 1e-6));
}
double loss(float p, bool label) noexcept {
    const double inside = std::clamp(static_cast<double>(p), 1e-6, 1 - 1e-6);
    return -std::log(label ? inside : 1 - inside);
}
double square(float p, bool label) noexcept {
    const double error = static_cast<double>(p) - (label ? 1 : 0);
    return error * error;
}
bool right(float p, bool label) noexcept {
    return (p >= .5F) == label;
}

}  // namespace

void Calibration::Sums::add(float p, bool label) noexcept {
    ++n;
    ones += label ? 1u : 0u;
    right += ai::right(p, label) ? 1u : 0u;
    squares += square(p, label);
    log_loss += loss(p, label);
    Bin& bin = bins[bin_of(p)];
    ++bin.n;
    bin.ones += label ? 1u : 0u;
    bin.sum += static_cast<double>(p);
}

void Calibration::Sums::remove(float p, bool label) noexcept {
    --n;
    ones -= label ? 1u : 0u;
    right -= ai::right(p, label) ? 1u : 0u;
    squares -= square(p, label);
    log_loss -= loss(p, label);
    Bin& bin = bins[bin_of(p)];
    --bin.n;
    bin.ones -= label ? 1u : 0u;
    bin.sum -= static_cast<double>(p);
}

void Calibration::add(double probability, bool label) noexcept {
    if (!core::known(probability)) return;
    const auto p = static_cast<float>(probability);
    float& slot = ring_[next_];
    if (rolling_.n == ring_.size()) rolling_.remove(std::abs(slot), !std::signbit(slot));
    slot = label ? p : -p;
    rolling_.add(p, label);
    since_start_.add(p, label);
    total_.add(p, label);
    if (++next_ == ring_.size()) {
        next_ = 0;
        rolling_ = since_start_;
        since_start_ = {};
    }
}

Score Calibration::score(const Sums& s) noexcept {
    Score out;
    out.n = s.n;
    if (s.n == 0) return out;
    const auto n = static_cast<double>(s.n);
    out.base = static_cast<double>(s.ones) / n;
    out.brier = s.squares / n;
    if (const double chance = out.base * (1 - out.base); chance > 0) out.skill = 1 - out.brier / chance;
    out.log_loss = s.log_loss / n;
    out.accuracy = static_cast<double>(s.right) / n;
    for (std::size_t i = 0; i < out.bins.size(); ++i) {
        out.bins[i].n = s.bins[i].n;
        if (s.bins[i].n == 0) continue;
        out.bins[i].mean_p = s.bins[i].sum / static_cast<double>(s.bins[i].n);
        out.bins[i].hit_share = static_cast<double>(s.bins[i].ones) / static_cast<double>(s.bins[i].n);
    }
    return out;
}

double Calibration::skill() const noexcept {
    const auto n = static_cast<double>(rolling_.n);
    const double base = static_cast<double>(rolling_.ones) / n;  // NaN without labels
    const double chance = base * (1 - base);
    return chance > 0 ? 1 - rolling_.squares / n / chance : core::unknown;
}

Standing Calibration::standing(std::uint64_t least) const noexcept {
    if (rolling_.n < least) return Standing::unproven;
    return skill() > 0 ? Standing::calibrated : Standing::uncalibrated;
}

}  // namespace pipeline::ai
