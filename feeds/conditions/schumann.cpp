#include "feeds/conditions/schumann.hpp"

#include "feeds/conditions/json.hpp"

namespace feeds::conditions {

core::Result<Schumann, core::Fault> parse_schumann(std::string_view json) {
    if (json.size() > max_schumann_bytes) return core::Fault{.reason = core::Error::oversized};
    simdjson::dom::parser parser;
    simdjson::dom::object root;
    const simdjson::padded_string padded{json};
    if (const auto error = parser.parse(padded).get(root)) return fault(error);
    const auto ms = number(root, "ts");
    if (!ms) return ms.error();
    constexpr double latest = 9.2e12;  // milliseconds that still fit nanoseconds
    if (!(*ms >= 0 && *ms <= latest)) return core::Fault{.reason = core::Error::out_of_range, .field = "ts"};
    simdjson::dom::array modes;
    if (const auto error = root["modes"].get(modes)) return fault(error, "modes");
    for (const auto element : modes) {
        simdjson::dom::object mode;
        if (const auto error = element.get(mode)) return fault(error, "modes");
        const auto n = number(mode, "n");
        if (!n) return n.error();
        if (*n != 1) continue;
        const auto hz = number(mode, "freq_hz");
        if (!hz) return hz.error();
        if (!(*hz > 0 && *hz < 100)) return core::Fault{.reason = core::Error::out_of_range, .field = "freq_hz"};
        return Schumann{.time = std::chrono::milliseconds{static_cast<std::int64_t>(*ms)}, .hz = *hz};
    }
    return core::Fault{.reason = core::Error::missing_field, .field = "modes[n=1]"};
}

}  // namespace feeds::conditions
