#pragma once

#include "feeds/batch.hpp"
#include "feeds/binance/decoder.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <memory>
#include <string>
#include <string_view>

namespace test {

/// A frame's bytes at the very end of what may be read: frame_padding bytes behind them, and nothing further.
class Padded {
public:
    explicit Padded(std::string_view bytes)
        : bytes_{std::make_unique<char[]>(bytes.size() + feeds::frame_padding)}, size_{bytes.size()} {
        std::memcpy(bytes_.get(), bytes.data(), bytes.size());
    }
    [[nodiscard]] std::string_view view() const { return {bytes_.get(), size_}; }

private:
    std::unique_ptr<char[]> bytes_;
    std::size_t size_;
};

inline bool same_ticks(const feeds::Batch& a, const feeds::Batch& b) {
    return a.ticks().size() == b.ticks().size() &&
           std::memcmp(a.ticks().data(), b.ticks().data(), a.ticks().size() * sizeof(core::Tick)) == 0;
}

inline bool same_book(const feeds::BookEvent& a, const feeds::BookEvent& b) {
    return a.kind == b.kind && a.rest == b.rest && a.first == b.first && a.last == b.last && a.previous == b.previous &&
           a.has_previous == b.has_previous && a.instrument == b.instrument;
}

/// The scanner and its oracle side by side, each with its own memory of connections.
struct Both {
    feeds::binance::Decoder fast, general;
    feeds::Batch fast_batch, general_batch;

    explicit Both(core::InstrumentTable& instruments, bool learn = false)
        : fast{instruments, learn}, general{instruments, learn} {}

    /// Empty when both say the same about the frame, else what differs.
    std::string differs(const feeds::Frame& frame) {
        fast_batch.clear();
        general_batch.clear();
        const auto a = fast.decode(frame, fast_batch);
        const auto b = general.decode_general(frame, general_batch);
        if (a.has_value() != b.has_value()) return a ? "only the scanner accepts" : "only the general parser accepts";
        if (!a) return a.error() == b.error() ? "" : "other fault";
        if (!same_ticks(fast_batch, general_batch)) return "other ticks";
        if (fast_batch.control != general_batch.control) return "other control";
        return same_book(fast_batch.book, general_batch.book) ? "" : "other book event";
    }
};

}  // namespace test
