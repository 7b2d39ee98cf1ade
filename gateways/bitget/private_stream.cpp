#include "gateways/bitget/private_stream.hpp"

#include "gateways/bitget/codes.hpp"
#include "gateways/exchange/decimal_text.hpp"
#include "gateways/exchange/handler.hpp"
#include "gateways/streams/request_id.hpp"

#include <algorithm>

namespace gateways::bitget {

using exchange::Gather;
using exchange::lower_case;
using exchange::upper_case;
using exchange::Value;
using streams::FrameKind;

namespace {

struct StatusWord {
    std::string_view text;
    VenueStatus status;
};
constexpr StatusWord statuses[] = {
    {"live", VenueStatus::working},       {"new", VenueStatus::working},
    {"init", VenueStatus::working},       {"partially_filled", VenueStatus::partially_filled},
    {"filled", VenueStatus::filled},      {"cancelled", VenueStatus::cancelled},
    {"canceled", VenueStatus::cancelled},
};
constexpr StatusWord plan_statuses[] = {
    {"live", VenueStatus::pending},          {"not_trigger", VenueStatus::pending},
    {"pending", VenueStatus::pending},       {"executing", VenueStatus::working},
    {"executed", VenueStatus::working},      {"triggered", VenueStatus::working},
    {"cancelled", VenueStatus::cancelled},   {"canceled", VenueStatus::cancelled},
    {"fail_execute", VenueStatus::rejected}, {"fail_trigger", VenueStatus::rejected},
    {"reject", VenueStatus::rejected},
};

template <std::size_t n>
const VenueStatus* find(const StatusWord (&words)[n], std::string_view text) noexcept {
    const auto found = std::find_if(std::begin(words), std::end(words), [&](const auto& w) { return w.text == text; });
    return found == std::end(words) ? nullptr : &found->status;
}

core::Market market_of(std::string_view product) noexcept {
    if (product == "COIN-FUTURES") return core::Market::inverse;
    return product.ends_with("-FUTURES") ? core::Market::linear : core::Market::spot;
}

core::TimeInForce force_of(const Value& row) {
    const auto force = lower_case(row.first({"force", "timeInForce"}));
    if (force == "ioc") return core::TimeInForce::ioc;
    if (force == "fok") return core::TimeInForce::fok;
    return force == "post_only" ? core::TimeInForce::post_only : core::TimeInForce::gtc;
}

bool closes(const Value& row) {
    return lower_case(row["tradeSide"].text()).find("close") != std::string::npos;
}

/// A trade side of a liquidation or of auto-deleveraging is the venue's own. Source: "tradeSide" of the order channel.
OrderOrigin origin_of(const Value& row) {
    const auto side = lower_case(row["tradeSide"].text());
    if (side.starts_with("burst_") || side.starts_with("reduce_")) return OrderOrigin::liquidation;
    if (side.starts_with("adl_") || side.find("_adl_") != side.npos) return OrderOrigin::deleveraging;
    return side.starts_with("delivery_") ? OrderOrigin::settlement : OrderOrigin::account;
}

core::Side side_of(const Value& row, bool of_position) {
    bool buys = lower_case(row["side"].text()) == "buy";
    const auto& mode = row.first({"posMode", "holdMode"});
    if (of_position && mode == "hedge_mode" && closes(row)) buys = !buys;
    return buys ? core::Side::buy : core::Side::sell;
}

/// A market order of spot that buys counts its size in the quote coin: the quantity is not told.
bool counts_quote(const Value& row, core::Market market) {
    return market == core::Market::spot && row["orderType"].text() == "market" && row["side"].text() == "buy";
}

/// What a trade cost. Of classic accounts `fillFee` is negative when paid, of unified ones `fee` is positive when paid
/// (the documents' examples come to 4 bp either way). In the fills of classic accounts the documents have both signs:
/// there only a negative one is clear, and another is left unknown, as `orders` tells it.
void set_fee(Fill& fill, const Value& row, Gather& got) {
    const auto& detail = row["feeDetail"];
    const auto& one = detail.is_array() ? detail.at(0) : detail;
    const auto& own = row["fillFee"].text();
    const auto& text = own.empty() ? one.first({"totalFee", "fee"}) : own;
    const auto& coin = own.empty() ? one["feeCoin"].text() : row["fillFeeCoin"].text();
    if (text.empty() || coin.empty()) return;
    const bool unified = row.contains("category");
    if (!unified && own.empty() && !text.starts_with('-')) return;
    const auto fee = got(streams::amount(text));
    fill.fee = unified ? fee : streams::negated(fee);
    fill.fee_asset = got(Asset::of(coin));
}

Liquidity liquidity_of(const Value& row) {
    const auto scope = lower_case(row["tradeScope"].text());
    if (scope == "t" || scope == "taker") return Liquidity::taker;
    return scope == "m" || scope == "maker" ? Liquidity::maker : Liquidity::unknown;
}

}  // namespace

const std::vector<PrivateStream::Channel>& PrivateStream::channels() {
    static const std::vector<Channel> all{
        {"orders", &PrivateStream::order},
        {"order", &PrivateStream::order},
        {"orders-algo", &PrivateStream::plan},
        {"strategy-order", &PrivateStream::plan},
        {"fill", &PrivateStream::fill},
        {"fast-fill", &PrivateStream::fill},
        {"account", &PrivateStream::account},
        {"positions", &PrivateStream::position},
        {"position", &PrivateStream::position},
        {"equity", &PrivateStream::other},
        {"positions-history", &PrivateStream::other},
        {"adl-notification", &PrivateStream::other},
        {"orders-crossed", &PrivateStream::other},
        {"orders-isolated", &PrivateStream::other},
        {"account-crossed", &PrivateStream::other},
        {"account-isolated", &PrivateStream::other},
    };
    return all;
}

core::Result<streams::Reading> PrivateStream::read(std::string_view frame, core::Nanoseconds receive_time,
                                                   std::vector<VenueEvent>& events) {
    streams::Reading reading;
    reading.kind = FrameKind::pong;
    if (frame == "pong") return reading;
    const auto document = Value::parse(frame);
    if (!document) return document.error();
    if (document->contains("event")) return answer(*document, receive_time, events);
    const auto& arg = (*document)["arg"];
    const auto& name = arg.first({"channel", "topic"});
    const auto channel =
        std::find_if(channels().begin(), channels().end(), [&](const auto& c) { return c.name == name; });
    if (channel == channels().end()) return core::Error::unknown_message;
    const auto& data = (*document)["data"];
    if (!data.is_array() && !data.is_object()) return core::Error::missing_field;

    const auto before = events.size();
    reading.kind = FrameKind::events;
    const auto read_row = [&](const Value& row) -> std::optional<core::Error> {
        const auto& category = row["category"].text();
        const auto market = market_of(category.empty() ? arg["instType"].text() : upper_case(category));
        const auto result = (this->*channel->read)({row, market, receive_time, events});
        if (!result) return result.error();
        reading.kind = *result;
        return std::nullopt;
    };
    const auto rows = data.is_array() ? data.items() : std::vector<Value>{data};
    // A row that cannot be read takes nothing from the others; a frame of such rows alone is none.
    for (const auto& row : rows) {
        const auto so_far = events.size();
        if (const auto error = read_row(row)) {
            events.resize(so_far);
            if (reading.refused++ == 0) reading.first = *error;
        }
    }
    if (reading.refused > 0 && reading.refused == rows.size()) return reading.first;
    reading.events = events.size() - before;
    if (reading.events > 0) reading.kind = FrameKind::events;
    return reading;
}

VenueEvent PrivateStream::order_event(const Row& from, const core::Instrument& instrument, Gather& got) const {
    const auto& row = from.row;
    const auto& time = row.contains("uTime")         ? row["uTime"]
                       : row.contains("updatedTime") ? row["updatedTime"]
                                                     : row["execTime"];
    auto event = make_.event(VenueEventKind::order_update, EventSource::stream, from.receive_time, time);
    event.instrument = instrument.id;
    event.origin = origin_of(row);
    event.order = streams::order_id(row["clientOid"].text());
    event.venue_order = got(VenueId::of(row["orderId"].text()));
    return event;
}

core::Result<FrameKind> PrivateStream::order(const Row& from) const {
    const auto& row = from.row;
    const auto* instrument = make_.find(from.market, row.first({"instId", "symbol"}));
    const auto* status = find(statuses, row.first({"status", "orderStatus"}));
    if (instrument == nullptr) return FrameKind::other;       // none that we trade
    if (status == nullptr) return core::Error::out_of_range;  // a fact of ours that nobody can tell

    Gather got;
    auto event = order_event(from, *instrument, got);
    event.side = side_of(row, true);
    const auto& cumulative = row.first({"accBaseVolume", "cumExecQty"});
    const auto filled = got(streams::quantity(cumulative, *instrument));
    if (!row["tradeId"].text().empty() && exchange::is_nonzero(row["baseVolume"].text())) {
        auto trade = event;
        trade.kind = VenueEventKind::fill;
        trade.fill = {};
        trade.fill.trade = got(VenueId::of(row["tradeId"].text()));
        trade.fill.price = got(streams::price(row["fillPrice"].text(), *instrument));
        trade.fill.quantity = got(streams::quantity(row["baseVolume"].text(), *instrument));
        trade.fill.filled = filled;
        trade.fill.liquidity = liquidity_of(row);
        set_fee(trade.fill, row, got);
        from.events.push_back(trade);
    }
    if (*status == VenueStatus::cancelled) {
        event.kind = VenueEventKind::cancelled;
        event.closed = {.filled = filled, .filled_known = !cumulative.empty(), .refusal = Refusal::other};
    } else {
        OrderUpdate update{
            .status = *status,
            .type = row["orderType"].text() == "market" ? core::OrderType::market : core::OrderType::limit,
            .time_in_force = force_of(row),
            .reduce_only = lower_case(row["reduceOnly"].text()) == "yes" || closes(row)};
        if (!counts_quote(row, from.market))
            update.quantity = got(streams::quantity(row.first({"size", "qty"}), *instrument));
        update.price = got(streams::price(row["price"].text(), *instrument));
        update.filled = filled;
        update.average_price = got(streams::amount(row.first({"priceAvg", "avgPrice"})));
        event.update = update;
    }
    from.events.push_back(event);
    if (!got.ok()) return got.error();
    return FrameKind::events;
}

core::Result<FrameKind> PrivateStream::plan(const Row& from) const {
    const auto& row = from.row;
    const auto* instrument = make_.find(from.market, row.first({"instId", "symbol"}));
    const auto* status = find(plan_statuses, row["status"].text());
    if (instrument == nullptr) return FrameKind::other;
    if (status == nullptr) return core::Error::out_of_range;

    Gather got;
    auto event = order_event(from, *instrument, got);
    event.side = side_of(row, true);
    const bool market = row.first({"orderType", "triggerOrderType"}) == "market";
    if (*status == VenueStatus::cancelled) {
        event.kind = VenueEventKind::cancelled;
        event.closed = {.filled = {}, .filled_known = false, .refusal = Refusal::other};
    } else if (*status == VenueStatus::rejected) {
        event.kind = VenueEventKind::rejected;
        event.rejected = {.refusal = Refusal::other, .code = 0};
    } else if (*status == VenueStatus::working && row["status"].text() != "executing" && market) {
        // The stop has been released: it protects nothing any more. What became of the order that it released is told
        // by that one; the documents do not say that it bears the plan's client id, so nothing else would end this one.
        event.kind = VenueEventKind::expired;
        event.closed = {.filled = {}, .filled_known = false, .refusal = Refusal::other};
    } else {
        OrderUpdate update{.status = *status,
                           .type = market ? core::OrderType::stop_market : core::OrderType::limit,
                           .reduce_only = lower_case(row["reduceOnly"].text()) == "yes" || closes(row)};
        update.quantity = got(streams::quantity(row.first({"size", "qty"}), *instrument));
        if (!market)
            update.price = got(streams::price(row.first({"executePrice", "triggerOrderPrice", "price"}), *instrument));
        update.trigger = got(streams::price(row["triggerPrice"].text(), *instrument));
        event.update = update;
    }
    if (!got.ok()) return got.error();
    from.events.push_back(event);
    return FrameKind::events;
}

core::Result<FrameKind> PrivateStream::fill(const Row& from) const {
    const auto& row = from.row;
    const auto* instrument = make_.find(from.market, row.first({"symbol", "instId"}));
    const auto& trade = row.first({"tradeId", "execId"});
    if (trade.empty()) return core::Error::missing_field;
    if (instrument == nullptr) return FrameKind::other;

    Gather got;
    auto event = order_event(from, *instrument, got);
    event.kind = VenueEventKind::fill;
    event.side = side_of(row, false);  // here the side follows the market
    Fill made;
    made.trade = got(VenueId::of(trade));
    made.price = got(streams::price(row.first({"execPrice", "priceAvg", "price"}), *instrument));
    made.quantity = got(streams::quantity(row.first({"execQty", "baseVolume", "size"}), *instrument));
    made.liquidity = liquidity_of(row);
    set_fee(made, row, got);
    if (!got.ok()) return got.error();
    event.fill = made;
    from.events.push_back(event);
    return FrameKind::events;
}

core::Result<FrameKind> PrivateStream::account(const Row& from) const {
    const auto& coins = from.row["coin"];
    const auto rows = coins.is_array() ? coins.items() : std::vector<Value>{from.row};
    for (const auto& row : rows) {
        Gather got;
        const auto& available = row["available"].text();
        auto wallet = row.first({"equity", "balance"});
        if (wallet.empty()) {  // spot tells the parts
            wallet = exchange::sum(available, row["frozen"].text());
            if (!row["locked"].text().empty()) wallet = exchange::sum(wallet, row["locked"].text());
        } else if (!row["unrealizedPL"].text().empty()) {
            wallet = exchange::difference(wallet, row["unrealizedPL"].text());
        }
        if (wallet.empty()) return core::Error::missing_field;
        auto event = make_.event(VenueEventKind::balance, EventSource::stream, from.receive_time, row["uTime"]);
        event.balance = {.asset = got(Asset::of(row.first({"marginCoin", "coin"}))),
                         .wallet = got(streams::amount(wallet)),
                         .available = got(streams::amount(available))};
        if (!got.ok()) return got.error();
        from.events.push_back(event);
    }
    return FrameKind::events;
}

core::Result<FrameKind> PrivateStream::position(const Row& from) const {
    const auto& row = from.row;
    // A unified account's push does not say the product: a symbol quoted in USD is coin-margined.
    const auto& symbol = row.first({"instId", "symbol"});
    const auto* instrument = make_.find(from.market, symbol);
    for (const auto market : {core::Market::linear, core::Market::inverse})
        if (instrument == nullptr) instrument = make_.find(market, symbol);
    if (instrument == nullptr) return FrameKind::other;

    Gather got;
    const auto side = lower_case(row.first({"holdSide", "posSide"}));
    const bool hedged = row.first({"posMode", "holdMode"}) == "hedge_mode";
    auto event = make_.event(VenueEventKind::position, EventSource::stream, from.receive_time,
                             row[row.contains("uTime") ? "uTime" : "updatedTime"]);
    event.instrument = instrument->id;
    const auto size = got(streams::quantity(row.first({"total", "size"}), *instrument));
    const bool is_short = side == "short";
    event.position = {.quantity = is_short ? -size : size,
                      .entry = got(streams::amount(row.first({"openPriceAvg", "avgPrice"}))),
                      .side = !hedged    ? PositionSide::net
                              : is_short ? PositionSide::short_only
                                         : PositionSide::long_only};
    if (!got.ok()) return got.error();
    from.events.push_back(event);
    return FrameKind::events;
}

core::Result<FrameKind> PrivateStream::other(const Row&) const {
    return FrameKind::other;
}

core::Result<streams::Reading> PrivateStream::answer(const Value& document, core::Nanoseconds receive_time,
                                                     std::vector<VenueEvent>& events) const {
    const auto& word = document["event"].text();
    const auto& code = document["code"].text();
    const auto& message = document["msg"].text();
    const auto& arg = document["arg"].is_array() ? document["arg"].at(0) : document["arg"];
    const bool refused = word == "error" || (!code.empty() && code != "0" && code != "00000");
    const auto meaning = refused ? meaning_of(code, message) : exchange::CodeMeaning{};
    streams::Reading reading;
    if (const auto text = VenueId::of(arg["id"].text())) reading.request = *text;
    reading.code = meaning.code;
    reading.refusal = meaning.refusal;
    reading.message = streams::words(message);

    const auto& operation = arg["channel"].text();
    const bool places = operation == "place-order";
    if (word == "trade" || places || operation == "cancel-order") {
        reading.kind = FrameKind::answer;
        const auto& params = arg["params"];
        reading.order = streams::order_id(params["clientOid"].text());
        if (const auto asked = streams::parse_request_id(arg["id"].text())) reading.order = asked->order;
        auto event = make_.event(VenueEventKind::acknowledged, EventSource::answer, receive_time, document["ts"]);
        event.order = reading.order;
        if (!refused) {
            if (!places) return reading;
            const auto venue_id = VenueId::of(params["orderId"].text());
            if (!venue_id) return venue_id.error();
            event.venue_order = *venue_id;
            event.acknowledged = {};
        } else if (exchange::may_be_done(meaning.kind)) {
            event.kind = VenueEventKind::outcome_unknown;
        } else {
            event.kind = places ? VenueEventKind::rejected : VenueEventKind::cancel_rejected;
            event.rejected = {.refusal = meaning.refusal, .code = meaning.code};
        }
        events.push_back(event);
        reading.events = 1;
        return reading;
    }
    // A refused login has no subscription to name.
    if (refused)
        reading.kind = word == "login" || arg.is_null() ? FrameKind::login_refused : FrameKind::subscribe_refused;
    else if (word == "login")
        reading.kind = FrameKind::login;
    else if (word == "subscribe")
        reading.kind = FrameKind::subscribed;
    else if (word == "unsubscribe")
        reading.kind = FrameKind::other;
    else
        return core::Error::unknown_message;
    return reading;
}

}  // namespace gateways::bitget
