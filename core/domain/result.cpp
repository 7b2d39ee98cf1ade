#include "core/domain/result.hpp"

#include <array>

namespace core {

std::string_view name(Error error) noexcept {
    static constexpr std::array<std::string_view, 17> names{
        "malformed", "truncated",      "oversized",       "wrong_type", "missing_field", "out_of_range", "too_precise",
        "negative",  "unknown_symbol", "unknown_message", "crossed",    "gap",           "checksum",     "corrupt",
        "io",        "full",           "refused"};
    return names[static_cast<std::size_t>(error)];
}

}  // namespace core
