#include "feeds/session/session.hpp"

#include <algorithm>
#include <array>
#include <cassert>

namespace feeds {
namespace {

using core::Nanoseconds;
using namespace std::chrono_literals;

constexpr auto look_every = 10ms;
constexpr auto look_soon = 1ms;  // while a book is waited for
/// Ids of messages that ask for a book anew: no subscription of the plan waits for their answers.
constexpr std::uint64_t first_own_id = 900'000;

}  // namespace

std::string_view name(SessionTrouble trouble) noexcept {
    static constexpr std::array<std::string_view, session_trouble_count> names{"none",
                                                                               "open_failed",
                                                                               "lost",
                                                                               "subscription_refused",
                                                                               "subscription_unanswered",
                                                                               "stream_silent",
                                                                               "snapshot_failed",
                                                                               "snapshot_too_old",
                                                                               "book_stuck"};
    return names[static_cast<std::size_t>(trouble)];
}

Session::Session(SessionPlan plan, const SessionSettings& settings, core::InstrumentTable& instruments,
                 std::uint32_t connection, std::uint64_t seed)
    : plan_{std::move(plan)},
      settings_{settings},
      instruments_{instruments},
      connection_{connection},
      feed_{std::make_unique<AnyFeed>(plan_.venue, instruments)},
      reconnect_{settings.reconnect, seed},
      subscribe_{settings.subscribe, seed + 1},
      asked_(plan_.subscriptions.size()) {
    for (std::size_t i = 0; i < plan_.books.size(); ++i)
        books_.push_back({.backoff = core::Backoff{settings.snapshot, seed + 2 + i}});
    watch_streams(instruments.size());
}

void Session::watch_streams(std::size_t instruments) {
    stream_of_.assign(instruments, {-1, -1, -1, -1});
    liveness_.watch(settings_.any_silence);
    stream_names_.emplace_back("all streams");
    const std::array<std::pair<bool, Nanoseconds>, streams> wanted{
        {{plan_.streams.trades, settings_.trade_silence},
         {plan_.streams.quotes, settings_.quote_silence},
         {plan_.streams.books && !plan_.books.empty(), settings_.book_silence},
         {plan_.streams.marks, settings_.mark_silence}}};
    static constexpr std::array<const char*, streams> names{"trades", "quotes", "book", "marks"};
    for (const auto id : plan_.instruments)
        for (std::size_t s = 0; s < streams; ++s) {
            if (!wanted[s].first) continue;
            stream_of_[id.value][s] = static_cast<std::int32_t>(liveness_.watch(wanted[s].second));
            stream_names_.push_back(std::string{names[s]} + " of " + instruments_[id].symbol);
        }
    for (std::size_t i = 0; i < liveness_.size(); ++i) silences_.push_back(liveness_.allowed(i));
}

void Session::on_opened(Nanoseconds now) {
    feed_->on_frame(opening_frame(now), [&](const core::Tick& tick) { held_.push_back(tick); });
    begin(now);
}

void Session::on_closed(Nanoseconds now, std::string_view detail) {
    if (phase_ >= Phase::subscribing) distrust(now, true);
    ended(now, detail);
}

void Session::on_snapshot(Nanoseconds now, core::InstrumentId instrument, std::string_view body,
                          Nanoseconds retry_after) {
    const auto* book = snapshot_of(instrument);
    if (book == nullptr || !books_[static_cast<std::size_t>(book - plan_.books.data())].asked)
        return;  // asked for by an earlier connection, or too late
    const auto before = too_old();
    if (!body.empty())
        feed_->on_frame({.bytes = body,
                         .receive_time = now,
                         .connection = connection_,
                         .origin = FrameOrigin::rest,
                         .url = book->snapshot,
                         .venue = plan_.venue},
                        [&](const core::Tick& tick) { held_.push_back(tick); });
    answered(now, instrument, !body.empty(), too_old() != before, retry_after);
}

void Session::on_time(Nanoseconds now) {
    const auto trouble = look(now);
    if (trouble == SessionTrouble::none) return;
    commands_.push_back({SessionCommand::Kind::close, {}, {}});
    distrust(now, true);
    blame(trouble, now);
}

/// As if the connection had ended; or, where it goes on, as if it had just been opened, which nobody needs to hear.
void Session::distrust(Nanoseconds now, bool disconnected) {
    auto frame = opening_frame(now);
    if (disconnected) {
        frame.origin = FrameOrigin::closed;
        for (auto& state : books_) state.asked = false;  // an answer that is still on its way is not for the next one
    }
    feed_->on_frame(frame, [&](const core::Tick& tick) {
        const bool connection = tick.kind == core::TickKind::session && tick.instrument == core::no_instrument;
        if (disconnected || !connection) held_.push_back(tick);
    });
}

void Session::begin(Nanoseconds now) {
    phase_ = Phase::subscribing;
    opened_ = now;
    data_came_ = leaving_ = false;
    ++counts_.opened;
    liveness_.started(now);
    outbox_.clear();
    next_send_ = now;
    next_ping_ = now + plan_.ping_every;
    std::fill(asked_.begin(), asked_.end(), Asked{.due = now});
    for (auto& state : books_) {  // what an earlier connection asked for is no longer awaited
        state.due = now + (plan_.books.front().snapshot.empty() ? settings_.book_patience : 0ns);
        state.tries = 0;
        state.asked = false;
        if (state.live) lost(state, now);
    }
    look_again_ = now;
}

void Session::ended(Nanoseconds now, std::string_view detail) {
    if (phase_ == Phase::waiting) return;  // we closed it ourselves
    tell(phase_ == Phase::opening ? SessionTrouble::open_failed : SessionTrouble::lost, detail);
    retry_ = now + reconnect_.failed(phase_ == Phase::opening ? 0ns : now - opened_);
    phase_ = Phase::waiting;
    look_again_ = now;
}

/// We drop the connection.
void Session::blame(SessionTrouble trouble, Nanoseconds now) {
    tell(trouble, detail_);
    retry_ = now + reconnect_.failed(now - opened_);
    phase_ = Phase::waiting;
    outbox_.clear();
}

void Session::tell(SessionTrouble trouble, std::string_view detail) {
    ++counts_.troubles[static_cast<std::size_t>(trouble)];
    trouble_ = std::string{name(trouble)} + ": " + std::string{detail};
}

std::optional<SessionCommand> Session::next_command() {
    if (commands_.empty()) return std::nullopt;
    auto command = std::move(commands_.front());
    commands_.pop_front();
    return command;
}

/// After every frame: what its batch says about streams and subscriptions.
void Session::note(const Frame& frame) {
    const auto now = frame.receive_time;
    const Batch& batch = feed_->batch();
    if (const auto ticks = batch.ticks(); !ticks.empty()) [[likely]] {
        seen(ticks.front(), now);
        if (ticks.size() > 1) seen(ticks.back(), now);
        return;
    }
    if (batch.control == Control::subscribed) confirm(batch.control_id, now);
    if (batch.control == Control::error) refuse(batch.control_id, now);
    if (batch.control == Control::status)
        leaving_ = leaving_ || frame.bytes.find("\"serverShutdown\"") != frame.bytes.npos ||
                   frame.bytes.find("\"64008\"") != frame.bytes.npos;
}

void Session::seen(const core::Tick& tick, Nanoseconds now) noexcept {
    data_came_ = true;
    liveness_.seen(0, now);
    if (tick.instrument.value >= stream_of_.size()) return;
    const auto& watched = stream_of_[tick.instrument.value];
    const auto mark_seen = [&](Stream stream) {
        if (watched[stream] >= 0) liveness_.seen(static_cast<std::size_t>(watched[stream]), now);
    };
    switch (tick.kind) {
        case core::TickKind::trade: return mark_seen(trade_stream);
        case core::TickKind::quote: return mark_seen(quote_stream);
        case core::TickKind::level: return mark_seen(book_stream);
        case core::TickKind::mark:
        case core::TickKind::funding: return mark_seen(mark_stream);
        default: return;
    }
}

void Session::confirm(std::uint64_t id, Nanoseconds now) {
    if (phase_ != Phase::subscribing || id >= first_own_id) return;
    for (std::size_t i = 0; i < asked_.size(); ++i) {
        const auto& subscription = plan_.subscriptions[i];
        if (asked_[i].answers == subscription.answers || (id != 0 && subscription.id != id)) continue;
        ++asked_[i].answers;
        break;
    }
    if (unconfirmed() != 0) return;
    phase_ = Phase::live;
    live_since_ = now;
    subscribe_.reset();
}

void Session::refuse(std::uint64_t id, Nanoseconds now) {
    ++counts_.venue_errors;
    if (phase_ != Phase::subscribing || id >= first_own_id) return;
    for (std::size_t i = 0; i < asked_.size(); ++i) {
        const auto& subscription = plan_.subscriptions[i];
        auto& asked = asked_[i];
        if (!asked.sent || asked.answers == subscription.answers || (id != 0 && subscription.id != id)) continue;
        if (asked.refused) return;
        tell(SessionTrouble::subscription_refused, subscription.message);
        asked.refused = true;
        asked.due = now + subscribe_.failed();
        return;
    }
}

std::size_t Session::unconfirmed() const noexcept {
    std::size_t count = 0;
    for (std::size_t i = 0; i < asked_.size(); ++i)
        count += asked_[i].answers < plan_.subscriptions[i].answers ? 1U : 0U;
    return count;
}

SessionTrouble Session::look(Nanoseconds now) {
    look_again_ = now + look_every;
    if (phase_ == Phase::opening) return SessionTrouble::none;
    if (phase_ == Phase::waiting) {
        if (now >= retry_) {
            phase_ = Phase::opening;
            commands_.push_back({SessionCommand::Kind::open, plan_.url, {}});
        }
        return SessionTrouble::none;
    }
    if (const auto trouble = look_at_subscriptions(now); trouble != SessionTrouble::none) return trouble;
    if (const auto trouble = look_at_books(now); trouble != SessionTrouble::none) return trouble;
    if (const auto silent = liveness_.silent(now)) {
        detail_ = stream_names_[*silent];
        forgive(*silent);
        return SessionTrouble::stream_silent;
    }
    if (!plan_.ping.empty() && now >= next_ping_) {
        next_ping_ = now + plan_.ping_every;
        outbox_.push_back(plan_.ping);
    }
    send_what_is_due(now);
    return SessionTrouble::none;
}

/// Before a stream's silence (0: that of all) is held against the connection. One that had brought data is dead, and a
/// new connection may mend it. One that has brought none on this connection, either, is quiet: an instrument that
/// nobody trades must not cut off the others once a minute.
void Session::forgive(std::size_t stream) {
    if (liveness_.last_seen(stream) > opened_) return liveness_.allow(stream, silences_[stream]);
    const auto longest = stream == 0 ? 6 * silences_[stream] : settings_.longest_silence;
    liveness_.allow(stream, std::max(silences_[stream], std::min(2 * liveness_.allowed(stream), longest)));
}

SessionTrouble Session::look_at_subscriptions(Nanoseconds now) {
    if (phase_ != Phase::subscribing) return SessionTrouble::none;
    for (std::size_t i = 0; i < asked_.size(); ++i) {
        auto& asked = asked_[i];
        const auto& subscription = plan_.subscriptions[i];
        if (asked.answers >= subscription.answers || now < asked.due) continue;
        if (asked.sent && !asked.refused) {  // said nothing
            tell(SessionTrouble::subscription_unanswered, subscription.message);
            subscribe_.failed();
            asked.unanswered = true;
        }
        if (asked.refused && asked.unanswered) {
            // Perhaps the first one stands, and its answer was lost ("already subscribed"): only a new connection
            // tells.
            detail_ = "refused after it was not answered: " + subscription.message;
            return SessionTrouble::subscription_refused;
        }
        // What the venue refuses it refuses on every connection; the other streams of this one go on meanwhile.
        if (asked.tries >= settings_.answer_tries && !asked.refused) {
            detail_ = "given up on this connection: " + subscription.message;
            return SessionTrouble::subscription_unanswered;
        }
        ++asked.tries;
        asked.answers = 0;
        asked.sent = true;
        asked.refused = false;
        outbox_.push_back(subscription.message);
        // What stands before it in the outbox goes out first.
        asked.due = now + settings_.answer + plan_.message_gap * static_cast<std::int64_t>(outbox_.size());
    }
    return SessionTrouble::none;
}

SessionTrouble Session::look_at_books(Nanoseconds now) {
    for (std::size_t i = 0; i < books_.size(); ++i) {
        auto& state = books_[i];
        const auto& book_plan = plan_.books[i];
        if (book_valid(book_plan.instrument)) {
            if (!state.live) state.live_since = now;
            state.live = true;
            state.tries = 0;
            state.due = now + (book_plan.snapshot.empty() ? settings_.book_patience : 0ns);
            continue;
        }
        look_again_ = now + look_soon;
        if (state.live) lost(state, now);
        if (now < state.not_before) continue;
        if (!book_plan.snapshot.empty()) {
            if (state.asked && now >= state.asked_until) answered(now, book_plan.instrument, false, false, 0ns);
            if (state.asked || now < state.due || now < next_snapshot_ || !needs_snapshot(book_plan.instrument))
                continue;
            next_snapshot_ = now + settings_.snapshot_gap;
            state.asked = true;
            state.asked_until = now + settings_.snapshot_answer;
            ++counts_.snapshots_asked;
            commands_.push_back({SessionCommand::Kind::request, book_plan.snapshot, book_plan.instrument});
            continue;
        }
        // A gap was seen: at once, the first time. Never live: when patience ends.
        const bool gap = needs_snapshot(book_plan.instrument) && state.tries == 0;
        if (!gap && now < state.due) continue;
        // Its subscription is being asked for again: a second one beside it would make that a duplicate, refused for
        // ever.
        if (!gap && unconfirmed() != 0 && state.live_since < opened_) continue;
        if (book_plan.again.empty() || state.tries == settings_.book_tries) {
            detail_ = instruments_[book_plan.instrument].symbol;
            return SessionTrouble::book_stuck;
        }
        ++state.tries;
        ++counts_.books_asked_again;
        for (const auto& message : book_plan.again) outbox_.push_back(message);
        state.due = now + std::max(settings_.book_patience, state.backoff.failed());
    }
    return SessionTrouble::none;
}

/// A book that was live is not. The first time it is asked for at once; one that does not last is asked for later each
/// time, or a venue whose snapshots do not fit its updates would be asked without end.
void Session::lost(Book& book, Nanoseconds now) {
    const auto lived = now - book.live_since;
    const bool again = book.backoff.failures() > 0 && lived < settings_.snapshot.steady;
    const auto wait = book.backoff.failed(lived);
    book.live = false;
    book.not_before = again ? now + wait : now;
}

void Session::answered(Nanoseconds now, core::InstrumentId instrument, bool came, bool old, Nanoseconds retry_after) {
    for (std::size_t i = 0; i < books_.size(); ++i) {
        if (plan_.books[i].instrument != instrument) continue;
        auto& state = books_[i];
        state.asked = false;
        // A venue that says when to come back says it of all we ask, whatever becomes of this connection.
        if (retry_after > 0ns) next_snapshot_ = std::max(next_snapshot_, now + retry_after);
        if (came && !old && book_valid(instrument)) {
            if (!state.live) state.live_since = now;
            state.live = true;
            return;
        }
        // The updates stay buffered: a newer snapshot meets them.
        tell(came && old ? SessionTrouble::snapshot_too_old : SessionTrouble::snapshot_failed,
             instruments_[instrument].symbol);
        state.due = now + std::max(state.backoff.failed(), retry_after);
    }
}

void Session::send_what_is_due(Nanoseconds now) {
    if (outbox_.empty() || now < next_send_) return;
    next_send_ = now + plan_.message_gap;
    ++counts_.sent;
    commands_.push_back({SessionCommand::Kind::send, std::move(outbox_.front()), {}});
    outbox_.pop_front();
}

const BookPlan* Session::snapshot_of(core::InstrumentId instrument) const noexcept {
    const auto found = std::find_if(plan_.books.begin(), plan_.books.end(),
                                    [&](const BookPlan& plan) { return plan.instrument == instrument; });
    return found == plan_.books.end() || found->snapshot.empty() ? nullptr : &*found;
}

bool Session::needs_snapshot(core::InstrumentId instrument) const noexcept {
    return feed_->needs_snapshot(instrument);
}

bool Session::book_valid(core::InstrumentId instrument) const noexcept {
    return phase_ >= Phase::subscribing && feed_->book_valid(instrument);
}

bool Session::replaces(const Session& other) const noexcept {
    if (ready()) return true;
    if (!data_came_ || phase_ < Phase::subscribing || other.asked_.size() != asked_.size()) return false;
    for (std::size_t i = 0; i < asked_.size(); ++i) {
        const bool confirmed = asked_[i].answers >= plan_.subscriptions[i].answers;
        if (!confirmed && (!asked_[i].refused || other.asked_[i].answers >= plan_.subscriptions[i].answers))
            return false;
    }
    return std::all_of(plan_.books.begin(), plan_.books.end(), [&](const BookPlan& plan) {
        return book_valid(plan.instrument) || !other.book_valid(plan.instrument);
    });
}

bool Session::ready() const noexcept {
    return phase_ == Phase::live && data_came_ &&
           std::all_of(plan_.books.begin(), plan_.books.end(),
                       [&](const BookPlan& plan) { return book_valid(plan.instrument); });
}

}  // namespace feeds
