#pragma once

#include "tools/venue/dialect/http.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>

namespace venue {

/// The plain values (text, numbers, true and false) of a JSON object as parameters; what is nested is left out.
Params params_of(const nlohmann::ordered_json& object);
/// part / whole with at most `decimals` decimals, towards zero; "0" where the whole is nothing.
std::string ratio_text(std::int64_t part, std::int64_t whole, int decimals);
/// Letters in lower, or upper, case: to compare words whose case clients choose.
std::string lower(std::string_view text);
std::string upper(std::string_view text);

}  // namespace venue
