#pragma once

#include "core/config/problem.hpp"
#include "core/config/schema.hpp"

#include <exception>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace omega {

/// What is wrong with a configuration that was read: collects problems, and finds for each the place of its key.
class Objections {
public:
    explicit Objections(const core::Schema& schema) : settings_{schema.flat()} {}

    /// The value of this key cannot be. A key without a value of its own (the entry of a map) is placed at the first of
    /// its keys that somebody wrote.
    void add(const std::string& key, std::string expected);
    /// Something threw on behalf of a setting, whose key its words begin with, as those of the stages do.
    void add(const std::exception& error);

    /// Does something that throws where the configuration is impossible: of the key, or of the one it names.
    template <class Try>
    void ask(const std::string& key, Try&& attempt) {
        try {
            attempt();
        } catch (const std::exception& error) {
            add(key, error.what());
        }
    }
    template <class Try>
    void ask(Try&& attempt) {
        try {
            attempt();
        } catch (const std::exception& error) {
            add(error);
        }
    }

    [[nodiscard]] std::vector<core::Problem> problems() && { return std::move(problems_); }

private:
    std::vector<std::pair<std::string, const core::Setting*>> settings_;
    std::vector<core::Problem> problems_;
};

}  // namespace omega
