#pragma once

#include "core/domain/instrument.hpp"
#include "tools/omega/engine/latency.hpp"
#include "tools/omega/engine/tap.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <iosfwd>
#include <map>
#include <string>
#include <thread>

namespace omega {

/// The newest glimpse of each instrument, by its id.
using Glimpses = std::map<std::uint16_t, Glimpse>;

/// Which instruments are shown when not all of them fit: page after page of `most`, the next one with every `turn`.
struct Page {
    std::size_t first{}, count{}, of{};
};
Page page_of(std::size_t instruments, std::size_t most, std::uint64_t turn) noexcept;

/// Names, best bid and ask of a page of the instruments, always in one order; which of them, where there are more.
std::string price_text(const Glimpses& glimpses, const core::InstrumentTable& instruments, std::uint64_t turn);

/// The side thread that tells people: it takes news from the tap and draws the terminal, or prints a line now and then
/// where there is none. Nothing it does can hold the pipeline up.
class Herald {
public:
    struct Look {
        bool screen{};      ///< redraw in place (a terminal); else one line a second
        bool silent{};      ///< neither
        std::string title;  ///< what is running
        core::Notional start_equity{};
        /// Where alerts go, silent or not, at once; a screen shows them itself. The herald's alone while it lives.
        std::ostream* alerts{};
    };
    Herald(Tap& tap, const core::InstrumentTable& instruments, double ns_per_cycle, Look look);
    ~Herald() { stop(); }
    Herald(const Herald&) = delete;
    Herald& operator=(const Herald&) = delete;

    /// Takes what is left and ends the thread.
    void stop();

private:
    void run();
    void take_news();
    void take(const Glimpse& glimpse);
    void take(const TrapNews& news);
    void take(const FillNews& news);
    void take(const NoticeNews& news);
    void tell(std::string text);
    [[nodiscard]] std::string screen();
    [[nodiscard]] std::string line() const;
    void measure_rate();
    [[nodiscard]] std::string waterfall() const;

    Tap* tap_;
    const core::InstrumentTable* instruments_;
    double ns_per_cycle_;
    Look look_;
    LatencyBook latency_;
    Glimpses glimpses_;
    std::uint64_t turns_{};                            // of showing
    std::deque<std::string> traps_, fills_, notices_;  // the newest few, as text
    std::uint64_t trap_count_{}, fill_count_{}, ticks_{}, ticks_before_{};
    double ticks_per_s_{};
    core::Notional equity_{};
    std::chrono::steady_clock::time_point rate_since_{std::chrono::steady_clock::now()};
    std::atomic<bool> stopping_{false};
    std::thread thread_;
};

}  // namespace omega
