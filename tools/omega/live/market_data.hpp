#pragma once

#include "core/domain/instrument.hpp"
#include "feeds/session/live_feed.hpp"
#include "feeds/session/recorder.hpp"
#include "tools/omega/live/budgets.hpp"
#include "tools/omega/live/net.hpp"
#include "tools/omega/live/settings.hpp"
#include "tools/omega/settings.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace omega {

/// The live market data of all configured venues: one LiveFeed and, where frames are recorded, one Recorder each.
class MarketData {
public:
    /// Sessions begin to open. `net` and `instruments` outlive it. Throws std::invalid_argument for what a venue does
    /// not offer, std::filesystem::filesystem_error for a folder that cannot be made.
    MarketData(Net& net, const LiveSettings& settings, RunMode mode, core::InstrumentTable& instruments,
               Budgets& budgets);

    /// Reads what came; `sink(tick)`. Returns how many messages came.
    template <class Sink>
    std::size_t poll(core::Clock& clock, Sink&& sink) {
        std::size_t messages = 0;
        for (auto& line : lines_) messages += line.feed->poll(clock, sink);
        return messages;
    }
    /// A book of ours is crossed: its sessions begin it anew.
    template <class Sink>
    void book_is_wrong(core::InstrumentId instrument, core::Nanoseconds now, Sink&& sink) {
        for (auto& line : lines_)
            if (line.venue == (*instruments_)[instrument].venue) line.feed->book_is_wrong(instrument, now, sink);
    }

    [[nodiscard]] bool ready() const noexcept;
    struct Status {
        core::Venue venue{};
        feeds::LiveFeed::Status session{};
    };
    [[nodiscard]] std::vector<Status> status() const;
    struct Counts {
        std::uint64_t errors{}, sequence_breaks{}, reopened{}, recorded{}, not_recorded{};
    };
    [[nodiscard]] Counts counts() const;
    /// What people should know of the recording.
    [[nodiscard]] const std::vector<std::string>& problems() const noexcept { return problems_; }

private:
    struct Line {
        core::Venue venue{};
        std::unique_ptr<feeds::Recorder> recorder{};  // before the feed, which uses it
        std::unique_ptr<feeds::LiveFeed> feed{};
    };
    const core::InstrumentTable* instruments_;
    std::vector<Line> lines_;
    std::vector<std::string> problems_;
};

/// Which of a venue's worlds market data comes from. Where a venue has no practice market, `testnet` sees the real one.
feeds::FeedMode feed_mode(core::Venue venue, RunMode mode) noexcept;

}  // namespace omega
