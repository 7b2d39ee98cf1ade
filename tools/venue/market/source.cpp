#include "tools/venue/market/source.hpp"

#include "core/domain/wide.hpp"
#include "feeds/any_feed.hpp"
#include "feeds/capture/discover.hpp"
#include "feeds/capture/reader.hpp"
#include "feeds/synthetic/market.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>
#include <stdexcept>

namespace venue {

namespace {

/// What a listing looks like to the synthetic market: prices of the same pairs as feeds::synthetic's usual ones.
std::map<std::string, feeds::synthetic::InstrumentSettings> pair_settings() {
    std::map<std::string, feeds::synthetic::InstrumentSettings> all;
    for (auto& usual : feeds::synthetic::usual_instruments(feeds::synthetic::max_usual)) all[usual.symbol] = usual;
    return all;
}

/// feeds::synthetic through Binance's codec: the same bytes and ticks as `omega run` trades.
class SyntheticSource final : public Source {
public:
    SyntheticSource(const SourceSettings& settings, const std::vector<Listing>& listings)
        : market_{make(settings, listings)}, feed_{core::Venue::binance, instruments_} {}

    bool play(core::Nanoseconds until, const Sink& sink) override {
        for (;;) {
            if (!waiting_) {
                if (!market_.next(frame_)) return false;
                waiting_ = true;
            }
            if (frame_.receive_time - start_ > until) return true;
            waiting_ = false;
            feed_.on_frame(frame_, [&](const core::Tick& tick) {
                if (tick.instrument == core::no_instrument) return;
                const auto& instrument = instruments_[tick.instrument];
                sink(instrument.symbol, instrument, tick);
            });
        }
    }

private:
    feeds::synthetic::Market make(const SourceSettings& settings, const std::vector<Listing>& listings) {
        feeds::synthetic::Settings market;
        market.seed = settings.seed;
        market.events_per_s = settings.events_per_s;
        market.volatility = settings.volatility;
        market.depth_interval = std::chrono::milliseconds{100};
        market.instruments.clear();
        std::set<std::string> done;
        std::map<std::string, std::size_t> first_of;  // by base
        const auto usual = pair_settings();
        for (const auto& listing : listings) {
            if (!done.insert(listing.feed).second) continue;
            const auto found = usual.find(listing.base + "USDT");
            if (found == usual.end())
                throw std::invalid_argument{"venue simulator: the synthetic market has no " + listing.base + "USDT"};
            auto one = found->second;
            one.symbol = listing.feed;
            // Spot and contract of one base share a fair value, a little apart.
            if (const auto [leader, first] = first_of.try_emplace(listing.base, market.instruments.size()); !first) {
                one.follows = leader->second;
                one.basis_bps = -2;
            }
            market.instruments.push_back(one);
        }
        start_ = market.start;
        feeds::synthetic::Market made{market};
        for (const auto& instrument : made.instruments()) instruments_.add(instrument);
        return made;
    }

    core::Nanoseconds start_{};
    core::InstrumentTable instruments_;
    feeds::synthetic::Market market_;
    feeds::AnyFeed feed_;
    feeds::Frame frame_;
    bool waiting_{};
};

/// What listings that follow a recorded instrument are told to follow: "BTC-USDT-SWAP" is "BTCUSDT", "BTC-USDT" is
/// "BTCUSDT.SPOT".
std::string feed_of(const core::Instrument& instrument) {
    auto name = instrument.symbol;
    if (name.ends_with("-SWAP")) name.resize(name.size() - 5);
    std::erase_if(name, [](char c) { return c == '-' || c == '/' || c == '_'; });
    return instrument.market == core::Market::spot ? name + ".SPOT" : name;
}

/// A recording, from its first frame on. When it is over the book stays as it was.
class RecordedSource final : public Source {
public:
    explicit RecordedSource(const SourceSettings& settings)
        : instruments_{discovered(settings)},
          reader_{feeds::capture::open(settings.market)},
          feed_{settings.recorded_by, instruments_} {}

    bool play(core::Nanoseconds until, const Sink& sink) override {
        for (;;) {
            if (!waiting_) {
                if (!reader_->next(frame_)) return false;
                if (!begun_) start_ = frame_.receive_time;
                begun_ = waiting_ = true;
            }
            if (frame_.receive_time - start_ > until) return true;
            waiting_ = false;
            feed_.on_frame(frame_, [&](const core::Tick& tick) {
                if (tick.instrument == core::no_instrument) return;
                const auto& instrument = instruments_[tick.instrument];
                sink(feed_of(instrument), instrument, tick);
            });
        }
    }

private:
    static core::InstrumentTable discovered(const SourceSettings& settings) {
        const std::array files{std::filesystem::path{settings.market}};
        return feeds::capture::discover(settings.recorded_by, files);
    }

    core::InstrumentTable instruments_;
    std::unique_ptr<feeds::capture::Reader> reader_;
    feeds::AnyFeed feed_;
    feeds::Frame frame_;
    core::Nanoseconds start_{};
    bool begun_{}, waiting_{};
};

/// A price in the listing's units, on its grid: away from the other side's prices.
core::Price on_grid(core::Price price, const core::Instrument& from, const core::Instrument& to, core::Side side) {
    core::Wide value{static_cast<core::Int128>(price.units)};
    const int finer = to.price_decimals - from.price_decimals;
    if (finer >= 0)
        value.scale_up(finer);
    else
        value.scale_down(-finer);
    const auto tick = to.tick_size.units;
    if (side == core::Side::buy) {
        const auto units = value.towards_zero().value_or(0);
        return core::Price{units - units % tick};
    }
    const auto units = value.ceil().value_or(0);
    const auto beyond = units % tick;
    return core::Price{beyond == 0 ? units : units + (tick - beyond)};
}

/// A quantity in whole lots of the listing, through the base: contracts of the one are not contracts of the other.
core::Quantity in_lots(core::Quantity quantity, const core::Instrument& from, const core::Instrument& to) {
    core::Wide amount{static_cast<core::Int128>(quantity.units) * from.contract_value.units};
    amount.scale_up(to.quantity_decimals);
    amount.scale_down(from.quantity_decimals);
    amount /= static_cast<std::uint64_t>(to.contract_value.units);
    const auto units = amount.towards_zero().value_or(0);
    return core::Quantity{units - units % to.lot_size.units};
}

}  // namespace

std::unique_ptr<Source> make_source(const SourceSettings& settings, const std::vector<Listing>& listings) {
    if (settings.market == "synthetic") return std::make_unique<SyntheticSource>(settings, listings);
    return std::make_unique<RecordedSource>(settings);
}

Feeder::Feeder(Engine& engine, std::unique_ptr<Source> source, double speed)
    : engine_{engine}, source_{std::move(source)}, speed_{speed}, shown_(engine.listings()) {
    for (ListingId id = 0; id < engine.listings(); ++id) followers_[engine.market(id).rules.feed].push_back(id);
}

void Feeder::play(core::Nanoseconds elapsed) {
    if (held_ || over_) return;
    played_ += core::Nanoseconds{static_cast<std::int64_t>(static_cast<double>(elapsed.count()) * speed_)};
    over_ = !source_->play(played_, [this](std::string_view symbol, const core::Instrument& from,
                                           const core::Tick& tick) { feed(symbol, from, tick); });
    if (played_ >= next_return_) show_again();
}

void Feeder::hold(bool held) {
    held_ = held;
    if (!held) show_again();
}

void Feeder::set_level(ListingId listing, core::Side side, core::Price price, core::Quantity quantity) {
    core::Tick tick;
    tick.kind = core::TickKind::level;
    tick.side = side;
    tick.flags = core::tick_flag::last;
    tick.level = {price, quantity, 0};
    engine_.on_tick(listing, tick);
}

void Feeder::show_again() {
    next_return_ = played_ + makers_return;
    for (ListingId id = 0; id < engine_.listings(); ++id) {
        const auto& levels = shown_[id].levels;
        if (levels.empty()) continue;
        const auto shown = [&](const Place& where) {
            const auto found = levels.find(where);
            return found != levels.end() && found->second.ours.units > 0;
        };
        for (const auto& [side, price] : engine_.market(id).book.outside_levels())
            if (!shown({side, price})) set_level(id, side, price, core::Quantity{});
        for (const auto& [where, level] : levels)
            if (engine_.market(id).book.outside(where.first, where.second) != level.ours)
                set_level(id, where.first, where.second, level.ours);
    }
}

void Feeder::feed(std::string_view symbol, const core::Instrument& from, const core::Tick& tick) {
    const bool trade = tick.is(core::TickKind::trade);
    if (!trade && !tick.is(core::TickKind::level)) return;
    const auto followers = followers_.find(symbol);
    if (followers == followers_.end()) return;
    for (const ListingId id : followers->second) {
        if (trade)
            feed_trade(id, from, tick);
        else
            feed_level(id, from, tick);
    }
}

void Feeder::feed_trade(ListingId id, const core::Instrument& from, core::Tick tick) {
    const auto& to = engine_.market(id).rules.instrument;
    tick.trade.price = on_grid(tick.trade.price, from, to, core::opposite(tick.side));
    tick.trade.quantity = in_lots(tick.trade.quantity, from, to);
    if (tick.trade.price.units > 0 && tick.trade.quantity.units > 0) engine_.on_tick(id, tick);
}

void Feeder::feed_level(ListingId id, const core::Instrument& from, core::Tick tick) {
    const auto& to = engine_.market(id).rules.instrument;
    auto& shown = shown_[id];
    if ((tick.flags & core::tick_flag::first) != 0 && (tick.flags & core::tick_flag::snapshot) != 0) shown = {};
    const Place theirs{tick.side, tick.level.price};
    Place ours{tick.side, on_grid(tick.level.price, from, to, tick.side)};
    if (ours.second.units > 0) {
        auto& before = shown.source[theirs];
        auto& level = shown.levels[ours];
        level.theirs = level.theirs + (tick.level.quantity - before);
        level.ours = in_lots(level.theirs, from, to);
        before = tick.level.quantity;
        if (before.units == 0) shown.source.erase(theirs);
        if (level.theirs.units == 0) shown.levels.erase(ours);
    } else {
        ours.second = to.tick_size;  // a bid below the lowest price there is: nothing changes but that the message ends
    }
    const auto now = shown.levels.find(ours);
    tick.level.price = ours.second;
    tick.level.quantity = now == shown.levels.end() ? core::Quantity{} : now->second.ours;
    engine_.on_tick(id, tick);
}

}  // namespace venue
