#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/tick.hpp"
#include "pipeline/book/market.hpp"
#include "pipeline/book/settings.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <vector>

namespace bench {

/// BookStage as it is usually written: two std::maps a book, measured by walking them. It shows the same market after
/// every whole event, so that whatever decides on it decides the same.
class TwinBookStage {
public:
    static constexpr bool follows_inner_levels = true;

    TwinBookStage(const pipeline::BookSettings& settings, const core::InstrumentTable& instruments);

    void on(const core::Tick& tick, pipeline::Market& market) noexcept;

private:
    using Bids = std::map<std::int64_t, std::int64_t, std::greater<>>;
    using Asks = std::map<std::int64_t, std::int64_t>;
    struct Book {
        pipeline::Market view;
        Bids bids;
        Asks asks;
        bool has_depth{}, trusted{}, resynchronised{}, whole_since_gap{};
        core::Venue venue{};
        core::Nanoseconds depth_time{}, quote_time{}, next_sample{}, arrived{};
        bool inverse{};
        double units_per_quote{1}, notional_per_unit{};
    };
    static void on_level(Book& book, const core::Tick& tick);
    void on_whole_event(Book& book, const core::Tick& tick) noexcept;
    static void on_quote(Book& book, const core::Tick& tick) noexcept;
    void on_session(Book& book, core::Session session) noexcept;
    static void distrust(Book& book) noexcept;
    static void news(Book& book, const core::Tick& tick) noexcept;
    static void hide(pipeline::Market& market) noexcept;
    static void show(Book& book, const core::Quote& top) noexcept;
    static core::Quote top_of(const Book& book) noexcept;
    void measure(Book& book) const noexcept;

    pipeline::BookSettings settings_;
    std::vector<Book> books_;
};

}  // namespace bench
