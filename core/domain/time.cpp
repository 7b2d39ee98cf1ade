#include "core/domain/time.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace core {

std::string to_iso8601(Nanoseconds time) {
    const auto whole = floor_to(time, 1s);
    const std::chrono::sys_seconds stamp{std::chrono::duration_cast<std::chrono::seconds>(whole)};
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:09}Z", stamp, (time - whole).count());
}

}  // namespace core
