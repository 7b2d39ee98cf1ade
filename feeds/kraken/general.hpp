#pragma once

#include "feeds/batch.hpp"
#include "feeds/frame.hpp"
#include "feeds/json_frame.hpp"
#include "feeds/kraken/depths.hpp"
#include "feeds/symbols.hpp"
#include "feeds/tick_writer.hpp"

namespace feeds::kraken {

/// What the reading of one frame by parser works with; include it in sources only. Every verb of it returns false with
/// the reason in `json`.
struct General {
    JsonFrame& json;
    Symbols& symbols;
    Depths& depths;
    const Frame& frame;
    Batch& batch;
    bool learn;

    [[nodiscard]] bool instrument(std::string_view symbol, const core::Instrument*& to) noexcept {
        to = symbols.find_or_learn(core::Market::spot, symbol);
        return to != nullptr || json.fail(core::Error::unknown_symbol, "symbol", symbol.data());
    }
    [[nodiscard]] bool add(const core::Tick& tick) noexcept {
        return append(batch, tick) || json.fail(core::Error::oversized, "data");
    }
    [[nodiscard]] bool named(Control control) noexcept {
        batch.control = control;
        return true;
    }
    [[nodiscard]] bool set_checksum(std::int64_t value, const char* field) noexcept {
        if (value < 0 || value > 0xffff'ffff) return json.fail(core::Error::out_of_range, field);
        batch.book.has_checksum = true;
        batch.book.checksum = static_cast<std::uint32_t>(value);
        return true;
    }
    /// f(value) of each element of an array while it returns true.
    template <class F>
    [[nodiscard]] bool each(JsonFrame::Value value, const char* field, F&& f) noexcept {
        JsonFrame::Array array;
        if (!json.get(value, field, array)) return false;
        for (auto element : array) {
            JsonFrame::Value item;
            if (const auto error = element.get(item)) return json.fail(error, field);
            if (!f(item)) return false;
        }
        return true;
    }
    /// f(index, cell) of each cell of a row that has at least `count`.
    template <class F>
    [[nodiscard]] bool cells(JsonFrame::Value value, const char* field, std::size_t count, F&& f) noexcept {
        std::size_t index = 0;
        if (!each(value, field, [&](JsonFrame::Value cell) { return f(index++, cell); })) return false;
        return index >= count || json.fail(core::Error::missing_field, field);
    }
};

/// A v1 array frame.
[[nodiscard]] bool read_v1(General& in) noexcept;
/// Whatever is an object: v2, and the events of v1.
[[nodiscard]] bool read_object(General& in) noexcept;

}  // namespace feeds::kraken
