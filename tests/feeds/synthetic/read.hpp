#pragma once

#include "feeds/frame.hpp"

#include <charconv>
#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>

/// A tiny reader of the shapes that the synthetic market writes, apart from the real codec: it throws on any surprise.
namespace test {

/// What follows `label` up to the next of ",]}" or a quote.
inline std::string_view after(std::string_view text, std::string_view label) {
    const auto at = text.find(label);
    if (at == text.npos) throw std::runtime_error{"no " + std::string{label} + " in " + std::string{text}};
    text.remove_prefix(at + label.size());
    if (!text.empty() && text.front() == '"') text.remove_prefix(1);
    return text.substr(0, text.find_first_of("\",]}"));
}

inline std::int64_t number(std::string_view digits) {
    std::int64_t value{};
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc{} || end != digits.data() + digits.size())
        throw std::runtime_error{"not a number: " + std::string{digits}};
    return value;
}

/// "61800.30" as 6180030: all texts of one kind have the same number of decimals.
inline std::int64_t decimal(std::string_view text) {
    std::string digits{text};
    std::erase(digits, '.');
    return number(digits);
}

using Levels = std::map<std::int64_t, std::int64_t>;

/// The list of levels after `label`, applied: quantity 0 takes a level away. Returns how many there were.
inline int apply(std::string_view frame, std::string_view label, Levels& to) {
    auto at = frame.find(label);
    if (at == frame.npos) throw std::runtime_error{"no levels"};
    at += label.size();
    int count = 0;
    while (frame.at(at) == '[') {
        const auto price_end = frame.find('"', at + 2), quantity_end = frame.find('"', price_end + 3);
        const auto price = decimal(frame.substr(at + 2, price_end - at - 2));
        const auto quantity = decimal(frame.substr(price_end + 3, quantity_end - price_end - 3));
        if (quantity == 0)
            to.erase(price);
        else
            to[price] = quantity;
        ++count;
        at = quantity_end + 2;
        if (frame.at(at) == ',') ++at;
    }
    if (frame.at(at) != ']') throw std::runtime_error{"levels end badly"};
    return count;
}

inline bool is(const feeds::Frame& frame, std::string_view stream) {
    return frame.bytes.find(stream) != std::string_view::npos;
}

}  // namespace test
