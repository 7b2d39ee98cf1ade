#include "bench/tools/live/feed_rig.hpp"

#include "bench/core/rings/two_threads.hpp"
#include "bench/tools/live/counting_malloc.hpp"
#include "tools/venue/engine/listing.hpp"

#include <algorithm>

namespace bench {

using namespace std::chrono_literals;

FeedRig::FeedRig(const std::vector<ServedVenue>& venues, const std::string& authorities)
    : tls_{{.ca_pem = authorities, .system_authorities = false}} {
    waits_.reserve(std::size_t{1} << 22);
    std::vector<std::vector<core::InstrumentId>> ids;
    for (const auto& served : venues) {
        auto& of = ids.emplace_back();
        for (const auto& listing : venue::usual_listings(served.venue, served.symbols))
            if (!listing.spot()) of.push_back(instruments_.add(listing.instrument));
    }
    feeds::LiveFeedSettings settings;
    settings.session.any_silence = 1h;  // a tape is written meanwhile
    settings.session.quote_silence = settings.session.book_silence = settings.session.mark_silence = 0s;
    settings.session.snapshot_gap = 5ms;
    settings.session.book_patience = 5min;
    settings.session.answer = 5min;
    settings.session.reconnect = {.first = 5ms, .longest = 50ms};
    settings.session.snapshot.steady = 100ms;  // connections are cut on purpose, many times
    for (std::size_t i = 0; i < venues.size(); ++i)
        feeds_.push_back(std::make_unique<feeds::LiveFeed>(
            feeds::LiveFeedNet{thread_, tls_, resolver_, http_},
            feeds::plan_sessions(venues[i].venue, feeds::FeedMode::prod, instruments_, ids[i], venues[i].streams,
                                 feeds::FeedHosts{"wss://" + venues[i].address, "https://" + venues[i].address}),
            settings, instruments_));
}

bool FeedRig::ready() {
    const auto all = [&] { return std::ranges::all_of(feeds_, [](const auto& feed) { return feed->ready(); }); };
    const double give_up = now_ns() + 60e9;
    while (!all()) {
        if (now_ns() > give_up) return false;
        for (int i = 0; i < 1000; ++i) poll([](const core::Tick&) {});
    }
    return true;
}

void FeedRig::drain() {
    for (double quiet_since = now_ns(); now_ns() - quiet_since < 20e6;)
        if (poll([](const core::Tick&) {}) != 0) quiet_since = now_ns();
}

Intake FeedRig::take(std::uint64_t frames, double seconds) {
    Intake intake;
    waits_.clear();
    const auto before = troubles();
    const auto allocated = allocations();
    const auto sink = [&](const core::Tick& tick) {
        ++intake.ticks;
        if (tick.whole() && waits_.size() < waits_.capacity())
            waits_.push_back(static_cast<std::uint32_t>((clock_.now() - tick.receive_time).count()));
    };
    double first = 0, now = now_ns();
    const double end = now + seconds * 1e9;
    while (intake.frames < frames && now < end) {
        const auto came = poll(sink);
        const double then = std::exchange(now, now_ns());
        if (came == 0) continue;
        if (intake.frames == 0) first = then;
        intake.frames += came;
        intake.busy_seconds += (now - then) * 1e-9;
    }
    intake.seconds = (now - first) * 1e-9;
    intake.allocations = allocations() - allocated;
    const auto after = troubles();
    intake.lost = after.errors - before.errors + after.breaks - before.breaks + after.opened - before.opened;
    std::ranges::sort(waits_);
    const auto at = [&](double share) {
        return waits_.empty() ? 0.0 : waits_[static_cast<std::size_t>(share * static_cast<double>(waits_.size() - 1))];
    };
    intake.p50_ns = at(0.5);
    intake.p99_ns = at(0.99);
    return intake;
}

std::vector<feeds::LiveFeed::Status> FeedRig::status() const {
    std::vector<feeds::LiveFeed::Status> all;
    for (const auto& feed : feeds_)
        for (auto& one : feed->status()) all.push_back(std::move(one));
    return all;
}

std::size_t FeedRig::connections() const {
    return status().size();
}

FeedRig::Troubles FeedRig::troubles() const {
    Troubles sum;
    for (const auto& one : status()) {
        sum.errors += one.errors;
        sum.breaks += one.sequence_breaks;
        sum.opened += one.counts.opened;
    }
    return sum;
}

}  // namespace bench
