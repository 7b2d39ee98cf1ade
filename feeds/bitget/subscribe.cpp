#include "feeds/bitget/subscribe.hpp"

#include "feeds/subscriptions.hpp"

namespace feeds::bitget {

namespace {

std::vector<std::string> messages(std::string_view op, std::span<const Topic> topics) {
    std::vector<std::string> arguments;
    for (const auto& [type, channel, symbol] : topics)
        arguments.push_back("{\"instType\":" + json_text(type) + ",\"channel\":" + json_text(channel) +
                            ",\"instId\":" + json_text(symbol) + '}');
    const auto opening = [&](std::size_t) { return "{\"op\":" + json_text(op) + ",\"args\":["; };
    return pack_messages(arguments, opening, "]}", {.bytes = max_request_bytes});
}

}  // namespace

Topic topic(const core::Instrument& instrument, std::string_view channel) {
    const auto type = [&]() -> std::string {
        switch (instrument.market) {
            case core::Market::spot: return "SPOT";
            case core::Market::inverse: return "COIN-FUTURES";
            case core::Market::linear: break;
        }
        return instrument.symbol.ends_with("PERP") ? "USDC-FUTURES" : "USDT-FUTURES";
    };
    return {type(), std::string{channel}, instrument.symbol};
}

std::vector<std::string> subscribe(std::span<const Topic> topics) {
    return messages("subscribe", topics);
}
std::vector<std::string> unsubscribe(std::span<const Topic> topics) {
    return messages("unsubscribe", topics);
}

}  // namespace feeds::bitget
