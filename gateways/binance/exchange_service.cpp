#include "gateways/binance/exchange_service.hpp"

#include "core/net/sign.hpp"
#include "gateways/binance/exchange_calls.hpp"

#include <array>

namespace gateways::binance {

using namespace exchange;

namespace {

constexpr auto handlers = handlers_of({
    {Call::fetch_ticker, build_ticker, read_ticker},
});

const Handler& handler(Call call) noexcept {
    return handlers[static_cast<std::size_t>(call)];
}

ApiError unsupported(Call call) {
    return refused(ErrorKind::not_supported, "binance has no " + std::string{name(call)});
}

/// By environment, then host.
constexpr std::array<std::array<std::string_view, 3>, 2> bases{{
    {"https://api.binance.com", "https://fapi.binance.com", "https://dapi.binance.com"},
    {"https://testnet.binance.vision", "https://testnet.binancefuture.com", "https://testnet.binancefuture.com"},
}};

std::string signature_of(const Credentials& keys, std::string_view payload) {
    std::string text(core::hex_length, '0');
    core::write_hex(text.data(), core::Signer{keys.secret}.sign(payload));
    return text;
}

}  // namespace

Host host_of(const Market& market) noexcept {
    if (!market.is_contract()) return Host::spot;
    return market.is_inverse() ? Host::inverse : Host::linear;
}

Host host_of(const Ask& ask) noexcept {
    const auto& type = ask.param("type").text();
    const auto& sub_type = ask.param("subType").text();
    if (type == "inverse" || type == "delivery" || sub_type == "inverse") return Host::inverse;
    if (type == "swap" || type == "future" || type == "linear" || sub_type == "linear") return Host::linear;
    return Host::spot;
}

std::string_view prefix(Host host) noexcept {
    constexpr std::array<std::string_view, 3> prefixes{"/api/v3", "/fapi/v1", "/dapi/v1"};
    return prefixes[static_cast<std::size_t>(host)];
}

Expected<std::vector<Request>> ExchangeService::build(Call call, const Arguments& arguments,
                                                      const Context& context) const {
    const auto& row = handler(call);
    if (row.build == nullptr) return unsupported(call);
    return row.build(Ask{.call = call, .arguments = arguments, .context = context});
}

Expected<Unified> ExchangeService::parse(Call call, const Arguments& arguments, const Context& context,
                                         const Request& request, const Response& response) const {
    const auto& row = handler(call);
    if (row.read == nullptr) return unsupported(call);
    const auto body = document_of(call, response);
    if (!body) return body.error();
    if (auto error = error_of(call, response, *body)) return std::move(*error);
    const Ask ask{.call = call, .arguments = arguments, .context = context};
    return row.read(Answer{.ask = ask, .request = request, .body = *body});
}

Expected<std::vector<Market>> ExchangeService::parse_markets(const Value&) const {
    return unsupported(Call::fetch_markets);
}

const std::vector<Market>& ExchangeService::main_markets() const {
    static const std::vector<Market> markets{{.id = "BTCUSDT",
                                              .symbol = "BTC/USDT",
                                              .base = "BTC",
                                              .quote = "USDT",
                                              .settle = {},
                                              .price_step = "0.01",
                                              .amount_step = "0.00001"}};
    return markets;
}

WireRequest ExchangeService::prepare(const Request& request, const Credentials* keys, core::Nanoseconds timestamp,
                                     Environment environment) const {
    WireRequest wire{
        .method = request.method,
        .base = std::string{bases[static_cast<std::size_t>(environment)][static_cast<std::size_t>(request.host)]},
        .target = request.path,
        .headers = request.headers,
        .body = {}};
    auto query = request.query;
    auto form = request.body;
    const bool in_form = request.body_kind == BodyKind::form;
    if (in_form) wire.headers.push_back({"Content-Type", "application/x-www-form-urlencoded"});
    std::string signature;
    if (request.is_signed) {
        auto& signed_part = in_form ? form : query;
        if (!signed_part.contains("recvWindow")) signed_part.set("recvWindow", receive_window_ms);
        signed_part.set("timestamp", std::to_string(timestamp.count() / 1'000'000));
    }
    auto query_text = query_string(query);
    wire.body = in_form ? query_string(form) : std::string{};
    if (request.is_signed && keys != nullptr) {
        wire.headers.push_back({"X-MBX-APIKEY", std::string{keys->key.reveal()}, true});
        const auto text = "&signature=" + signature_of(*keys, query_text + wire.body);
        (in_form ? wire.body : query_text) += text;
    }
    if (!query_text.empty()) wire.target += '?' + query_text;
    return wire;
}

}  // namespace gateways::binance
