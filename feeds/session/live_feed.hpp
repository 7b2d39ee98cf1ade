#pragma once

#include "core/net/hand_back.hpp"
#include "core/net/http_client.hpp"
#include "core/net/rate_limit.hpp"
#include "core/net/rotation.hpp"
#include "core/net/socket_opening.hpp"
#include "feeds/session/arbiter.hpp"
#include "feeds/session/recorder.hpp"
#include "feeds/session/session.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace feeds {

/// How live sessions are held.
struct LiveFeedSettings {
    SessionSettings session{};
    core::RotationSettings rotation{};  ///< its lifetime is the plan's
    core::WebSocketSettings socket{};
    unsigned redundant{1};  ///< connections that bring the same, 1 to 4
    std::uint64_t seed{};   ///< of the waits
    /// The venue's request budget, shared with orders; snapshots are taken from it and what the venue answers is told
    /// to it. May be null; outlives the feed. Its clock is the one that `poll` is given (core::Clock).
    core::RateLedger* budget{};
};

/// What live sessions stand on. All outlive the feed; one of each serves a whole program.
struct LiveFeedNet {
    core::NetThread& thread;
    const core::TlsContext& tls;
    core::Resolver& resolver;
    core::HttpClient& http;
};

/// The live market data of one venue: binds sessions to sockets. Names, TLS and HTTP are dealt with on the cold thread;
/// the hot thread that polls it gets open sockets and reads them.
class LiveFeed {
public:
    /// What one connection is doing, for display.
    struct Status {
        std::string url{};
        Session::Phase phase{};
        bool ready{}, successor{};  ///< successor: it will take over from another
        std::size_t unconfirmed{};
        std::string trouble{};
        Session::Counts counts{};
        std::uint64_t frames{}, errors{}, sequence_breaks{};  ///< of what the connection brought
    };

    /// `instruments` and `recorder` (may be null) outlive it. Throws std::invalid_argument for impossible settings.
    LiveFeed(const LiveFeedNet& net, std::vector<SessionPlan> plans, const LiveFeedSettings& settings,
             core::InstrumentTable& instruments, Recorder* recorder = nullptr);
    ~LiveFeed();
    LiveFeed(const LiveFeed&) = delete;
    LiveFeed& operator=(const LiveFeed&) = delete;

    /// Reads what came and does what is due; ticks go to `sink(const core::Tick&)`. Returns how many messages came.
    /// From one thread, whose clock it is.
    template <class Sink>
    std::size_t poll(core::Clock& clock, Sink&& sink) {
        std::size_t messages = 0;
        const auto now = clock.now();
        for (auto& group : groups_) {
            for (auto& line : group->lines)
                messages += poll(*group, *line, clock, now, [&](const core::Tick& tick) {
                    group->arbiter.on(line->place, tick, [&](const core::Tick& news) { pass(*group, news, sink); });
                });
            if (now >= group->look_again) rotate(*group, now, sink);
        }
        return messages;
    }
    /// Whoever keeps the book of an instrument found it crossed: its sessions begin it anew.
    template <class Sink>
    void book_is_wrong(core::InstrumentId instrument, core::Nanoseconds now, Sink&& sink) {
        for (auto& group : groups_)
            for (auto& line : group->lines)
                if (line->has_book(instrument))
                    line->session.book_is_wrong(now, [&](const core::Tick& tick) {
                        group->arbiter.on(line->place, tick, [&](const core::Tick& news) { pass(*group, news, sink); });
                    });
    }

    [[nodiscard]] std::vector<Status> status() const;
    /// Every stream of every plan is brought by at least one session that is ready.
    [[nodiscard]] bool ready() const noexcept;
    [[nodiscard]] Arbiter::Counts arbitration() const noexcept;

private:
    struct Snapshot {
        core::InstrumentId instrument{};
        std::string body{};  // padded
        std::size_t size{};
        core::Nanoseconds retry_after{};
        Snapshot* next{};
    };
    struct Line {
        Line(const SessionPlan& plan, const LiveFeedSettings& settings, core::InstrumentTable& instruments,
             std::size_t at, std::uint32_t number);

        Session session;
        std::size_t place;  // in the arbiter
        std::uint32_t number;
        std::unique_ptr<core::SocketOpening> opening{};
        std::unique_ptr<core::WebSocket> socket{};
        std::shared_ptr<core::HandBack<Snapshot>> inbox;  // shared with requests under way
        core::Rotation rotation;
        Line* successor{};
        bool is_successor{};

        [[nodiscard]] bool has_book(core::InstrumentId instrument) const noexcept;
    };
    struct Group {  // the sessions that bring the same
        SessionPlan plan;
        Arbiter arbiter;
        std::vector<std::unique_ptr<Line>> lines{};
        core::Nanoseconds look_again{core::Nanoseconds::min()};
        bool connected{};
    };
    /// One group's connections are not the venue's: what it lost its instruments were told one by one.
    template <class Sink>
    void pass(Group& group, const core::Tick& tick, Sink&& sink) {
        if (tick.kind == core::TickKind::session && tick.instrument == core::no_instrument && !of_venue(group, tick))
            [[unlikely]]
            return;
        sink(tick);
    }
    template <class Sink>
    std::size_t poll(Group& group, Line& line, core::Clock& clock, core::Nanoseconds now, Sink&& sink) {
        std::size_t messages = 0;
        if (line.socket) [[likely]] {
            const auto state = line.socket->poll(clock, [&](const core::WebSocketMessage& message) {
                ++messages;
                const Frame frame{.bytes = message.bytes,
                                  .receive_time = message.receive_time,
                                  .connection = line.number,
                                  .origin = FrameOrigin::socket,
                                  .url = group.plan.url,
                                  .venue = group.plan.venue};
                line.session.frame(frame, sink);
                if (recorder_ != nullptr) recorder_->push(frame);
            });
            if (state == core::WebSocket::State::closed) {
                record(line, FrameOrigin::closed, {}, now, group.plan.url);
                line.session.closed(now, why_closed(line), sink);
            }
        } else if (line.opening) {
            switch (opened(line)) {
                case core::WebSocket::State::open:
                    record(line, FrameOrigin::opened, {}, now, group.plan.url);
                    line.session.opened(now, sink);
                    if (line.successor == nullptr) line.rotation.opened(now);
                    break;
                case core::WebSocket::State::closed: line.session.closed(now, why_closed(line), sink); break;
                default: break;
            }
        }
        while (const auto snapshot = next_snapshot(line)) {
            if (snapshot->size != 0)
                record(line, FrameOrigin::rest, {snapshot->body.data(), snapshot->size}, now,
                       group.plan.rest + snapshot_path(line, snapshot->instrument));
            line.session.snapshot(now, snapshot->instrument, {snapshot->body.data(), snapshot->size},
                                  snapshot->retry_after, sink);
        }
        line.session.time(now, sink);
        while (auto command = line.session.next_command()) [[unlikely]] obey(group, line, *command, now);
        return messages;
    }

    template <class Sink>
    void rotate(Group& group, core::Nanoseconds now, Sink&& sink) {
        group.look_again = now + std::chrono::milliseconds{50};
        for (std::size_t i = 0; i < group.lines.size(); ++i) {
            auto& line = *group.lines[i];
            if (line.is_successor) continue;
            if (line.session.leaving() && line.successor == nullptr) line.rotation.soon(now);
            switch (
                line.rotation.ask(now, line.successor != nullptr && line.successor->session.replaces(line.session))) {
                case core::Rotation::Do::nothing: continue;
                case core::Rotation::Do::open_second: add_successor(group, line); return;
                case core::Rotation::Do::hand_over: retire(group, line, now, "rotated", sink); return;
                case core::Rotation::Do::drop_second: retire(group, *line.successor, now, "not ready", sink); return;
            }
        }
    }
    /// Tells the arbiter that a line goes, and drops it.
    template <class Sink>
    void retire(Group& group, Line& line, core::Nanoseconds now, const char* why, Sink&& sink) {
        line.session.closed(now, why, [&](const core::Tick& tick) {
            group.arbiter.on(line.place, tick, [&](const core::Tick& news) { pass(group, news, sink); });
        });
        drop(group, line);
    }

    /// Whether a group's `connected` or `disconnected` is true of all of them.
    bool of_venue(Group& group, const core::Tick& tick) noexcept;
    core::WebSocket::State opened(Line& line);
    std::string why_closed(Line& line);
    std::unique_ptr<Snapshot> next_snapshot(Line& line);
    [[nodiscard]] static std::string snapshot_path(const Line& line, core::InstrumentId instrument);
    static std::uint32_t weight_of(const SessionPlan& plan, core::InstrumentId instrument) noexcept;
    void obey(Group& group, Line& line, const SessionCommand& command, core::Nanoseconds now);
    void record(const Line& line, FrameOrigin origin, std::string_view bytes, core::Nanoseconds now,
                std::string_view url) noexcept;
    Line& add_line(Group& group);
    void add_successor(Group& group, Line& line);
    void drop(Group& group, Line& line);

    LiveFeedNet net_;
    LiveFeedSettings settings_;
    core::InstrumentTable& instruments_;
    Recorder* recorder_;
    std::vector<std::unique_ptr<Group>> groups_;
    std::uint32_t next_number_{};
};

}  // namespace feeds
