#pragma once

#include "core/domain/instrument.hpp"
#include "tools/venue/engine/engine.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace venue {

struct SourceSettings {
    std::string market{"synthetic"};                      ///< or the path of a recording
    core::Venue recorded_by{core::Venue::binance};        ///< whose frames the recording holds
    std::uint64_t seed{42};                               ///< of the synthetic market
    double events_per_s{20};                              ///< of the synthetic market, per listing
    double volatility{1};                                 ///< of the synthetic market: scales swings and noise
    double speed{1};                                      ///< the market's time per time of the venue
    core::Nanoseconds warm_up{std::chrono::minutes{10}};  ///< market that lies behind before the venue opens
};

/// The outside market: ticks in order of time, by the symbol they belong to.
class Source {
public:
    virtual ~Source() = default;
    /// f(symbol, its instrument, tick) for all ticks until `until`, counted from the market's beginning. False: it is
    /// over.
    using Sink = std::function<void(std::string_view symbol, const core::Instrument&, const core::Tick&)>;
    virtual bool play(core::Nanoseconds until, const Sink& sink) = 0;
};

/// Throws what the readers of recordings throw.
std::unique_ptr<Source> make_source(const SourceSettings& settings, const std::vector<Listing>& listings);

/// Ticks of a source as ticks of listings: finds who follows a symbol and turns prices and quantities into its units.
/// A price finer than the listing's tick goes away from the other side, bids down and asks up (a trade with the side it
/// took from), so that a book that does not cross never crosses or touches for its listing's coarseness; levels that
/// fall onto one price are shown as their sum. A quantity is cut to whole lots; a level that comes to nothing is gone.
/// What others took of the market's levels it shows again every few seconds, as makers do.
class Feeder {
public:
    Feeder(Engine& engine, std::unique_ptr<Source> source, double speed = 1);
    /// The market goes on by this much of the venue's time.
    void play(core::Nanoseconds elapsed);
    /// While it is held nothing comes from it. Let go, it shows again all it had shown.
    void hold(bool held);
    [[nodiscard]] bool held() const noexcept { return held_; }

private:
    using Place = std::pair<core::Side, core::Price>;
    /// The market's book as one listing shows it.
    struct Shown {
        struct Level {
            core::Quantity theirs{};  ///< of all that fell onto this price, in the source's units
            core::Quantity ours{};    ///< the same in the listing's
        };
        std::map<Place, core::Quantity> source;  ///< every level, at the source's price and in its units
        std::map<Place, Level> levels;           ///< by the listing's price
    };

    void feed(std::string_view symbol, const core::Instrument& from, const core::Tick& tick);
    void feed_trade(ListingId listing, const core::Instrument& from, core::Tick tick);
    void feed_level(ListingId listing, const core::Instrument& from, core::Tick tick);
    void show_again();
    void set_level(ListingId listing, core::Side side, core::Price price, core::Quantity quantity);
    static constexpr core::Nanoseconds makers_return{5'000'000'000};

    Engine& engine_;
    std::unique_ptr<Source> source_;
    double speed_;
    std::vector<Shown> shown_;                                              // per listing
    std::map<std::string, std::vector<ListingId>, std::less<>> followers_;  // by the symbol they follow
    core::Nanoseconds played_{}, next_return_{};
    bool held_{}, over_{};
};

}  // namespace venue
