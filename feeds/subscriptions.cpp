#include "feeds/subscriptions.hpp"

#include <algorithm>
#include <stdexcept>

namespace feeds {

std::string json_text(std::string_view text) {
    const auto plain = [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; };
    if (!std::all_of(text.begin(), text.end(), plain))
        throw std::invalid_argument{"not a symbol or channel: \"" + std::string{text} +
                                    "\" (expected printable ASCII without quotes)"};
    return '"' + std::string{text} + '"';
}

std::vector<std::string> pack_messages(std::span<const std::string> arguments,
                                       const std::function<std::string(std::size_t)>& opening, std::string_view closing,
                                       MessageLimits limits) {
    std::vector<std::string> messages;
    std::size_t items = 0;
    for (const auto& argument : arguments) {
        if (messages.empty() || items == limits.items ||
            messages.back().size() + 1 + argument.size() + closing.size() > limits.bytes) {
            if (!messages.empty()) messages.back() += closing;
            messages.push_back(opening(messages.size()));
            items = 0;
            if (messages.back().size() + argument.size() + closing.size() > limits.bytes)
                throw std::invalid_argument{"subscription argument too long for one message: " + argument};
        }
        if (items++ != 0) messages.back() += ',';
        messages.back() += argument;
    }
    if (!messages.empty()) messages.back() += closing;
    return messages;
}

}  // namespace feeds
