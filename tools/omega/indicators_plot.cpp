#include "tools/omega/indicators_plot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

namespace omega {

namespace {

using feeds::history::Candle;
using feeds::history::Candles;
using pipeline::IndicatorValues;

constexpr double width = 1100, left = 8, right = 84, plot_width = width - left - right;

constexpr std::string_view style = R"x(
:root{color-scheme:light dark;--bg:#fcfcfb;--ink:#1c2024;--soft:#6b7280;--grid:#e4e6ea;--up:#15803d;--down:#c2410c;
--band:#3b82f6;--fast:#d97706;--slow:#7c3aed;--line:#2563eb;--signal:#db2777}
@media(prefers-color-scheme:dark){:root{--bg:#14171c;--ink:#e6e8eb;--soft:#9aa3af;--grid:#2a2f37;--up:#4ade80;
--down:#fb923c;--band:#60a5fa;--fast:#fbbf24;--slow:#a78bfa;--line:#60a5fa;--signal:#f472b6}}
body{background:var(--bg);color:var(--ink);font:14px/1.5 system-ui,sans-serif;margin:24px auto;max-width:1100px;padding:0 16px}
h1{font-size:18px;margin:0}p{color:var(--soft);margin:2px 0 12px}svg{width:100%;height:auto;display:block}
text{fill:var(--soft);font-size:11px}.name{fill:var(--ink);font-size:12px;font-weight:600}
.grid{stroke:var(--grid);stroke-width:1}.line{fill:none;stroke-width:1.4;stroke-linejoin:round}
)x";

std::string escaped(const std::string& text) {
    std::string out;
    for (const char c : text) {
        if (c == '&')
            out += "&amp;";
        else if (c == '<')
            out += "&lt;";
        else if (c == '>')
            out += "&gt;";
        else
            out += c;
    }
    return out;
}

/// "2025-07-02 17:00" of a time.
std::string minute_text(core::Nanoseconds time) {
    auto text = core::to_iso8601(time).substr(0, 16);
    text[10] = ' ';
    return text;
}

/// One panel: a range of values between two heights of the page.
class Panel {
public:
    Panel(fmt::memory_buffer& to, double top, double height, std::size_t count)
        : to_{to},
          top_{top},
          height_{height},
          step_{plot_width / static_cast<double>(std::max<std::size_t>(count, 1))} {}

    void cover(double value) {
        if (!core::known(value)) return;
        low_ = std::min(low_, value);
        high_ = std::max(high_, value);
    }

    [[nodiscard]] double x(std::size_t i) const { return left + (static_cast<double>(i) + .5) * step_; }
    [[nodiscard]] double y(double value) const {
        const double span = high_ > low_ ? high_ - low_ : 1;
        return top_ + height_ * (1 - (value - low_) / span);
    }
    [[nodiscard]] double step() const { return step_; }

    /// Lines at round values, about six of them, or at the given ones.
    void grid(std::vector<double> at = {}) {
        if (at.empty() && high_ > low_) {
            const double rough = (high_ - low_) / 8, magnitude = std::pow(10, std::floor(std::log10(rough)));
            const double share = rough / magnitude;
            const double distance = magnitude * (share > 5 ? 10 : share > 2 ? 5 : share > 1 ? 2 : 1);
            const double first = std::ceil(low_ / distance);
            const int lines = static_cast<int>(std::floor(high_ / distance) - first) + 1;  // eight or so
            for (int i = 0; i < lines; ++i) at.push_back((first + i) * distance);
        }
        for (const double v : at)
            put(R"x(<line class="grid" x1="{:.1f}" x2="{:.1f}" y1="{:.1f}" y2="{:.1f}"/><text x="{:.1f}" y="{:.1f}">{:.10g}</text>)x",
                left, left + plot_width, y(v), y(v), left + plot_width + 6, y(v) + 4, v);
    }

    /// A line through what is known; it ends where nothing is.
    template <class Value>
    void line(std::size_t count, std::string_view colour, Value value) {
        put(R"x(<path class="line" stroke="var(--{})" d=")x", colour);
        bool drawing = false;
        for (std::size_t i = 0; i < count; ++i) {
            const double v = value(i);
            if (core::known(v)) put("{}{:.1f} {:.1f}", drawing ? 'L' : 'M', x(i), y(v));
            drawing = core::known(v);
        }
        put(R"x("/>)x");
    }

    void name(std::string_view text) {
        put(R"x(<text class="name" x="{}" y="{:.1f}">{}</text>)x", left, top_ - 8, text);
    }

    template <class... Arguments>
    void put(fmt::format_string<Arguments...> text, Arguments&&... arguments) {
        fmt::format_to(std::back_inserter(to_), text, std::forward<Arguments>(arguments)...);
    }

private:
    fmt::memory_buffer& to_;
    double top_, height_, step_;
    double low_{std::numeric_limits<double>::max()}, high_{std::numeric_limits<double>::lowest()};
};

/// What is drawn: the newest bars.
struct View {
    const Candles& candles;
    const Candle* candle;
    const IndicatorValues* values;
    std::size_t count;

    [[nodiscard]] double price(core::Price p) const { return candles.price(p); }
};

void draw_candles(Panel& panel, const View& view, bool up) {
    panel.put(R"x(<path stroke="var(--{0})" fill="var(--{0})" stroke-width="1" d=")x", up ? "up" : "down");
    const double half = std::max(.5, panel.step() * .32);
    for (std::size_t i = 0; i < view.count; ++i) {
        const Candle& c = view.candle[i];
        if ((c.close >= c.open) != up) continue;
        const double x = panel.x(i), top = panel.y(view.price(std::max(c.open, c.close)));
        const double bottom = panel.y(view.price(std::min(c.open, c.close)));
        panel.put("M{:.1f} {:.1f}V{:.1f}M{:.1f} {:.1f}h{:.1f}V{:.1f}h{:.1f}z", x, panel.y(view.price(c.high)),
                  panel.y(view.price(c.low)), x - half, top, 2 * half, bottom, -2 * half);
    }
    panel.put(R"x("/>)x");
}

void draw_band(Panel& panel, const View& view) {
    std::string points;
    const auto add = [&](std::size_t i, double value) {
        if (core::known(value))
            fmt::format_to(std::back_inserter(points), "{:.1f},{:.1f} ", panel.x(i), panel.y(value));
    };
    for (std::size_t i = 0; i < view.count; ++i) add(i, view.values[i].bollinger_upper);
    for (std::size_t i = view.count; i-- > 0;) add(i, view.values[i].bollinger_lower);
    panel.put(R"x(<polygon fill="var(--band)" fill-opacity=".12" points="{}"/>)x", points);
}

void draw_price(fmt::memory_buffer& to, const View& view, double top, double height) {
    Panel panel{to, top, height, view.count};
    for (std::size_t i = 0; i < view.count; ++i) {
        panel.cover(view.price(view.candle[i].high));
        panel.cover(view.price(view.candle[i].low));
        panel.cover(view.values[i].bollinger_upper);
        panel.cover(view.values[i].bollinger_lower);
    }
    panel.name("Price, Bollinger 20 (band), EMA 12 (amber), EMA 26 (violet)");
    panel.grid();
    draw_band(panel, view);
    draw_candles(panel, view, true);
    draw_candles(panel, view, false);
    panel.line(view.count, "fast", [&](std::size_t i) { return view.values[i].ema12; });
    panel.line(view.count, "slow", [&](std::size_t i) { return view.values[i].ema26; });
}

void draw_rsi(fmt::memory_buffer& to, const View& view, double top, double height) {
    Panel panel{to, top, height, view.count};
    panel.cover(0);
    panel.cover(100);
    panel.name("RSI 14");
    panel.grid({30, 50, 70});
    panel.line(view.count, "line", [&](std::size_t i) { return view.values[i].rsi14; });
}

void draw_macd(fmt::memory_buffer& to, const View& view, double top, double height) {
    Panel panel{to, top, height, view.count};
    panel.cover(0);
    for (std::size_t i = 0; i < view.count; ++i)
        for (const double v : {view.values[i].macd, view.values[i].macd_signal, view.values[i].macd_histogram})
            panel.cover(v);
    panel.name("MACD 12/26/9 (blue), signal (pink), histogram");
    panel.grid();
    for (const bool up : {true, false}) {
        panel.put(R"x(<path stroke="var(--{})" stroke-opacity=".6" stroke-width="{:.1f}" d=")x", up ? "up" : "down",
                  std::max(.8, panel.step() * .6));
        for (std::size_t i = 0; i < view.count; ++i)
            if (const double v = view.values[i].macd_histogram; core::known(v) && (v >= 0) == up)
                panel.put("M{:.1f} {:.1f}V{:.1f}", panel.x(i), panel.y(0), panel.y(v));
        panel.put(R"x("/>)x");
    }
    panel.line(view.count, "line", [&](std::size_t i) { return view.values[i].macd; });
    panel.line(view.count, "signal", [&](std::size_t i) { return view.values[i].macd_signal; });
}

void draw_times(fmt::memory_buffer& to, const View& view, double y) {
    Panel panel{to, y, 1, view.count};
    for (std::size_t k = 0; k < 5 && view.count >= 10; ++k) {
        const auto i = (view.count - 1) * k / 5;
        panel.put(R"x(<text x="{:.1f}" y="{:.1f}">{}</text>)x", panel.x(i), y, minute_text(view.candle[i].start));
    }
}

}  // namespace

std::string indicators_page(const Candles& candles, const std::vector<IndicatorValues>& values, std::size_t bars,
                            const std::string& title) {
    const auto count = std::min(bars, candles.candles.size());
    const View view{candles, candles.candles.data() + (candles.candles.size() - count),
                    values.data() + (values.size() - count), count};
    fmt::memory_buffer svg;
    draw_price(svg, view, 30, 360);
    draw_rsi(svg, view, 430, 110);
    draw_macd(svg, view, 580, 130);
    draw_times(svg, view, 735);
    const auto span =
        count == 0 ? std::string{"no bars"}
                   : fmt::format("{} bars of {} s, {} to {} UTC", count, candles.interval.count() / 1'000'000'000,
                                 minute_text(view.candle[0].start), minute_text(view.candle[count - 1].start));
    const auto name = escaped(title);
    return fmt::format(
        "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" "
        "content=\"width=device-width\"><title>{0}</title><style>{1}</style>\n<h1>{0}</h1><p>{2}</p>\n"
        "<svg viewBox=\"0 0 {3} 745\" role=\"img\" aria-label=\"{0}: price, RSI and MACD\">{4}</svg>\n</html>\n",
        name, style, span, width, fmt::to_string(svg));
}

}  // namespace omega
