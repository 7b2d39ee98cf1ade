#pragma once

#include "core/domain/instrument.hpp"
#include "feeds/batch.hpp"
#include "feeds/feed.hpp"
#include "feeds/frame.hpp"
#include "tests/support.hpp"

#include <gtest/gtest.h>
#include <zstd.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

namespace test {

/// Bytes of a frame with the padding that decoders read behind them.
class Bytes {
    std::string held_;

public:
    explicit Bytes(std::string_view text) : held_{text} { held_.append(feeds::frame_padding, '\0'); }
    [[nodiscard]] std::string_view view() const noexcept {
        return std::string_view{held_}.substr(0, held_.size() - feeds::frame_padding);
    }
};

/// One line of a recorded connection.
struct RecordedFrame {
    Bytes bytes;
    std::string url;
    core::Nanoseconds receive_time{};
    feeds::FrameOrigin origin{};

    [[nodiscard]] feeds::Frame frame() const noexcept {
        return {.bytes = bytes.view(), .receive_time = receive_time, .origin = origin, .url = url};
    }
};

inline std::string file_bytes(const std::filesystem::path& path) {
    std::ifstream in{path, std::ios::binary};
    if (!in) throw std::runtime_error{"cannot read " + path.string()};
    return {std::istreambuf_iterator<char>{in}, {}};
}

inline std::string unzstd(const std::string& packed) {
    std::string out;
    const std::unique_ptr<ZSTD_DStream, std::size_t (*)(ZSTD_DStream*)> stream{ZSTD_createDStream(), ZSTD_freeDStream};
    ZSTD_inBuffer in{packed.data(), packed.size(), 0};
    while (in.pos < in.size) {
        const auto had = out.size();
        out.resize(had + (std::size_t{1} << 20));
        ZSTD_outBuffer to{out.data() + had, out.size() - had, 0};
        if (ZSTD_isError(ZSTD_decompressStream(stream.get(), &to, &in)) != 0U)
            throw std::runtime_error{"damaged zstd frame"};
        out.resize(had + to.pos);
    }
    return out;
}

/// "1649290077.519788" in nanoseconds.
inline core::Nanoseconds epoch_seconds(std::string_view text) {
    const auto point = text.find('.');
    std::string digits{text.substr(0, point)};
    std::string fraction{point == std::string_view::npos ? "" : text.substr(point + 1)};
    fraction.resize(9, '0');
    return core::Nanoseconds{std::stoll(digits + fraction)};
}

/// The received frames of a capture in cryptofeed's line format, and REST answers.
inline std::vector<RecordedFrame> recorded(const std::string& name) {
    const auto text = unzstd(file_bytes(shared("ws/cryptofeed/" + name + ".zst")));
    std::vector<RecordedFrame> frames;
    std::string socket;
    std::size_t at = 0;
    while (at < text.size()) {
        const auto end = std::min(text.find('\n', at), text.size());
        const std::string_view line{text.data() + at, end - at};
        at = end + 1;
        if (const auto opened = line.find(" <-> "); opened != std::string_view::npos && line.starts_with("ws")) {
            socket = std::string{line.substr(0, opened)};
        } else if (const auto answer = line.find(" -> ");
                   answer != std::string_view::npos && line.starts_with("http")) {
            const auto colon = line.find(": ", answer);
            frames.push_back({Bytes{line.substr(colon + 2)}, std::string{line.substr(0, answer)},
                              epoch_seconds(line.substr(answer + 4, colon - answer - 4)), feeds::FrameOrigin::rest});
        } else if (!line.empty() && line[0] >= '0' && line[0] <= '9') {
            const auto colon = line.find(": ");
            frames.push_back({Bytes{line.substr(colon + 2)}, socket, epoch_seconds(line.substr(0, colon)),
                              feeds::FrameOrigin::socket});
        }
    }
    return frames;
}

inline core::InstrumentId add_instrument(core::InstrumentTable& table, core::Venue venue, core::Market market,
                                         const char* symbol, int price_decimals, int quantity_decimals) {
    core::Instrument instrument;
    instrument.venue = venue;
    instrument.market = market;
    instrument.symbol = symbol;
    instrument.price_decimals = price_decimals;
    instrument.quantity_decimals = quantity_decimals;
    return table.add(instrument);
}

/// What a decoder made of a frame, by value.
struct Decoded {
    bool ok{};
    core::Fault fault{};
    std::vector<core::Tick> ticks;
    std::vector<std::pair<std::string, std::string>> texts;  // of levels
    feeds::Control control{};
    std::uint64_t control_id{};
    feeds::BookEvent book{};
};

inline Decoded taken(const core::Result<std::size_t, core::Fault>& result, feeds::Batch& batch) {
    Decoded out;
    out.ok = result.has_value();
    if (!out.ok) {
        out.fault = result.error();
        return out;
    }
    EXPECT_EQ(*result, batch.ticks().size());
    out.ticks.assign(batch.ticks().begin(), batch.ticks().end());
    out.control = batch.control;
    out.control_id = batch.control_id;
    out.book = batch.book;
    if (batch.book.has_checksum)
        for (std::size_t i = 0; i < out.ticks.size(); ++i)
            out.texts.emplace_back(batch.texts()[i].price, batch.texts()[i].quantity);
    return out;
}

inline bool same(const Decoded& a, const Decoded& b) {
    if (a.ok != b.ok) return false;
    if (!a.ok)
        return a.fault.reason == b.fault.reason && a.fault.offset == b.fault.offset &&
               std::string_view{a.fault.field} == b.fault.field;
    return a.ticks.size() == b.ticks.size() && a.texts == b.texts && a.control == b.control &&
           a.control_id == b.control_id &&
           (a.ticks.empty() || std::memcmp(a.ticks.data(), b.ticks.data(), a.ticks.size() * sizeof(core::Tick)) == 0) &&
           a.book.kind == b.book.kind && a.book.first == b.book.first && a.book.last == b.book.last &&
           a.book.previous == b.book.previous && a.book.has_previous == b.book.has_previous &&
           a.book.has_checksum == b.book.has_checksum && a.book.checksum == b.book.checksum &&
           a.book.instrument == b.book.instrument;
}

/// A decoder with what it needs, for tests that feed it one text after another.
template <class Decoder>
struct Bench {
    core::InstrumentTable instruments{};
    feeds::Batch batch{};
    Decoder decoder;

    explicit Bench(bool learn = true) : decoder{instruments, learn} {}
    Bench(Bench&&) = delete;  // the decoder knows the table's address

    Decoded scan(const feeds::Frame& frame) { return taken(decoder.decode(frame, batch), batch); }
    Decoded general(const feeds::Frame& frame) { return taken(decoder.decode_general(frame, batch), batch); }
    /// Both ways, which must agree.
    Decoded decode(std::string_view text, std::string_view url = {}) {
        const Bytes bytes{text};
        const feeds::Frame frame{.bytes = bytes.view(), .receive_time = core::Nanoseconds{42}, .url = url};
        auto a = scan(frame);
        EXPECT_TRUE(same(a, general(frame))) << text;
        return a;
    }
};

/// Feeds every prefix of `text` (all must be refused) and thousands of damaged copies; scanner and general parser must
/// agree on all.
template <class Decoder>
void survive_damage(Bench<Decoder>& bench, std::string_view text, std::string_view url = {}) {
    ASSERT_TRUE(bench.decode(text, url).ok) << text;
    const auto check = [&](std::string_view damaged) {
        const Bytes bytes{damaged};
        const feeds::Frame frame{.bytes = bytes.view(), .receive_time = core::Nanoseconds{42}, .url = url};
        const auto a = bench.scan(frame);
        EXPECT_TRUE(same(a, bench.general(frame))) << damaged;
        return a.ok;
    };
    for (std::size_t n = 0; n < text.size(); ++n) EXPECT_FALSE(check(text.substr(0, n))) << n;
    for (std::size_t i = 0; i < text.size(); ++i) {
        for (const char c : {'0', '9', '.', '-', '"', ',', ':', '\\', '{', '}', '[', ']', ' ', 'e', '\xff', '\0'}) {
            std::string damaged{text};
            damaged[i] = c;
            check(damaged);
        }
        std::string shorter{text};
        shorter.erase(i, 1);
        check(shorter);
        std::string longer{text};
        longer.insert(i, 1, text[i]);
        check(longer);
    }
    std::mt19937 random{20260101};
    for (int round = 0; round < 1000; ++round) {
        std::string damaged{text};
        for (int n = 0; n < 3; ++n) damaged[random() % damaged.size()] = static_cast<char>(random());
        const auto from = random() % damaged.size();
        if (round % 2 == 0) damaged.erase(from, random() % 20);
        check(damaged);
    }
}

/// A slow obvious book, by the rules every venue shares: absolute quantities, 0 removes, a snapshot replaces.
struct MapBook {
    std::map<std::int64_t, std::int64_t, std::greater<>> bids;
    std::map<std::int64_t, std::int64_t> asks;

    void on(const core::Tick& tick) {
        if (!tick.is(core::TickKind::level)) return;
        if ((tick.flags & core::tick_flag::snapshot) != 0 && (tick.flags & core::tick_flag::first) != 0) {
            bids.clear();
            asks.clear();
        }
        const auto price = tick.level.price.units;
        const auto quantity = tick.level.quantity.units;
        if (tick.side == core::Side::buy)
            quantity == 0 ? static_cast<void>(bids.erase(price)) : static_cast<void>(bids[price] = quantity);
        else
            quantity == 0 ? static_cast<void>(asks.erase(price)) : static_cast<void>(asks[price] = quantity);
    }
    friend bool operator==(const MapBook&, const MapBook&) = default;
};

/// A feed of one instrument and what came out of it.
template <class Decoder, class Synchroniser>
struct FeedBench {
    core::InstrumentTable instruments{};
    feeds::Feed<Decoder, Synchroniser> feed;
    std::vector<core::Tick> ticks{};
    MapBook book{};
    std::string url{};

    FeedBench(core::Venue venue, core::Market market, const char* symbol)
        : feed{(add_instrument(instruments, venue, market, symbol, 2, 4), instruments)} {}

    void on(std::string_view text) {
        const Bytes bytes{text};
        feed.on_frame({.bytes = bytes.view(), .url = url}, [&](const core::Tick& tick) {
            ticks.push_back(tick);
            book.on(tick);
        });
    }
    [[nodiscard]] int sessions(core::Session what) const {
        return static_cast<int>(std::count_if(ticks.begin(), ticks.end(), [&](const core::Tick& tick) {
            return tick.is(core::TickKind::session) && tick.code == static_cast<std::uint16_t>(what);
        }));
    }
    [[nodiscard]] bool live() { return feed.synchroniser().state(core::InstrumentId{0}) == Synchroniser::State::live; }
    [[nodiscard]] const feeds::FeedStats& stats() const { return feed.stats(); }
};

/// Adds the symbols of a capture to the table, with decimals that hold all its texts.
template <class Decoder>
void learn(core::InstrumentTable& instruments, const std::vector<RecordedFrame>& frames) {
    Decoder decoder{instruments, true};
    feeds::Batch batch;
    for (const auto& frame : frames) static_cast<void>(decoder.decode_general(frame.frame(), batch));
    for (std::uint16_t i = 0; i < instruments.size(); ++i)
        instruments[core::InstrumentId{i}].price_decimals = 8;  // candles' range
}

/// Plays a capture through a feed and its synchroniser, and through a twin: the general decoder and a std::map book,
/// without any synchroniser. Both must end with the same uncrossed books.
template <class Decoder, class Synchroniser>
feeds::FeedStats play_beside_twin(const std::vector<RecordedFrame>& frames, std::size_t books) {
    core::InstrumentTable instruments;
    learn<Decoder>(instruments, frames);
    feeds::Feed<Decoder, Synchroniser> feed{instruments};
    std::map<std::uint16_t, MapBook> passed, decoded;
    Decoder twin{instruments};
    feeds::Batch batch;
    for (const auto& frame : frames) {
        feed.on_frame(frame.frame(), [&](const core::Tick& tick) {
            if (tick.is(core::TickKind::level)) passed[tick.instrument.value].on(tick);
        });
        EXPECT_TRUE(twin.decode_general(frame.frame(), batch)) << frame.bytes.view();
        for (const auto& tick : batch.ticks())
            if (tick.is(core::TickKind::level)) decoded[tick.instrument.value].on(tick);
    }
    EXPECT_EQ(passed.size(), books);
    EXPECT_EQ(passed, decoded);
    for (const auto& [id, book] : passed) {
        EXPECT_TRUE(!book.bids.empty() && !book.asks.empty() && book.bids.begin()->first < book.asks.begin()->first)
            << id;
    }
    return feed.stats();
}

}  // namespace test
