#include "feeds/okx/subscribe.hpp"

#include "feeds/subscriptions.hpp"

namespace feeds::okx {

namespace {

std::vector<std::string> messages(std::string_view op, std::span<const Topic> topics, std::uint64_t first_id) {
    std::vector<std::string> arguments;
    for (const auto& [channel, symbol] : topics)
        arguments.push_back("{\"channel\":" + json_text(channel) + ",\"instId\":" + json_text(symbol) + '}');
    const auto opening = [&](std::size_t n) {
        return "{\"id\":" + json_text(std::to_string(first_id + n)) + ",\"op\":" + json_text(op) + ",\"args\":[";
    };
    return pack_messages(arguments, opening, "]}", {.bytes = max_request_bytes});
}

}  // namespace

Topic topic(const core::Instrument& instrument, std::string_view channel) {
    return {std::string{channel}, instrument.symbol};
}

std::vector<std::string> subscribe(std::span<const Topic> topics, std::uint64_t first_id) {
    return messages("subscribe", topics, first_id);
}
std::vector<std::string> unsubscribe(std::span<const Topic> topics, std::uint64_t first_id) {
    return messages("unsubscribe", topics, first_id);
}

}  // namespace feeds::okx
