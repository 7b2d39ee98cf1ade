#include "feeds/history/candle_text.hpp"

#include <algorithm>
#include <chrono>

namespace feeds::history {

namespace {

constexpr int most_decimals = 18;

constexpr bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

/// Exactly `count` digits at the front of `text`, taken off it; -1 if they are not there.
int take(std::string_view& text, std::size_t count) noexcept {
    if (text.size() < count) return -1;
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) {
        if (!is_digit(text[i])) return -1;
        value = value * 10 + (text[i] - '0');
    }
    text.remove_prefix(count);
    return value;
}

bool take(std::string_view& text, char c) noexcept {
    if (text.empty() || text.front() != c) return false;
    text.remove_prefix(1);
    return true;
}

/// Writes one more digit behind `digits`; false if 64 bits do not hold it.
bool append(std::int64_t& digits, int digit) noexcept {
    return !__builtin_mul_overflow(digits, std::int64_t{10}, &digits) &&
           !__builtin_add_overflow(digits, std::int64_t{digit}, &digits);
}

/// "Z", "+02:00", "-0530", "+01" or nothing, as minutes east of UTC.
std::optional<int> take_offset(std::string_view text) noexcept {
    if (text.empty() || text == "Z" || text == "z") return 0;
    const bool west = text.front() == '-';
    if (!west && text.front() != '+') return std::nullopt;
    text.remove_prefix(1);
    const int hours = take(text, std::size_t{2});
    if (hours < 0 || hours > 14) return std::nullopt;
    int minutes = 0;
    if (!text.empty()) {
        take(text, ':');
        minutes = take(text, std::size_t{2});
        if (minutes < 0 || minutes > 59 || !text.empty()) return std::nullopt;
    }
    return (hours * 60 + minutes) * (west ? -1 : 1);
}

std::optional<core::Nanoseconds> read_iso(std::string_view text) noexcept {
    using namespace std::chrono;
    const int years = take(text, std::size_t{4});
    if (years < 1970 || years > 2261 || !take(text, '-')) return std::nullopt;
    const int months = take(text, std::size_t{2});
    if (months < 1 || !take(text, '-')) return std::nullopt;
    const int days = take(text, std::size_t{2});
    if (days < 1) return std::nullopt;
    const year_month_day date{year{years}, month{static_cast<unsigned>(months)}, day{static_cast<unsigned>(days)}};
    if (!date.ok()) return std::nullopt;
    core::Nanoseconds time = sys_days{date}.time_since_epoch();
    if (text.empty()) return time;
    if (!take(text, 'T') && !take(text, ' ')) return std::nullopt;
    const int hour = take(text, std::size_t{2});
    if (hour < 0 || hour > 23 || !take(text, ':')) return std::nullopt;
    const int minute = take(text, std::size_t{2});
    if (minute < 0 || minute > 59) return std::nullopt;
    time += hours{hour} + minutes{minute};
    if (take(text, ':')) {
        const int second = take(text, std::size_t{2});
        if (second < 0 || second > 59) return std::nullopt;
        time += seconds{second};
        if (take(text, '.')) {
            std::int64_t unit = 100'000'000;
            if (text.empty() || !is_digit(text.front())) return std::nullopt;
            for (; !text.empty() && is_digit(text.front()); text.remove_prefix(1), unit /= 10)
                time += core::Nanoseconds{(text.front() - '0') * unit};
        }
    }
    const auto offset = take_offset(text);
    if (!offset) return std::nullopt;
    return time - minutes{*offset};
}

std::optional<core::Nanoseconds> read_epoch(std::string_view text) noexcept {
    NumberFault fault{};
    auto number = read_exact(text, fault);
    if (!number || number->digits < 0) return std::nullopt;
    // The unit by the size of the whole part.
    std::int64_t whole = number->digits;
    for (int i = 0; i < number->decimals; ++i) whole /= 10;
    const int unit_decimals = whole < 100'000'000'000           ? 9
                              : whole < 100'000'000'000'000     ? 6
                              : whole < 100'000'000'000'000'000 ? 3
                                                                : 0;
    if (number->decimals > unit_decimals) return std::nullopt;  // finer than a nanosecond
    const auto ns = scaled(*number, unit_decimals);
    // The last nanosecond that the calendar's own reader accepts: 2261-12-31T23:59:59.999999999Z.
    if (!ns || *ns >= 9'214'646'400'000'000'000) return std::nullopt;
    return core::Nanoseconds{*ns};
}

}  // namespace

std::optional<Exact> read_exact(std::string_view text, NumberFault& fault) noexcept {
    fault = NumberFault::malformed;
    const bool negative = take(text, '-');
    std::int64_t digits = 0, zeros = 0;  // zeros: read but not yet known to matter
    int decimals = 0, exponent = 0;
    bool any = false, point = false, too_long = false;
    for (; !text.empty(); text.remove_prefix(1)) {
        const char c = text.front();
        if (c == '.') {
            if (point || !any) return std::nullopt;
            point = true;
            continue;
        }
        if (!is_digit(c)) break;
        any = true;
        if (point) ++decimals;
        if (c == '0') {
            ++zeros;
            continue;
        }
        for (; zeros > 0 && digits != 0 && !too_long; --zeros) too_long = !append(digits, 0);
        zeros = 0;
        too_long = too_long || !append(digits, c - '0');
    }
    if (!any) return std::nullopt;
    if (take(text, 'e') || take(text, 'E')) {
        const bool small = take(text, '-');
        if (!small) take(text, '+');
        if (text.empty() || text.size() > 3) return std::nullopt;
        exponent = take(text, text.size());
        if (exponent < 0) return std::nullopt;
        if (small) exponent = -exponent;
    }
    if (!text.empty()) return std::nullopt;
    fault = NumberFault::out_of_range;
    if (digits == 0) return too_long ? std::nullopt : std::optional<Exact>{Exact{}};
    if (too_long) return std::nullopt;
    decimals -= static_cast<int>(zeros) + exponent;  // the trailing zeros were never multiplied in
    if (decimals > most_decimals) return std::nullopt;
    for (; decimals < 0; ++decimals)
        if (!append(digits, 0)) return std::nullopt;
    return Exact{negative ? -digits : digits, decimals};
}

std::optional<std::int64_t> scaled(Exact number, int decimals) noexcept {
    std::int64_t units = number.digits;
    for (int i = number.decimals; i < decimals; ++i)
        if (__builtin_mul_overflow(units, std::int64_t{10}, &units)) return std::nullopt;
    return units;
}

std::optional<core::Nanoseconds> read_stamp(std::string_view text) noexcept {
    const bool iso = text.size() > 4 && text[4] == '-' && std::all_of(text.begin(), text.begin() + 4, is_digit);
    return iso ? read_iso(text) : read_epoch(text);
}

}  // namespace feeds::history
