#pragma once

#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace core {

/// Where a value came from. A later layer wins over an earlier one.
enum class Layer : std::uint8_t { built_in, file, environment, flag };

/// One place of one layer.
struct Origin {
    Layer layer{};
    std::string source;  ///< file name, name of the environment variable, text of the flag; what implied a default, ""
                         ///< if nothing did
    int line{}, column{};  ///< in the file, from 1; 0 elsewhere
};

/// "default", "omega.yaml:3", "environment OMEGA_RISK__MAX_POSITION", "flag".
std::string to_text(const Origin& origin);

/// One thing wrong with a configuration: who said what, and what was expected instead.
struct Problem {
    Origin origin;
    std::string key;       ///< full dotted key, "" when the file as a whole is wrong
    std::string value;     ///< as written; "" when it is not shown (unknown keys, secrets)
    std::string expected;  ///< "expected a number from 0 to 1", "unknown key"
    std::string hint;      ///< what to do, "" if the expectation says it all
};

/// "omega.yaml:3:17: risk.max_position = 1.5: expected a number from 0 to 1".
std::string to_text(const Problem& problem);

/// A configuration that was refused: every problem, one a line in what().
class ConfigError : public std::runtime_error {
public:
    explicit ConfigError(std::vector<Problem> problems);
    [[nodiscard]] std::span<const Problem> problems() const noexcept { return problems_; }

private:
    std::vector<Problem> problems_;
};

}  // namespace core
