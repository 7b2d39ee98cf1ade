#include "tools/venue/dialect/json_params.hpp"

#include "core/domain/price.hpp"
#include "core/domain/wide.hpp"

#include <nlohmann/json.hpp>

namespace venue {

Params params_of(const nlohmann::ordered_json& object) {
    Params params;
    if (!object.is_object()) return params;
    for (const auto& [key, value] : object.items()) {
        if (params.pairs().size() == Params::max_count) break;
        if (value.is_string())
            params.set(key, value.get<std::string>());
        else if (value.is_number() || value.is_boolean())
            params.set(key, value.dump());
    }
    return params;
}

std::string ratio_text(std::int64_t part, std::int64_t whole, int decimals) {
    if (whole == 0) return "0";
    core::Wide share{static_cast<core::Int128>(whole < 0 ? -part : part)};
    share.scale_up(decimals);
    share /= static_cast<std::uint64_t>(whole < 0 ? -whole : whole);
    return core::to_text(share.towards_zero().value_or(0), decimals);
}

std::string lower(std::string_view text) {
    std::string made{text};
    for (auto& c : made)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return made;
}

std::string upper(std::string_view text) {
    std::string made{text};
    for (auto& c : made)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return made;
}

}  // namespace venue
