// Public data. Source: "Public Data" and "Order Book Trading / Market Data" of the documentation.
#include "tools/venue/okx/okx.hpp"

#include <algorithm>

namespace venue::okx {

namespace {

const char* type_of(const Listing& listing) {
    return listing.spot() ? "SPOT" : "SWAP";
}
std::string in_base(const Listing& listing, core::Quantity quantity) {
    return core::to_text(base_amount(listing, quantity), 8);
}

}  // namespace

core::Result<std::vector<ListingId>, ApiError> Okx::chosen(const Params& params) const {
    std::vector<ListingId> all;
    const auto wanted = params["instId"];
    const auto type = params["instType"];
    for (ListingId id = 0; id < engine().listings(); ++id) {
        if (!wanted.empty() && rules(id).instrument.symbol != wanted) continue;
        if (!type.empty() && type != "ANY" && type != type_of(rules(id))) continue;
        all.push_back(id);
    }
    if (!wanted.empty() && all.empty()) return ApiError{"51001", "Instrument ID doesn't exist."};
    return all;
}

Answer Okx::time(Call&) {
    return Data{Json::array({{{"ts", time_text(now())}}})};
}
Answer Okx::nothing(Call&) {
    return Data{Json::array()};
}

Json Okx::instrument(ListingId id) const {
    const auto& listing = rules(id);
    const auto& i = listing.instrument;
    const bool spot = listing.spot();
    const auto family = listing.base + "-" + listing.quote;
    return {{"instType", type_of(listing)},
            {"instId", i.symbol},
            {"uly", spot ? "" : family},
            {"instFamily", spot ? "" : family},
            {"category", "1"},
            {"baseCcy", spot ? listing.base : ""},
            {"quoteCcy", spot ? listing.quote : ""},
            {"settleCcy", spot ? "" : listing.quote},
            {"ctVal", spot ? "" : core::to_text(i.contract_value)},
            {"ctMult", spot ? "" : "1"},
            {"ctValCcy", spot ? "" : listing.base},
            {"optType", ""},
            {"stk", ""},
            {"listTime", "1548133413000"},
            {"expTime", ""},
            {"lever", spot ? "" : std::to_string(listing.max_leverage)},
            {"tickSz", px(listing, i.tick_size)},
            {"lotSz", sz(listing, i.lot_size)},
            {"minSz", sz(listing, i.min_quantity)},
            {"ctType", spot ? "" : "linear"},
            {"alias", ""},
            {"state", "live"},
            {"ruleType", "normal"},
            {"maxLmtSz", sz(listing, listing.max_quantity)},
            {"maxMktSz", sz(listing, listing.max_quantity)}};
}

Answer Okx::instruments(Call& call) {
    if (!call.params.has("instType")) return ApiError{"50014", "Parameter instType can not be empty.", 400};
    const auto ids = chosen(call.params);
    if (!ids) return ids.error();
    Json all = Json::array();
    for (const auto id : *ids) all.push_back(instrument(id));
    return Data{std::move(all)};
}

Json Okx::book_side(ListingId listing, core::Side side, std::size_t count) const {
    Json levels = Json::array();
    const auto& state = engine().market(listing);
    for (const auto& shown : state.book.top(side, count))
        levels.push_back(Json::array({px(state.rules, shown.price), sz(state.rules, shown.quantity), "0", "1"}));
    return levels;
}

Answer Okx::books(Call& call) {
    const auto ids = chosen(call.params);
    if (!ids) return ids.error();
    if (!call.params.has("instId")) return ApiError{"50014", "Parameter instId can not be empty.", 400};
    const auto depth = std::clamp<std::int64_t>(call.params.number("sz").value_or(1), 1, 400);
    const auto id = ids->front();
    const auto count = static_cast<std::size_t>(depth);
    return Data{Json::array({{{"asks", book_side(id, core::Side::sell, count)},
                              {"bids", book_side(id, core::Side::buy, count)},
                              {"ts", time_text(now())},
                              {"seqId", engine().market(id).update_id}}})};
}

Json Okx::ticker(ListingId id) const {
    const auto& state = engine().market(id);
    const auto& listing = state.rules;
    const auto day = state.candles.last(std::chrono::hours{24});
    const auto bid = state.book.best(core::Side::buy), ask = state.book.best(core::Side::sell);
    return {{"instType", type_of(listing)},
            {"instId", listing.instrument.symbol},
            {"last", px(listing, state.last)},
            {"lastSz", sz(listing, state.trades.empty() ? core::Quantity{} : state.trades.back().quantity)},
            {"askPx", px(listing, ask)},
            {"askSz", sz(listing, state.book.displayed(core::Side::sell, ask))},
            {"bidPx", px(listing, bid)},
            {"bidSz", sz(listing, state.book.displayed(core::Side::buy, bid))},
            {"open24h", px(listing, day.open)},
            {"high24h", px(listing, day.high)},
            {"low24h", px(listing, day.low)},
            {"volCcy24h", listing.spot() ? core::to_text(day.quote) : in_base(listing, day.volume)},
            {"vol24h", sz(listing, day.volume)},
            {"ts", time_text(now())},
            {"sodUtc0", px(listing, day.open)},
            {"sodUtc8", px(listing, day.open)}};
}

Answer Okx::tickers(Call& call) {
    const auto ids = chosen(call.params);
    if (!ids) return ids.error();
    Json all = Json::array();
    for (const auto id : *ids) all.push_back(ticker(id));
    return Data{std::move(all)};
}

Json Okx::candle(const Listing& listing, const Candle& bar, core::Nanoseconds width) const {
    return Json::array({time_text(bar.start), px(listing, bar.open), px(listing, bar.high), px(listing, bar.low),
                        px(listing, bar.close), sz(listing, bar.volume), in_base(listing, bar.volume),
                        core::to_text(bar.quote), bar.start + width <= now() ? "1" : "0"});
}

Answer Okx::candles(Call& call) {
    const auto ids = chosen(call.params);
    if (!ids) return ids.error();
    if (!call.params.has("instId")) return ApiError{"50014", "Parameter instId can not be empty.", 400};
    const auto text = call.params.has("bar") ? call.params["bar"] : std::string_view{"1m"};
    const auto width = bar_of(text);
    if (width.count() == 0) return ApiError{"51000", "Parameter bar error", 400};
    // `after`: only older ones, `before`: only newer ones; both exclusive.
    constexpr std::int64_t far = 4'102'444'800'000;
    const auto before = std::clamp<std::int64_t>(call.params.number("before").value_or(-1), -1, far);
    const auto after = std::clamp<std::int64_t>(call.params.number("after").value_or(far), 1, far);
    const auto& state = engine().market(ids->front());
    auto bars = state.candles.bars(width, std::chrono::milliseconds{before + 1}, std::chrono::milliseconds{after - 1},
                                   call.params.limit(100, 300));
    Json all = Json::array();
    for (auto bar = bars.rbegin(); bar != bars.rend(); ++bar) all.push_back(candle(state.rules, *bar, width));
    return Data{std::move(all)};
}

Json Okx::trade(ListingId id, const PublicTrade& one) const {
    const auto& listing = rules(id);
    return {{"instId", listing.instrument.symbol},
            {"tradeId", std::to_string(one.id)},
            {"px", px(listing, one.price)},
            {"sz", sz(listing, one.quantity)},
            {"side", side_text(one.aggressor)},
            {"ts", time_text(one.time)},
            {"count", "1"}};
}

Answer Okx::trades(Call& call) {
    const auto ids = chosen(call.params);
    if (!ids) return ids.error();
    if (!call.params.has("instId")) return ApiError{"50014", "Parameter instId can not be empty.", 400};
    const auto& past = engine().market(ids->front()).trades;
    const auto count = std::min(call.params.limit(100, 500), past.size());
    Json all = Json::array();
    for (std::size_t i = 0; i < count; ++i) all.push_back(trade(ids->front(), past[past.size() - 1 - i]));
    return Data{std::move(all)};
}

Json Okx::funding(ListingId id) const {
    const auto& state = engine().market(id);
    return {{"instType", "SWAP"},
            {"instId", state.rules.instrument.symbol},
            {"method", "current_period"},
            {"fundingRate", core::to_text(state.rules.funding.units, Rate::decimals)},
            {"nextFundingRate", ""},
            {"fundingTime", time_text(state.next_funding)},
            {"nextFundingTime", time_text(state.next_funding + std::chrono::hours{8})},
            {"ts", time_text(now())}};
}

Answer Okx::funding_rate(Call& call) {
    const auto ids = chosen(call.params);
    if (!ids) return ids.error();
    Json all = Json::array();
    for (const auto id : *ids)
        if (!rules(id).spot()) all.push_back(funding(id));
    return Data{std::move(all)};
}

Answer Okx::funding_history(Call& call) {
    const auto ids = chosen(call.params);
    if (!ids) return ids.error();
    Json all = Json::array();
    for (const auto id : *ids) {
        const auto& past = engine().market(id).funding_history;
        for (auto one = past.rbegin(); one != past.rend(); ++one) {
            const auto rate = core::to_text(one->rate.units, Rate::decimals);
            all.push_back({{"instType", "SWAP"},
                           {"instId", rules(id).instrument.symbol},
                           {"fundingRate", rate},
                           {"realizedRate", rate},
                           {"fundingTime", time_text(one->time)},
                           {"method", "current_period"}});
        }
    }
    return Data{std::move(all)};
}

Json Okx::interest(ListingId id) const {
    const auto& state = engine().market(id);
    const core::Quantity open{static_cast<std::int64_t>(state.open_interest)};
    return {{"instType", "SWAP"},
            {"instId", state.rules.instrument.symbol},
            {"oi", sz(state.rules, open)},
            {"oiCcy", in_base(state.rules, open)},
            {"oiUsd", core::to_text(engine().notional(id, open))},
            {"ts", time_text(now())}};
}

Answer Okx::open_interest(Call& call) {
    const auto ids = chosen(call.params);
    if (!ids) return ids.error();
    Json all = Json::array();
    for (const auto id : *ids)
        if (!rules(id).spot()) all.push_back(interest(id));
    return Data{std::move(all)};
}

Answer Okx::mark_price(Call& call) {
    const auto ids = chosen(call.params);
    if (!ids) return ids.error();
    Json all = Json::array();
    for (const auto id : *ids)
        all.push_back({{"instType", type_of(rules(id))},
                       {"instId", rules(id).instrument.symbol},
                       {"markPx", px(rules(id), engine().market(id).mark())},
                       {"ts", time_text(now())}});
    return Data{std::move(all)};
}

}  // namespace venue::okx
