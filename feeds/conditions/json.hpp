#pragma once

#include "core/domain/result.hpp"

#include <simdjson.h>

#include <charconv>
#include <string_view>

/// Reading small foreign documents; include it in sources only.
namespace feeds::conditions {

inline core::Error reason(simdjson::error_code error) noexcept {
    switch (error) {
        case simdjson::NO_SUCH_FIELD: return core::Error::missing_field;
        case simdjson::INCORRECT_TYPE: return core::Error::wrong_type;
        case simdjson::NUMBER_OUT_OF_RANGE: return core::Error::out_of_range;
        case simdjson::CAPACITY: return core::Error::oversized;
        default: return core::Error::malformed;
    }
}
inline core::Fault fault(simdjson::error_code error, const char* field = "") noexcept {
    return {.reason = reason(error), .field = field};
}

/// A field that is a number, or a text that is one whole decimal number. Result of the look-up or reading.
inline core::Result<double, core::Fault> number(const simdjson::dom::object& object, const char* field) noexcept {
    simdjson::dom::element element;
    if (const auto error = object[field].get(element)) return fault(error, field);
    double value{};
    if (element.get(value) == simdjson::SUCCESS) return value;
    std::string_view text;
    if (element.get(text) != simdjson::SUCCESS) return core::Fault{.reason = core::Error::wrong_type, .field = field};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || !(value == value))
        return core::Fault{.reason = core::Error::malformed, .field = field};
    return value;
}

}  // namespace feeds::conditions
