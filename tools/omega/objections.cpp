#include "tools/omega/objections.hpp"

#include <algorithm>

namespace omega {

void Objections::add(const std::string& key, std::string expected) {
    core::Problem problem{.origin = {}, .key = key, .value = {}, .expected = std::move(expected), .hint = {}};
    const auto exact = std::ranges::find(settings_, key, [](const auto& one) { return one.first; });
    if (exact != settings_.end()) {
        problem.origin = exact->second->origin;
        problem.value = exact->second->write();
    } else {
        const auto below = std::ranges::find_if(settings_, [&](const auto& one) {
            return one.first.starts_with(key + ".") && one.second->origin.layer != core::Layer::built_in;
        });
        if (below != settings_.end()) problem.origin = below->second->origin;
    }
    problems_.push_back(std::move(problem));
}

void Objections::add(const std::exception& error) {
    const std::string text = error.what();
    const auto end = std::min(text.find_first_of(": "), text.size());
    const auto key = text.substr(0, end);
    const bool known = std::ranges::any_of(
        settings_, [&](const auto& one) { return one.first == key || one.first.starts_with(key + "."); });
    if (!known || key.empty()) {
        problems_.push_back({.origin = {}, .key = {}, .value = {}, .expected = text, .hint = {}});
        return;
    }
    add(key, text.substr(std::min(text.find_first_not_of(": ", end), text.size())));
}

}  // namespace omega
