#include "pipeline/traps/senses.hpp"

namespace pipeline::traps {
namespace {

double power_of_ten(int exponent) noexcept {
    double value = 1;
    for (int i = 0; i < exponent; ++i) value *= 10;
    return value;
}

}  // namespace

Senses::Senses(const TrapSettings& settings, const core::Instrument& instrument)
    : measures{settings},
      threshold{settings},
      high_frequency{settings.hf},
      units_per_quote{power_of_ten(instrument.price_decimals)},
      id{instrument.id},
      venue{instrument.venue} {
    face.threshold_bps = threshold.at(1);
}

void Senses::clear() noexcept {
    measures.clear();
    threshold.clear();
    depth.clear();
    bid_depth10 = ask_depth10 = core::unknown;
    face.regime = threshold.regime();
    face.threshold_bps = threshold.at(face.hf_multiplier);
}

void Senses::refresh(core::Nanoseconds time) noexcept {
    face.hf = high_frequency.state();
    face.hf_multiplier = high_frequency.multiplier();
    face.threshold_bps = threshold.at(face.hf_multiplier);
    face.regime = threshold.regime();
    face.pressure_up = up.at(time);
    face.pressure_down = down.at(time);
}

}  // namespace pipeline::traps
