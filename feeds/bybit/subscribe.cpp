#include "feeds/bybit/subscribe.hpp"

#include "feeds/subscriptions.hpp"

namespace feeds::bybit {

namespace {

std::vector<std::string> messages(std::string_view op, std::span<const std::string> topics, core::Market market,
                                  std::uint64_t first_id) {
    std::vector<std::string> arguments;
    for (const auto& name : topics) arguments.push_back(json_text(name));
    const auto opening = [&](std::size_t n) {
        return "{\"req_id\":" + json_text(std::to_string(first_id + n)) + ",\"op\":" + json_text(op) + ",\"args\":[";
    };
    MessageLimits limits{.bytes = max_argument_characters};
    if (market == core::Market::spot) limits.items = max_spot_arguments;
    return pack_messages(arguments, opening, "]}", limits);
}

}  // namespace

std::string topic(const core::Instrument& instrument, std::string_view stream) {
    return std::string{stream} + '.' + instrument.symbol;
}

std::vector<std::string> subscribe(std::span<const std::string> topics, core::Market market, std::uint64_t first_id) {
    return messages("subscribe", topics, market, first_id);
}
std::vector<std::string> unsubscribe(std::span<const std::string> topics, core::Market market, std::uint64_t first_id) {
    return messages("unsubscribe", topics, market, first_id);
}

}  // namespace feeds::bybit
