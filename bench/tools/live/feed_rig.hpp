#pragma once

#include "feeds/session/live_feed.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace bench {

/// One venue of a rig: where it is served, and how many perpetuals are taken of it.
struct ServedVenue {
    core::Venue venue{};
    std::string address{};
    std::size_t symbols{};
    feeds::FeedStreams streams{};
};

/// What one core took in.
struct Intake {
    std::uint64_t frames{}, ticks{}, allocations{};
    std::uint64_t lost{};  ///< sequence breaks, refused frames, connections opened anew, and frames that did not come
    double seconds{}, busy_seconds{};  ///< busy: inside polls that brought something
    double p50_ns{}, p99_ns{};         ///< from the moment the bytes had left the socket to the last tick of the frame
};

/// The program's own market data: a LiveFeed a venue, over TLS, all polled by the thread that calls. Its cold thread
/// stays where the constructing thread is.
class FeedRig {
public:
    /// `authorities`: PEM of whom to trust.
    FeedRig(const std::vector<ServedVenue>& venues, const std::string& authorities);

    /// Polls until every stream is there and every book valid; false when that takes longer than a minute.
    bool ready();
    /// Polls until nothing has come for some milliseconds.
    void drain();
    /// Polls until so many frames came; `seconds` at most.
    Intake take(std::uint64_t frames, double seconds);

    [[nodiscard]] std::size_t connections() const;
    [[nodiscard]] std::vector<feeds::LiveFeed::Status> status() const;
    [[nodiscard]] std::size_t subscriptions() const noexcept { return instruments_.size(); }

    template <class Sink>
    std::size_t poll(Sink&& sink) {
        std::size_t messages = 0;
        for (auto& feed : feeds_) messages += feed->poll(clock_, sink);
        return messages;
    }
    [[nodiscard]] core::Clock& clock() noexcept { return clock_; }

private:
    struct Troubles {
        std::uint64_t errors{}, breaks{}, opened{};
    };
    [[nodiscard]] Troubles troubles() const;

    core::TlsContext tls_;
    core::Resolver resolver_;
    core::NetThread thread_;
    core::HttpClient http_{thread_, tls_, resolver_};
    core::Clock clock_;
    core::InstrumentTable instruments_;
    std::vector<std::unique_ptr<feeds::LiveFeed>> feeds_;
    std::vector<std::uint32_t> waits_;  // ns, of a take
};

}  // namespace bench
