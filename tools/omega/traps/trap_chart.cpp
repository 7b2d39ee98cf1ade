#include "tools/omega/traps/trap_chart.hpp"

#include "tools/omega/traps/trap_json.hpp"
#include "tools/omega/traps/trap_report.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>

namespace omega {

namespace {

using pipeline::Expect;
using strategies::LabelledTrap;
using strategies::Outcome;

constexpr double width = 860, height = 300, left = 6, right = 74, top = 10, bottom = 24;

/// From time and price to the picture.
struct Frame {
    core::Nanoseconds from, to;
    double low, high;

    [[nodiscard]] double x(core::Nanoseconds time) const {
        const double span = std::max(1., static_cast<double>((to - from).count()));
        return left + (width - left - right) * std::clamp(static_cast<double>((time - from).count()) / span, 0., 1.);
    }
    [[nodiscard]] double y(double price) const { return top + (height - top - bottom) * (high - price) / (high - low); }
};

Frame frame_of(const PriceTrack& prices, const std::vector<const LabelledTrap*>& events) {
    const auto columns = prices.columns();
    Frame frame{columns.front().start, columns.back().start + prices.width(), columns.front().low,
                columns.front().high};
    const auto hold = [&](double low, double high) {
        frame.low = std::min(frame.low, low);
        frame.high = std::max(frame.high, high);
    };
    for (const auto& column : columns) hold(column.low, column.high);
    for (const auto* trap : events) hold(trap->event.price, trap->event.price);
    const double margin = std::max((frame.high - frame.low) * .04, frame.high * 1e-6);
    frame.low -= margin;
    frame.high += margin;
    return frame;
}

/// 1, 2 or 5 times a power of ten, so that about `parts` steps make `span`.
double nice_step(double span, int parts) {
    const double raw = span / parts, power = std::pow(10, std::floor(std::log10(raw)));
    const double share = raw / power;
    return power * (share < 1.5 ? 1 : share < 3.5 ? 2 : share < 7.5 ? 5 : 10);
}

void append_grid(fmt::memory_buffer& to, const Frame& frame) {
    auto out = std::back_inserter(to);
    const double step = nice_step(frame.high - frame.low, 5);
    const int decimals = std::clamp(static_cast<int>(std::ceil(-std::log10(step) - 1e-9)), 0, 12);
    for (double price = std::ceil(frame.low / step) * step; price < frame.high; price += step)
        fmt::format_to(out, R"(<path class="g" d="M{:.0f} {:.1f}H{:.0f}"/><text x="{:.0f}" y="{:.1f}">{:.{}f}</text>)",
                       left, frame.y(price), width - right, width - right + 6, frame.y(price) + 4, price, decimals);

    constexpr std::array<std::int64_t, 16> steps_s{1,   2,    5,    10,    30,    60,    120,    300,
                                                   900, 1800, 3600, 10800, 21600, 86400, 604800, 2592000};
    const auto span_s = (frame.to - frame.from) / std::chrono::seconds{1};
    auto step_s = steps_s.back();
    for (const auto s : steps_s)
        if (span_s / s <= 7) {
            step_s = s;
            break;
        }
    const core::Nanoseconds every = std::chrono::seconds{step_s};
    for (auto time = core::floor_to(frame.from, every) + every; time < frame.to; time += every) {
        const auto text = core::to_iso8601(time);  // 2024-08-08T23:54:15.030Z
        const auto label = step_s >= 86400 ? text.substr(0, 10)
                           : step_s >= 60  ? text.substr(11, 5)
                                           : text.substr(11, 8);
        const double x = frame.x(time);
        fmt::format_to(out, R"(<path class="g" d="M{:.1f} {:.0f}V{:.0f}"/>)", x, top, height - bottom);
        if (x > left + 26 && x < width - right - 20)
            fmt::format_to(out, R"(<text x="{:.1f}" y="{:.0f}" text-anchor="middle">{}</text>)", x, height - 7, label);
    }
}

void append_price(fmt::memory_buffer& to, const Frame& frame, const PriceTrack& prices) {
    auto out = std::back_inserter(to);
    const auto columns = prices.columns();
    const auto apart = 25 * prices.width();  // a hole: nothing was traded that one could draw a line through
    for (std::size_t begin = 0; begin < columns.size();) {
        std::size_t end = begin + 1;
        while (end < columns.size() && columns[end].start - columns[end - 1].start <= apart) ++end;
        const auto run = columns.subspan(begin, end - begin);
        fmt::format_to(out, R"(<path class="b" d="M)");
        for (const auto& column : run)
            fmt::format_to(out, "{:.1f} {:.1f} ", frame.x(column.start), frame.y(column.high));
        for (auto i = run.rbegin(); i != run.rend(); ++i)
            fmt::format_to(out, "{:.1f} {:.1f} ", frame.x(i->start), frame.y(i->low));
        fmt::format_to(out, R"(Z"/><path class="l" d="M)");
        for (const auto& column : run)
            fmt::format_to(out, "{:.1f} {:.1f} ", frame.x(column.start), frame.y(column.last));
        fmt::format_to(out, R"("/>)");
        begin = end;
    }
}

std::string story(const LabelledTrap& trap, const core::Instrument& instrument) {
    const auto& event = trap.event;
    auto text = fmt::format(
        "{} · expects {} · {}{}\n{} at {}\nconfidence {:.2f}, {} severity, impact {:.2f}, X {:.1f} bps "
        "within {:.0f} s",
        name(event.kind), name(event.expect), name(trap.outcome), trap.overlaps ? " (overlaps: not counted)" : "",
        core::to_iso8601(event.time), price_text(event.price, instrument), event.confidence, name(event.severity),
        event.impact, trap.test.x * event.threshold_bps, core::seconds(trap.test.horizon));
    const auto names = evidence_names(event.kind);
    for (std::size_t i = 0; i < names.size(); ++i)
        text += fmt::format("{}{} {}", i == 0 ? "\n" : ", ", names[i],
                            core::known(event.evidence[i]) ? fmt::format("{:.5g}", event.evidence[i]) : "unknown");
    return text;
}

void append_mark(fmt::memory_buffer& to, const Frame& frame, const LabelledTrap& trap,
                 const core::Instrument& instrument) {
    const double x = frame.x(trap.event.time), y = frame.y(trap.event.price);
    const auto shape = [&]() -> std::string {
        switch (trap.event.expect) {
            case Expect::up: return fmt::format("M{:.1f} {:.1f}l5 9h-10z", x, y - 5);
            case Expect::down: return fmt::format("M{:.1f} {:.1f}l5 -9h-10z", x, y + 5);
            case Expect::burst: return fmt::format("M{:.1f} {:.1f}a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0z", x - 4.5, y);
            case Expect::inert: break;
        }
        return fmt::format("M{:.1f} {:.1f}h8v8h-8z", x - 4, y - 4);
    }();
    const char colour = trap.outcome == Outcome::hit ? 'h' : trap.outcome == Outcome::miss ? 's' : 'o';
    fmt::format_to(std::back_inserter(to), R"(<g class="m {}{}" data-k="{}"><title>{}</title><path d="{}"/></g>)",
                   colour, trap.overlaps ? " v" : "", name(trap.event.kind), escaped(story(trap, instrument)), shape);
}

}  // namespace

void append_chart(fmt::memory_buffer& to, const PriceTrack& prices, const std::vector<const LabelledTrap*>& events,
                  const core::Instrument& instrument) {
    const Frame frame = frame_of(prices, events);
    fmt::format_to(std::back_inserter(to),
                   R"(<svg class="chart" viewBox="0 0 {:.0f} {:.0f}" role="img" aria-label="{}">)", width, height,
                   escaped("price and traps of " + instrument.name()));
    append_grid(to, frame);
    append_price(to, frame, prices);
    // What counts lies on top.
    for (const bool overlapping : {true, false})
        for (const auto* trap : events)
            if (trap->overlaps == overlapping) append_mark(to, frame, *trap, instrument);
    fmt::format_to(std::back_inserter(to), "</svg>");
}

}  // namespace omega
