#include "pipeline/traps/time_dilation.hpp"

#include "pipeline/traps/confidence.hpp"

namespace pipeline::traps {

void TimeDilation::clear() noexcept {
    clock_.clear();
    quicker_.clear();
    slower_.clear();
}

void TimeDilation::judge(const Senses& senses, double z, std::int64_t second, Reporter& reporter) noexcept {
    const double move = reporter.note(Measure::run_w, senses.measures.run_w().size), T = reporter.threshold();
    // An unknown move may be the burst itself.
    if (!(move < T / 2) || !reporter.enabled(TrapKind::time_dilation)) return;
    const double opposite = (z < 0 ? slower_ : quicker_).at(second);
    reporter.report(
        {.kind = TrapKind::time_dilation,
         .sign = z < 0 ? -1 : 1,
         .price = senses.measures.price(),
         .confidence = time_dilation_confidence(z, opposite, move / T),
         .impact = std::abs(z) / 6,
         .evidence = evidence(z, opposite, std::exp(clock_.fast_mean()), std::exp(clock_.slow_mean()), move / T)});
}

}  // namespace pipeline::traps
