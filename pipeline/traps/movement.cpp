#include "pipeline/traps/movement.hpp"

#include "pipeline/traps/confidence.hpp"

#include <cmath>

namespace pipeline::traps {
namespace {

/// One look at the family: the gates share what they measure.
class Look {
public:
    Look(const Senses& senses, const FlashWindow& flash, Reporter& reporter) noexcept
        : senses_{senses},
          measures_{senses.measures},
          flash_{flash},
          settings_{reporter.settings()},
          reporter_{reporter},
          T_{reporter.threshold()},
          calm_T_{reporter.calm_threshold()},
          price_{senses.measures.price()} {}

    bool flash() noexcept;
    bool fakes() noexcept;
    bool grabs() noexcept;
    bool accumulation() noexcept;

private:
    /// What describes a run: how much came back, how far the next level is, whether volume and flow agree.
    struct Shape {
        double retrace, distance, nearness, flow, suspicion;
    };
    Shape shape_of(const Run& run) noexcept;
    bool fake(const Run& run, const Shape& shape, bool half) noexcept;
    bool liquidity_grab(const Run& run, const Shape& shape, bool half) noexcept;
    bool volatility_grab(const Run& run) noexcept;

    bool accept(TrapKind kind, int sign, double confidence, double impact, bool calm,
                const std::array<double, 8>& evidence) noexcept {
        return reporter_.report({kind, sign, price_, confidence, impact, calm, evidence});
    }

    const Senses& senses_;
    const Measures& measures_;
    const FlashWindow& flash_;
    const TrapSettings& settings_;
    Reporter& reporter_;
    double T_, calm_T_, price_;  // price units
    double volume_z_{core::unknown};
};

bool Look::flash() noexcept {
    const auto [move, trades] = flash_.move(price_);
    if (!(std::abs(move) >= T_) || trades < 3) return false;
    const TrapKind kind = move > 0 ? TrapKind::flash_pump : TrapKind::flash_dump;
    if (!reporter_.enabled(kind)) return false;
    const int sign = move > 0 ? 1 : -1;
    const double depletion = reporter_.note(Measure::depth, senses_.depth.depletion(reporter_.time(), sign));
    return accept(kind, sign, flash_confidence(move, trades, depletion, T_), std::abs(move) / T_,
                  std::abs(move) >= calm_T_, evidence(move, trades, depletion));
}

Look::Shape Look::shape_of(const Run& run) noexcept {
    Shape shape{};
    volume_z_ =
        reporter_.note(Measure::volume_z, reporter_.closing() ? measures_.closed_volume_z() : measures_.volume_z());
    shape.flow = reporter_.note(
        Measure::flow, reporter_.closing() ? measures_.closed_flow(settings_.pump_window_s) : measures_.flow_p());
    shape.retrace = run.retrace(price_);
    shape.distance =
        reporter_.note(Measure::level_distance, senses_.levels.distance_bps(run.extreme / senses_.units_per_quote));
    shape.nearness = level_nearness(shape.distance, settings_.level_proximity_bps);
    shape.suspicion = reporter_.note(Measure::suspicion, suspicion(volume_z_, shape.distance, shape.flow, shape.retrace,
                                                                   run.sign, settings_.level_proximity_bps));
    return shape;
}

bool Look::fakes() noexcept {
    const double half_gate = settings_.pump_bps / 2;
    if (!measures_.full(settings_.pump_window_s)) {
        reporter_.note(Measure::run_p, core::unknown);
        return false;
    }
    if (!measures_.closed_move_may_reach(settings_.pump_window_s, half_gate)) return false;
    const Run run = measures_.closed_run(settings_.pump_window_s);
    if (!(run.size >= half_gate) || !(run.retrace(price_) < .8)) return false;
    const Shape shape = shape_of(run);
    if (run.size >= settings_.pump_bps) return fake(run, shape, false);
    return fake(run, shape, true);
}

bool Look::fake(const Run& run, const Shape& shape, bool half) noexcept {
    const bool pump = run.sign > 0;
    const TrapKind kind = half ? (pump ? TrapKind::half_fake_pump : TrapKind::half_fake_dump)
                               : (pump ? TrapKind::fake_pump : TrapKind::fake_dump);
    if (!reporter_.enabled(kind)) return false;
    const double confidence = half ? half_fake_confidence(run.size, shape.suspicion, settings_.pump_bps / 2)
                                   : fake_confidence(run.size, shape.suspicion, settings_.pump_bps);
    return accept(kind, run.sign, confidence, run.size / T_, true,
                  evidence(run.move(), shape.retrace, shape.suspicion, volume_z_, shape.distance, shape.flow));
}

bool Look::grabs() noexcept {
    const Run run = reporter_.closing() ? measures_.closed_run(settings_.move_window_s) : measures_.run_w();
    if (!(run.size >= T_ / 2)) return false;
    const Shape shape = shape_of(run);
    if (run.size >= T_ && liquidity_grab(run, shape, false)) return true;
    if (volatility_grab(run)) return true;
    return run.size < T_ && shape.suspicion >= settings_.suspicion_min && liquidity_grab(run, shape, true);
}

bool Look::liquidity_grab(const Run& run, const Shape& shape, bool half) noexcept {
    const TrapKind kind = half ? TrapKind::half_liquidity_grab : TrapKind::liquidity_grab;
    if (!reporter_.enabled(kind)) return false;
    const double confidence =
        half ? half_liquidity_grab_confidence(run.size, T_, volume_z_, shape.retrace, shape.nearness)
             : liquidity_grab_confidence(run.size, T_, volume_z_, shape.retrace, shape.nearness);
    const double calm = calm_T_;
    const bool calm_gate = half ? run.size >= calm / 2 && run.size < calm : run.size >= calm;
    return accept(kind, run.sign, confidence, run.size / T_, calm_gate,
                  evidence(run.move(), volume_z_, shape.retrace, shape.distance, run.base / senses_.units_per_quote,
                           run.extreme / senses_.units_per_quote, shape.suspicion));
}

bool Look::volatility_grab(const Run& run) noexcept {
    if (!reporter_.enabled(TrapKind::volatility_grab)) return false;
    const double sigma60 = measures_.sigma60(), sigma300 = measures_.sigma300();
    const double ratio = reporter_.note(Measure::sigma_ratio, sigma300 > 0 ? sigma60 / sigma300 : core::unknown);
    if (!(ratio >= 1.5)) return false;
    return accept(TrapKind::volatility_grab, run.sign, volatility_grab_confidence(ratio, run.size, T_, volume_z_),
                  run.size / T_, run.size >= calm_T_ / 2, evidence(ratio, run.move(), volume_z_, sigma60, sigma300));
}

bool Look::accumulation() noexcept {
    std::array<double, 3> moves{};
    if (!measures_.last_moves(moves)) return false;
    const auto all = [&](auto far_enough) {
        return far_enough(moves[0]) && far_enough(moves[1]) && far_enough(moves[2]);
    };
    const bool up = all([](double move) { return move >= 1; });
    if (!up && !all([](double move) { return move <= -1; })) return false;
    const double sum = moves[0] + moves[1] + moves[2], size = std::abs(sum);
    if (!(size >= T_ / 2)) return false;
    const TrapKind kind = up ? TrapKind::liquidity_accumulation_up : TrapKind::liquidity_accumulation_down;
    if (!reporter_.enabled(kind)) return false;

    const int sign = up ? 1 : -1;
    const double flow = reporter_.note(Measure::flow, measures_.closed_flow(3 * settings_.move_window_s));
    const double behind = up ? senses_.bid_depth10 : senses_.ask_depth10,
                 ahead = up ? senses_.ask_depth10 : senses_.bid_depth10;
    const bool fresh = reporter_.time() - senses_.depth10_time <= DepthHistory::fresh;
    const double depth = reporter_.note(Measure::depth, fresh && ahead > 0 ? behind / ahead : core::unknown);
    return accept(kind, sign, accumulation_confidence(sum, T_, sign * flow, depth), size / T_, size >= calm_T_ / 2,
                  evidence(sum, flow, depth));
}

}  // namespace

void Movement::look(const Senses& senses, Reporter& reporter) noexcept {
    Look look{senses, flash_, reporter};
    const bool closing = reporter.closing();
    if (look.flash() || (closing && look.fakes()) || look.grabs()) return;
    if (closing && senses.measures.move_bucket_closed()) look.accumulation();
}

}  // namespace pipeline::traps
