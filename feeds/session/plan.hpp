#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/time.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace feeds {

/// Which of a venue's worlds. Market data of `demo` is the real one where the venue has no other.
enum class FeedMode : std::uint8_t { prod, testnet, demo };
std::string_view name(FeedMode mode) noexcept;

/// Where a venue speaks: origins without path, "wss://stream.bybit.com" and "https://api.bybit.com".
struct FeedHosts {
    std::string websocket, rest;
};
/// Throws std::invalid_argument where the venue has no such world for market data.
/// Sources: the venues' API pages "Base URLs", "Connectivity", "Testnet", "Demo Trading".
FeedHosts feed_hosts(core::Venue venue, core::Market market, FeedMode mode);

/// What is taken of every instrument.
struct FeedStreams {
    bool trades{true};
    bool quotes{true};
    bool books{true};
    bool marks{true};  ///< mark price and funding, where the venue pushes them as streams of their own
};

/// One subscribe message.
struct Subscription {
    std::string message;
    std::uint64_t id{};  ///< the answer brings it back; 0: answers bring none
    unsigned answers{1};
};

/// How the book of one instrument is begun anew.
struct BookPlan {
    core::InstrumentId instrument{};
    std::string snapshot{};            ///< path and query of the REST snapshot, "" where snapshots come in the stream
    std::uint32_t weight{1};           ///< of that request in the venue's budget
    std::vector<std::string> again{};  ///< messages that bring a new snapshot; none and no `snapshot`: connect anew
};

/// One connection: where to, what to ask for, and how the venue wants it treated.
struct SessionPlan {
    core::Venue venue{};
    std::string url{};
    std::string rest{};  ///< origin of the REST snapshots
    std::vector<Subscription> subscriptions{};
    std::vector<BookPlan> books{};
    std::vector<core::InstrumentId> instruments{};
    FeedStreams streams{};
    std::string ping{};  ///< sent every `ping_every` as text, "" if the venue pings
    core::Nanoseconds ping_every{};
    core::Nanoseconds message_gap{};  ///< least time between two of our messages
    core::Nanoseconds lifetime{};     ///< the venue cuts a session after so long; 0: it does not
};

/// The connections that take `instruments`, all of one venue, within its limits of streams and message sizes. `hosts`:
/// instead of the venue's own (a simulator). Throws std::invalid_argument for what the venue does not offer.
std::vector<SessionPlan> plan_sessions(core::Venue venue, FeedMode mode, const core::InstrumentTable& table,
                                       std::span<const core::InstrumentId> instruments, const FeedStreams& streams = {},
                                       const std::optional<FeedHosts>& hosts = std::nullopt);

}  // namespace feeds
