#include "tools/omega/live/market_data.hpp"

#include "tools/omega/live/folders.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace omega {

feeds::FeedMode feed_mode(core::Venue venue, RunMode mode) noexcept {
    if (mode != RunMode::testnet) return feeds::FeedMode::prod;
    switch (venue) {
        case core::Venue::binance:
        case core::Venue::bybit: return feeds::FeedMode::testnet;
        case core::Venue::bitget:
        case core::Venue::okx: return feeds::FeedMode::demo;
        default: return feeds::FeedMode::prod;
    }
}

namespace {

/// What one of `venues` recorders may take of the budget of them all: files small enough that the oldest can go.
feeds::RecorderSettings recorder_settings(const std::filesystem::path& folder, std::uint64_t budget,
                                          std::size_t venues) {
    constexpr std::uint64_t least_file = std::uint64_t{1} << 20;
    feeds::RecorderSettings settings{.folder = folder};
    settings.budget_bytes = budget / std::max<std::size_t>(venues, 1);
    settings.file_bytes = std::min(settings.file_bytes, std::max(settings.budget_bytes / 4, least_file));
    return settings;
}

}  // namespace

MarketData::MarketData(Net& net, const LiveSettings& settings, RunMode mode, core::InstrumentTable& instruments,
                       Budgets& budgets)
    : instruments_{&instruments} {
    std::uint64_t budget = 0;
    if (!settings.record.empty()) {
        std::filesystem::create_directories(settings.record);
        const auto wanted = std::uint64_t{settings.record_budget_mb} << 20;
        budget = record_budget(settings.record, wanted);
        if (budget < wanted)
            problems_.push_back(fmt::format("record: captures in {} take at most {} MB, half of what the disk has",
                                            settings.record, budget >> 20));
    }
    for (const auto& [name, configured] : settings.venues) {
        const auto venue = *core::parse_venue(name);
        std::vector<core::InstrumentId> ids;
        for (const auto& instrument : instruments)
            if (instrument.venue == venue) ids.push_back(instrument.id);
        if (ids.empty()) continue;
        Line line{.venue = venue};
        if (!settings.record.empty())
            line.recorder = std::make_unique<feeds::Recorder>(
                recorder_settings(std::filesystem::path{settings.record} / name, budget, settings.venues.size()),
                venue);
        std::optional<feeds::FeedHosts> hosts;
        const auto world = feed_mode(venue, mode);
        if (!configured.websocket.empty()) hosts = feeds::FeedHosts{configured.websocket, configured.rest};
        line.feed = std::make_unique<feeds::LiveFeed>(feeds::LiveFeedNet{net.thread, net.tls, net.resolver, net.http},
                                                      feeds::plan_sessions(venue, world, instruments, ids, {}, hosts),
                                                      feeds::LiveFeedSettings{.redundant = configured.redundant,
                                                                              .seed = static_cast<std::uint64_t>(venue),
                                                                              .budget = &budgets.of(venue)},
                                                      instruments, line.recorder.get());
        lines_.push_back(std::move(line));
    }
}

bool MarketData::ready() const noexcept {
    return std::ranges::all_of(lines_, [](const Line& line) { return line.feed->ready(); });
}

std::vector<MarketData::Status> MarketData::status() const {
    std::vector<Status> all;
    for (const auto& line : lines_)
        for (auto& session : line.feed->status()) all.push_back({.venue = line.venue, .session = std::move(session)});
    return all;
}

MarketData::Counts MarketData::counts() const {
    Counts sum;
    for (const auto& line : lines_) {
        for (const auto& session : line.feed->status()) {
            sum.errors += session.errors;
            sum.sequence_breaks += session.sequence_breaks;
            sum.reopened += session.counts.opened > 0 ? session.counts.opened - 1 : 0;
        }
        if (line.recorder) {
            const auto kept = line.recorder->counts();
            sum.recorded += kept.written;
            sum.not_recorded += kept.dropped;
        }
    }
    return sum;
}

}  // namespace omega
