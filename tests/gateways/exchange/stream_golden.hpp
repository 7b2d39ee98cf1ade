#pragma once

#include "gateways/orders/venue_event.hpp"
#include "gateways/streams/reading.hpp"
#include "tests/gateways/exchange/golden.hpp"

#include <string>
#include <vector>

namespace test {

/// What the venue says in one of JKorf's recorded dialogues ("> " we, "< " its answer, "= " an update), in its order,
/// with `request_id` where the recording has a made-up |1| or |2|.
inline std::vector<std::string> venue_lines(const std::filesystem::path& file, const std::string& request_id) {
    std::ifstream in{file};
    std::vector<std::string> frames;
    bool ours = false;
    for (std::string line; std::getline(in, line);) {
        while (!line.empty() && line.back() == '\r') line.pop_back();
        const auto first = line.find_first_not_of(" \t");
        if (first == line.npos) continue;
        const char mark = line[first];
        if (mark == '>' || mark == '<' || mark == '=') {
            ours = mark == '>';
            line = line.substr(first + 1);
            if (!ours) frames.emplace_back();
        }
        if (!ours && !frames.empty()) frames.back() += line + '\n';
    }
    for (auto& frame : frames)
        for (std::size_t at; (at = frame.find('|')) != frame.npos;) {
            const auto end = frame.find('|', at + 1);
            if (end == frame.npos) break;
            frame.replace(at, end - at + 1, request_id);
        }
    return frames;
}

/// A table with what the recordings speak of: eight decimals take all of them exactly.
inline core::InstrumentTable stream_instruments(core::Venue venue,
                                                std::initializer_list<std::pair<core::Market, const char*>> rows) {
    core::InstrumentTable table;
    for (const auto& [market, symbol] : rows)
        table.add({.venue = venue, .market = market, .symbol = symbol, .price_decimals = 8, .quantity_decimals = 8});
    return table;
}

constexpr core::Nanoseconds received{1'800'000'000'000'000'000};

/// One decoder with the events of the last frame.
template <class Stream>
struct StreamHarness {
    core::InstrumentTable table;
    Stream stream{table};
    std::vector<gateways::VenueEvent> events{};

    gateways::streams::Reading read(std::string_view frame) {
        events.clear();
        const auto reading = stream.read(frame, received, events);
        EXPECT_TRUE(reading) << frame;
        return reading ? *reading : gateways::streams::Reading{};
    }
    gateways::streams::Reading read_file(const std::string& name) { return read(text_of(shared("golden/" + name))); }
};

}  // namespace test
