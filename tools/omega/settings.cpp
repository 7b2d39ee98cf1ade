#include "tools/omega/settings.hpp"

#include "core/net/url.hpp"
#include "feeds/synthetic/planter.hpp"
#include "pipeline/traps/kinds.hpp"

#include <algorithm>
#include <array>
#include <cassert>

namespace omega {

using core::above;
using core::Range;
using core::Schema;

namespace {

/// The kind of trap that shows between venues only.
constexpr std::string_view several_venues = "cross_venue_divergence";

void add_topology(Schema& s, pipeline::TopologySettings& t) {
    s.add("topology.kind", t.kind,
          {{"fused", pipeline::TopologyKind::fused}, {"staged", pipeline::TopologyKind::staged}},
          "fused: every stage on one thread, the fastest; staged: stages on threads of their own. Both conclude the "
          "same");
    s.add("topology.ring_slots", t.ring_slots, Range{2, 1 << 20},
          "slots between the threads of a staged topology, a power of two");
    s.add("topology.cpu", t.cpu, Range{-1, 1023}, "CPU of the sequencer's thread, -1: not pinned");
    s.add("topology.cuts", t.cuts,
          "stages before which another thread starts (none: all on one, beside the sequencer): bars, indicators, "
          "fibonacci, traps, trends, ai, cosmic, bots, risk");
    s.add("topology.cpus", t.cpus, Range{-1, 1023}, "CPUs of the stage threads, in order");
    s.add("topology.idle", t.idle,
          {{"spin", core::IdlePolicy::spin}, {"yield", core::IdlePolicy::yield}, {"park", core::IdlePolicy::park}},
          "what a stage thread does without work");
    s.require(
        {"topology.ring_slots"}, [&t] { return (t.ring_slots & (t.ring_slots - 1)) == 0; }, "expected a power of two");
}

void add_indicators(Schema& s, pipeline::IndicatorSettings& i) {
    const auto period = [&s](const std::string& key, int& field, const char* meaning) {
        s.add("indicators." + key, field, Range{pipeline::min_period, pipeline::max_period}, meaning);
    };
    period("sma.n", i.sma, "simple moving average");
    period("ema.fast", i.ema_fast, "faster exponential moving average");
    period("ema.slow", i.ema_slow, "slower exponential moving average");
    period("wma.n", i.wma, "weighted moving average");
    period("rsi.n", i.rsi, "relative strength index");
    s.add("indicators.rsi.mode", i.rsi_mode,
          {{"wilder", pipeline::RsiMode::wilder}, {"cutler", pipeline::RsiMode::cutler}},
          "smoothed as Wilder does, or simple means as Cutler does");
    period("macd.fast", i.macd_fast, "faster average of MACD");
    period("macd.slow", i.macd_slow, "slower average of MACD");
    period("macd.signal", i.macd_signal, "average of MACD itself");
    period("atr.n", i.atr, "average true range");
    period("bollinger.n", i.bollinger, "Bollinger bands");
    s.add("indicators.bollinger.k", i.bollinger_k, above(0, 10), "their width a side, standard deviations");
    period("adx.n", i.adx, "directional movement");
    period("stochastic.n", i.stochastic, "range of the stochastic oscillator");
    period("stochastic.slow_k", i.stochastic_slow_k, "mean of K");
    period("stochastic.slow_d", i.stochastic_slow_d, "mean of slow K");
    period("cci.n", i.cci, "commodity channel index");
    period("choppiness.n", i.choppiness, "choppiness");
    period("donchian.n", i.donchian, "Donchian channel");
    period("efficiency.n", i.efficiency, "efficiency ratio");
    period("momentum.n", i.momentum, "momentum and rate of change");
    period("vwap.n", i.vwap, "rolling volume-weighted mean price");
    s.add("indicators.vwap.session_utc_h", i.vwap_session_utc_h, Range{0, 23}, "hour UTC at which its session begins");
    period("volatility.n", i.volatility, "realised volatility");
    period("parkinson.n", i.parkinson, "Parkinson's volatility");
    period("zscore.n", i.z_score, "z-score");
    period("percentile.n", i.percentile, "percentile rank");
    s.add("indicators.vpin.enabled", i.vpin, "measure VPIN, too, with buckets of a fiftieth of the day before");
    s.add("indicators.ofi.window_s", i.ofi_window_s, Range{1, 3600}, "window of order flow imbalance");
    s.require(
        {"indicators.macd.fast", "indicators.macd.slow"}, [&i] { return i.macd_fast < i.macd_slow; },
        "expected fast below slow");
}

void add_fibonacci(Schema& s, pipeline::FibonacciSettings& f) {
    for (const std::uint32_t minutes : {1u, 15u, 60u, 240u, 1440u}) {
        // Found by its width: a profile may have put shorter timeframes before it.
        const auto row = std::ranges::find(f.timeframes, minutes * 60, &pipeline::FibonacciTimeframe::seconds);
        const auto number = std::to_string(minutes);
        s.add("fib.min_swing." + number + "m_bps", row->min_swing_bps, Range{1, 5000},
              "reversal that confirms a swing of the " + number + "-minute timeframe");
    }
    s.add("fib.confirm_bars", f.confirm_bars, Range{1, 100},
          "bars after an extreme without a new one before it is a pivot");
    s.add("fib.max_pivots", f.keep_pivots, Range{2, 8}, "newest pivots kept per timeframe");
    s.add("fib.max_age_bars", f.max_age_bars, Range{10, 100000}, "older pivots expire");
    s.add("fib.break_bps", f.break_bps, Range{0, 1000}, "a close this far through a pivot breaks it");
    s.add("fib.min_range_bps", f.min_range_bps, Range{0, 10000}, "a shorter leg has no levels");
    s.add("fib.hit_range", f.hit_range, Range{0, .5L}, "hit band of a level, share of its leg");
    s.add("fib.cluster_bps", f.cluster_bps, Range{0, 1000}, "levels this close are one cluster");
    s.add("fib.golden_tolerance", f.golden.tolerance, Range{0, .2L}, "how near to .618 or .786 is golden");
}

void add_traps(Schema& s, pipeline::TrapSettings& t) {
    s.add("traps.base_threshold_bps", t.base_threshold_bps, Range{5, 1000}, "T is never below this");
    s.add("traps.volatility_gain", t.volatility_gain, Range{0, 100}, "standard deviations of move changes in T");
    s.add("traps.regime.trend_multiplier", t.regime.trend_multiplier, Range{.1L, 10}, "of T while trending");
    s.add("traps.regime.volatile_multiplier", t.regime.volatile_multiplier, Range{.1L, 10}, "of T while volatile");
    s.add("traps.regime.dir_hi", t.regime.dir_hi, Range{0, 1}, "directional share above which moves trend");
    s.add("traps.regime.dir_lo", t.regime.dir_lo, Range{0, 1}, "directional share below which they may be volatile");
    s.require(
        {"traps.regime.dir_lo", "traps.regime.dir_hi"}, [&t] { return t.regime.dir_lo <= t.regime.dir_hi; },
        "expected dir_lo not above dir_hi");
    s.add("traps.regime.window", t.regime.window, Range{20, 100}, "15 s moves that the fast regime looks at");
    s.add("traps.move_window_s", t.move_window_s, Range{2, 300}, "W, the window of grabs");
    s.add("traps.pump_window_s", t.pump_window_s, Range{3, 1800}, "P, the window of fake pumps and dumps");
    s.add("traps.volume_window", t.volume_window, Range{20, 2000}, "closed W-buckets that volume is compared with");
    s.add("traps.flash.window_ms", t.flash.window_ms, Range{1, 60000}, "window of flash pumps and dumps");
    s.require(
        {"traps.move_window_s", "traps.pump_window_s"}, [&t] { return t.pump_window_s > t.move_window_s; },
        "expected the pump's window to be the longer one");
    s.add("traps.pump_bps", t.pump_bps, Range{1, 100000}, "run that may be a fake pump or dump");
    s.add("traps.level_proximity_bps", t.level_proximity_bps, Range{.1L, 1000},
          "distance at which a level stops counting");
    s.add("traps.suspicion_min", t.suspicion_min, Range{0, 1}, "a move is suspicious from here");
    s.add("traps.min_confidence", t.min_confidence, Range{0, 1}, "events below are not emitted");
    s.add("traps.confirmed_confidence", t.confirmed_confidence, Range{0, 1}, "events below are potential");
    s.add("traps.notify_confidence", t.notify_confidence, Range{0, 1}, "events above are notified");
    s.add("traps.upgrade_step", t.upgrade_step, above(0, 1),
          "gain in confidence that upgrades an event inside its cooldown");
    s.add("traps.sweep.bars", t.sweep.bars, Range{2, 200}, "bars that a stop hunt looks back");
    s.add("traps.sweep.min_bps", t.sweep.min_bps, Range{0, 1000}, "least overshoot of a stop hunt");
    s.add("traps.reversal.timeframes", t.reversal.timeframes, Range{1, 1440},
          "minutes of the bars that bull and bear traps are looked for in; others than the run's are not watched");
    s.add("traps.reversal.break_bps", t.reversal.break_bps, Range{0, 1000},
          "a close this far beyond a level breaks it");
    s.add("traps.reversal.fail_bars", t.reversal.fail_bars, Range{1, 100},
          "bars after the break in which a close back inside is a trap");
    s.add("traps.fractal.timeframe_min", t.fractal.timeframe_min, Range{1, 1440}, "bars of the Williams fractals");
    s.add("traps.fractal.fail_bars", t.fractal.fail_bars, Range{0, 50},
          "bars after the one that exceeds a fractal in which a close back inside is a trap");
    s.add("traps.wash.min_run", t.wash.min_run, Range{2, 64}, "trades that go back and forth before it is washing");
    s.add("traps.stealth.window_s", t.stealth.window_s, Range{60, 3600}, "memory of one-sided flow, whole minutes");
    s.add("traps.stealth.band_bps", t.stealth.band_bps, above(0, 1000), "price range that such a flow stays in");
    s.add("traps.dilation.z", t.dilation.z, above(0, 100), "how unusual the pace of trades must be");
    s.require(
        {"traps.stealth.window_s"}, [&t] { return t.stealth.window_s % 60 == 0; }, "expected whole minutes");
    s.require(
        {"traps.reversal.timeframes"},
        [&t] {
            const auto& minutes = t.reversal.timeframes;
            return minutes.size() <= pipeline::max_timeframes &&
                   std::ranges::all_of(minutes, [&](auto m) { return std::ranges::count(minutes, m) == 1; });
        },
        "expected at most ten, each once");
    s.add("traps.spoof.multiple", t.spoof.multiple, Range{1, 1000}, "order size over the mean level's that is a wall");
    s.add("traps.spoof.max_ms", t.spoof.max_ms, Range{1, 60000}, "longest life of a spoof");
    s.add("traps.layering.levels", t.layering.levels, Range{2, 16}, "walls withdrawn together that are layers");
    s.add("traps.hf.move_bps", t.hf.move_bps, Range{1, 10000}, "move that speaks for high-frequency mode");
    s.add("traps.hf.volatility_ratio", t.hf.volatility_ratio, Range{1, 10}, "short over long volatility that does");
    s.add("traps.hf.min_traps", t.hf.min_traps, Range{1, 32}, "clustered traps that do");
    s.add("traps.hf.window_s", t.hf.window_s, Range{1, 3600}, "window of clustered traps");
    s.add("traps.hf.schumann", t.hf.schumann, "a loud Schumann resonance does, too, while cosmic is enabled");
    s.add("traps.hf.cooldown_s", t.hf.cooldown_s, Range{1, 86400}, "how long the mode lasts");
    for (const auto& row : pipeline::trap_kinds) {
        auto& kind = t.kinds[static_cast<std::size_t>(row.kind)];
        const std::string at = "traps." + std::string{name(row.kind)};
        s.add(at + ".enabled", kind.enabled, "detect this kind");
        s.add(at + ".cooldown_s", kind.cooldown_s, Range{0, 86400}, "silence after an event of this kind");
        s.add(at + ".outcome_x", kind.outcome_x, Range{.01L, 100}, "move that decides its outcome, in T");
        s.add(at + ".outcome_s", kind.outcome_s, Range{1, 86400},
              "time in which it must happen; of bull_trap, bear_trap, fractal_trap for bars of a minute");
    }
}

void add_trends(Schema& s, pipeline::TrendSettings& t, pipeline::PatternSettings& p) {
    s.add("trends.timeframes_min", t.timeframes_min, Range{1, 1440}, "timeframes whose trends are aligned, minutes");
    s.add("trends.weights", t.weights, above(0, 1e6L), "of each of them");
    s.add("trends.change_bars", t.change_bars, Range{1, 1000}, "bars behind a change");
    s.add("trends.mild_bps_60", t.mild_bps_60, above(0, 10000), "change of an hour's bars that is a trend");
    s.add("trends.strong_bps_60", t.strong_bps_60, above(0, 100000), "and that is a strong one");
    s.add("trends.thresholds.mild_bps", t.mild_bps, above(0, 100000),
          "of each timeframe, instead of the square root of time");
    s.add("trends.thresholds.strong_bps", t.strong_bps, above(0, 100000), "of each timeframe");
    s.add("trends.regime_timeframe_min", t.regime_timeframe_min, Range{1, 1440}, "whose slow regime is shown");
    s.add("trends.regime_hold_bars", t.regime_hold_bars, Range{1, 100}, "equal candidates before a regime changes");
    s.add("trends.volatility_window", t.volatility_window, Range{2, 2000}, "bars among which volatility is ranked");
    s.add("trends.volatility_min", t.volatility_min, Range{1, 2000}, "fewest of them");
    s.require(
        {"trends.mild_bps_60", "trends.strong_bps_60"}, [&t] { return t.mild_bps_60 < t.strong_bps_60; },
        "expected mild below strong");
    s.require(
        {"trends.volatility_min", "trends.volatility_window"}, [&t] { return t.volatility_min <= t.volatility_window; },
        "expected volatility_min not above volatility_window");
    s.add("patterns.tolerance", p.tolerance, above(0, .5L), "largest deviation of a harmonic ratio");
    s.add("patterns.double_bps", p.double_bps, above(0, 1000), "tops or bottoms this close are one level");
    s.add("patterns.double_bars", p.double_bars, Range{1, 100000}, "bars in which the neckline must break");
}

void add_ai(Schema& s, pipeline::AiSettings& a) {
    s.add("ai.horizon_bars", a.horizon_bars, Range{1, 240}, "minutes that a prediction looks ahead");
    s.add("ai.warmup_bars", a.warmup_bars, Range{0, 1'000'000}, "minutes before the first prediction");
    s.add("ai.max_missing", a.max_missing, Range{0, 35}, "more unknown features than these: no prediction");
    s.add("ai.ftrl.alpha", a.ftrl.alpha, above(0, 10), "learning rate");
    s.add("ai.ftrl.beta", a.ftrl.beta, Range{0, 1000}, "slows the first steps");
    s.add("ai.ftrl.l1", a.ftrl.l1, Range{0, 1000}, "weights below stay 0");
    s.add("ai.ftrl.l2", a.ftrl.l2, Range{0, 1000}, "pulls weights towards 0");
    s.add("ai.trees.direction", a.trees_direction, "table of omega train for directions; empty: none");
    s.add("ai.trees.trap", a.trees_trap, "table of omega train for traps; empty: none");
    s.add("ai.blend", a.blend, Range{0, 1}, "share of the trees beside the online model");
    s.add("ai.calibration_window", a.calibration_window, Range{10, 100'000}, "labels over which skill is measured");
    s.add("ai.skill_labels", a.skill_labels, Range{1, 100'000}, "fewest labels that say anything of skill");
    s.add("ai.require_skill", a.require_skill, "bots ignore a model without measured skill");
    s.add("ai.golden_age_s", a.golden_age_s, Range{0, 86400}, "how long a golden confluence is a feature");
    s.require(
        {"ai.skill_labels", "ai.calibration_window"}, [&a] { return a.skill_labels <= a.calibration_window; },
        "expected skill_labels not above calibration_window");
}

void add_source(Schema& s, const std::string& at, feeds::conditions::SourceSettings& source, long double least_poll_s,
                const std::string& what) {
    s.add(at + ".file", source.file, "JSON file of " + what + ", read again when it changes");
    s.add(at + ".url", source.url, "http or https address of " + what);
    s.add(at + ".poll_s", source.poll_s, Range{least_poll_s, 86400}, "how often the address is asked");
    s.require(
        {at + ".url"},
        [&source] { return source.url.empty() || (source.url.starts_with("http") && core::parse_url(source.url)); },
        "expected http://host[:port]/path or https://host[:port]/path");
}

void add_cosmic(Schema& s, pipeline::CosmicSettings& c, feeds::conditions::FeedSettings& inputs) {
    using pipeline::Factor;
    s.add("cosmic.enabled", c.enabled, "master switch; off leaves every decision's bytes alone");
    for (std::size_t i = 0; i < c.factors.size(); ++i) {
        const std::string at = "cosmic." + std::string{name(static_cast<Factor>(i))};
        s.add(at + ".enabled", c.factors[i].enabled, "count this factor");
        s.add(at + ".weight", c.factors[i].weight, Range{0, 1}, "its weight");
    }
    s.add("cosmic.apply.position_size", c.apply.position_size, "may scale the size of entries");
    s.add("cosmic.apply.entry_threshold", c.apply.entry_threshold, "may move the entry threshold");
    s.add("cosmic.apply.exit_impulse", c.apply.exit_impulse, "may scale the exit impulse");
    s.add("cosmic.apply.risk_appetite", c.apply.risk_appetite, "the emotional overlay may see the risk sum");
    s.add("cosmic.apply.confidence", c.apply.confidence, "the emotional overlay may see the confidence sum");
    s.add("cosmic.apply.emotional_intensity", c.apply.emotional_intensity, "it may see the intensity sum");
    s.add("cosmic.apply.insight_level", c.apply.insight_level, "it may see the insight sum");
    for (const auto& [key, field] : {std::pair{"risk_appetite", &c.apply.risk_appetite},
                                     {"confidence", &c.apply.confidence},
                                     {"emotional_intensity", &c.apply.emotional_intensity},
                                     {"insight_level", &c.apply.insight_level}})
        s.require(
            {std::string{"cosmic.apply."} + key}, [field = field] { return !*field; },
            "expected false: there is no emotional overlay here that could see it");
    s.add("cosmic.update_s", c.update_s, Range{1, 3600}, "width of a bucket of conditions");
    s.add("cosmic.placebo.seed", c.placebo_seed, core::any_number, "of the placebo's phase");
    add_source(s, "cosmic.global_sentiment", inputs.sentiment, 60, "the fear-and-greed index (alternative.me)");
    add_source(s, "cosmic.schumann_resonance", inputs.schumann, 10, "measured Schumann modes");
    s.add("cosmic.ca_file", inputs.ca_file, "PEM of whom https trusts; empty: the system's authorities");
    s.add("cosmic.utc_offset_min", c.utc_offset_min, Range{-840, 840},
          "local time of the observer, minutes east of UTC");
    s.add("cosmic.latitude", c.latitude, Range{-90, 90}, "of the observer, degrees north");
}

void add_strategies(Schema& s, Settings& all) {
    auto& f = all.fibo;
    s.add("bots.strategic_fibo.enabled", f.enabled, "trade retracements of the leg");
    s.add("bots.strategic_fibo.leg_s", f.leg_s, Range{1, 86400}, "timeframe of its legs");
    s.add("bots.strategic_fibo.trigger_s", f.trigger_s, Range{1, 86400}, "timeframe of its trigger bars");
    s.add("bots.strategic_fibo.threshold", f.threshold, Range{0, 1}, "score from which it enters");
    s.add("bots.strategic_fibo.near_bps", f.near_bps, Range{.1L, 1000},
          "distance from a level at which proximity ends");
    s.add("bots.strategic_fibo.stop_min_bps", f.stop_min_bps, Range{1, 5000}, "nearest stop");
    s.add("bots.strategic_fibo.stop_max_bps", f.stop_max_bps, Range{1, 5000}, "farthest stop");
    s.add("bots.strategic_fibo.additions", f.additions, Range{0, 10}, "most additions to a position in profit");
    s.require(
        {"bots.strategic_fibo.stop_min_bps", "bots.strategic_fibo.stop_max_bps"},
        [&f] { return f.stop_min_bps <= f.stop_max_bps; }, "expected stop_min_bps not above stop_max_bps");

    auto& z = all.sizing;
    s.add("sizing.risk_per_trade", z.risk_per_trade, above(0, .1L), "share of equity lost at the stop");
    s.add("sizing.max_position", z.max_position, above(0, 1), "cap of a position, share of equity as notional");
    s.add("sizing.fee_bps", z.fee_bps, Range{0, 100}, "fee a side that sizing counts with");
    s.add("sizing.slippage_bps", z.slippage_bps, Range{0, 1000}, "slippage that sizing counts with");
    s.add("bracket.stop_bps", all.bracket.stop_bps, Range{1, 5000}, "stop where a decision names none");
    s.add("bracket.take_profit_bps", all.bracket.take_profit_bps, Range{1, 50000},
          "target where a decision names none");
    s.add("bracket.trail", all.bracket.trail, "move the stop after the gain");

    auto& r = all.risk;
    s.add("live.enabled", r.live_enabled, "allow real orders; needs mode: prod as well");
    s.add("risk.max_book_age_ms", r.max_book_age_ms, Range{1, 600000}, "entries need a book not older");
    s.add("risk.price_band_bps", r.price_band_bps, Range{1, 10000}, "limit prices this far off the mark are denied");
    s.add("risk.max_order_notional", r.max_order_notional, above(0, 10), "of one order, share of equity");
    s.add("risk.max_position", r.max_position, above(0, 10), "of one position, share of equity");
    s.add("risk.max_exposure", r.max_exposure, above(0, 100), "of all positions, share of equity");
    s.add("risk.max_trade_risk", r.max_trade_risk, above(0, .5L), "loss at the stop, share of equity");
    s.add("risk.max_leverage", r.max_leverage, Range{1, 125}, "exposure over equity");
    s.add("risk.max_open_orders", r.max_open_orders, Range{1, 200}, "working orders");
    s.add("risk.orders_per_s", r.orders_per_s, above(0, 1000), "entries a second");
    s.add("risk.orders_burst", r.orders_burst, Range{1, 10000}, "entries at once");
    s.add("risk.orders_per_min", r.orders_per_min, Range{1, 60000}, "entries a minute");
    s.add("risk.daily_loss.limit", r.daily_loss_limit, above(0, 1), "of day-start equity: only reduce");
    s.add("risk.daily_loss.flatten", r.daily_loss_flatten, above(0, 1), "of day-start equity: flatten and halt");
    s.add("risk.max_drawdown.limit", r.max_drawdown_limit, above(0, 1), "from the peak: only reduce");
    s.add("risk.max_drawdown.halt", r.max_drawdown_halt, above(0, 1), "from the peak: flatten and halt");
    s.add("risk.cooldown.s", r.cooldown_s, Range{0, 86400}, "no entry of a bot on an instrument after an exit");
    s.require(
        {"risk.daily_loss.limit", "risk.daily_loss.flatten"},
        [&r] { return r.daily_loss_limit <= r.daily_loss_flatten; }, "expected limit not above flatten");
    s.require(
        {"risk.max_drawdown.limit", "risk.max_drawdown.halt"},
        [&r] { return r.max_drawdown_limit <= r.max_drawdown_halt; }, "expected limit not above halt");
}

void add_paper(Schema& s, gateways::paper::Settings& p) {
    using gateways::paper::QueueModel;
    s.add("paper.entry_latency_us", p.entry_latency_us, Range{0, 10'000'000},
          "order leaving us to order at the simulated venue");
    s.add("paper.response_latency_us", p.response_latency_us, Range{0, 10'000'000}, "report back to us");
    s.add("paper.entry_samples_us", p.entry_samples_us, Range{0, 10'000'000}, "measured latencies, drawn from instead");
    s.add("paper.response_samples_us", p.response_samples_us, Range{0, 10'000'000},
          "measured latencies, drawn from instead");
    s.add("paper.queue", p.queue,
          {{"conservative", QueueModel::conservative}, {"probabilistic", QueueModel::probabilistic}},
          "how cancellations ahead of a resting order count");
    s.add("paper.queue_power", p.queue_power, Range{.1L, 20}, "power law of the probabilistic queue");
    s.add("paper.spot_maker_fee_bps", p.spot_maker_fee_bps, Range{-10, 100}, "a rebate below 0");
    s.add("paper.spot_taker_fee_bps", p.spot_taker_fee_bps, Range{-10, 100}, "of what an order takes from the book");
    s.add("paper.contract_maker_fee_bps", p.contract_maker_fee_bps, Range{-10, 100}, "a rebate below 0");
    s.add("paper.contract_taker_fee_bps", p.contract_taker_fee_bps, Range{-10, 100},
          "of what an order takes from the book");
    s.add("paper.seed", p.seed, core::any_number, "of the latency draws");
}

void add_market(Schema& s, feeds::synthetic::Settings& m) {
    s.add("market.seed", m.seed, core::any_number, "of the synthetic market: equal seeds give equal bytes");
    s.add("market.events_per_s", m.events_per_s, Range{1, 100000}, "trades and quote changes of a quiet book");
    s.add("market.volatility", m.volatility, Range{0, 20}, "scales swings and noise");
    s.add("market.wildness", m.wildness, Range{0, 1}, "of the crowd: bursts and large orders for no reason; 0: none");
    s.add("market.traps_per_h", m.traps_per_h, Range{0, 60}, "planted traps");
    s.add("market.kinds", m.kinds, "kinds of the planted traps; none: all that can be planted");
    s.require(
        {"market.kinds"},
        [&m] {
            return std::ranges::all_of(
                m.kinds, [](const std::string& kind) { return feeds::synthetic::find_planter(kind, "") != nullptr; });
        },
        "expected names of trap kinds as `omega traps` prints them");
}

}  // namespace

Schema make_schema(Settings& settings) {
    Schema s;
    s.add("mode", settings.mode, {{"paper", RunMode::paper}, {"testnet", RunMode::testnet}, {"prod", RunMode::prod}},
          "paper is the default everywhere");
    s.add("profile", settings.profile, {{"standard", Profile::standard}, {"short", Profile::short_}},
          "short: legs and triggers of seconds, for tapes of minutes");
    s.add("start_equity", settings.start_equity, above(0, 1e9L),
          "quote currency: of the paper account; of real ones the most that sizes and limits are counted from, "
          "however much they hold");
    s.add("journal.directory", settings.journal, "where ticks and orders are journaled; empty: nowhere");
    s.add("latency.sample_every", settings.sample_every, Range{1, 1000000},
          "of so many frames one is timed stage by stage");
    s.add("bars.fill", settings.bars.fill, {{"skip", pipeline::BarFill::skip}, {"carry", pipeline::BarFill::carry}},
          "an interval in which nothing traded has no bar, or one that stands still at the price before");
    s.add("bars.gap_bars", settings.bars.gap_bars, Range{0, 10000},
          "more missing bars than these restart what lives on bars");
    s.add("book.depth_interval_ms", settings.book.depth_interval_ms, Range{1, 60000},
          "how often depth within 10 and 25 bps is measured");
    add_topology(s, settings.topology);
    add_indicators(s, settings.indicators);
    add_fibonacci(s, settings.fibonacci);
    add_traps(s, settings.traps);
    add_trends(s, settings.trends, settings.patterns);
    add_ai(s, settings.ai);
    add_cosmic(s, settings.cosmic, settings.conditions);
    add_strategies(s, settings);
    add_paper(s, settings.paper);
    s.add("market.instruments", settings.market_instruments, Range{1, 8},
          "how many perpetuals the synthetic market has");
    s.add("market.venues", settings.market_venues,
          "bybit, okx: the same perpetuals there, too, beside Binance's; kinds of several venues can then be planted");
    s.require(
        {"market.venues"},
        [&settings] {
            const auto& names = settings.market_venues;
            return std::ranges::all_of(names, [&](const std::string& name) {
                return (name == "bybit" || name == "okx") && std::ranges::count(names, name) == 1;
            });
        },
        "expected bybit, okx, each once: Binance is always there");
    add_market(s, settings.market);
    s.require(
        {"market.kinds", "market.venues"},
        [&settings] {
            const auto& kinds = settings.market.kinds;
            return !settings.market_venues.empty() || kinds.empty() ||
                   std::ranges::any_of(kinds, [](const std::string& kind) { return kind != several_venues; });
        },
        "expected market.venues: [bybit] or [okx] beside it: it takes two venues to diverge");
    add_live(s, settings.live);
    return s;
}

namespace {

/// A key, its field and what the short profile makes of it.
template <class Visit>
void visit_short_profile(Settings& settings, Visit&& visit) {
    visit("bots.strategic_fibo.leg_s", settings.fibo.leg_s, 5);
    visit("bots.strategic_fibo.trigger_s", settings.fibo.trigger_s, 1);
    visit("bots.strategic_fibo.stop_min_bps", settings.fibo.stop_min_bps, 5);
    // Minutes of tape have no clusters of long timeframes: what is left of the score is proximity and one or two of its
    // four parts.
    visit("bots.strategic_fibo.threshold", settings.fibo.threshold, .40);
    visit("fib.min_range_bps", settings.fibonacci.min_range_bps, 4);
}

}  // namespace

void apply_profile(core::Schema& schema, Settings& settings) {
    if (settings.profile != Profile::short_) return;
    visit_short_profile(settings, [&schema](std::string_view key, auto& field, auto implied) {
        const auto setting = std::ranges::find(schema.settings(), key, &core::Setting::key);
        assert(setting != schema.settings().end());
        if (setting->origin.layer != core::Layer::built_in) return;
        field = static_cast<std::decay_t<decltype(field)>>(implied);
        setting->origin.source = "profile: short";
    });
}

Settings short_profile() {
    Settings settings;
    settings.profile = Profile::short_;
    visit_short_profile(settings, [](std::string_view, auto& field, auto implied) {
        field = static_cast<std::decay_t<decltype(field)>>(implied);
    });
    return settings;
}

Settings effective(Settings settings) {
    // What the levels' stage calls a hit and a cluster is the same to the traps.
    settings.traps.hit_range = settings.fibonacci.hit_range;
    settings.traps.cluster_bps = settings.fibonacci.cluster_bps;
    settings.traps.hf.schumann = settings.traps.hf.schumann && settings.cosmic.enabled;
    settings.cosmic.schumann_asked = settings.traps.hf.schumann;
    if (settings.profile == Profile::standard) return settings;
    auto& timeframes = settings.bars.timeframes;
    const pipeline::Timeframes standard;
    timeframes.seconds[0] = 1;
    timeframes.seconds[1] = 5;
    for (std::uint8_t i = 0; i < standard.count; ++i) timeframes.seconds[2u + i] = standard.seconds[i];
    timeframes.count = static_cast<std::uint8_t>(standard.count + 2);
    auto& swings = settings.fibonacci.timeframes;
    std::shift_right(swings.begin(), swings.end(), 1);
    swings[0] = {.seconds = 5, .min_swing_bps = 3, .weight = 1};
    ++settings.fibonacci.count;
    return settings;
}

}  // namespace omega
