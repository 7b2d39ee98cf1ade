#pragma once

#include "core/domain/tick.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace feeds {

/// Several sessions bring the same streams; the first to bring an event wins, the copies are dropped. Pure.
///
///   trades   by the venue's trade id
///   books    by the venue's number of the event: whoever is ahead leads, and a session that breaks is replaced without
///   a
///            gap, for the other's own chain of updates is unbroken. Where the venue does not number them (Coinbase,
///            Kraken), one session leads until it breaks, then whoever brings the next snapshot
///   the rest by the venue's time; quotes without one (Binance spot) come from the first session that is connected
///
/// A gap is passed on only when no session has the book; `disconnected` only when none is connected.
class Arbiter {
public:
    static constexpr std::size_t max_sessions = 8;

    struct Counts {
        std::uint64_t passed{}, copies{}, gaps_bridged{};
    };

    /// `taken`: what the sessions bring of them. Allocates here alone, but for what is not among them.
    explicit Arbiter(std::size_t instruments, std::span<const core::InstrumentId> taken = {}) : books_(instruments) {
        for (const auto id : taken)
            if (id.value < instruments) books_[id.value].trades.reserve(remembered);
    }

    /// How many sessions there are now: with one everything passes.
    void sessions(std::size_t count) noexcept { alone_ = count <= 1; }

    /// A tick of session `from` (< max_sessions).
    template <class Sink>
    void on(std::size_t from, const core::Tick& tick, Sink&& sink) {
        if (!wanted(from, tick) && !alone_) {
            ++counts_.copies;
            return;
        }
        ++counts_.passed;
        sink(tick);
    }

    [[nodiscard]] const Counts& counts() const noexcept { return counts_; }

private:
    static constexpr core::Nanoseconds farthest_ahead{std::chrono::seconds{5}};  // two clocks may differ by so much
    static constexpr std::size_t remembered = 1024;  // trades: more than one session lags behind another

    struct Newest {
        core::Nanoseconds time{core::Nanoseconds::min()};
        std::size_t from{};
    };
    struct Book {
        std::uint64_t last{};
        std::uint8_t holders{};  // sessions whose own chain is unbroken, as bits
        std::size_t leader{max_sessions};
        bool valid{}, told_gap{}, passing{};
        std::array<Newest, core::tick_kind_count> newest{};
        std::vector<std::uint64_t> trades{};
        std::size_t next_trade{};
    };
    static constexpr std::uint8_t bit(std::size_t from) noexcept { return static_cast<std::uint8_t>(1U << from); }

    bool wanted(std::size_t from, const core::Tick& tick) {
        if (tick.instrument == core::no_instrument) return connection(from, tick);
        if (tick.instrument.value >= books_.size()) books_.resize(std::size_t{tick.instrument.value} + 1);
        auto& book = books_[tick.instrument.value];
        switch (tick.kind) {
            case core::TickKind::trade: return trade(book, tick.trade.trade_id);
            case core::TickKind::level: return level(book, from, tick);
            case core::TickKind::session: return session(book, from, static_cast<core::Session>(tick.code));
            default: return by_time(book, from, tick);
        }
    }

    bool connection(std::size_t from, const core::Tick& tick) noexcept {
        const auto what = static_cast<core::Session>(tick.code);
        const auto before = connected_;
        if (what == core::Session::connected) connected_ |= bit(from);
        if (what == core::Session::disconnected) connected_ &= static_cast<std::uint8_t>(~bit(from));
        return (before == 0) != (connected_ == 0);
    }

    bool trade(Book& book, std::uint64_t id) const {
        auto& seen = book.trades;
        if (!alone_ && std::find(seen.begin(), seen.end(), id) != seen.end()) return false;
        if (seen.size() < remembered) {
            seen.reserve(remembered);
            seen.push_back(id);
        } else {
            seen[book.next_trade] = id;
            book.next_trade = (book.next_trade + 1) % remembered;
        }
        return true;
    }

    bool by_time(Book& book, std::size_t from, const core::Tick& tick) const noexcept {
        auto& newest = book.newest[static_cast<std::size_t>(tick.kind)];
        // Without a time, or with one that cannot be (it would silence all others until then): the first one connected.
        if (tick.venue_time == tick.receive_time || tick.venue_time - tick.receive_time > farthest_ahead)
            return (connected_ & (bit(from) - 1U)) == 0;
        if (tick.venue_time < newest.time || (tick.venue_time == newest.time && from != newest.from)) return false;
        newest = {tick.venue_time, from};
        return true;
    }

    /// Decided by an event's first level, for all of it.
    bool level(Book& book, std::size_t from, const core::Tick& tick) noexcept {
        if ((tick.flags & core::tick_flag::first) != 0)
            book.passing = event(book, from, tick.level.update_id, (tick.flags & core::tick_flag::snapshot) != 0);
        return book.passing;
    }
    static bool event(Book& book, std::size_t from, std::uint64_t id, bool snapshot) noexcept {
        if (snapshot) {
            const bool first = (book.holders & bit(from)) == 0;
            book.holders |= bit(from);
            const bool leads = book.leader == from && !first;
            if (book.valid && !leads && id <= book.last) return false;
            return take(book, from, id);
        }
        if (!book.valid || (book.holders & bit(from)) == 0) return false;
        if (book.leader == from) {
            if (id < book.last) book.holders = bit(from);  // numbered anew: what the others hold is of the old count
            return take(book, from, id);
        }
        return id > book.last && take(book, from, id);
    }
    static bool take(Book& book, std::size_t from, std::uint64_t id) noexcept {
        book.last = id;
        book.leader = from;
        return book.valid = true;
    }

    bool session(Book& book, std::size_t from, core::Session what) noexcept {
        if (what == core::Session::resynchronised) return book.valid && std::exchange(book.told_gap, false);
        // An instrument that missed something by one session, but not by the others.
        if (what == core::Session::connected) return (connected_ & ~bit(from)) == 0;
        if (what != core::Session::gap) return true;
        book.holders &= static_cast<std::uint8_t>(~bit(from));
        const bool led = book.leader == from;
        // Without numbers nobody can tell where another's updates stand against what was passed on.
        if (book.valid && book.holders != 0 && (!led || book.last != 0)) {
            ++counts_.gaps_bridged;
            if (led) book.leader = max_sessions;
            return false;
        }
        const bool was = std::exchange(book.valid, false);
        book.leader = max_sessions;
        book.last = 0;
        book.holders = 0;
        book.told_gap = book.told_gap || was;
        return was;
    }

    std::vector<Book> books_;
    std::uint8_t connected_{};
    bool alone_{true};
    Counts counts_;
};

}  // namespace feeds
