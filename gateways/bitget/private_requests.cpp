#include "gateways/bitget/private_requests.hpp"

#include "core/net/sign.hpp"
#include "gateways/exchange/json_text.hpp"

namespace gateways::bitget {

std::string_view product_of(const core::Instrument& instrument) noexcept {
    if (instrument.market == core::Market::spot) return "SPOT";
    if (instrument.market == core::Market::inverse) return "COIN-FUTURES";
    return std::string_view{instrument.symbol}.ends_with("PERP") ? "USDC-FUTURES" : "USDT-FUTURES";
}

std::string margin_coin_of(const core::Instrument& instrument) {
    if (instrument.market == core::Market::inverse) return instrument.symbol.substr(0, instrument.symbol.find("USD"));
    return product_of(instrument) == "USDC-FUTURES" ? "USDC" : "USDT";
}

std::string login_request(const core::Secret& key, const core::Secret& secret, const core::Secret& passphrase,
                          core::Nanoseconds time) {
    const auto seconds = std::to_string(time / std::chrono::seconds{1});
    std::string signature(core::base64_length, '=');
    core::write_base64(signature.data(), core::Signer{secret}.sign(seconds + "GET/user/verify"));
    std::string text = R"({"op":"login","args":[{"apiKey":)";
    exchange::append_json(text, key.reveal());
    text += R"(,"passphrase":)";
    exchange::append_json(text, passphrase.reveal());
    text += R"(,"timestamp":")" + seconds + R"(","sign":")" + signature + R"("}]})";
    return text;
}

std::string subscribe_request(std::span<const std::string_view> products) {
    std::string text = R"({"op":"subscribe","args":[)";
    const auto add = [&](std::string_view product, std::string_view channel, std::string_view of) {
        if (text.back() == '}') text += ',';
        text += R"({"instType":")" + std::string{product} + R"(","channel":")" + std::string{channel} + R"(",")" +
                std::string{of} + R"(":"default"})";
    };
    for (const auto product : products) {
        add(product, "orders", "instId");
        add(product, "orders-algo", "instId");
        add(product, "account", "coin");
        if (product != "SPOT") add(product, "positions", "instId");
    }
    return text + "]}";
}

unsigned subscribed_channels(std::span<const std::string_view> products) noexcept {
    unsigned channels = 0;
    for (const auto product : products) channels += product == "SPOT" ? 3U : 4U;
    return channels;
}

std::string_view ping_request() noexcept {
    return "ping";
}

}  // namespace gateways::bitget
