#include "tools/omega/trends/trend_page.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <algorithm>
#include <ostream>

namespace omega {

namespace {

constexpr double width = 1000, price_height = 260, regime_height = 14, alignment_height = 110, gap = 14;

constexpr std::string_view head = R"html(<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>Omega · trends</title><style>
:root{color-scheme:light dark;--bg:#f6f7f9;--card:#fff;--ink:#1b2330;--soft:#5d6879;--line:#e0e4ea;--price:#4c6a92;
--up:#12855b;--down:#c8372d;--hot:#c77800;--calm:#8a93a1}
@media(prefers-color-scheme:dark){:root{--bg:#10151c;--card:#18202a;--ink:#e4e9f0;--soft:#98a4b5;--line:#2b3643;
--price:#8fb2e0;--up:#3ecf96;--down:#ff7468;--hot:#ffb347;--calm:#76818f}}
body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
main{max-width:1120px;margin:0 auto;padding:24px 16px}h1{font-size:26px}h2{font-size:18px;margin:0}
.card{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:16px;margin-top:16px;overflow-x:auto}
svg{width:100%;min-width:660px;height:auto;display:block}svg text{font-size:12px;fill:var(--soft)}
.p{fill:none;stroke:var(--price);stroke-width:1.3}.a{fill:none;stroke:var(--ink);stroke-width:1.2}
.z{stroke:var(--line)}.u{fill:var(--up)}.d{fill:var(--down)}.v{fill:var(--hot)}.r{fill:var(--calm)}.x{fill:var(--line)}
p,td,th{color:var(--soft)}table{border-collapse:collapse;font-variant-numeric:tabular-nums}td,th{padding:2px 14px 2px 0;text-align:left}
</style></head><body><main><h1>Trends</h1>
<p>Price with chart patterns (triangles: expected direction), slow regime (green and red: trending; orange: volatile; grey: ranging,
quiet or between; pale: unknown), alignment of the timeframes from −1 to 1.</p>
)html";

std::string_view colour(pipeline::SlowRegime regime) {
    using R = pipeline::SlowRegime;
    if (regime == R::unknown) return "x";
    if (regime == R::volatile_) return "v";
    return regime == R::trending_up ? "u" : regime == R::trending_down ? "d" : "r";
}

/// At most so many samples, the last of each stretch.
std::vector<TrendStory::Sample> thinned(const std::vector<TrendStory::Sample>& all) {
    constexpr std::size_t most = 1500;
    const std::size_t step = all.size() / most + 1;
    std::vector<TrendStory::Sample> kept;
    for (std::size_t i = step - 1; i < all.size(); i += step) kept.push_back(all[i]);
    return kept;
}

/// Where times and prices lie in the picture.
struct Scale {
    core::Nanoseconds from{}, to{};
    double low{}, high{};
    [[nodiscard]] double x(core::Nanoseconds t) const {
        return width * core::seconds(t - from) / std::max(1.0, core::seconds(to - from));
    }
    [[nodiscard]] double y(double price) const { return price_height * (1 - (price - low) / (high - low)); }
};

void draw(std::ostream& out, const TrendStory& story, const pipeline::Timeframes& timeframes) {
    const auto samples = thinned(story.samples);
    const auto [low, high] = std::minmax_element(samples.begin(), samples.end(),
                                                 [](const auto& a, const auto& b) { return a.close < b.close; });
    const double room = std::max((high->close - low->close) * .04, high->close * 1e-6);
    const Scale at{samples.front().time, samples.back().time, low->close - room, high->close + room};
    const double regime_top = price_height + gap, zero = regime_top + regime_height + gap + alignment_height / 2;

    fmt::print(out, "<svg viewBox=\"0 0 {} {}\"><path class=\"p\" d=\"", width, zero + alignment_height / 2 + 4);
    for (std::size_t i = 0; i < samples.size(); ++i)
        fmt::print(out, "{}{:.1f} {:.1f}", i == 0 ? 'M' : 'L', at.x(samples[i].time), at.y(samples[i].close));
    out << "\"/>";
    for (std::size_t i = 0; i < samples.size();) {
        std::size_t end = i;
        while (end < samples.size() && samples[end].regime == samples[i].regime) ++end;
        const double x = at.x(samples[i].time), next = end < samples.size() ? at.x(samples[end].time) : width;
        fmt::print(
            out, "<rect class=\"{}\" x=\"{:.1f}\" y=\"{}\" width=\"{:.1f}\" height=\"{}\"><title>{}</title></rect>",
            colour(samples[i].regime), x, regime_top, std::max(.5, next - x), regime_height, name(samples[i].regime));
        i = end;
    }
    fmt::print(out, "<path class=\"z\" d=\"M0 {0}H{1}\"/><path class=\"a\" d=\"", zero, width);
    bool pen = false;
    for (const auto& sample : samples) {
        if (!core::known(sample.alignment)) {
            pen = false;
            continue;
        }
        fmt::print(out, "{}{:.1f} {:.1f}", pen ? 'L' : 'M', at.x(sample.time),
                   zero - sample.alignment * alignment_height / 2);
        pen = true;
    }
    out << "\"/>";
    for (const auto& p : story.patterns) {
        const double last = p.points[3] != 0 ? p.points[4] : p.points[2];
        const double x = at.x(p.time), y = std::clamp(at.y(last), 6.0, price_height - 6), way = p.bullish ? 1 : -1;
        fmt::print(out,
                   "<path class=\"{}\" fill-opacity=\"{}\" d=\"M{:.1f} {:.1f}l6 {}h-12z\"><title>{} {} {} score "
                   "{:.2f}{}</title></path>",
                   p.bullish ? "u" : "d", p.forming ? .45 : 1, x, y, 10 * way, core::to_iso8601(p.time),
                   width_text(timeframes.seconds[p.timeframe]), name(p.kind), p.score, p.forming ? ", forming" : "");
    }
    fmt::print(out, "<text x=\"4\" y=\"12\">{:.8g}</text><text x=\"4\" y=\"{}\">{:.8g}</text></svg>", at.high,
               price_height - 4, at.low);
}

std::string escaped(std::string_view text) {
    std::string safe;
    for (const char c : text) safe += c == '<' ? "&lt;" : c == '&' ? "&amp;" : std::string(1, c);
    return safe;
}

}  // namespace

void write_trend_page(std::ostream& out, const std::vector<TrendStory>& stories,
                      const core::InstrumentTable& instruments, const pipeline::Timeframes& timeframes) {
    out << head;
    for (std::size_t i = 0; i < stories.size(); ++i) {
        const auto& story = stories[i];
        const auto& instrument = instruments[core::InstrumentId{static_cast<std::uint16_t>(i)}];
        fmt::print(out, "<section class=\"card\"><h2>{}</h2>", escaped(instrument.name()));
        if (story.samples.empty()) {
            out << "<p>No bar closed.</p></section>";
            continue;
        }
        fmt::print(out, "<p>{} · alignment {}, {} · regime {} · {} patterns</p>", core::to_iso8601(story.time),
                   number_text(story.face.alignment, 3), name(story.face.bias), name(story.face.regime),
                   story.patterns.size());
        draw(out, story, timeframes);
        out << "<table><tr><th>timeframe<th>trend<th>change, bps<th>last bar<th>regime</tr>";
        for (std::size_t k = 0; k < timeframes.count; ++k)
            if (story.bars[k] != 0)
                fmt::print(out, "<tr><td>{}<td>{}<td>{}<td>{}<td>{}</tr>", width_text(timeframes.seconds[k]),
                           pipeline::trend_name(story.frames[k].state), number_text(story.frames[k].change_bps, 1),
                           name(story.frames[k].movement), name(story.frames[k].regime));
        out << "</table></section>";
    }
    out << "</main></body></html>\n";
}

}  // namespace omega
