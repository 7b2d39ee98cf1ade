#pragma once

#include <cassert>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

namespace core {

/// Why something from outside was refused. One word per reason; counters and messages use `name()`.
enum class Error : std::uint8_t {
    malformed,        ///< not the grammar expected (broken JSON, not a decimal, wrong punctuation)
    truncated,        ///< ends before it is complete
    oversized,        ///< larger than the bound stated at the reader
    wrong_type,       ///< a value of another JSON type than expected
    missing_field,    ///< a required field is absent
    out_of_range,     ///< too large or too small for its type
    too_precise,      ///< finer than the instrument's unit: it would have to be rounded
    negative,         ///< negative where only zero or more makes sense
    unknown_symbol,   ///< no such instrument is configured
    unknown_message,  ///< a well-formed frame of no known kind
    crossed,          ///< bid at or above ask
    gap,              ///< a sequence number is missing
    checksum,         ///< the venue's checksum does not match
    corrupt,          ///< stored data damaged (CRC, magic, version)
    io,               ///< the operating system refused (see errno at the caller)
    full,             ///< no room: ring, buffer or disk
    refused,          ///< a rule of ours says no
};

/// The reason's stable name, as printed and counted: "malformed", "too_precise", …
std::string_view name(Error error) noexcept;

/// Where and why a frame, file or text was refused. Trivially copyable; `field` points to static text.
struct Fault {
    Error reason{};
    std::uint32_t offset{};  ///< byte offset into the input, as near as known
    const char* field = "";  ///< the field or element concerned, "" if none

    friend constexpr bool operator==(const Fault& a, const Fault& b) noexcept { return a.reason == b.reason; }
    friend constexpr bool operator==(const Fault& a, Error b) noexcept { return a.reason == b; }
};

/// A value or the reason there is none, with the verbs of std::expected (which can replace it later).
template <class T, class E = Error>
class [[nodiscard]] Result {
    std::variant<T, E> held_;

public:
    constexpr Result(T value) noexcept(std::is_nothrow_move_constructible_v<T>)
        : held_{std::in_place_index<0>, std::move(value)} {}
    constexpr Result(E error) noexcept : held_{std::in_place_index<1>, std::move(error)} {}

    [[nodiscard]] constexpr bool has_value() const noexcept { return held_.index() == 0; }
    constexpr explicit operator bool() const noexcept { return has_value(); }

    constexpr T& operator*() noexcept {
        assert(has_value());
        return *std::get_if<0>(&held_);
    }
    constexpr const T& operator*() const noexcept {
        assert(has_value());
        return *std::get_if<0>(&held_);
    }
    constexpr T* operator->() noexcept { return &**this; }
    constexpr const T* operator->() const noexcept { return &**this; }
    [[nodiscard]] constexpr const E& error() const noexcept {
        assert(!has_value());
        return *std::get_if<1>(&held_);
    }
    template <class U>
    [[nodiscard]] constexpr T value_or(U&& other) const noexcept {
        return has_value() ? **this : static_cast<T>(std::forward<U>(other));
    }

    friend constexpr bool operator==(const Result& a, const Result& b) noexcept { return a.held_ == b.held_; }
    friend constexpr bool operator==(const Result& a, const T& b) noexcept { return a.has_value() && *a == b; }
    friend constexpr bool operator==(const Result& a, const E& b) noexcept { return !a.has_value() && a.error() == b; }
};

}  // namespace core
