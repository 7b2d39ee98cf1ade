#include "tools/omega/herald.hpp"

#include "core/domain/time.hpp"
#include "tools/omega/wiring.hpp"

#include <fmt/color.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <ostream>

namespace omega {

namespace {

constexpr std::size_t lines_kept = 7;
constexpr std::size_t on_a_line = 3, on_a_screen = 16;  // instruments
constexpr std::uint64_t drawings_a_page = 20;           // four seconds

void keep(std::deque<std::string>& lines, std::string line) {
    lines.push_front(std::move(line));
    if (lines.size() > lines_kept) lines.pop_back();
}

std::string clock_of(core::Nanoseconds time) {
    return core::to_iso8601(time).substr(11, 12);
}

std::string number(double x, const char* unit) {
    return core::known(x) ? fmt::format("{:.2f}{}", x, unit) : "unknown";
}

std::string shown(double x) {
    return core::known(x) ? fmt::format("{:.2f}", x) : "–";
}

}  // namespace

Page page_of(std::size_t instruments, std::size_t most, std::uint64_t turn) noexcept {
    const auto pages = (instruments + most - 1) / most;
    if (pages <= 1) return {.first = 0, .count = instruments, .of = instruments};
    const auto first = static_cast<std::size_t>(turn % pages) * most;
    return {.first = first, .count = std::min(most, instruments - first), .of = instruments};
}

std::string price_text(const Glimpses& glimpses, const core::InstrumentTable& instruments, std::uint64_t turn) {
    const auto page = page_of(glimpses.size(), on_a_line, turn);
    std::string text;
    if (page.count < page.of) text = fmt::format("  {}-{} of {}:", page.first + 1, page.first + page.count, page.of);
    auto at = std::next(glimpses.begin(), static_cast<std::ptrdiff_t>(page.first));
    for (std::size_t i = 0; i < page.count; ++i, ++at) {
        const auto& [id, g] = *at;
        const auto& instrument = instruments[core::InstrumentId{id}];
        const auto price = [&](core::Price one) {
            return g.market.valid ? core::to_text(one, instrument.price_decimals) : std::string{"?"};
        };
        text += fmt::format("  {} {}/{}", instrument.name(), price(g.market.bid), price(g.market.ask));
    }
    return text;
}

Herald::Herald(Tap& tap, const core::InstrumentTable& instruments, double ns_per_cycle, Look look)
    : tap_{&tap},
      instruments_{&instruments},
      ns_per_cycle_{ns_per_cycle},
      look_{std::move(look)},
      latency_{Wiring::stage_names()},
      equity_{look_.start_equity},
      thread_{[this] { run(); }} {}

void Herald::stop() {
    if (!thread_.joinable()) return;
    stopping_ = true;
    thread_.join();
}

void Herald::run() {
    auto next = std::chrono::steady_clock::now();
    const auto period = look_.screen ? std::chrono::milliseconds{200} : std::chrono::milliseconds{1000};
    if (look_.screen) fmt::print("\033[?25l\033[2J");
    while (!stopping_) {
        take_news();
        const auto now = std::chrono::steady_clock::now();
        if (now >= next) {
            next = now + period;
            measure_rate();
            ++turns_;
            const auto text = look_.silent ? std::string{} : look_.screen ? screen() : line();
            std::fwrite(text.data(), 1, text.size(), stdout);
            std::fflush(stdout);
            tap_->ask();
        }
        std::this_thread::sleep_for(std::chrono::milliseconds{5});
    }
    take_news();
    if (look_.screen) {
        const auto text = screen();
        std::fwrite(text.data(), 1, text.size(), stdout);
        fmt::print("\033[?25h\n");
        std::fflush(stdout);
    }
}

void Herald::take_news() {
    News news;
    while (tap_->take(news)) {
        if (const auto* glimpse = std::get_if<Glimpse>(&news))
            take(*glimpse);
        else if (const auto* timed = std::get_if<TimedNews>(&news))
            latency_.on_slot(timed->stamps, ns_per_cycle_);
        else if (const auto* trap = std::get_if<TrapNews>(&news))
            take(*trap);
        else if (const auto* fill = std::get_if<FillNews>(&news))
            take(*fill);
        else if (const auto* notice = std::get_if<NoticeNews>(&news))
            take(*notice);
    }
}

void Herald::take(const Glimpse& glimpse) {
    glimpses_[glimpse.instrument.value] = glimpse;
    ticks_ = std::max(ticks_, glimpse.ticks);
    equity_ = glimpse.equity.units != 0 ? glimpse.equity : equity_;
}

void Herald::take(const TrapNews& news) {
    const auto& event = news.event;
    if (event.revision == 0) ++trap_count_;
    keep(traps_, fmt::format("{}  {:<20} {:<22} {:>5.2f} {:<9} expects {}", clock_of(event.time),
                             (*instruments_)[event.instrument].name(), name(event.kind), event.confidence,
                             name(event.severity), name(event.expect)));
}

void Herald::take(const FillNews& news) {
    const auto& tick = news.tick;
    const auto& instrument = (*instruments_)[tick.instrument];
    if (static_cast<core::Execution>(tick.code & 0xff) == core::Execution::rejected) {
        tell(fmt::format("{}  {:<20} {} {} refused: {}", clock_of(tick.receive_time), instrument.name(),
                         tick.side == core::Side::buy ? "buy" : "sell",
                         core::to_text(tick.execution.quantity, instrument.quantity_decimals),
                         name(static_cast<core::RejectReason>(tick.code >> 8))));
        return;
    }
    ++fill_count_;
    keep(fills_, fmt::format("{}  {:<20} {:<4} {:>12} at {:>12}   fee {}", clock_of(tick.venue_time), instrument.name(),
                             tick.side == core::Side::buy ? "buy" : "sell",
                             core::to_text(tick.execution.quantity, instrument.quantity_decimals),
                             core::to_text(tick.execution.price, instrument.price_decimals),
                             core::to_text(tick.execution.fee)));
}

void Herald::take(const NoticeNews& news) {
    if (news.alert && look_.alerts != nullptr && !look_.screen) {
        *look_.alerts << "omega run: ALERT " << news.words() << std::endl;
        return;
    }
    tell(fmt::format("{}{}", news.alert ? "ALERT " : "", news.words()));
}

void Herald::tell(std::string text) {
    if (look_.silent) return;
    if (!look_.screen) {
        fmt::print("{}\n", text);
        return;
    }
    keep(notices_, std::move(text));
}

void Herald::measure_rate() {
    const auto now = std::chrono::steady_clock::now();
    const double passed = std::chrono::duration<double>(now - rate_since_).count();
    if (passed < .9) return;
    ticks_per_s_ = static_cast<double>(ticks_ - ticks_before_) / passed;
    ticks_before_ = ticks_;
    rate_since_ = now;
}

std::string Herald::waterfall() const {
    std::string text = "  ";
    for (const auto& line : latency_.lines())
        if (line.histogram.count() != 0) text += fmt::format("{} {}  ", line.name, line.histogram.percentile(50));
    return text;
}

std::string Herald::screen() {
    const auto pnl = equity_ - look_.start_equity;
    std::string text = "\033[H";
    const auto add = [&](const std::string& line) { text += line + "\033[K\n"; };
    const auto newest = glimpses_.empty()
                            ? core::Nanoseconds{}
                            : std::max_element(glimpses_.begin(), glimpses_.end(), [](const auto& a, const auto& b) {
                                  return a.second.time < b.second.time;
                              })->second.time;
    add(fmt::format("  OMEGA  {}", look_.title));
    add(fmt::format("  market time {}   {:>10.0f} ticks/s   {} ticks", core::to_iso8601(newest).substr(0, 19),
                    ticks_per_s_, ticks_));
    add("");
    add("  instrument                     bid          ask   spread bps  imbalance   T bps  regime      up  down  "
        "meter  "
        "trades/s   VPIN  position");
    const auto page = page_of(glimpses_.size(), on_a_screen, turns_ / drawings_a_page);
    auto at = std::next(glimpses_.begin(), static_cast<std::ptrdiff_t>(page.first));
    for (std::size_t i = 0; i < page.count; ++i, ++at) {
        const auto& [id, g] = *at;
        const auto& instrument = (*instruments_)[core::InstrumentId{id}];
        if (!g.market.valid) {
            add(fmt::format("  {:<22} book not valid", instrument.name()));
            continue;
        }
        add(fmt::format("  {:<22} {:>11} {:>12}   {:>10} {:>10} {:>7}  {:<9} {:>4.2f}  {:>4.2f} {:>6} {:>9} {:>6}  {}",
                        instrument.name(), core::to_text(g.market.bid, instrument.price_decimals),
                        core::to_text(g.market.ask, instrument.price_decimals), number(g.market.spread_bps, ""),
                        number(g.market.imbalance5, ""), number(g.threshold_bps, ""), name(g.regime),
                        g.face.pressure_up, g.face.pressure_down, shown(g.face.meter),
                        shown(g.face.intensity_exponential), shown(g.face.vpin),
                        core::to_text(g.position, instrument.quantity_decimals)));
    }
    if (page.count < page.of)
        add(fmt::format("  instruments {} to {} of {}", page.first + 1, page.first + page.count, page.of));
    add("");
    add(fmt::format("  account   equity {}   pnl {}", core::to_text(equity_), core::to_text(pnl)));
    add("");
    add(fmt::format("  traps {}", trap_count_));
    for (std::size_t i = 0; i < lines_kept; ++i) add(i < traps_.size() ? "    " + traps_[i] : "");
    add(fmt::format("  fills {}", fill_count_));
    for (std::size_t i = 0; i < lines_kept; ++i) add(i < fills_.size() ? "    " + fills_[i] : "");
    if (!notices_.empty()) add("  notices");
    for (std::size_t i = 0; i < notices_.size() && i < 4; ++i) add("    " + notices_[i]);
    add("  stage p50, ns");
    add(waterfall());
    if (tap_->dropped() != 0) add(fmt::format("  news the screen missed: {}", tap_->dropped()));
    return text + "\033[J";
}

std::string Herald::line() const {
    core::Nanoseconds newest{};
    for (const auto& [id, g] : glimpses_) newest = std::max(newest, g.time);
    const auto time = glimpses_.empty() ? std::string{"-"} : core::to_iso8601(newest).substr(0, 19);
    return fmt::format("{}  {:.0f} ticks/s{}  traps {}  fills {}  equity {}\n", time, ticks_per_s_,
                       price_text(glimpses_, *instruments_, turns_), trap_count_, fill_count_, core::to_text(equity_));
}

}  // namespace omega
