#include "gateways/bybit/private_stream.hpp"

#include "core/net/sign.hpp"
#include "gateways/bybit/private_rows.hpp"
#include "gateways/exchange/refusal.hpp"

#include <algorithm>

namespace gateways::bybit {

using streams::FrameKind;
using streams::Reading;
using streams::Row;

struct PrivateStream::State {
    streams::FrameParser parser;
    Reader reader;
};

namespace {

/// The answer to one request of ours, or to one order of a batch.
void answer(const Row& frame, const Row& data, std::int64_t code, Reader& reader) {
    const auto op = frame.text("op");
    const bool creates = op.starts_with("order.create");
    if (!creates && !op.starts_with("order.cancel")) return;
    auto event = reader.event(VenueEventKind::acknowledged, EventSource::answer);
    event.venue_time = streams::time_of_ms(frame.row("header").integer("Timenow"), reader.receive_time);
    event.order = streams::order_id(data.text("orderLinkId"));
    if (event.order == core::OrderId{}) event.order = streams::order_id(frame.text("reqId"));
    const auto id = VenueId::of(data.text("orderId"));
    if (!id) return reader.refuse(id.error());
    event.venue_order = *id;
    if (code == 0) {
        if (!creates) return;
        event.acknowledged = {};
        return reader.append(event);
    }
    const auto meaning = meaning_of(code);
    if (exchange::may_be_done(meaning.kind)) {
        event.kind = VenueEventKind::outcome_unknown;
    } else {
        event.kind = creates ? VenueEventKind::rejected : VenueEventKind::cancel_rejected;
        event.rejected = {.refusal = meaning.refusal, .code = meaning.code};
    }
    reader.append(event);
}

void answers(const Row& frame, Reader& reader) {
    const auto code = frame.integer("retCode").value_or(0);
    reader.reading.code = code;
    const auto data = frame.row("data");
    // a batch that was taken has a list of orders, and beside it a list of what became of each
    std::vector<std::int64_t> codes;
    frame.row("retExtInfo").for_each("list", [&](const Row& verdict) {
        codes.push_back(verdict.integer("code").value_or(0));
    });
    std::size_t index = 0;
    const bool batch = data.for_each("list", [&](const Row& order) {
        answer(frame, order, index < codes.size() ? codes[index] : code, reader);
        ++index;
    });
    if (!batch) answer(frame, data, code, reader);
}

/// Whether `text` has one of the words, in the spelling of the venue's messages.
bool speaks_of(std::string_view text, std::initializer_list<std::string_view> of) noexcept {
    for (const auto word : of)
        if (text.find(word) != text.npos) return true;
    return false;
}

/// What a refused request means. The private socket says no code, and one code (10004) has two meanings.
Refusal refusal_of(std::int64_t code, std::string_view message) noexcept {
    if ((code == 0 || code == 10004) && speaks_of(message, {"expire", "Expire"})) return Refusal::clock;
    if (code != 0) return meaning_of(code).refusal;
    if (speaks_of(message, {"apikey", "api_key", "sign", "not authorized"})) return Refusal::credentials;
    return Refusal::other;
}

/// How long until the venue counts anew. Source: docs/v5/websocket/trade/guideline, "header".
core::Nanoseconds until_reset(const Row& header) noexcept {
    const auto reset = header.integer("X-Bapi-Limit-Reset-Timestamp"), now = header.integer("Timenow");
    constexpr std::int64_t longest_ms = 60'000;  // its windows are seconds
    if (!reset || !now || *now < 0 || *reset <= *now) return {};
    return std::chrono::milliseconds{std::min(*reset - *now, longest_ms)};
}

FrameKind kind_of_answer(const Row& frame) noexcept {
    const auto op = frame.text("op");
    const bool good = frame.truth("success").value_or(false) ||
                      (!frame.contains("success") && frame.integer("retCode") == std::int64_t{0});
    if (op == "pong" || op == "ping" || frame.text("ret_msg") == "pong") return FrameKind::pong;
    if (op == "auth") return good ? FrameKind::login : FrameKind::login_refused;
    if (op == "subscribe") return good ? FrameKind::subscribed : FrameKind::subscribe_refused;
    return op.starts_with("order.") ? FrameKind::answer : FrameKind::other;
}

}  // namespace

PrivateStream::PrivateStream(const core::InstrumentTable& instruments)
    : state_{std::make_unique<State>(State{.parser = {}, .reader = Reader{instruments}})} {}
PrivateStream::~PrivateStream() = default;

core::Result<Reading> PrivateStream::read(std::string_view frame, core::Nanoseconds receive_time,
                                          std::vector<VenueEvent>& to) {
    const auto parsed = state_->parser.parse(frame);
    if (!parsed) return parsed.error();
    auto& reader = state_->reader;
    reader.begin(receive_time, to);
    const auto topic = parsed->text("topic");
    if (topic.empty()) {
        reader.reading.kind = kind_of_answer(*parsed);
        auto& reading = reader.reading;
        reading.code = parsed->integer("retCode").value_or(0);
        const bool of_trade = parsed->contains("reqId") || parsed->contains("retCode");
        const auto request = parsed->text(of_trade ? "reqId" : "req_id");
        if (const auto id = VenueId::of(request)) reading.request = *id;
        if (reading.code != 0 || reading.kind == FrameKind::login_refused ||
            reading.kind == FrameKind::subscribe_refused) {
            const auto message = parsed->text(of_trade ? "retMsg" : "ret_msg");
            reading.message = streams::words(message);
            reading.refusal = refusal_of(reading.code, message);
            if (reading.refusal == Refusal::rate_limited) reading.retry_after = until_reset(parsed->row("header"));
        }
        if (reading.kind == FrameKind::answer) {
            reading.order = streams::order_id(request);
            answers(*parsed, reader);
        }
        return reading;
    }
    const auto name = topic.substr(0, topic.find('.'));
    reader.message_time = streams::time_of_ms(parsed->integer("creationTime"), receive_time);
    reader.topic_category = topic.substr(std::min(topic.size(), topic.rfind('.') + 1));
    const auto rows = [&](void (Reader::*each)(const Row&)) {
        reader.reading.kind = FrameKind::events;
        if (!parsed->for_each("data", [&](const Row& row) { (reader.*each)(row); }))
            reader.refuse(core::Error::missing_field);
    };
    if (name == "order")
        rows(&Reader::order);
    else if (name == "execution")
        rows(&Reader::execution);
    else if (name == "position")
        rows(&Reader::position);
    else if (name == "wallet")
        rows(&Reader::wallet);
    else
        reader.reading.kind = FrameKind::other;
    return reader.reading;
}

std::string login_request(const core::Secret& key, const core::Secret& secret, core::Nanoseconds expires) {
    const auto time = std::to_string(expires.count() / 1'000'000);
    std::string signature(core::hex_length, '0');
    core::write_hex(signature.data(), core::Signer{secret}.sign("GET/realtime" + time));
    std::string text = R"({"op":"auth","args":[")";
    text += key.reveal();
    text += "\"," + time + ",\"" + signature + "\"]}";
    return text;
}

std::string_view subscribe_request() noexcept {
    return R"({"op":"subscribe","args":["order","execution","position","wallet"]})";
}

std::string_view ping_request() noexcept {
    return R"({"op":"ping"})";
}

}  // namespace gateways::bybit
