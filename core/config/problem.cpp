#include "core/config/problem.hpp"

#include <fmt/format.h>

namespace core {

namespace {

std::string place(const Origin& origin) {
    switch (origin.layer) {
        case Layer::built_in: return origin.source.empty() ? "default" : "default, " + origin.source;
        case Layer::file:
            return origin.line > 0 ? fmt::format("{}:{}:{}", origin.source, origin.line, origin.column) : origin.source;
        case Layer::environment: return "environment " + origin.source;
        case Layer::flag: return "flag";
    }
    return "?";
}

std::string all_lines(const std::vector<Problem>& problems) {
    std::string text;
    for (const auto& problem : problems) text += (text.empty() ? "" : "\n") + to_text(problem);
    return text;
}

}  // namespace

std::string to_text(const Origin& origin) {
    if (origin.layer == Layer::file && origin.line > 0) return fmt::format("{}:{}", origin.source, origin.line);
    return place(origin);
}

std::string to_text(const Problem& problem) {
    std::string text = place(problem.origin);
    if (!problem.key.empty()) text += ": " + problem.key;
    if (!problem.value.empty()) text += " = " + problem.value;
    text += ": " + problem.expected;
    if (!problem.hint.empty()) text += "; " + problem.hint;
    return text;
}

ConfigError::ConfigError(std::vector<Problem> problems)
    : std::runtime_error{all_lines(problems)}, problems_{std::move(problems)} {}

}  // namespace core
