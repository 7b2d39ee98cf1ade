#include "feeds/binance/messages.hpp"

#include <algorithm>
#include <cctype>

namespace feeds::binance {

namespace {

std::vector<std::string> messages(std::string_view method, std::span<const std::string> streams, std::uint64_t id) {
    std::vector<std::string> all;
    while (!streams.empty()) {
        const auto some = streams.first(std::min(streams.size(), streams_per_message));
        streams = streams.subspan(some.size());
        std::string message = R"({"method":")" + std::string{method} + R"(","params":[)";
        for (const auto& stream : some) {
            if (&stream != &some.front()) message += ',';
            message += '"' + stream + '"';
        }
        all.push_back(message + R"(],"id":)" + std::to_string(id++) + '}');
    }
    return all;
}

}  // namespace

std::vector<std::string> stream_names(const core::Instrument& instrument, const Streams& wanted) {
    std::string symbol = instrument.symbol;
    std::transform(symbol.begin(), symbol.end(), symbol.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const bool futures = instrument.market != core::Market::spot;
    std::vector<std::string> names;
    if (wanted.trade) names.push_back(symbol + "@trade");
    if (wanted.quote) names.push_back(symbol + "@bookTicker");
    if (wanted.depth) names.push_back(symbol + "@depth@100ms");
    if (!wanted.kline.empty()) names.push_back(symbol + "@kline_" + wanted.kline);
    if (futures && wanted.mark_price) names.push_back(symbol + "@markPrice@1s");
    if (futures && wanted.liquidations) names.push_back(symbol + "@forceOrder");
    return names;
}

std::vector<std::string> subscribe_messages(std::span<const std::string> streams, std::uint64_t first_id) {
    return messages("SUBSCRIBE", streams, first_id);
}

std::vector<std::string> unsubscribe_messages(std::span<const std::string> streams, std::uint64_t first_id) {
    return messages("UNSUBSCRIBE", streams, first_id);
}

std::vector<std::string> combined_paths(core::Market market, std::span<const std::string> streams) {
    constexpr std::string_view open_to_all[] = {"@depth", "@bookTicker", "@trade"};
    const auto is_public = [&](std::string_view stream) {
        return std::any_of(std::begin(open_to_all), std::end(open_to_all),
                           [stream](std::string_view kind) { return stream.find(kind) != stream.npos; });
    };
    std::string paths[2];
    for (const auto& stream : streams) {
        const bool second = market == core::Market::linear && !is_public(stream);
        auto& path = paths[second ? 1 : 0];
        if (path.empty())
            path = std::string{market != core::Market::linear ? ""
                               : second                       ? "/market"
                                                              : "/public"} +
                   "/stream?streams=";
        else
            path += '/';
        path += stream;
    }
    std::vector<std::string> used;
    for (auto& path : paths)
        if (!path.empty()) used.push_back(std::move(path));
    return used;
}

std::string snapshot_path(const core::Instrument& instrument) {
    switch (instrument.market) {
        case core::Market::spot: return "/api/v3/depth?symbol=" + instrument.symbol + "&limit=1000";
        case core::Market::linear: return "/fapi/v1/depth?symbol=" + instrument.symbol + "&limit=1000";
        case core::Market::inverse: return "/dapi/v1/depth?symbol=" + instrument.symbol + "&limit=1000";
    }
    return {};
}

}  // namespace feeds::binance
