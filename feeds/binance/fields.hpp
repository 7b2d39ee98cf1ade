#pragma once

#include "core/domain/result.hpp"
#include "core/domain/time.hpp"

#include <simdjson.h>

#include <array>
#include <bitset>
#include <cstdint>
#include <string_view>

namespace feeds::binance {

/// Keys that Binance's messages use. Single letters are their own value; a key of no name here is skipped.
enum class Key : std::uint8_t {
    pu = 128,
    ps,
    last_update_id,
    bids,
    asks,
    symbol,
    code,
    msg,
    result,
    id,
    error,
    stream,
    data,
    symbols,
    rate_limits,
    status,
    end
};
constexpr Key letter(char c) noexcept {
    return static_cast<Key>(c);
}
/// The key's own text, for faults.
const char* name(Key key) noexcept;

/// One member as it stands in the frame.
struct Field {
    enum class Type : std::uint8_t { absent, string, number, boolean, null, array, object } type{};
    bool truth{};           ///< of a boolean
    std::string_view text;  ///< of a string, between its quotes; of a number, its digits
};

/// The members of one JSON object, in whatever order they came.
class Fields {
public:
    void clear() noexcept { present_.reset(); }
    [[nodiscard]] bool has(Key key) const noexcept { return present_[static_cast<std::size_t>(key)]; }
    [[nodiscard]] bool has(Key key, Field::Type type) const noexcept { return (*this)[key].type == type; }
    [[nodiscard]] const Field& operator[](Key key) const noexcept {
        static constexpr Field absent{};
        return has(key) ? fields_[static_cast<std::size_t>(key)] : absent;
    }
    void set(Key key, const Field& field) noexcept {
        present_.set(static_cast<std::size_t>(key));
        fields_[static_cast<std::size_t>(key)] = field;
    }

private:
    std::bitset<static_cast<std::size_t>(Key::end)> present_;
    std::array<Field, static_cast<std::size_t>(Key::end)> fields_;
};

/// A message: its outer object, and the objects within that carry the event ("data", then "k" or "o").
struct Message {
    static constexpr std::size_t depth = 3;
    std::array<Fields, depth> levels;
    std::size_t event{};  ///< which of `levels` is the event: 1 behind a combined stream's wrapper, else 0

    [[nodiscard]] const Fields& outer() const noexcept { return levels[0]; }
    [[nodiscard]] const Fields& fields() const noexcept { return levels[event]; }
    [[nodiscard]] const Fields& inner() const noexcept { return levels[event + 1]; }
};

/// Reads every member of `object` into message.levels[level], descending into "data", "k" and "o".
/// The structure is checked to the object's end; values of unused members are only skipped.
/// `document` is the one that `object` is part of: broken structure can end a simdjson loop without an error value, but
/// leaves the document dead.
simdjson::error_code read(simdjson::ondemand::document& document, simdjson::ondemand::object object, Message& message,
                          std::size_t level) noexcept;

/// A JSON whole number. Errors: malformed, negative, out_of_range.
core::Result<std::uint64_t> parse_integer(std::string_view text) noexcept;

/// A venue time: 13 digits or fewer are milliseconds, 16 are microseconds (timeUnit=MICROSECOND).
/// Errors as parse_integer; out_of_range also between the two.
core::Result<core::Nanoseconds> parse_time(std::string_view text) noexcept;

/// The error of ours that a parser's error amounts to.
core::Error reason(simdjson::error_code error) noexcept;

}  // namespace feeds::binance
