#include "tools/omega/traps/trap_source.hpp"

#include "feeds/capture/discover.hpp"
#include "feeds/capture/error.hpp"
#include "feeds/capture/venue_of.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <map>

namespace omega {

namespace {

using feeds::history::Candle;
using feeds::history::Candles;
using Files = std::vector<std::filesystem::path>;

struct Sorted {
    std::map<core::Venue, Files> captures;
    Files candles;
};

Sorted sort(const Files& files, std::optional<core::Venue> venue) {
    Sorted sorted;
    for (const auto& file : files) {
        try {
            static_cast<void>(feeds::capture::open(file));
            sorted.captures[venue ? *venue : feeds::capture::venue_of(file)].push_back(file);
        } catch (const feeds::capture::CaptureError& error) {
            if (error.reason() != core::Error::malformed || error.position() != 0) throw;
            sorted.candles.push_back(file);  // no capture begins like this
        }
    }
    return sorted;
}

std::string symbol_of(const std::filesystem::path& file) {
    auto stem = file.filename();
    while (stem.has_extension()) stem = stem.stem();
    return stem.string().substr(0, core::InstrumentTable::max_symbol);
}

class FileSource final : public TrapSource {
public:
    FileSource(const Files& files, std::optional<core::Venue> venue) {
        const auto sorted = sort(files, venue);
        for (const auto& [from, captures] : sorted.captures)
            for (const auto& instrument : feeds::capture::discover(from, captures)) instruments_.add(instrument);
        for (const auto& file : sorted.candles) add_candles(file, venue);
        for (const auto& [from, captures] : sorted.captures) {
            sessions_.push_back(std::make_unique<Session>(from, captures, instruments_));
            sessions_.back()->advance();
        }
    }

    bool step(const Sink& sink) override {
        Session* first = nullptr;
        for (const auto& session : sessions_)
            if (!session->ended && (first == nullptr || session->frame.receive_time < first->frame.receive_time))
                first = session.get();
        if (first == nullptr) return step_candles(sink);
        first->feed.on_frame(first->frame, sink);
        first->advance();
        ++frames_;
        return true;
    }

    [[nodiscard]] const core::InstrumentTable& instruments() const noexcept override { return instruments_; }

    [[nodiscard]] std::string progress() const override {
        if (histories_.empty()) return fmt::format("{:.2f} M frames", static_cast<double>(frames_) / 1e6);
        return fmt::format("{:.2f} M frames, {} of {} candle files", static_cast<double>(frames_) / 1e6, history_,
                           histories_.size());
    }

    [[nodiscard]] std::vector<std::string> problems() const override {
        std::vector<std::string> found;
        for (const auto& session : sessions_) {
            const auto& stats = session->feed.stats();
            if (const auto faulted = stats.faulted(); faulted > 0) {
                const auto& last = stats.faults[(faulted - 1) % feeds::FeedStats::faults_kept];
                found.push_back(fmt::format("{} of {} {} frames refused; the last: {}{}{}", faulted, stats.frames,
                                            core::name(session->venue), core::name(last.fault.reason),
                                            *last.fault.field != '\0' ? ", field " : "", last.fault.field));
            }
        }
        for (const auto& history : histories_)
            if (const auto& c = history.candles; c.inconsistent + c.duplicates + c.disordered > 0)
                found.push_back(fmt::format("{}: {} impossible candles refused, {} duplicates dropped, {} out of order",
                                            history.file.string(), c.inconsistent, c.duplicates, c.disordered));
        return found;
    }

private:
    struct Session {
        core::Venue venue;
        feeds::capture::MergedReader reader;
        feeds::AnyFeed feed;
        feeds::Frame frame{};
        bool ended{};

        Session(core::Venue from, const Files& files, core::InstrumentTable& instruments)
            : venue{from}, reader{files}, feed{from, instruments} {}
        void advance() { ended = !reader.next(frame); }
    };
    struct History {
        std::filesystem::path file;
        Candles candles;
        core::InstrumentId id;
    };

    void add_candles(const std::filesystem::path& file, std::optional<core::Venue> venue) {
        auto candles = feeds::history::read_candles(file);
        if (candles.interval.count() <= 0 || candles.interval % std::chrono::seconds{1} != core::Nanoseconds{})
            throw std::invalid_argument{
                fmt::format("{}: {} candles, so their interval cannot be told in whole seconds; expected at least two, "
                            "of 1s or more",
                            file.string(), candles.candles.size())};
        fit_into_ticks(candles);
        core::Instrument instrument;
        instrument.venue = venue ? *venue : feeds::capture::venue_in(file.string()).value_or(core::Venue::omega);
        instrument.symbol = symbol_of(file);
        instrument.price_decimals = candles.price_decimals;
        instrument.quantity_decimals = candles.quantity_decimals;
        for (int n = 2; instruments_.find(instrument.venue, instrument.market, instrument.symbol) != nullptr; ++n)
            instrument.symbol = fmt::format("{:.27}#{}", symbol_of(file), n);
        const auto id = instruments_.add(instrument);
        histories_.push_back({file, std::move(candles), id});
    }

    bool step_candles(const Sink& sink) {
        if (history_ == histories_.size()) return false;
        const History& of = histories_[history_];
        const auto& all = of.candles.candles;
        if (next_ < all.size()) {
            sink(candle_tick(all[next_++], of.candles.interval, instruments_[of.id]));
            return true;
        }
        // The next candle has begun: the last one's bars close.
        auto end = candle_tick(all.back(), of.candles.interval, instruments_[of.id]);
        end.venue_time = end.receive_time;
        end.flags = 0;
        sink(end);
        ++history_;
        next_ = 0;
        return true;
    }

    core::InstrumentTable instruments_;
    std::vector<std::unique_ptr<Session>> sessions_;
    std::vector<History> histories_;
    std::size_t history_{}, next_{};
    std::uint64_t frames_{};
};

class MarketSource final : public TrapSource {
public:
    explicit MarketSource(const feeds::synthetic::Settings& settings) : market_{settings}, end_{settings.duration} {
        for (const auto& instrument : market_.instruments()) instruments_.add(instrument);
        for (const auto& instrument : instruments_)
            if (auto& feed = feeds_[static_cast<std::size_t>(instrument.venue)]; !feed)
                feed = std::make_unique<feeds::AnyFeed>(instrument.venue, instruments_);
    }

    bool step(const Sink& sink) override {
        feeds::Frame frame;
        if (!market_.next(frame)) return false;
        if (frames_++ == 0) first_ = frame.receive_time;
        newest_ = frame.receive_time;
        feeds_[static_cast<std::size_t>(frame.venue)]->on_frame(frame, sink);
        return true;
    }
    [[nodiscard]] const core::InstrumentTable& instruments() const noexcept override { return instruments_; }
    [[nodiscard]] std::string progress() const override {
        return fmt::format("{:.0f} % of the market's time",
                           100 * static_cast<double>((newest_ - first_).count()) / static_cast<double>(end_.count()));
    }
    [[nodiscard]] std::span<const feeds::synthetic::Truth> truth() const noexcept override { return market_.truth(); }

private:
    feeds::synthetic::Market market_;
    core::InstrumentTable instruments_;
    std::array<std::unique_ptr<feeds::AnyFeed>, core::venue_count> feeds_;  // of the venues it has
    core::Nanoseconds end_, first_{}, newest_{};
    std::uint64_t frames_{};
};

}  // namespace

std::unique_ptr<TrapSource> open_files(const Files& files, std::optional<core::Venue> venue) {
    return std::make_unique<FileSource>(files, venue);
}

std::unique_ptr<TrapSource> open_market(const feeds::synthetic::Settings& settings) {
    return std::make_unique<MarketSource>(settings);
}

core::Tick candle_tick(const Candle& candle, core::Nanoseconds interval, const core::Instrument& instrument) noexcept {
    const auto above_low = [&](core::Price price) {
        return static_cast<std::uint32_t>(
            std::min<std::int64_t>(price.units - candle.low.units, std::numeric_limits<std::uint32_t>::max()));
    };
    core::Tick tick;
    tick.kind = core::TickKind::bar;
    tick.flags = core::tick_flag::closed;
    tick.instrument = instrument.id;
    tick.venue = instrument.venue;
    tick.venue_time = candle.start;
    tick.receive_time = candle.start + interval;
    tick.bar = {candle.low,
                candle.volume,
                above_low(candle.open),
                above_low(candle.high),
                above_low(candle.close),
                static_cast<std::uint32_t>(interval / std::chrono::seconds{1})};
    return tick;
}

void fit_into_ticks(Candles& candles) noexcept {
    constexpr std::int64_t widest = std::numeric_limits<std::uint32_t>::max();
    const auto fits = [](const Candle& c) { return c.high.units - c.low.units <= widest; };
    while (candles.price_decimals > 0 && !std::ranges::all_of(candles.candles, fits)) {
        --candles.price_decimals;
        for (Candle& c : candles.candles) {
            c.low.units /= 10;
            c.high.units = (c.high.units + 9) / 10;
            c.open.units = (c.open.units + 5) / 10;
            c.close.units = (c.close.units + 5) / 10;
        }
    }
    // A float's last digits in one row decide for all rows how fine a unit is; sums of bars must still fit.
    const auto volume = [&] {
        double sum = 0;
        for (const Candle& c : candles.candles) sum += static_cast<double>(c.volume.units);
        return sum;
    };
    while (candles.quantity_decimals > 0 && volume() > 4e18) {
        --candles.quantity_decimals;
        for (Candle& c : candles.candles) c.volume.units = c.volume.units / 10 + (c.volume.units % 10 >= 5 ? 1 : 0);
    }
}

}  // namespace omega
