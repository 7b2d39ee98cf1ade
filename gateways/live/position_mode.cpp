#include "gateways/live/position_mode.hpp"

#include <string>

namespace gateways::live {

using namespace exchange;

namespace {

Request ask(Host host, std::string path, int weight = 1) {
    Request request{.method = Method::get, .host = host, .path = std::move(path)};
    request.is_signed = true;
    request.weight = weight;
    return request;
}

std::optional<bool> one_of(const std::string& text, std::string_view hedged, std::string_view one_way) noexcept {
    if (text == hedged) return true;
    if (text == one_way) return false;
    return std::nullopt;
}

}  // namespace

Request position_mode_request(const core::Instrument& contract, std::string_view settle) {
    const bool inverse = contract.market == core::Market::inverse;
    const auto host = inverse ? Host::inverse : Host::linear;
    switch (contract.venue) {
        case core::Venue::binance: {
            const std::string path = inverse ? "/dapi/v1/positionSide/dual" : "/fapi/v1/positionSide/dual";
            return ask(host, path, 30);
        }
        case core::Venue::okx: return ask(host, "/api/v5/account/config");
        case core::Venue::bybit: {
            auto request = ask(host, "/v5/position/list");
            request.query.set("category", inverse ? "inverse" : "linear").set("symbol", contract.symbol);
            return request;
        }
        default: {
            auto request = ask(host, "/api/v2/mix/account/account");
            request.query.set("symbol", contract.symbol)
                .set("productType", inverse            ? "COIN-FUTURES"
                                    : settle == "USDC" ? "USDC-FUTURES"
                                                       : "USDT-FUTURES")
                .set("marginCoin", settle);
            return request;
        }
    }
}

std::optional<bool> hedged_in(core::Venue venue, const Value& answer) noexcept {
    switch (venue) {
        case core::Venue::binance: return one_of(answer["dualSidePosition"].text(), "true", "false");
        case core::Venue::okx: return one_of(answer["data"].at(0)["posMode"].text(), "long_short_mode", "net_mode");
        case core::Venue::bybit: {
            const auto side = answer["result"]["list"].at(0)["positionIdx"].integer();
            return side ? std::optional{*side != 0} : std::nullopt;
        }
        case core::Venue::bitget: return one_of(answer["data"]["posMode"].text(), "hedge_mode", "one_way_mode");
        default: return std::nullopt;
    }
}

Expected<bool> in_hedge_mode(const Service& service, const core::Instrument& contract, std::string_view settle,
                             const Credentials& keys, const std::function<core::Nanoseconds()>& clock,
                             Environment environment, const Transport& transport) {
    const auto response =
        transport(service.prepare(position_mode_request(contract, settle), &keys, clock(), environment));
    if (!response) return response.error();
    const auto document = document_of(Call::fetch_positions, *response);
    if (!document) return document.error();
    if (const auto hedged = hedged_in(service.venue(), *document)) return *hedged;
    return ApiError{.kind = ErrorKind::other,
                    .code = document->first({"code", "retCode"}),
                    .message = "the answer does not say the position mode: " + document->first({"msg", "retMsg"})};
}

}  // namespace gateways::live
