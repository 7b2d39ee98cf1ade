#include "feeds/binance/feed.hpp"
#include "feeds/synthetic/market.hpp"
#include "tests/tools/session.hpp"
#include "tools/omega/wiring.hpp"

#include <bit>
#include <cmath>
#include <memory>

/// What must hold of all senses together, whatever each computes: nothing looks ahead, a copy of the state goes on as
/// the original does, instruments do not touch each other, and bad input leaves no garbage.
namespace {

using core::Tick;

/// Words that describe what a tick's sections say, in a fixed order; unknown is one word.
class Words {
public:
    void add(double value) {
        words_.push_back(std::isnan(value) ? ~std::uint64_t{} : std::bit_cast<std::uint64_t>(value));
        // Out of range is what no sense may ever say: infinite, or beyond any sum of notionals: the largest quantity
        // that is put in below is 9e15, the price under 1e5, the trades a few thousand.
        if (!std::isnan(value) && !(std::abs(value) < 1e25))
            garbage_ =
                "word " + std::to_string(words_.size() - begin_) + " of " + section_ + ": " + std::to_string(value);
    }
    /// What follows belongs to this section.
    void begin(const char* section) {
        section_ = section;
        begin_ = words_.size();
    }
    void add(std::integral auto value) { words_.push_back(static_cast<std::uint64_t>(value)); }
    [[nodiscard]] const std::vector<std::uint64_t>& all() const noexcept { return words_; }
    [[nodiscard]] const std::string& garbage() const noexcept { return garbage_; }

private:
    std::vector<std::uint64_t> words_;
    const char* section_{""};
    std::size_t begin_{};
    std::string garbage_;
};

void add(Words& out, const pipeline::Market& market) {
    out.begin("market");
    out.add(market.time.count());
    out.add(market.valid);
    if (market.valid) {
        out.add(market.bid.units);
        out.add(market.ask.units);
    }
    for (const double value : {market.mid, market.spread_bps, market.imbalance5, market.microprice, market.bid_depth10,
                               market.ask_depth10, market.bid_depth25, market.ask_depth25})
        out.add(value);
}

void add(Words& out, const pipeline::Bars& bars) {
    out.begin("bars");
    out.add(bars.bucket_mask);
    out.add(bars.bar_mask);
    for (std::size_t i = 0; i < pipeline::max_timeframes; ++i) {
        if (!bars.bar_closed(i)) continue;
        const auto& bar = bars.bars[i];
        for (const auto units : {bar.start.count(), bar.open.units, bar.high.units, bar.low.units, bar.close.units,
                                 bar.buy_volume.units, bar.sell_volume.units})
            out.add(units);
    }
}

void add(Words& out, const pipeline::Indicators& indicators) {
    out.begin("indicators");
    static_assert(sizeof(pipeline::IndicatorValues) % sizeof(double) == 0, "nothing but doubles");
    out.add(indicators.mask);
    if (indicators.mask != 0)
        for (const double value : {indicators.ofi, indicators.ofi_normalised, indicators.flow60, indicators.intensity,
                                   indicators.intensity_ratio, indicators.intensity_exponential, indicators.vpin})
            out.add(value);
    for (std::size_t i = 0; i < pipeline::max_timeframes; ++i) {
        if ((indicators.mask >> i & 1) == 0) continue;
        const auto values =
            std::bit_cast<std::array<double, sizeof(pipeline::IndicatorValues) / sizeof(double)>>(indicators.values[i]);
        for (const double value : values) out.add(value);
    }
}

void add(Words& out, const pipeline::Levels& levels) {
    out.begin("levels");
    out.add(levels.pivot_mask);
    if (levels.changed)
        for (std::size_t i = 0; i < levels.active_count; ++i) out.add(levels.active[i].price);
    if (levels.golden) out.add(levels.confluence.confluence);
    out.add(levels.hit_count);
}

void add(Words& out, const pipeline::Traps& traps) {
    out.begin("traps");
    for (const double value : {traps.threshold_bps, traps.hf_multiplier, traps.pressure_up, traps.pressure_down})
        out.add(value);
    for (std::size_t i = 0; i < traps.count; ++i) {
        const auto& event = traps.events[i];
        out.add(event.id);
        out.add(static_cast<int>(event.kind));
        out.add(event.time.count());
        for (const double value : {event.price, event.confidence, event.impact}) out.add(value);
        for (const double value : event.evidence) out.add(value);
    }
}

void add(Words& out, const pipeline::Trends& trends) {
    out.begin("trends");
    out.add(trends.mask);
    out.add(trends.now.alignment);
    out.add(trends.now.volatility_rank);
    out.add(static_cast<int>(trends.now.regime));
    out.add(static_cast<int>(trends.now.bias));
    for (std::size_t i = 0; i < pipeline::max_timeframes; ++i)
        if ((trends.mask >> i & 1) != 0) out.add(trends.frames[i].change_bps);
    for (std::size_t i = 0; i < trends.pattern_count; ++i) {
        out.add(static_cast<int>(trends.patterns[i].kind));
        for (const double value : {trends.patterns[i].score, trends.patterns[i].target1, trends.patterns[i].target2})
            out.add(value);
    }
}

void add(Words& out, const pipeline::Predictions& predictions) {
    out.begin("predictions");
    out.add(predictions.fresh);
    if (!predictions.fresh) return;
    for (const double value : {predictions.direction.p, predictions.trap.p, predictions.direction.skill,
                               predictions.confidence, predictions.forecast_bps, predictions.harmony})
        out.add(value);
    out.add(predictions.direction.labels);
}

/// The senses of a run and what learns from them. Copyable: a copy is a snapshot.
struct Senses : omega::SenseStages {
    pipeline::AiStage ai;

    Senses(const omega::Settings& s, const core::InstrumentTable& instruments)
        : SenseStages{s, instruments}, ai{s.ai, s.bars.timeframes, instruments} {}

    /// What each whole tick led to, in words.
    template <class Ticks>
    std::vector<Words> on(const Ticks& ticks) {
        pipeline::Chain chain{book, bars, indicators, fibonacci, traps, trends, ai};
        const auto slot = std::make_unique<typename decltype(chain)::slot_type>();
        std::vector<Words> all;
        for (const Tick& tick : ticks) {
            slot->tick = tick;
            chain.on(*slot);
            if (!tick.whole()) continue;
            Words words;
            add(words, slot->template get<pipeline::Market>());
            add(words, slot->template get<pipeline::Bars>());
            add(words, slot->template get<pipeline::Indicators>());
            add(words, slot->template get<pipeline::Levels>());
            add(words, slot->template get<pipeline::Traps>());
            add(words, slot->template get<pipeline::Trends>());
            add(words, slot->template get<pipeline::Predictions>());
            all.push_back(std::move(words));
        }
        return all;
    }
};

bool same(const Words& a, const Words& b) {
    return a.all() == b.all();
}

omega::Settings short_settings(pipeline::BarFill fill = pipeline::BarFill::skip) {
    auto settings = omega::short_profile();
    settings.indicators.vpin = true;
    settings.bars.fill = fill;
    return omega::effective(settings);
}

/// Ticks of a lively market of two instruments with a gap and a refused frame in it, decoded once.
struct Recording {
    core::InstrumentTable instruments;
    std::vector<Tick> ticks;

    explicit Recording(std::size_t frames) {
        auto kinds = test::lively({{std::chrono::minutes{8}, feeds::synthetic::Fault::gap, 0}});
        kinds.instruments = feeds::synthetic::usual_instruments(2);
        feeds::synthetic::Market market{kinds};
        for (const auto& instrument : market.instruments()) instruments.add(instrument);
        feeds::binance::Feed feed{instruments};
        feeds::Frame frame;
        for (std::size_t i = 0; i < frames && market.next(frame); ++i)
            feed.on_frame(frame, [&](const Tick& tick) { ticks.push_back(tick); });
    }
    [[nodiscard]] std::size_t whole_before(std::size_t cut) const {
        return static_cast<std::size_t>(std::count_if(ticks.begin(), ticks.begin() + static_cast<std::ptrdiff_t>(cut),
                                                      [](const Tick& tick) { return tick.whole(); }));
    }
};

const Recording& recording() {
    static const Recording one{12'000};
    return one;
}

}  // namespace

TEST(Senses, SayTheSameOfThePastWhateverComesLater) {
    const auto& all = recording();
    const auto cut = all.ticks.size() * 2 / 3;
    Senses whole{short_settings(), all.instruments}, prefix{short_settings(), all.instruments};

    const auto said = whole.on(all.ticks);
    const auto before = prefix.on(std::span{all.ticks}.first(cut));

    ASSERT_EQ(before.size(), all.whole_before(cut));
    for (std::size_t i = 0; i < before.size(); ++i) ASSERT_TRUE(same(before[i], said[i])) << "tick " << i;
}

TEST(Senses, GoOnFromACopyAsIfNothingHadHappened) {
    const auto& all = recording();
    Senses uninterrupted{short_settings(), all.instruments};
    const auto said = uninterrupted.on(all.ticks);

    for (const auto cut : {all.ticks.size() / 7, all.ticks.size() / 2, all.ticks.size() * 6 / 7}) {
        SCOPED_TRACE(cut);
        auto original = std::make_unique<Senses>(short_settings(), all.instruments);
        original->on(std::span{all.ticks}.first(cut));
        Senses snapshot{*original};
        original.reset();
        const auto tail = snapshot.on(std::span{all.ticks}.subspan(cut));
        const auto offset = all.whole_before(cut);
        ASSERT_EQ(offset + tail.size(), said.size());
        for (std::size_t i = 0; i < tail.size(); ++i) ASSERT_TRUE(same(tail[i], said[offset + i])) << "tick " << i;
    }
}

TEST(Senses, OfAnInstrumentDoNotDependOnItsPlaceAmongOthers) {
    const auto& all = recording();
    Senses senses{short_settings(), all.instruments};
    const auto said = senses.on(all.ticks);

    core::InstrumentTable turned;
    turned.add(all.instruments[core::InstrumentId{1}]);
    turned.add(all.instruments[core::InstrumentId{0}]);
    auto ticks = all.ticks;
    for (auto& tick : ticks)
        if (tick.instrument != core::no_instrument)
            tick.instrument = core::InstrumentId{static_cast<std::uint16_t>(1 - tick.instrument.value)};
    Senses other{short_settings(), turned};
    const auto again = other.on(ticks);

    ASSERT_EQ(said.size(), again.size());
    for (std::size_t i = 0; i < said.size(); ++i) ASSERT_TRUE(same(said[i], again[i])) << "tick " << i;
}

TEST(Senses, SayTheSameOfThePastWithTheBarsOfQuietSecondsToo) {
    const auto& all = recording();
    const auto settings = short_settings(pipeline::BarFill::carry);
    pipeline::QuietBars quiet{settings.bars, all.instruments};
    std::vector<Tick> ticks;
    for (const auto& tick : std::span{all.ticks}.first(all.ticks.size() / 2)) {
        quiet.before(tick, [&](const Tick& timer) { ticks.push_back(timer); });
        ticks.push_back(tick);
    }
    ASSERT_GT(ticks.size(), all.ticks.size() / 2) << "there are silences of a second";
    Senses whole{settings, all.instruments}, prefix{settings, all.instruments};

    const auto said = whole.on(ticks);
    const auto before = prefix.on(std::span{ticks}.first(ticks.size() / 2));

    for (std::size_t i = 0; i < before.size(); ++i) ASSERT_TRUE(same(before[i], said[i])) << "tick " << i;
}

/// Clocks that step back, ticks twice, prices of zero and below, volumes of zero, a flat market, a gap in the middle.
TEST(Senses, LetNoGarbageOutOfBadInput) {
    const auto& all = recording();
    auto ticks = std::vector<Tick>(all.ticks.begin(), all.ticks.begin() + 30'000);
    std::uint64_t random = 1;
    const auto draw = [&](std::uint64_t below) {
        random = random * 6364136223846793005u + 1442695040888963407u;
        return (random >> 33) % below;
    };
    std::vector<Tick> bad;
    for (const auto& tick : ticks) {
        bad.push_back(tick);
        auto& last = bad.back();
        switch (draw(40)) {
            case 0: last.venue_time -= std::chrono::seconds{draw(400)}; break;
            case 1: bad.push_back(Tick{last}); break;
            case 2:
                if (last.is(core::TickKind::trade)) last.trade.price.units = -static_cast<std::int64_t>(draw(2));
                break;
            case 3:
                if (last.is(core::TickKind::trade)) last.trade.quantity.units = 0;
                break;
            case 4:
                if (last.is(core::TickKind::quote)) last.quote.bid_price = last.quote.ask_price;
                break;
            case 5:
                if (last.is(core::TickKind::trade) && draw(50) == 0) last.venue_time += std::chrono::hours{3};
                break;
            case 6:  // 19 digits that fit, again and again within a second
                if (last.is(core::TickKind::trade)) last.trade.quantity.units = 9'000'000'000'000'000'000;
                if (last.is(core::TickKind::trade)) bad.push_back(Tick{last});
                break;
            case 7:
                if (last.is(core::TickKind::quote)) last.quote.bid_quantity.units = 9'000'000'000'000'000'000;
                if (last.is(core::TickKind::level) && draw(50) == 0)
                    last.level.quantity.units = 9'000'000'000'000'000'000;
                break;
            default: break;
        }
    }
    Senses senses{short_settings(), all.instruments};

    const auto said = senses.on(bad);

    for (std::size_t i = 0; i < said.size(); ++i) ASSERT_EQ(said[i].garbage(), "") << "tick " << i;
}
