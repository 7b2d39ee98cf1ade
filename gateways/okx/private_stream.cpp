#include "gateways/okx/private_stream.hpp"

#include "core/net/sign.hpp"
#include "gateways/exchange/json_text.hpp"
#include "gateways/exchange/refusal.hpp"
#include "gateways/okx/private_rows.hpp"

namespace gateways::okx {

using streams::FrameKind;
using streams::Reading;
using streams::Row;

struct PrivateStream::State {
    streams::FrameParser parser;
    Reader reader;
};

namespace {

enum class Operation : std::uint8_t { none, create, cancel, amend };
Operation operation_of(std::string_view op) noexcept {
    if (op == "order" || op == "batch-orders") return Operation::create;
    if (op == "cancel-order" || op == "batch-cancel-orders") return Operation::cancel;
    if (op == "amend-order" || op == "batch-amend-orders") return Operation::amend;
    return Operation::none;
}

/// The answer to one order of a request.
void answer(const Row& frame, const Row& data, Operation operation, std::int64_t code, Reader& reader) {
    auto event = reader.event(VenueEventKind::acknowledged, EventSource::answer);
    event.venue_time = streams::time_of_ms(data.integer("ts"), reader.receive_time);
    event.order = streams::order_id(data.text("clOrdId"));
    if (event.order == core::OrderId{}) event.order = streams::order_id(frame.text("id"));
    const auto id = VenueId::of(data.text("ordId"));
    if (!id) return reader.refuse(id.error());
    event.venue_order = *id;
    if (code == 0) {
        if (operation != Operation::create) return;
        event.acknowledged = {};
        return reader.append(event);
    }
    if (reader.reading.code <= 2) reader.reading.code = code;  // 1 and 2 only say that orders were refused
    if (operation == Operation::amend) return;                 // a refused amendment leaves the order as it is
    const auto meaning = meaning_of(code);
    if (exchange::may_be_done(meaning.kind)) {
        event.kind = VenueEventKind::outcome_unknown;
    } else {
        event.kind = operation == Operation::create ? VenueEventKind::rejected : VenueEventKind::cancel_rejected;
        event.rejected = {.refusal = meaning.refusal, .code = meaning.code};
    }
    reader.append(event);
}

void answers(const Row& frame, Operation operation, Reader& reader) {
    const auto code = frame.integer("code").value_or(0);
    reader.reading.kind = FrameKind::answer;
    reader.reading.code = code;
    std::size_t orders = 0;
    frame.for_each("data", [&](const Row& order) {
        ++orders;
        answer(frame, order, operation, order.integer("sCode").value_or(code), reader);
    });
    if (orders == 0) answer(frame, Row{}, operation, code, reader);  // refused as a whole
}

FrameKind kind_of_event(std::string_view event, const Row& frame) noexcept {
    const auto code = frame.integer("code").value_or(0);
    if (event == "login") return code == 0 ? FrameKind::login : FrameKind::login_refused;
    if (event == "subscribe") return FrameKind::subscribed;
    if (event == "notice") return FrameKind::notice;
    if (event == "error")
        return (code >= 60'004 && code <= 60'009) || code == 60'024 ? FrameKind::login_refused
                                                                    : FrameKind::subscribe_refused;
    if (event == "channel-conn-count-error") return FrameKind::subscribe_refused;
    return FrameKind::other;
}

}  // namespace

PrivateStream::PrivateStream(const core::InstrumentTable& instruments)
    : state_{std::make_unique<State>(State{.parser = {}, .reader = Reader{instruments}})} {}
PrivateStream::~PrivateStream() = default;

core::Result<Reading> PrivateStream::read(std::string_view frame, core::Nanoseconds receive_time,
                                          std::vector<VenueEvent>& to) {
    if (frame == "pong") {
        Reading alive;
        alive.kind = FrameKind::pong;
        return alive;
    }
    const auto parsed = state_->parser.parse(frame);
    if (!parsed) return parsed.error();
    auto& reader = state_->reader;
    reader.begin(receive_time, to);
    const auto note_answer = [&] {
        reader.reading.code = parsed->integer("code").value_or(0);
        if (const auto id = VenueId::of(parsed->text("id"))) reader.reading.request = *id;
        if (reader.reading.code == 0) return;
        reader.reading.refusal = meaning_of(reader.reading.code).refusal;
        reader.reading.message = streams::words(parsed->text("msg"));
    };
    if (const auto event = parsed->text("event"); !event.empty()) {
        reader.reading.kind = kind_of_event(event, *parsed);
        reader.reading.unsubscribed = event == "channel-conn-count-error";
        note_answer();
        return reader.reading;
    }
    if (const auto operation = operation_of(parsed->text("op")); operation != Operation::none) {
        note_answer();
        reader.reading.order = streams::order_id(parsed->text("id"));
        answers(*parsed, operation, reader);
        return reader.reading;
    }
    const auto channel = parsed->row("arg").text("channel");
    const auto rows = [&](void (Reader::*each)(const Row&)) {
        reader.reading.kind = FrameKind::events;
        if (!parsed->for_each("data", [&](const Row& row) { (reader.*each)(row); }))
            reader.refuse(core::Error::missing_field);
    };
    if (channel == "orders")
        rows(&Reader::order);
    else if (channel == "orders-algo" || channel == "algo-advance")
        rows(&Reader::algo_order);
    else if (channel == "fills")
        rows(&Reader::fill);
    else if (channel == "positions")
        rows(&Reader::position);
    else if (channel == "account")
        rows(&Reader::account);
    else if (channel == "balance_and_position")
        rows(&Reader::balance_and_position);
    else
        reader.reading.kind = FrameKind::other;
    return reader.reading;
}

std::string login_request(const core::Secret& key, const core::Secret& secret, const core::Secret& passphrase,
                          core::Nanoseconds time) {
    const auto seconds = std::to_string(time.count() / 1'000'000'000);
    std::string signature(core::base64_length, '=');
    core::write_base64(signature.data(), core::Signer{secret}.sign(seconds + "GET/users/self/verify"));
    std::string text = R"({"op":"login","args":[{"apiKey":)";
    exchange::append_json(text, key.reveal());
    text += R"(,"passphrase":)";
    exchange::append_json(text, passphrase.reveal());
    text += R"(,"timestamp":")" + seconds + R"(","sign":")" + signature + R"("}]})";
    return text;
}

std::string_view subscribe_request() noexcept {
    return R"({"op":"subscribe","args":[{"channel":"orders","instType":"ANY"},)"
           R"({"channel":"positions","instType":"ANY"},{"channel":"account"}]})";
}

std::string_view subscribe_algo_request() noexcept {
    return R"({"op":"subscribe","args":[{"channel":"orders-algo","instType":"ANY"}]})";
}

std::string_view ping_request() noexcept {
    return "ping";
}

}  // namespace gateways::okx
