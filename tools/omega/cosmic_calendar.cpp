#include "pipeline/cosmic/calendar.hpp"
#include "pipeline/cosmic/sky.hpp"
#include "tools/omega/cosmic.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>
#include <nlohmann/json.hpp>

#include <array>
#include <fstream>
#include <stdexcept>

namespace omega {

namespace {

using nlohmann::json;
using pipeline::MoonPhase;
using pipeline::SkyCalendar;

std::string minute_text(core::Nanoseconds time) {
    const auto text = core::to_iso8601(time + std::chrono::seconds{30});  // to the nearest minute
    return text.substr(0, 10) + " " + text.substr(11, 5);
}

std::string_view station_name(const pipeline::Station& station) {
    return station.retrograde ? "retrograde" : "direct";
}

json to_json(int year, const SkyCalendar& calendar) {
    json moon = json::array(), mercury = json::array();
    for (const auto& event : calendar.moon)
        moon.push_back({{"time", event.time.count()}, {"phase", name(event.phase)}});
    for (const auto& station : calendar.mercury)
        mercury.push_back({{"time", station.time.count()},
                           {"station", station_name(station)},
                           {"longitude_deg", station.longitude_deg}});
    return {{"year", year}, {"moon", moon}, {"mercury", mercury}, {"begins_retrograde", calendar.begins_retrograde}};
}

void print(std::ostream& out, int year, const SkyCalendar& calendar) {
    fmt::print(out, "\n  {}, UTC\n\n", year);
    for (const auto& event : calendar.moon)
        fmt::print(out, "  {}   moon      {}\n", minute_text(event.time), name(event.phase));
    fmt::print(out, "\n");
    for (const auto& station : calendar.mercury)
        fmt::print(out, "  {}   mercury   {:<10} {:7.2f} deg\n", minute_text(station.time), station_name(station),
                   station.longitude_deg);
    fmt::print(out, "\n");
}

/// The year as a picture: the Moon's light, its new and full moons, and the times when Mercury runs backwards.
class Picture {
public:
    Picture(int year, const SkyCalendar& calendar)
        : year_{year}, calendar_{calendar}, from_{start_of(year)}, to_{start_of(year + 1)} {}

    [[nodiscard]] std::string svg() const {
        std::string out = fmt::format(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {} {}\" font-family=\"sans-serif\" "
            "font-size=\"12\">\n"
            "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n"
            "<text x=\"{}\" y=\"26\" font-size=\"16\" fill=\"#222222\">Moon and Mercury in {} (UTC)</text>\n",
            width, height, left, year_);
        retrogrades(out);
        months(out);
        light(out);
        moons(out);
        legend(out);
        return out + "</svg>\n";
    }

private:
    static constexpr double width = 1200, height = 360, left = 40, right = 1180, top = 50, bottom = 290;

    static core::Nanoseconds start_of(int year) {
        return std::chrono::sys_days{std::chrono::year{year} / 1 / 1}.time_since_epoch();
    }
    [[nodiscard]] double x(core::Nanoseconds time) const {
        return left + (right - left) * core::seconds(time - from_) / core::seconds(to_ - from_);
    }
    static double y(double illumination) { return bottom - (bottom - top) * illumination; }

    void band(std::string& out, core::Nanoseconds from, core::Nanoseconds to) const {
        out += fmt::format(
            "<rect x=\"{:.1f}\" y=\"{}\" width=\"{:.1f}\" height=\"{}\" fill=\"#f2c9b0\" fill-opacity=\"0.6\">"
            "<title>Mercury retrograde {} to {}</title></rect>\n",
            x(from), top, x(to) - x(from), bottom - top, minute_text(from), minute_text(to));
    }
    void retrogrades(std::string& out) const {
        bool backwards = calendar_.begins_retrograde;
        auto since = from_;
        for (const auto& station : calendar_.mercury) {
            if (backwards) band(out, since, station.time);
            backwards = station.retrograde;
            since = station.time;
        }
        if (backwards) band(out, since, to_);
    }
    void months(std::string& out) const {
        static constexpr std::array<const char*, 12> names{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
        for (unsigned m = 0; m < 12; ++m) {
            const auto at =
                x(std::chrono::sys_days{std::chrono::year{year_} / std::chrono::month{m + 1} / 1}.time_since_epoch());
            out += fmt::format(
                "<line x1=\"{0:.1f}\" y1=\"{1}\" x2=\"{0:.1f}\" y2=\"{2}\" stroke=\"#dddddd\"/>"
                "<text x=\"{3:.1f}\" y=\"{4}\" fill=\"#555555\">{5}</text>\n",
                at, top, bottom, at + 4, bottom + 18, names[m]);
        }
        for (const double share : {0., .5, 1.})
            out += fmt::format("<text x=\"{}\" y=\"{:.1f}\" fill=\"#555555\" text-anchor=\"end\">{:.0f}%</text>\n",
                               left - 6, y(share) + 4, 100 * share);
    }
    void light(std::string& out) const {
        out += "<polyline fill=\"none\" stroke=\"#3b5b8c\" stroke-width=\"1.5\" points=\"";
        for (auto at = from_; at <= to_; at += std::chrono::hours{24})
            out += fmt::format("{:.1f},{:.1f} ", x(at), y(pipeline::moon_at(at).illumination));
        out += "\"/>\n";
    }
    void moons(std::string& out) const {
        for (const auto& event : calendar_.moon) {
            if (event.phase != MoonPhase::new_moon && event.phase != MoonPhase::full_moon) continue;
            const bool full = event.phase == MoonPhase::full_moon;
            out += fmt::format(
                "<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"4\" fill=\"{}\" stroke=\"#3b5b8c\"><title>{} moon "
                "{}</title></circle>\n",
                x(event.time), y(full ? 1 : 0), full ? "#fff3b0" : "#222222", full ? "full" : "new",
                minute_text(event.time));
        }
    }
    static void legend(std::string& out) {
        out += fmt::format(
            "<g transform=\"translate({},{})\" fill=\"#222222\">"
            "<line x1=\"0\" y1=\"-4\" x2=\"24\" y2=\"-4\" stroke=\"#3b5b8c\" stroke-width=\"1.5\"/>"
            "<text x=\"30\" y=\"0\">lit share of the Moon</text>"
            "<circle cx=\"190\" cy=\"-4\" r=\"4\" fill=\"#fff3b0\" stroke=\"#3b5b8c\"/><text x=\"200\" "
            "y=\"0\">full</text>"
            "<circle cx=\"250\" cy=\"-4\" r=\"4\" fill=\"#222222\" stroke=\"#3b5b8c\"/><text x=\"260\" "
            "y=\"0\">new</text>"
            "<rect x=\"310\" y=\"-11\" width=\"24\" height=\"13\" fill=\"#f2c9b0\"/>"
            "<text x=\"340\" y=\"0\">Mercury retrograde</text></g>\n",
            left, bottom + 48);
    }

    int year_;
    const SkyCalendar& calendar_;
    core::Nanoseconds from_, to_;
};

void write_plot(const std::string& file, int year, const SkyCalendar& calendar) {
    const bool html = file.ends_with(".html");
    if (!html && !file.ends_with(".svg"))
        throw std::invalid_argument{fmt::format("--plot {}: expected a file name ending in .svg or .html", file)};
    const auto svg = Picture{year, calendar}.svg();
    std::ofstream out{file, std::ios::binary | std::ios::trunc};
    if (html)
        out << "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Moon and Mercury in " << year
            << "</title></head>\n<body style=\"margin:24px;max-width:1200px\">\n"
            << svg << "</body></html>\n";
    else
        out << svg;
    out.flush();
    if (!out) throw std::runtime_error{fmt::format("--plot {}: cannot be written; expected a writable place", file)};
}

}  // namespace

void print_calendar(std::ostream& out, int year, bool as_json, const std::string& plot) {
    const auto calendar = pipeline::sky_calendar(year);
    if (!plot.empty()) write_plot(plot, year, calendar);
    if (as_json)
        out << to_json(year, calendar).dump() << '\n';
    else
        print(out, year, calendar);
}

}  // namespace omega
