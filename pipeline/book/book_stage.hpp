#pragma once

#include "core/book/ladder.hpp"
#include "core/domain/instrument.hpp"
#include "core/domain/tick.hpp"
#include "core/memory/prefetch.hpp"
#include "pipeline/book/market.hpp"
#include "pipeline/book/near_depth.hpp"
#include "pipeline/book/settings.hpp"

#include <vector>

namespace pipeline {

/// What a BookStage counted since it was made, over all instruments.
struct BookCounters {
    std::uint64_t late{};     ///< market data older than the newest of its instrument
    std::uint64_t ahead{};    ///< stamped more than core::most_ahead after their arrival; taken to be that much ahead
    std::uint64_t crossed{};  ///< book events that left the book crossed
    std::uint64_t gaps{};     ///< session ticks that said the book is no longer to be trusted
    std::uint64_t refused_quotes{};  ///< crossed or one-sided
};

/// Keeps every instrument's book, and writes the market as it stands after the tick.
///
/// Valid: from a snapshot's last level on, while nothing is missing. A gap or disconnect (of the instrument, or of its
/// whole venue) and a crossed book end it; the next snapshot, or `resynchronised` with a whole event since, restores
/// it. A book with an empty side shows no market either, without being a gap.
///
/// `connected` of an instrument: a connection that fed it was away, but not the book's. That is a gap for whatever
/// lives on trades; the book stays valid, and a quote-only top waits for the next quote.
///
/// Inner levels of an event only touch the ladder, and of the section `time` and `replaced`: the rest is that of an
/// earlier tick, so nobody ever sees half an event.
///
/// Quotes never touch the ladder, for they may be ahead of it. Their top is shown while it is the newest (venue time,
/// arrival on a tie): a venue pushes quotes more often than depth, and a trader wants the newest top. Depth and
/// imbalance stay the ladder's. An instrument that never had depth is quote-only: its top is valid from the first quote
/// on, and again from the first after a gap; its depth and imbalance are unknown.
class BookStage {
public:
    static constexpr bool follows_inner_levels = true;

    BookStage(const BookSettings& settings, const core::InstrumentTable& instruments);

    void on(const core::Tick& tick, Market& market) noexcept;

    void prefetch(core::InstrumentId id) const noexcept {
        if (id.value < books_.size()) core::prefetch(books_[id.value], 8);
    }

    [[nodiscard]] const BookCounters& counters() const noexcept { return counters_; }

    /// The ladders of an instrument, for summaries (`omega decode --book`) and tests.
    [[nodiscard]] const core::Ladder& bids(core::InstrumentId id) const noexcept { return books_[id.value].bids; }
    [[nodiscard]] const core::Ladder& asks(core::InstrumentId id) const noexcept { return books_[id.value].asks; }

private:
    struct Book {
        Market view;  ///< what the section shows
        core::Ladder bids, asks;
        NearDepth bid_depth, ask_depth;
        /// What was last seen of the best levels of a side: as many as the imbalance or TopLevels asks for.
        struct Best {
            core::Price edge{};  ///< the worst of them
            double quantity{};   ///< of those that the imbalance looks at
            bool changed{true};  ///< a level at or inside the edge
        };
        Best best_bids, best_asks;
        bool has_depth{}, trusted{}, resynchronised{}, whole_since_gap{};
        core::Venue venue{};
        bool inverse{};
        core::Nanoseconds depth_time{}, quote_time{};  ///< own times, believable, of the newest event and shown quote
        core::Nanoseconds arrived{};                   ///< when the newest event or shown quote was read
        core::Nanoseconds next_sample{};
        double units_per_quote{1};
        double notional_per_unit{};  ///< linear: of price unit × quantity unit; inverse: of a quantity unit

        Book(const BookSettings& settings, const core::Instrument& instrument);
    };

    void keep_time(Market& market, const core::Tick& tick) noexcept;
    [[nodiscard]] static core::Quantity on_level(Book& book, const core::Tick& tick) noexcept;
    void on_whole_event(Book& book, const core::Tick& tick, Market& market) noexcept;
    void on_quote(Book& book, const core::Tick& tick, Market& market) noexcept;
    void on_session(Book& book, core::Session session, Market& market) noexcept;
    void on_venue(const core::Tick& tick) noexcept;

    /// The market was heard of with this tick.
    static void news(Book& book, const core::Tick& tick, Market& market) noexcept;
    static void distrust(Book& book, Market& market) noexcept;
    static void hide(Market& market) noexcept;
    static void show(const Book& book, const core::Quote& top, Market& market) noexcept;
    void look_at_best(const core::Ladder& side, core::Price none, Book::Best& best, TopLevels& top) const noexcept;
    void measure_imbalance(Book& book, Market& market) const noexcept;
    void sample_depth(Book& book, Market& market) const noexcept;

    BookSettings settings_;
    BookCounters counters_;
    std::vector<Book> books_;
};

}  // namespace pipeline
