#include "feeds/coinbase/subscribe.hpp"

#include "feeds/subscriptions.hpp"

#include <array>

namespace feeds::coinbase {

namespace {

std::string quoted_list(std::span<const std::string_view> texts) {
    std::string list = "[";
    for (const auto text : texts) {
        if (list.size() > 1) list += ',';
        list += json_text(text);
    }
    return list + "]";
}

}  // namespace

std::string subscribe_exchange(std::span<const std::string_view> products, std::span<const std::string_view> channels) {
    return R"({"type":"subscribe","product_ids":)" + quoted_list(products) + R"(,"channels":)" + quoted_list(channels) +
           "}";
}

std::string subscribe_exchange(std::span<const std::string_view> products) {
    static constexpr std::array<std::string_view, 3> channels{"level2_batch", "matches", "heartbeat"};
    return subscribe_exchange(products, channels);
}

std::vector<std::string> subscribe_advanced(std::span<const std::string_view> products) {
    std::vector<std::string> messages;
    for (const auto* channel : {"heartbeats", "level2", "market_trades"})
        messages.push_back(R"({"type":"subscribe","product_ids":)" + quoted_list(products) + R"(,"channel":")" +
                           channel + "\"}");
    return messages;
}

}  // namespace feeds::coinbase
