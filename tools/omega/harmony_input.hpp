#pragma once

#include "pipeline/fibonacci/levels.hpp"
#include "strategies/analysis/harmony.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace omega {

/// What `omega harmony` judges.
struct HarmonyInput {
    double equity{};
    std::vector<strategies::PositionView> positions;
    std::optional<std::vector<strategies::PositionView>> previous;  ///< the snapshot before
    std::map<std::string, pipeline::Leg> legs;                      ///< by instrument
};

enum class InputError {
    unreadable,
    oversized,
    malformed,
    missing_field,
    wrong_type,
    out_of_range,
    unknown_field,
    twice
};
std::string_view name(InputError error) noexcept;

/// Says file or place in it, what stands there and what was expected.
class HarmonyInputError : public std::runtime_error {
public:
    HarmonyInputError(InputError kind, const std::string& message) : std::runtime_error{message}, kind_{kind} {}
    [[nodiscard]] InputError kind() const noexcept { return kind_; }

private:
    InputError kind_;
};

inline constexpr std::size_t max_harmony_bytes = 4u << 20, max_harmony_positions = 10000;

/// Reads
///   {"equity": 10000, "positions": [{"instrument": "BTCUSDT", "side": "long|short", "contracts": 0.1, "entry": 60000,
///     "mark": 60500, "leverage": 5, "pnl": 50, "contract_size": 1}], "previous": [the same]|{"positions": [..]},
///     "legs": {"BTCUSDT": {"from": 60000, "to": 61000}}}
/// Numbers may be decimal strings, as venues send them. `leverage` is 1 and `contract_size` 1 where absent, `pnl` is
/// then (mark − entry) × contracts × contract_size of the side. A leg runs from its older to its newer pivot. Positions
/// of no contracts are left out. Throws HarmonyInputError.
HarmonyInput parse_harmony_input(std::string_view json);
HarmonyInput read_harmony_input(const std::filesystem::path& file);

}  // namespace omega
