#include "tools/omega/cosmic.hpp"

#include "core/random/xoshiro.hpp"
#include "feeds/conditions/condition_feed.hpp"
#include "pipeline/cosmic/conditions.hpp"
#include "pipeline/cosmic/influence.hpp"
#include "pipeline/cosmic/sky.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>
#include <nlohmann/json.hpp>

#include <array>
#include <charconv>
#include <chrono>
#include <iostream>
#include <stdexcept>

namespace omega {

namespace {

using nlohmann::json;
using pipeline::CosmicConditions;
using pipeline::CosmicSettings;
using pipeline::Factor;

/// What there is to say of one factor. `second` is the other number of a factor that has two.
struct FactorView {
    std::string condition;  ///< "" unknown
    double value{core::unknown};
    const char* second_name = nullptr;
    double second{core::unknown};
};

/// Everything at one moment.
struct CosmicView {
    core::Nanoseconds time{};
    bool enabled{};
    pipeline::Moon moon;
    double disc{};
    pipeline::Mercury mercury;
    CosmicSettings settings;
    std::array<FactorView, pipeline::factor_count> factors;
    pipeline::Influence influence;
    pipeline::Weights weights;
};

FactorView view_of(const pipeline::Reading& reading) {
    return {.condition = core::known(reading.value) ? std::string{reading.condition} : "", .value = reading.value};
}

/// The conditions as a run would have them at `time`, every factor switched on: by way of their ticks.
CosmicConditions conditions_at(core::Nanoseconds time, CosmicSettings settings, const feeds::conditions::Known& known,
                               CosmicView& view) {
    settings.enabled = true;
    for (auto& factor : settings.factors) factor = {true, 1};
    settings.apply.position_size = true;
    std::array<core::Tick, pipeline::max_conditions> ticks;
    const auto count = pipeline::make_conditions(time, settings,
                                                 {.schumann_hz = known.schumann_hz,
                                                  .schumann_time = known.schumann_time,
                                                  .sentiment = known.sentiment,
                                                  .sentiment_time = known.sentiment_time},
                                                 ticks);
    CosmicConditions now;
    for (std::size_t i = 0; i < count; ++i) {
        const auto [value, aux] = ticks[i].condition;
        switch (static_cast<core::Condition>(ticks[i].code)) {
            case core::Condition::moon:
                now.moon_elongation_deg = value;
                view.moon = {.elongation_deg = value, .illumination = aux};
                break;
            case core::Condition::mercury:
                now.mercury_rate = value;
                view.mercury = {.longitude_deg = aux, .rate_deg_per_day = value};
                break;
            case core::Condition::time_cycle:
                now.weekday = value;
                now.hour = aux;
                break;
            case core::Condition::circadian: now.circadian_hour = value; break;
            case core::Condition::geographic:
                now.latitude = value;
                now.month = aux;
                break;
            case core::Condition::schumann: now.schumann_hz = value; break;
            case core::Condition::liquidity: now.liquidity = value; break;  // no book here: unknown
            case core::Condition::sentiment: now.sentiment = value; break;
        }
    }
    return now;
}

CosmicView view_at(core::Nanoseconds time, const CosmicSettings& settings, const feeds::conditions::Known& known) {
    static constexpr std::array<const char*, 7> weekdays{"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                         "Thursday", "Friday", "Saturday"};
    CosmicView view{.time = time,
                    .enabled = settings.enabled,
                    .moon = {},
                    .disc = pipeline::lit_disc(time),
                    .mercury = {},
                    .settings = settings,
                    .factors = {},
                    .influence = {},
                    .weights = {}};
    const auto now = conditions_at(time, settings, known, view);
    const auto at = [&view](Factor f) -> FactorView& { return view.factors[static_cast<std::size_t>(f)]; };
    at(Factor::moon_phase) = view_of(pipeline::moon_reading(now.moon_elongation_deg));
    at(Factor::placebo) = view_of(pipeline::moon_reading(
        pipeline::wrap_360(now.moon_elongation_deg + 360 * core::Xoshiro{settings.placebo_seed}.uniform())));
    at(Factor::mercury_retrograde) = view_of(pipeline::mercury_reading(now.mercury_rate));
    at(Factor::schumann_resonance) = view_of(pipeline::schumann_reading(now.schumann_hz));
    at(Factor::market_liquidity) = view_of(pipeline::liquidity_reading(now.liquidity));
    at(Factor::global_sentiment) = view_of(pipeline::sentiment_reading(now.sentiment));
    const int weekday = static_cast<int>(now.weekday), hour = static_cast<int>(now.hour);
    at(Factor::time_cycle) = {.condition = fmt::format("{} {:02} h", weekdays[static_cast<std::size_t>(weekday)], hour),
                              .value = pipeline::time_cycle_value(weekday, hour)};
    const auto circadian = pipeline::circadian_value(hour);
    at(Factor::circadian) = {.condition = fmt::format("{:02} h", hour),
                             .value = circadian.alertness,
                             .second_name = "discipline",
                             .second = circadian.discipline};
    const auto geographic = pipeline::geographic_value(now.latitude, static_cast<int>(now.month));
    at(Factor::geographic) = {.condition = std::string{geographic.condition},
                              .value = geographic.risk,
                              .second_name = "vitality",
                              .second = geographic.vitality};

    auto switched_on = settings;  // what the switched-on factors come to, were the master switch on
    switched_on.enabled = true;
    view.influence = pipeline::calculate(switched_on, now);
    view.weights = pipeline::weigh(view.influence, settings.apply);
    return view;
}

json number(double x) {
    return core::known(x) ? json(x) : json(nullptr);
}

json to_json(const CosmicView& view) {
    json factors = json::object();
    for (std::size_t i = 0; i < pipeline::factor_count; ++i) {
        const auto& factor = view.factors[i];
        json entry{{"condition", factor.condition.empty() ? json(nullptr) : json(factor.condition)},
                   {"value", number(factor.value)},
                   {"weight", view.settings.factors[i].weight},
                   {"enabled", view.settings.factors[i].enabled}};
        if (factor.second_name != nullptr) entry[factor.second_name] = number(factor.second);
        factors[std::string{name(static_cast<Factor>(i))}] = entry;
    }
    return {{"time", view.time.count()},
            {"enabled", view.enabled},
            {"moon",
             {{"elongation_deg", view.moon.elongation_deg},
              {"illumination", view.moon.illumination},
              {"disc", view.disc},
              {"mean_age_days", pipeline::mean_moon_age_days(view.time)},
              {"band", name(pipeline::moon_band(view.moon.elongation_deg))}}},
            {"mercury",
             {{"longitude_deg", view.mercury.longitude_deg},
              {"rate_deg_per_day", view.mercury.rate_deg_per_day},
              {"retrograde", view.mercury.rate_deg_per_day < 0}}},
            {"factors", factors},
            {"influence",
             {{"risk", view.influence.risk},
              {"confidence", view.influence.confidence},
              {"intensity", view.influence.intensity},
              {"mistake", view.influence.mistake},
              {"insight", view.influence.insight}}},
            {"weights",
             {{"size_fraction", view.weights.size_factor},
              {"entry_threshold", view.weights.entry_factor},
              {"exit_impulse", view.weights.exit_factor}}}};
}

void print(std::ostream& out, const CosmicView& view) {
    fmt::print(out, "\n  {}   cosmic {}\n\n", core::to_iso8601(view.time),
               view.enabled ? "on" : "off (cosmic.enabled: false): nothing of this reaches a decision");
    fmt::print(out, "  moon       {:<16} elongation {:8.3f} deg   illumination {:.4f}\n",
               name(pipeline::moon_band(view.moon.elongation_deg)), view.moon.elongation_deg, view.moon.illumination);
    fmt::print(out, "  mercury    {:<16} longitude  {:8.3f} deg   {:+.3f} deg a day\n\n",
               view.mercury.rate_deg_per_day < 0 ? "retrograde" : "direct", view.mercury.longitude_deg,
               view.mercury.rate_deg_per_day);
    fmt::print(out, "  {:<20} {:<16} {:>7} {:>7}  {}\n", "factor", "condition", "value", "weight", "counts");
    for (std::size_t i = 0; i < pipeline::factor_count; ++i) {
        const auto& factor = view.factors[i];
        const auto value = core::known(factor.value) ? fmt::format("{:+.2f}", factor.value) : std::string{"unknown"};
        const auto& how = view.settings.factors[i];
        fmt::print(
            out, "  {:<20} {:<16} {:>7} {:>7.2f}  {}{}\n", name(static_cast<Factor>(i)),
            factor.condition.empty() ? "unknown" : factor.condition, value, how.weight,
            how.enabled && how.weight > 0 ? "yes" : "no",
            factor.second_name != nullptr ? fmt::format("   {} {:+.2f}", factor.second_name, factor.second) : "");
    }
    const auto& sum = view.influence;
    fmt::print(out, "\n  risk {:+.3f}   confidence {:+.3f}   intensity {:+.3f}   mistake {:+.3f}   insight {:+.3f}\n",
               sum.risk, sum.confidence, sum.intensity, sum.mistake, sum.insight);
    fmt::print(out, "  {} multiply: size {:.3f}   entry threshold {:.3f}   exit impulse {:.3f}\n\n",
               view.enabled ? "these" : "switched on they would", view.weights.size_factor, view.weights.entry_factor,
               view.weights.exit_factor);
}

}  // namespace

core::Nanoseconds parse_moment(std::string_view text) {
    namespace chrono = std::chrono;
    const auto refuse = [text] {
        throw std::invalid_argument{
            fmt::format("--at {}: expected a time such as 2025-03-14T06:55:00Z, years 1970 to 2200", text)};
    };
    std::string_view rest = text;
    const auto digits = [&](std::size_t count) {
        int value = 0;
        for (std::size_t i = 0; i < count; ++i) {
            if (i >= rest.size() || rest[i] < '0' || rest[i] > '9') refuse();
            value = value * 10 + (rest[i] - '0');
        }
        rest.remove_prefix(count);
        return value;
    };
    const auto skip = [&](std::string_view one_of) {
        if (rest.empty() || one_of.find(rest.front()) == std::string_view::npos) return false;
        rest.remove_prefix(1);
        return true;
    };
    const auto need = [&](std::string_view one_of) {
        if (!skip(one_of)) refuse();
    };
    const int year = digits(4);
    need("-");
    const int month = digits(2);
    need("-");
    const int day = digits(2);
    const chrono::year_month_day date{chrono::year{year} / month / day};
    int hour = 0, minute = 0, second = 0, offset_min = 0;
    core::Nanoseconds fraction{};
    if (skip("T t")) {
        hour = digits(2);
        need(":");
        minute = digits(2);
        if (skip(":")) second = digits(2);
        if (skip(".")) {
            core::Nanoseconds unit = chrono::milliseconds{100};
            if (rest.empty() || rest.front() < '0' || rest.front() > '9') refuse();
            while (!rest.empty() && rest.front() >= '0' && rest.front() <= '9') {
                fraction += unit * digits(1);
                unit /= 10;
            }
        }
        const bool ahead = !rest.empty() && rest.front() == '+';
        if (skip("+-")) {
            offset_min = digits(2) * 60;
            skip(":");
            offset_min += digits(2);
            if (offset_min > 14 * 60) refuse();
            if (!ahead) offset_min = -offset_min;
        } else {
            skip("Zz");
        }
    } else {
        skip("Zz");
    }
    if (!rest.empty() || !date.ok() || year < 1970 || year > 2200 || hour > 23 || minute > 59 || second > 59) refuse();
    return chrono::sys_days{date}.time_since_epoch() + chrono::hours{hour} + chrono::minutes{minute - offset_min} +
           chrono::seconds{second} + fraction;
}

int cosmic_command(const CosmicOptions& options, std::ostream& out, std::ostream& err) {
    try {
        Settings settings;
        auto schema = make_schema(settings);
        load_settings(schema, settings, options.config);
        if (options.calendar != 0) {
            print_calendar(out, options.calendar, options.json, options.plot);
            return 0;
        }
        const auto time =
            options.at.empty() ? std::chrono::system_clock::now().time_since_epoch() : parse_moment(options.at);
        feeds::conditions::ConditionFeed inputs{settings.conditions};
        inputs.poll_files();
        inputs.poll_urls(core::Nanoseconds{0});
        if (!inputs.problem().empty()) fmt::print(err, "omega cosmic: {}; unknown\n", inputs.problem());
        const auto view = view_at(time, settings.cosmic, inputs.at(time));
        if (options.json)
            out << to_json(view).dump() << '\n';
        else
            print(out, view);
        return 0;
    } catch (const std::exception& error) {
        fmt::print(err, "omega cosmic: {}\n", error.what());
        return 2;
    }
}

void add_cosmic(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<CosmicOptions>();
    auto* verb =
        app.add_subcommand("cosmic", "The sky, every cosmic factor and its weight at a moment, or a year of sky");
    verb->footer(
        "Examples:\n"
        "  omega cosmic --at 2025-03-14T06:55:00Z --json\n"
        "  omega cosmic --calendar 2026 --plot sky2026.svg\n"
        "  omega cosmic --set cosmic.global_sentiment.file=fng.json --set cosmic.latitude=52\n"
        "The influence is that of the switched-on factors as if cosmic.enabled were true; no factor here is known to\n"
        "move markets. Exit codes: 0 done, 2 wrong usage or configuration.");
    auto* at = verb->add_option("--at", options->at, "time (UTC unless it has an offset); else now");
    auto* calendar = verb->add_option("--calendar", options->calendar,
                                      "year, 1970 to 2100: new and full moons, quarters, stations of Mercury")
                         ->excludes(at);
    verb->add_option("--plot", options->plot, "draw the year into this .svg or .html file")->needs(calendar);
    verb->add_flag("--json", options->json, "one JSON object");
    add_config_options(*verb, options->config);
    verb->callback([options, &exit_code] { exit_code = cosmic_command(*options, std::cout, std::cerr); });
}

}  // namespace omega
