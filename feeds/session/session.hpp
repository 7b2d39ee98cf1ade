#pragma once

#include "core/net/backoff.hpp"
#include "core/net/liveness.hpp"
#include "feeds/any_feed.hpp"
#include "feeds/session/plan.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace feeds {

/// A session's patience. Silences count per stream of an instrument; 0: such a stream may be silent for ever.
struct SessionSettings {
    core::BackoffSettings reconnect{};
    core::Nanoseconds answer{std::chrono::seconds{5}};  ///< a subscription is answered in this time
    unsigned answer_tries{3};                           ///< asked so often on one connection, then on a new one
    core::BackoffSettings subscribe{.first = std::chrono::seconds{1}, .longest = std::chrono::seconds{60}};
    core::BackoffSettings snapshot{.first = std::chrono::milliseconds{500}, .longest = std::chrono::seconds{30}};
    core::Nanoseconds snapshot_answer{std::chrono::seconds{10}};     ///< after which a snapshot is asked for again
    core::Nanoseconds snapshot_gap{std::chrono::milliseconds{250}};  ///< least time between two of a session's requests
    core::Nanoseconds book_patience{std::chrono::seconds{15}};       ///< a subscribed book becomes live in this time
    unsigned book_tries{3};                                          ///< then the session is opened anew
    core::Nanoseconds any_silence{std::chrono::seconds{20}};         ///< of all market data of the connection together
    core::Nanoseconds trade_silence{0};
    core::Nanoseconds quote_silence{std::chrono::seconds{60}};
    core::Nanoseconds book_silence{std::chrono::seconds{60}};
    core::Nanoseconds mark_silence{std::chrono::seconds{60}};
    /// A stream that brings nothing on a new connection either is quiet, not dead: it may be silent twice as long each
    /// time, up to this.
    core::Nanoseconds longest_silence{std::chrono::hours{1}};
};

/// What is wrong, or was, with a session.
enum class SessionTrouble : std::uint8_t {
    none,
    open_failed,              ///< no connection could be opened
    lost,                     ///< an open one ended
    subscription_refused,     ///< the venue said no
    subscription_unanswered,  ///< it said nothing in time
    stream_silent,            ///< connected, but a stream brings no data
    snapshot_failed,          ///< no usable answer to a REST snapshot
    snapshot_too_old,         ///< older than the buffered updates: asked again
    book_stuck                ///< a book did not become live again
};
inline constexpr std::size_t session_trouble_count = 9;
std::string_view name(SessionTrouble trouble) noexcept;

/// What the session wants done.
struct SessionCommand {
    enum class Kind : std::uint8_t {
        open,    ///< connect to `text`, the plan's url
        send,    ///< `text` as one text message
        close,   ///< drop the connection: `closed` need not be told
        request  ///< GET `text` (path and query) at the plan's `rest`; the answer is told with `instrument`
    } kind{};
    std::string text{};
    core::InstrumentId instrument{};
};

/// One market data connection of a venue as a pure state machine: it is told what happened and when (any clock that
/// does not go back), passes on ticks, and says what is to be done. It knows no socket, thread or clock, so the same
/// events give the same commands and ticks.
///
///   waiting ──time──► opening ──opened──► subscribing ──all answered──► live
///      ▲                 └─failed─┐            └── lost, silent, refused too often, a book stuck ──┐
///      └──────────────────────────┴────────────────────────────────────────────────────────────────┘
class Session {
public:
    enum class Phase : std::uint8_t { waiting, opening, subscribing, live };

    struct Counts {
        std::uint64_t opened{}, snapshots_asked{}, books_asked_again{}, sent{}, venue_errors{};
        std::array<std::uint64_t, session_trouble_count> troubles{};  ///< by SessionTrouble
    };

    /// `instruments` outlives it. `connection`: the number its frames bear. `seed`: of the waits.
    Session(SessionPlan plan, const SessionSettings& settings, core::InstrumentTable& instruments,
            std::uint32_t connection, std::uint64_t seed);

    /// The connection is open.
    template <class Sink>
    void opened(core::Nanoseconds now, Sink&& sink) {
        on_opened(now);
        hand_over(sink);
    }
    /// The connection ended, or could not be opened: `detail` tells why. Its books are invalid at once.
    template <class Sink>
    void closed(core::Nanoseconds now, std::string_view detail, Sink&& sink) {
        on_closed(now, detail);
        hand_over(sink);
    }
    /// A message came. Hot.
    template <class Sink>
    void frame(const Frame& frame, Sink&& sink) {
        feed_->on_frame(frame, sink);
        note(frame);
    }
    /// The answer to a request for a snapshot; `body` is padded like a frame, empty if there was none. `retry_after`:
    /// what the venue asked for (429, 418).
    template <class Sink>
    void snapshot(core::Nanoseconds now, core::InstrumentId instrument, std::string_view body,
                  core::Nanoseconds retry_after, Sink&& sink) {
        on_snapshot(now, instrument, body, retry_after);
        hand_over(sink);
    }
    /// Whoever keeps the book found it crossed, or wrong in another way: all books of the connection begin anew.
    template <class Sink>
    void book_is_wrong(core::Nanoseconds now, Sink&& sink) {
        if (phase_ >= Phase::subscribing) distrust(now, false);
        hand_over(sink);
    }
    /// Time passes: what is due is done. After `close` commands the books are invalid, which `sink` is told. Cheap when
    /// nothing is due.
    template <class Sink>
    void time(core::Nanoseconds now, Sink&& sink) {
        if (now < look_again_) return;
        on_time(now);
        hand_over(sink);
    }

    /// The oldest thing to be done.
    std::optional<SessionCommand> next_command();

    [[nodiscard]] Phase phase() const noexcept { return phase_; }
    /// Live, every book valid, and data came: it can take the place of another session.
    [[nodiscard]] bool ready() const noexcept;
    /// It can take the place of that session, which has not everything itself: it lacks nothing that the other has.
    [[nodiscard]] bool replaces(const Session& other) const noexcept;
    /// The venue said that it ends this connection soon (Binance's serverShutdown, OKX's notice 64008).
    [[nodiscard]] bool leaving() const noexcept { return leaving_; }
    [[nodiscard]] bool book_valid(core::InstrumentId instrument) const noexcept;
    [[nodiscard]] const Counts& counts() const noexcept { return counts_; }
    [[nodiscard]] std::uint64_t count(SessionTrouble trouble) const noexcept {
        return counts_.troubles[static_cast<std::size_t>(trouble)];
    }
    /// The newest trouble in words: "subscription_refused: …", "" if there was none.
    [[nodiscard]] const std::string& trouble() const noexcept { return trouble_; }
    /// Subscriptions the venue has not confirmed.
    [[nodiscard]] std::size_t unconfirmed() const noexcept;
    [[nodiscard]] const SessionPlan& plan() const noexcept { return plan_; }
    [[nodiscard]] std::uint32_t connection() const noexcept { return connection_; }
    [[nodiscard]] const FeedStats& stats() const noexcept { return feed_->stats(); }

private:
    struct Asked {  // a subscription on the present connection
        unsigned answers{}, tries{};
        core::Nanoseconds due{};  // asked (again) at; answered by then
        bool sent{}, refused{}, unanswered{};
    };
    struct Book {
        core::Backoff backoff;
        core::Nanoseconds due{};         // asked (again) at the earliest
        core::Nanoseconds not_before{};  // however urgent: it was lost soon after it had become live
        core::Nanoseconds live_since{};
        bool live{};
        core::Nanoseconds asked_until{};
        unsigned tries{};
        bool asked{};
    };
    enum Stream : std::size_t { trade_stream, quote_stream, book_stream, mark_stream, streams };

    /// What the cold events brought: they are compiled once, whatever the sink.
    template <class Sink>
    void hand_over(Sink&& sink) {
        if (held_.empty()) return;
        for (const auto& tick : std::exchange(held_, {})) sink(tick);
    }
    void on_opened(core::Nanoseconds now);
    void on_closed(core::Nanoseconds now, std::string_view detail);
    void on_snapshot(core::Nanoseconds now, core::InstrumentId instrument, std::string_view body,
                     core::Nanoseconds retry_after);
    void on_time(core::Nanoseconds now);
    void distrust(core::Nanoseconds now, bool disconnected);
    [[nodiscard]] Frame opening_frame(core::Nanoseconds now) const noexcept {
        return {.bytes = {},
                .receive_time = now,
                .connection = connection_,
                .origin = FrameOrigin::opened,
                .url = plan_.url,
                .venue = plan_.venue};
    }

    void begin(core::Nanoseconds now);
    void ended(core::Nanoseconds now, std::string_view detail);
    void note(const Frame& frame);
    void lost(Book& book, core::Nanoseconds now);
    void forgive(std::size_t stream);
    void confirm(std::uint64_t id, core::Nanoseconds now);
    void refuse(std::uint64_t id, core::Nanoseconds now);
    void answered(core::Nanoseconds now, core::InstrumentId instrument, bool came, bool old,
                  core::Nanoseconds retry_after);
    SessionTrouble look(core::Nanoseconds now);
    SessionTrouble look_at_subscriptions(core::Nanoseconds now);
    SessionTrouble look_at_books(core::Nanoseconds now);
    void send_what_is_due(core::Nanoseconds now);
    void blame(SessionTrouble trouble, core::Nanoseconds now);
    void tell(SessionTrouble trouble, std::string_view detail);
    void seen(const core::Tick& tick, core::Nanoseconds now) noexcept;
    void watch_streams(std::size_t instruments);
    [[nodiscard]] const BookPlan* snapshot_of(core::InstrumentId instrument) const noexcept;
    [[nodiscard]] bool needs_snapshot(core::InstrumentId instrument) const noexcept;
    [[nodiscard]] std::uint64_t too_old() const noexcept { return feed_->stats().snapshots.too_old; }

    SessionPlan plan_;
    SessionSettings settings_;
    const core::InstrumentTable& instruments_;
    std::uint32_t connection_;
    std::unique_ptr<AnyFeed> feed_;
    core::Backoff reconnect_, subscribe_;
    core::Liveness liveness_;
    std::vector<std::array<std::int32_t, streams>> stream_of_;  // by instrument; -1: not watched
    std::vector<std::string> stream_names_;
    std::vector<Asked> asked_;
    std::vector<Book> books_;
    std::deque<std::string> outbox_;
    std::deque<SessionCommand> commands_;
    std::vector<core::Tick> held_;  // of the cold event under way
    core::Nanoseconds look_again_{core::Nanoseconds::min()}, retry_{}, opened_{}, next_send_{}, next_ping_{},
        live_since_{}, next_snapshot_{};
    std::string trouble_, detail_;
    Counts counts_;
    Phase phase_{Phase::waiting};
    std::vector<core::Nanoseconds> silences_;  // of the streams, as set
    bool data_came_{}, leaving_{};
};

}  // namespace feeds
