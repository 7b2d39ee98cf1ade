#include "gateways/binance/private_stream.hpp"

#include "gateways/binance/codes.hpp"
#include "gateways/binance/private_limits.hpp"
#include "gateways/exchange/decimal_text.hpp"
#include "gateways/streams/request_id.hpp"

#include <algorithm>

namespace gateways::binance {

using exchange::Gather;
using exchange::Value;
using streams::FrameKind;
using streams::Operation;

namespace {
using Reading = core::Result<streams::Reading>;

streams::Reading reading_of(FrameKind kind) noexcept {
    streams::Reading made;
    made.kind = kind;
    return made;
}
/// A row about an instrument that we do not trade.
streams::Reading foreign() noexcept {
    auto made = reading_of(FrameKind::events);
    made.foreign = 1;
    return made;
}

template <class T>
struct Word {
    std::string_view text;
    T value;
};
template <class T, std::size_t n>
const T* find(const Word<T> (&words)[n], std::string_view text) noexcept {
    const auto found = std::find_if(std::begin(words), std::end(words), [&](const auto& w) { return w.text == text; });
    return found == std::end(words) ? nullptr : &found->value;
}

constexpr Word<VenueStatus> statuses[] = {
    {"NEW", VenueStatus::working},
    {"PENDING_NEW", VenueStatus::pending},
    {"PARTIALLY_FILLED", VenueStatus::partially_filled},
    {"FILLED", VenueStatus::filled},
    {"NEW_INSURANCE", VenueStatus::filled},  // liquidation with the insurance fund
    {"NEW_ADL", VenueStatus::filled},        // counterparty of a liquidation
    {"CANCELED", VenueStatus::cancelled},
    {"REJECTED", VenueStatus::rejected},
    {"EXPIRED", VenueStatus::expired},
    {"EXPIRED_IN_MATCH", VenueStatus::expired},
};

constexpr Word<VenueStatus> algo_statuses[] = {
    {"NEW", VenueStatus::pending},        {"TRIGGERING", VenueStatus::pending}, {"TRIGGERED", VenueStatus::working},
    {"CANCELED", VenueStatus::cancelled}, {"REJECTED", VenueStatus::rejected},  {"EXPIRED", VenueStatus::expired},
};

constexpr Word<core::TimeInForce> forces[] = {
    {"GTC", core::TimeInForce::gtc}, {"GTD", core::TimeInForce::gtc},       {"IOC", core::TimeInForce::ioc},
    {"FOK", core::TimeInForce::fok}, {"GTX", core::TimeInForce::post_only}, {"GTE_GTC", core::TimeInForce::gtc},
};

core::TimeInForce force_of(const Value& order) noexcept {
    if (order["o"].text() == "LIMIT_MAKER") return core::TimeInForce::post_only;
    const auto* force = find(forces, order["f"].text());
    return force == nullptr ? core::TimeInForce::gtc : *force;
}

core::OrderType type_of(std::string_view text) noexcept {
    if (text == "MARKET") return core::OrderType::market;
    if (text == "STOP_MARKET" || text == "STOP_LOSS" || text == "TRAILING_STOP_MARKET")
        return core::OrderType::stop_market;
    return core::OrderType::limit;
}

/// Orders that the venue makes itself carry a client id that says why. Source: "Event: Order Update", special client
/// order ids.
OrderOrigin origin_of(std::string_view client_id) noexcept {
    if (client_id.starts_with("autoclose-")) return OrderOrigin::liquidation;
    if (client_id.starts_with("adl_autoclose")) return OrderOrigin::deleveraging;
    if (client_id.starts_with("settlement_autoclose-") || client_id.starts_with("delivery_autoclose-"))
        return OrderOrigin::settlement;
    return OrderOrigin::account;
}

constexpr Word<Refusal> refusals[] = {
    {"INSUFFICIENT_BALANCES", Refusal::insufficient_balance},
    {"INSUFFICIENT_BALANCE", Refusal::insufficient_balance},
    {"WOULD_MATCH_IMMEDIATELY", Refusal::post_only_would_cross},
    {"UNKNOWN_ORDER", Refusal::unknown_order},
    {"DUPLICATE_ORDER", Refusal::duplicate_id},
};

/// Why an order left the book by itself, by what it was.
Refusal expiry_of(core::TimeInForce force) noexcept {
    switch (force) {
        case core::TimeInForce::ioc:
        case core::TimeInForce::fok: return Refusal::would_not_fill;
        case core::TimeInForce::post_only: return Refusal::post_only_would_cross;
        case core::TimeInForce::gtc: break;
    }
    return Refusal::other;
}

Refusal refusal_of(const Value& order) noexcept {
    const auto* refusal = find(refusals, order["r"].text());
    return refusal == nullptr ? Refusal::other : *refusal;
}

/// An executed trade, a liquidation's part (CALCULATED) or what self-trade prevention left.
bool is_trade(const Value& order) noexcept {
    const auto& execution = order["x"].text();
    return (execution == "TRADE" || execution == "CALCULATED") && order["t"].integer().value_or(-1) > 0;
}

Fill fill_of(const Value& order, const core::Instrument& instrument, Gather& got) {
    Fill fill;
    fill.trade = got(VenueId::of(order["t"].text()));
    fill.price = got(streams::price(order["L"].text(), instrument));
    fill.quantity = got(streams::quantity(order["l"].text(), instrument));
    fill.filled = got(streams::quantity(order["z"].text(), instrument));
    if (!order["N"].text().empty()) {
        fill.fee = got(streams::amount(order["n"].text()));
        fill.fee_asset = got(Asset::of(order["N"].text()));
    }
    fill.liquidity = order["m"].is_true() ? Liquidity::maker : Liquidity::taker;
    return fill;
}

OrderUpdate update_of(const Value& order, VenueStatus status, const core::Instrument& instrument, Gather& got) {
    OrderUpdate update{.status = status,
                       .type = type_of(order["o"].text()),
                       .time_in_force = force_of(order),
                       .reduce_only = order["R"].is_true()};
    update.quantity = got(streams::quantity(order["q"].text(), instrument));
    update.price = got(streams::price(order["p"].text(), instrument));
    // the stop price is "P" of spot, "sp" of contracts
    update.trigger = got(streams::price(order.first({"sp", "P"}), instrument));
    update.filled = got(streams::quantity(order["z"].text(), instrument));
    update.average_price = got(streams::amount(order["ap"].text()));
    if (status == VenueStatus::rejected) update.refusal = refusal_of(order);
    return update;
}

}  // namespace

const std::vector<PrivateStream::Kind>& PrivateStream::kinds() {
    static const std::vector<Kind> all{
        {"executionReport", &PrivateStream::order},
        {"ORDER_TRADE_UPDATE", &PrivateStream::order},
        {"ALGO_UPDATE", &PrivateStream::algo_order},
        {"outboundAccountPosition", &PrivateStream::account_position},
        {"ACCOUNT_UPDATE", &PrivateStream::account_update},
        {"listenKeyExpired", &PrivateStream::ended},
        {"eventStreamTerminated", &PrivateStream::ended},
        {"serverShutdown", &PrivateStream::notice},
        {"balanceUpdate", &PrivateStream::other},
        {"listStatus", &PrivateStream::other},
        {"externalLockUpdate", &PrivateStream::other},
        {"TRADE_LITE", &PrivateStream::other},
        {"MARGIN_CALL", &PrivateStream::other},
        {"ACCOUNT_CONFIG_UPDATE", &PrivateStream::other},
        {"STRATEGY_UPDATE", &PrivateStream::other},
        {"GRID_UPDATE", &PrivateStream::other},
        {"CONDITIONAL_ORDER_TRIGGER_REJECT", &PrivateStream::other},
        {"USER_LIABILITY_CHANGE", &PrivateStream::other},
        {"MARGIN_LEVEL_STATUS_CHANGE", &PrivateStream::other},
    };
    return all;
}

Reading PrivateStream::read(std::string_view frame, core::Nanoseconds receive_time, std::vector<VenueEvent>& events) {
    const auto document = Value::parse(frame);
    if (!document) return document.error();
    if (!(*document)["id"].is_null() || document->contains("status") || document->contains("error"))
        return answer(*document, receive_time, events);
    const auto& event = document->contains("event")  ? (*document)["event"]
                        : document->contains("data") ? (*document)["data"]
                                                     : *document;
    const auto& name = event["e"].text();
    const auto kind = std::find_if(kinds().begin(), kinds().end(), [&](const auto& k) { return k.name == name; });
    if (kind == kinds().end()) return core::Error::unknown_message;
    const auto before = events.size();
    auto reading = (this->*kind->read)({.event = event, .receive_time = receive_time, .events = events});
    if (!reading) {
        events.resize(before);
        return reading.error();
    }
    auto made = *reading;
    made.events = events.size() - before;
    return made;
}

Reading PrivateStream::order(const Frame& frame) const {
    const auto& order = frame.event.contains("o") && frame.event["o"].is_object() ? frame.event["o"] : frame.event;
    const auto* instrument = make_.find(market_, order["s"].text());
    const auto* status = find(statuses, order["X"].text());
    const auto& side = order["S"].text();
    if (side != "BUY" && side != "SELL") return core::Error::missing_field;
    if (instrument == nullptr) return foreign();
    if (status == nullptr) return core::Error::out_of_range;  // a fact of ours that nobody can tell

    Gather got;
    // A cancel of spot carries its own client id; the order's stands in "C".
    const auto& original = order["C"].text();
    const auto& client = original.empty() ? order["c"].text() : original;
    auto base = make_.event(VenueEventKind::order_update, EventSource::stream, frame.receive_time, order["T"]);
    base.side = side == "BUY" ? core::Side::buy : core::Side::sell;
    base.instrument = instrument->id;
    base.origin = origin_of(client);
    base.order = streams::order_id(client);
    base.venue_order = got(VenueId::of(order["i"].text()));
    const auto filled = got(streams::quantity(order["z"].text(), *instrument));

    if (is_trade(order)) {
        auto event = base;
        event.kind = VenueEventKind::fill;
        event.fill = fill_of(order, *instrument, got);
        frame.events.push_back(event);
    }
    if (base.origin == OrderOrigin::liquidation && order["x"].text() == "NEW") {
        auto event = base;
        event.kind = VenueEventKind::liquidation;
        event.liquidation = {.quantity = got(streams::quantity(order["q"].text(), *instrument)),
                             .price = got(streams::price(order["p"].text(), *instrument))};
        frame.events.push_back(event);
    }
    auto event = base;
    const auto force = force_of(order);
    if (*status == VenueStatus::cancelled || *status == VenueStatus::expired) {
        const bool cancelled = *status == VenueStatus::cancelled;
        event.kind = cancelled ? VenueEventKind::cancelled : VenueEventKind::expired;
        event.closed = {.filled = filled,
                        .filled_known = !order["z"].text().empty(),
                        .refusal = cancelled ? Refusal::other : expiry_of(force)};
    } else if (*status == VenueStatus::rejected) {
        event.kind = VenueEventKind::rejected;
        event.rejected = {.refusal = refusal_of(order), .code = 0};
    } else {
        event.update = update_of(order, *status, *instrument, got);
    }
    frame.events.push_back(event);
    if (!got.ok()) return got.error();
    return reading_of(FrameKind::events);
}

Reading PrivateStream::algo_order(const Frame& frame) const {
    const auto& order = frame.event["o"];
    const auto* instrument = make_.find(market_, order["s"].text());
    if (instrument == nullptr) return foreign();
    const bool finished = order["X"].text() == "FINISHED";
    const auto* status = find(algo_statuses, order["X"].text());
    if (status == nullptr && !finished) return core::Error::out_of_range;

    Gather got;
    auto event = make_.event(VenueEventKind::order_update, EventSource::stream, frame.receive_time, frame.event["T"]);
    event.side = order["S"].text() == "BUY" ? core::Side::buy : core::Side::sell;
    event.instrument = instrument->id;
    event.order = streams::order_id(order["caid"].text());
    // Once released, the order in the book has an id of its own, and its trades are told under that.
    event.venue_order = got(VenueId::of(order.first({"ai", "aid"})));
    OrderUpdate update{
        .type = type_of(order["o"].text()), .time_in_force = force_of(order), .reduce_only = order["R"].is_true()};
    update.quantity = got(streams::quantity(order["q"].text(), *instrument));
    update.price = got(streams::price(order["p"].text(), *instrument));
    update.trigger = got(streams::price(order["tp"].text(), *instrument));
    update.filled = got(streams::quantity(order["aq"].text(), *instrument));
    update.average_price = got(streams::amount(order["ap"].text()));
    if (!got.ok()) return got.error();
    // The order that it released is done, one way or the other: how much was filled says which.
    update.status = !finished                                                       ? *status
                    : update.filled >= update.quantity && update.quantity.units > 0 ? VenueStatus::filled
                                                                                    : VenueStatus::cancelled;
    if (update.status == VenueStatus::cancelled || update.status == VenueStatus::expired) {
        event.kind = update.status == VenueStatus::cancelled ? VenueEventKind::cancelled : VenueEventKind::expired;
        event.closed = {.filled = update.filled, .filled_known = true, .refusal = Refusal::other};
    } else if (update.status == VenueStatus::rejected) {
        event.kind = VenueEventKind::rejected;
        event.rejected = {.refusal = Refusal::other, .code = 0};
    } else {
        event.update = update;
    }
    frame.events.push_back(event);
    return reading_of(FrameKind::events);
}

Reading PrivateStream::account_position(const Frame& frame) const {
    for (const auto& row : frame.event["B"].items()) {
        Gather got;
        auto event = make_.event(VenueEventKind::balance, EventSource::stream, frame.receive_time, frame.event["E"]);
        const auto wallet = streams::amount(exchange::sum(row["f"].text(), row["l"].text()));
        event.balance = {.asset = got(Asset::of(row["a"].text())),
                         .wallet = got(wallet),
                         .available = got(streams::amount(row["f"].text()))};
        if (!got.ok()) return got.error();
        frame.events.push_back(event);
    }
    return reading_of(FrameKind::events);
}

Reading PrivateStream::account_update(const Frame& frame) const {
    const auto& account = frame.event["a"];
    for (const auto& row : account["B"].items()) {
        Gather got;
        auto event = make_.event(VenueEventKind::balance, EventSource::stream, frame.receive_time, frame.event["E"]);
        // The cross wallet is the most that new orders can draw on; the stream does not tell what they already hold.
        event.balance = {.asset = got(Asset::of(row["a"].text())),
                         .wallet = got(streams::amount(row["wb"].text())),
                         .available = got(streams::amount(row["cw"].text()))};
        if (!got.ok()) return got.error();
        frame.events.push_back(event);
    }
    for (const auto& row : account["P"].items()) {
        const auto* instrument = make_.find(market_, row["s"].text());
        if (instrument == nullptr) continue;
        Gather got;
        auto event = make_.event(VenueEventKind::position, EventSource::stream, frame.receive_time, frame.event["E"]);
        event.instrument = instrument->id;
        const auto& text = row["pa"].text();
        const bool is_short = text.starts_with('-');
        const auto size = got(streams::quantity(is_short ? text.substr(1) : text, *instrument));
        const auto& side = row["ps"].text();
        event.position = {.quantity = is_short ? -size : size,
                          .entry = got(streams::amount(row["ep"].text())),
                          .side = side == "LONG"    ? PositionSide::long_only
                                  : side == "SHORT" ? PositionSide::short_only
                                                    : PositionSide::net};
        if (!got.ok()) return got.error();
        frame.events.push_back(event);
    }
    return reading_of(FrameKind::events);
}

Reading PrivateStream::ended(const Frame&) const {
    return reading_of(FrameKind::ended);
}

Reading PrivateStream::notice(const Frame&) const {
    return reading_of(FrameKind::notice);
}

Reading PrivateStream::other(const Frame&) const {
    return reading_of(FrameKind::other);
}

Reading PrivateStream::answer(const Value& document, core::Nanoseconds receive_time,
                              std::vector<VenueEvent>& events) const {
    const auto& id = document["id"].text();
    const auto& error = document["error"];
    const auto status = document["status"].integer().value_or(200);
    const bool refused = !error.is_null() || status >= 400;
    const auto asked = streams::parse_request_id(id);
    const auto number = document["id"].integer().value_or(0);
    auto reading = reading_of(asked                                ? FrameKind::answer
                              : number == streams::ping_request_id ? FrameKind::pong  // a refusal is a sign of life
                              : refused                            ? FrameKind::subscribe_refused
                              : number == streams::subscribe_request_id ? FrameKind::subscribed
                                                                        : FrameKind::other);
    if (const auto text = VenueId::of(id)) reading.request = *text;
    read_limits(document, reading);
    exchange::CodeMeaning meaning;
    if (const auto& row = error.is_null() ? document : error; refused) {
        meaning = meaning_of(row["code"].text(), row["msg"].text());
        if (status == 429) meaning = {meaning.code, exchange::ErrorKind::rate_limited, Refusal::rate_limited};
        if (status == 418) meaning = {meaning.code, exchange::ErrorKind::banned, Refusal::banned};
        if (status >= 500) meaning.kind = exchange::ErrorKind::unknown_outcome;
        reading.code = meaning.code;
        reading.refusal = meaning.refusal;
        reading.message = streams::words(row["msg"].text());
    }
    if (!asked) return reading;

    reading.order = asked->order;
    const bool places = asked->operation == Operation::place;
    const auto& result = document["result"];
    auto event = make_.event(VenueEventKind::acknowledged, EventSource::answer, receive_time,
                             result[result.contains("transactTime") ? "transactTime" : "updateTime"]);
    event.order = asked->order;
    if (!refused) {
        if (!places) return reading;  // the stream tells what became of it
        const auto venue_id = VenueId::of(result.first({"orderId", "algoId"}));
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

}  // namespace gateways::binance
