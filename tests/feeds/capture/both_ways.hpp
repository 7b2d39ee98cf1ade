#pragma once

#include "feeds/batch.hpp"
#include "feeds/capture/merged_reader.hpp"
#include "feeds/feed.hpp"
#include "tests/support.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace test::both_ways {

/// A frame whose bytes are followed by padding, as a session's are.
class PaddedFrame {
public:
    explicit PaddedFrame(std::string_view bytes)
        : bytes_(bytes.size() + feeds::frame_padding, '\0'), size_{bytes.size()} {
        std::memcpy(bytes_.data(), bytes.data(), bytes.size());
    }
    [[nodiscard]] feeds::Frame frame() const {
        return {.bytes = {bytes_.data(), size_}, .receive_time = core::Nanoseconds{1'700'000'000'000'000'000}};
    }

private:
    std::vector<char> bytes_;
    std::size_t size_;
};

inline bool same_event(const feeds::BookEvent& a, const feeds::BookEvent& b) {
    return a.kind == b.kind && a.rest == b.rest && a.first == b.first && a.last == b.last && a.previous == b.previous &&
           a.has_previous == b.has_previous && a.has_checksum == b.has_checksum && a.checksum == b.checksum &&
           a.instrument == b.instrument && a.depth == b.depth;
}

/// Decodes by the scanner and by the parser and expects the same of both: ticks byte for byte, event, control, or a
/// refusal. Returns whether it was refused.
template <class Decoder>
bool decodes_both_ways(Decoder& fast, Decoder& general, const feeds::Frame& frame, feeds::Batch& a, feeds::Batch& b) {
    a.clear();
    b.clear();
    const auto first = fast.decode(frame, a);
    const auto second = general.decode_general(frame, b);
    EXPECT_EQ(first.has_value(), second.has_value()) << frame.bytes;
    if (!first && !second) {
        EXPECT_EQ(first.error().reason, second.error().reason) << frame.bytes;
    }
    EXPECT_EQ(a.control, b.control) << frame.bytes;
    EXPECT_EQ(a.control_id, b.control_id) << frame.bytes;
    EXPECT_EQ(a.connection_sequence, b.connection_sequence) << frame.bytes;
    EXPECT_TRUE(same_event(a.book, b.book)) << frame.bytes;
    EXPECT_EQ(a.ticks().size(), b.ticks().size()) << frame.bytes;
    if (a.ticks().size() == b.ticks().size()) {
        EXPECT_EQ(std::memcmp(a.ticks().data(), b.ticks().data(), a.ticks().size_bytes()), 0) << frame.bytes;
    }
    return !first.has_value();
}

/// Every file of tests/fuzz/corpus/`name`, the committed seeds of a fuzz target.
inline std::vector<std::string> corpus(const std::string& name) {
    std::vector<std::string> texts;
    for (const auto& entry :
         std::filesystem::directory_iterator{std::filesystem::path{OMEGA_SOURCE_DIR} / "tests/fuzz/corpus" / name}) {
        std::ifstream in{entry.path(), std::ios::binary};
        texts.emplace_back(std::istreambuf_iterator<char>{in}, std::istreambuf_iterator<char>{});
    }
    return texts;
}

/// Every short damage of `text`: each byte replaced, removed, doubled, and the text cut there.
inline void for_each_damage(std::string_view text, const std::function<void(std::string_view)>& f) {
    constexpr std::string_view replacements{"09-.\"\\ {}[],:eNx\0\xff", 18};
    for (std::size_t at = 0; at < text.size(); ++at) {
        std::string damaged{text};
        for (const char c : replacements) {
            damaged[at] = c;
            f(damaged);
        }
        damaged = text;
        f(std::string_view{damaged}.substr(0, at));
        damaged.insert(at, 1, text[at]);
        f(damaged);
        damaged = text;
        damaged.erase(at, 1);
        f(damaged);
    }
}

/// A book in the slow, obvious way.
struct MapBook {
    std::map<std::int64_t, std::int64_t, std::greater<>> bids;
    std::map<std::int64_t, std::int64_t> asks;
    bool valid{};

    void on(const core::Tick& tick) {
        if (tick.is(core::TickKind::session)) {
            if (tick.code == static_cast<std::uint16_t>(core::Session::gap)) valid = false;
            return;
        }
        if (!tick.is(core::TickKind::level)) return;
        if ((tick.flags & core::tick_flag::snapshot) != 0) {
            if ((tick.flags & core::tick_flag::first) != 0) clear();
            valid = true;
        }
        set(tick.side, tick.level.price.units, tick.level.quantity.units);
    }
    void clear() {
        bids.clear();
        asks.clear();
    }
    void set(core::Side side, std::int64_t price, std::int64_t quantity) {
        const auto apply = [&](auto& levels) {
            if (quantity == 0)
                levels.erase(price);
            else
                levels[price] = quantity;
        };
        side == core::Side::buy ? apply(bids) : apply(asks);
    }
    void truncate(std::size_t depth) {
        while (bids.size() > depth) bids.erase(std::prev(bids.end()));
        while (asks.size() > depth) asks.erase(std::prev(asks.end()));
    }
    friend bool operator==(const MapBook&, const MapBook&) = default;
};

}  // namespace test::both_ways
