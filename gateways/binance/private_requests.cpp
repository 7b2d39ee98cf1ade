#include "gateways/binance/private_requests.hpp"

#include "core/net/sign.hpp"
#include "gateways/streams/request_id.hpp"

namespace gateways::binance {

static_assert(streams::subscribe_request_id == 900'001 && streams::ping_request_id == 900'002);

std::string subscribe_request(const core::Secret& key, const core::Secret& secret, core::Nanoseconds time) {
    const auto timestamp = std::to_string(time / std::chrono::milliseconds{1});
    std::string payload = "apiKey=";
    payload += key.reveal();
    payload += "&recvWindow=5000&timestamp=" + timestamp;
    std::string signature(core::hex_length, '0');
    core::write_hex(signature.data(), core::Signer{secret}.sign(payload));
    std::string text = R"({"id":900001,"method":"userDataStream.subscribe.signature","params":{"apiKey":")";
    text += key.reveal();
    text += R"(","recvWindow":5000,"timestamp":)" + timestamp + R"(,"signature":")" + signature + "\"}}";
    return text;
}

std::string list_request(std::int64_t id) {
    return R"({"method":"LIST_SUBSCRIPTIONS","id":)" + std::to_string(id) + "}";
}

std::string_view spot_ping_request() noexcept {
    return R"({"id":900002,"method":"ping"})";
}

std::string_view futures_ping_request() noexcept {
    return R"({"id":900002,"method":"session.status"})";
}

}  // namespace gateways::binance
