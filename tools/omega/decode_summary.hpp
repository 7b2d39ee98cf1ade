#pragma once

#include "core/book/ladder.hpp"
#include "core/domain/instrument.hpp"
#include "core/domain/tick.hpp"
#include "feeds/stats.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace omega {

/// The books that a stream of ticks builds, from depth alone, and whether each may be trusted.
class DecodedBooks {
public:
    explicit DecodedBooks(std::size_t instruments) : books_(instruments) {}

    void on(const core::Tick& tick);

    /// `{"valid":…,"bids":[["price","quantity"],…],"asks":[…]}` with at most `levels` a side.
    [[nodiscard]] std::string json(const core::Instrument& instrument, std::size_t levels) const;

private:
    // Recordings of whole venues have thousands of instruments: a window is small, and there only once a level came.
    struct Sides {
        core::Ladder bids{core::Side::buy, std::size_t{1} << 12}, asks{core::Side::sell, std::size_t{1} << 12};
    };
    struct Book {
        std::unique_ptr<Sides> sides;
        bool valid{};
    };
    std::vector<Book> books_;
};

/// The object of `omega decode --summary`: counts, and the final book of every instrument.
[[nodiscard]] std::string summary_json(const feeds::FeedStats& stats, const core::InstrumentTable& instruments,
                                       const DecodedBooks& books, std::size_t levels, std::uint64_t dropped_bytes);

}  // namespace omega
