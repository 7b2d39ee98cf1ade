#include "pipeline/traps/movement.hpp"

#include "pipeline/traps/confidence.hpp"

#include <cmath>

namespace pipeline::traps {
namespace {

/// One look at the family: the gates share what they measure.
class Look {
public:
    Look(const Moment& moment, const TrapSettings& settings, TrapCounters& counters, Finding& found) noexcept
        : at_{moment}, settings_{settings}, counters_{counters}, found_{found}, T_{moment.threshold} {}

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

    double note(Measure measure, double value) noexcept {
        if (!core::known(value)) ++counters_.unknown[static_cast<std::size_t>(measure)];
        return value;
    }
    [[nodiscard]] bool enabled(TrapKind kind) const noexcept { return settings_.of(kind).enabled; }
    bool accept(TrapKind kind, int sign, double confidence, double impact, bool calm,
                const std::array<double, 8>& evidence) noexcept {
        if (confidence < settings_.min_confidence) {
            ++counters_.below_confidence[static_cast<std::size_t>(kind)];
            return false;
        }
        found_ = {kind, sign, at_.price, confidence, impact, calm, evidence};
        return true;
    }

    const Moment& at_;
    const TrapSettings& settings_;
    TrapCounters& counters_;
    Finding& found_;
    double T_;
    double volume_z_{core::unknown};
};

bool Look::flash() noexcept {
    const auto [move, trades] = at_.flash.move(at_.price);
    if (!(std::abs(move) >= T_) || trades < 3) return false;
    const TrapKind kind = move > 0 ? TrapKind::flash_pump : TrapKind::flash_dump;
    if (!enabled(kind)) return false;
    const int sign = move > 0 ? 1 : -1;
    const double depletion = note(Measure::depth, at_.depth.depletion(at_.time, sign));
    return accept(kind, sign, flash_confidence(move, trades, depletion, T_), std::abs(move) / T_,
                  std::abs(move) >= at_.calm_threshold, evidence(move, trades, depletion));
}

Look::Shape Look::shape_of(const Run& run) noexcept {
    Shape shape{};
    volume_z_ = note(Measure::volume_z, at_.closing ? at_.measures.closed_volume_z() : at_.measures.volume_z());
    shape.flow =
        note(Measure::flow, at_.closing ? at_.measures.closed_flow(settings_.pump_window_s) : at_.measures.flow_p());
    shape.retrace = run.retrace(at_.price);
    shape.distance = note(Measure::level_distance, at_.levels.distance_bps(run.extreme / at_.units_per_quote));
    shape.nearness = level_nearness(shape.distance, settings_.level_proximity_bps);
    shape.suspicion = note(Measure::suspicion, suspicion(volume_z_, shape.distance, shape.flow, shape.retrace, run.sign,
                                                         settings_.level_proximity_bps));
    return shape;
}

bool Look::fakes() noexcept {
    const double half_gate = settings_.pump_bps / 2;
    if (!at_.measures.full(settings_.pump_window_s)) {
        note(Measure::run_p, core::unknown);
        return false;
    }
    if (!at_.measures.closed_move_may_reach(settings_.pump_window_s, half_gate)) return false;
    const Run run = at_.measures.closed_run(settings_.pump_window_s);
    if (!(run.size >= half_gate) || !(run.retrace(at_.price) < .8)) return false;
    const Shape shape = shape_of(run);
    if (run.size >= settings_.pump_bps) return fake(run, shape, false);
    return fake(run, shape, true);
}

bool Look::fake(const Run& run, const Shape& shape, bool half) noexcept {
    const bool pump = run.sign > 0;
    const TrapKind kind = half ? (pump ? TrapKind::half_fake_pump : TrapKind::half_fake_dump)
                               : (pump ? TrapKind::fake_pump : TrapKind::fake_dump);
    if (!enabled(kind)) return false;
    const double confidence = half ? half_fake_confidence(run.size, shape.suspicion, settings_.pump_bps / 2)
                                   : fake_confidence(run.size, shape.suspicion, settings_.pump_bps);
    return accept(kind, run.sign, confidence, run.size / T_, true,
                  evidence(run.move(), shape.retrace, shape.suspicion, volume_z_, shape.distance, shape.flow));
}

bool Look::grabs() noexcept {
    const Run run = at_.closing ? at_.measures.closed_run(settings_.move_window_s) : at_.measures.run_w();
    if (!(run.size >= T_ / 2)) return false;
    const Shape shape = shape_of(run);
    if (run.size >= T_ && liquidity_grab(run, shape, false)) return true;
    if (volatility_grab(run)) return true;
    return run.size < T_ && shape.suspicion >= settings_.suspicion_min && liquidity_grab(run, shape, true);
}

bool Look::liquidity_grab(const Run& run, const Shape& shape, bool half) noexcept {
    const TrapKind kind = half ? TrapKind::half_liquidity_grab : TrapKind::liquidity_grab;
    if (!enabled(kind)) return false;
    const double confidence =
        half ? half_liquidity_grab_confidence(run.size, T_, volume_z_, shape.retrace, shape.nearness)
             : liquidity_grab_confidence(run.size, T_, volume_z_, shape.retrace, shape.nearness);
    const double calm = at_.calm_threshold;
    const bool calm_gate = half ? run.size >= calm / 2 && run.size < calm : run.size >= calm;
    return accept(kind, run.sign, confidence, run.size / T_, calm_gate,
                  evidence(run.move(), volume_z_, shape.retrace, shape.distance, run.base / at_.units_per_quote,
                           run.extreme / at_.units_per_quote, shape.suspicion));
}

bool Look::volatility_grab(const Run& run) noexcept {
    if (!enabled(TrapKind::volatility_grab)) return false;
    const double sigma60 = at_.measures.sigma60(), sigma300 = at_.measures.sigma300();
    const double ratio = note(Measure::sigma_ratio, sigma300 > 0 ? sigma60 / sigma300 : core::unknown);
    if (!(ratio >= 1.5)) return false;
    return accept(TrapKind::volatility_grab, run.sign, volatility_grab_confidence(ratio, run.size, T_, volume_z_),
                  run.size / T_, run.size >= at_.calm_threshold / 2,
                  evidence(ratio, run.move(), volume_z_, sigma60, sigma300));
}

bool Look::accumulation() noexcept {
    std::array<double, 3> moves{};
    if (!at_.measures.last_moves(moves)) return false;
    const auto all = [&](auto far_enough) {
        return far_enough(moves[0]) && far_enough(moves[1]) && far_enough(moves[2]);
    };
    const bool up = all([](double move) { return move >= 1; });
    if (!up && !all([](double move) { return move <= -1; })) return false;
    const double sum = moves[0] + moves[1] + moves[2], size = std::abs(sum);
    if (!(size >= T_ / 2)) return false;
    const TrapKind kind = up ? TrapKind::liquidity_accumulation_up : TrapKind::liquidity_accumulation_down;
    if (!enabled(kind)) return false;

    const int sign = up ? 1 : -1;
    const double flow = note(Measure::flow, at_.measures.closed_flow(3 * settings_.move_window_s));
    const double behind = up ? at_.bid_depth10 : at_.ask_depth10, ahead = up ? at_.ask_depth10 : at_.bid_depth10;
    const double depth = note(Measure::depth, ahead > 0 ? behind / ahead : core::unknown);
    return accept(kind, sign, accumulation_confidence(sum, T_, sign * flow, depth), size / T_,
                  size >= at_.calm_threshold / 2, evidence(sum, flow, depth));
}

}  // namespace

bool find_movement(const Moment& moment, const TrapSettings& settings, TrapCounters& counters,
                   Finding& found) noexcept {
    Look look{moment, settings, counters, found};
    return look.flash() || (moment.closing && look.fakes()) || look.grabs() ||
           (moment.closing && moment.measures.move_bucket_closed() && look.accumulation());
}

}  // namespace pipeline::traps
