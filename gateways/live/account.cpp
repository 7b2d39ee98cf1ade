#include "gateways/live/account.hpp"

#include <algorithm>
#include <utility>

namespace gateways::live {

using core::Nanoseconds;

namespace {

constexpr std::size_t most_notices = 1000;

LiveSettings weighed(LiveSettings settings, const AccountCalls& calls) {
    settings.account_weight = std::max(settings.account_weight, calls.account_weight());
    return settings;
}

exchange::Credentials copy(const exchange::Credentials& keys) {
    return {.key = keys.key.copy(), .secret = keys.secret.copy(), .passphrase = keys.passphrase.copy()};
}

core::HttpRequest http_request(const exchange::WireRequest& wire) {
    core::HttpRequest request{
        .method = std::string{name(wire.method)}, .target = wire.target, .fields = {}, .body = wire.body};
    for (const auto& header : wire.headers) request.fields.push_back({header.name, header.value});
    return request;
}

/// What came of it in the words of the exchange calls: what certainly never left is `network`, what may have arrived is
/// `unknown_outcome`.
exchange::Expected<exchange::Response> response_of(core::HttpResult result) {
    if (!result) {
        const auto& failure = result.error();
        return exchange::ApiError{
            .kind = failure.unknown_outcome ? exchange::ErrorKind::unknown_outcome : exchange::ErrorKind::network,
            .code = {},
            .message = std::string{core::name(failure.phase)} + ": " + std::string{core::name(failure.fault)} +
                       (failure.detail.empty() ? "" : ", " + failure.detail)};
    }
    exchange::Response response{.status = result->status, .headers = {}, .body = std::move(result->body)};
    for (auto& field : result->fields) response.headers.push_back({std::move(field.first), std::move(field.second)});
    return response;
}

}  // namespace

Account::Account(const AccountNet& net, const AccountSettings& settings, const core::InstrumentTable& instruments,
                 const exchange::Credentials& keys, OrderLedger& ledger, core::RateLedger& budget)
    : net_{net},
      settings_{settings},
      instruments_{&instruments},
      ledger_{&ledger},
      budget_{&budget},
      calls_{settings.venue, settings.markets, instruments, settings.environment, copy(keys), settings.base},
      gateway_{weighed(settings.gateway, calls_), instruments, ledger, budget},
      link_{settings.link, settings.venue, settings.markets, instruments, copy(keys)},
      sockets_(link_.sockets()),
      inbox_{std::make_shared<core::HandBack<Answer>>()},
      entries_(instruments.size()) {
    outcome_.actions.reserve(64);
    outcome_.executions.reserve(256);
    executions_.reserve(1024);
}

Account::~Account() = default;

void Account::submit(const core::Order& order, Nanoseconds now) {
    gateway_.submit(order, now, outcome_);
    work_off(now);
    obey_link(now);  // an order that took the socket leaves before anything else is looked at
}

std::size_t Account::poll(core::Clock& clock) {
    const auto now = clock.now();
    const auto messages = read_sockets(clock, now);
    read_answers(now);
    if (messages == 0 && now < next_step_) [[likely]]
        return 0;
    read_link(now);
    if (now >= next_step_) {
        next_step_ = now + settings_.step;
        link_.time(now, venue_now(now));
        read_link(now);
        gateway_.step(now, outcome_);
        work_off(now);
        const auto status = link_.status();
        if (status.clock_refusals != clock_refusals_) gateway_.clock().distrust();
        clock_refusals_ = status.clock_refusals;
        if (trouble_ != status.trouble) say(false, trouble_ = status.trouble);
    }
    obey_link(now);
    return messages;
}

/// The venue's clock as far as it is known; 0 before.
Nanoseconds Account::venue_now(Nanoseconds now) {
    auto& clock = gateway_.clock();
    return clock.known() ? now + clock.offset(now) : Nanoseconds{};
}

std::size_t Account::read_sockets(core::Clock& clock, Nanoseconds now) {
    std::size_t messages = 0;
    for (std::size_t i = 0; i < sockets_.size(); ++i) {
        auto& [opening, socket] = sockets_[i];
        if (socket) [[likely]] {
            const auto state = socket->poll(clock, [&](const core::WebSocketMessage& message) {
                ++messages;
                link_.frame(i, message.bytes, message.receive_time);
            });
            if (state != core::WebSocket::State::closed) continue;
            const auto ended = std::exchange(socket, nullptr);
            link_.closed(i, now, name(ended->failure().fault));
            ++messages;  // something happened
        } else if (opening) {
            socket = opening->take();
            if (!socket) continue;
            opening.reset();
            ++messages;
            if (socket->state() == core::WebSocket::State::open) {
                link_.opened(i, now, venue_now(now));
                continue;
            }
            const auto failed = std::exchange(socket, nullptr);
            link_.closed(i, now,
                         failed->failure().detail.empty() ? name(failed->failure().fault)
                                                          : std::string_view{failed->failure().detail});
        }
    }
    return messages;
}

/// What the private sockets told, into the gateway.
void Account::read_link(Nanoseconds now) {
    auto& events = link_.events();
    for (const auto& event : events) {
        ++counts_.events;
        take(event, now);
    }
    events.clear();
    if (const bool up = link_.stream_up(); up != told_stream_) {
        told_stream_ = up;
        say(false, up ? "private streams are up" : "private streams are down: entries wait");
    }
    if (const bool up = link_.entry_up(); up != entry_up_) {
        entry_up_ = up;
        gateway_.entry(up, now, outcome_);
    }
    work_off(now);
}

void Account::obey_link(Nanoseconds now) {
    while (auto* command = link_.next_command()) {
        auto& [opening, socket] = sockets_[std::min(command->socket, sockets_.size() - 1)];
        switch (command->kind) {
            case PrivateLink::Command::Kind::open: {
                const auto url = core::parse_url(command->text);
                if (!url) {
                    link_.closed(command->socket, now, "not an address");
                    break;
                }
                opening = std::make_unique<core::SocketOpening>(net_.thread, *url, net_.tls, net_.resolver,
                                                                core::WebSocketSettings{});
                break;
            }
            case PrivateLink::Command::Kind::send:
                if (socket) socket->send(command->text);
                break;
            case PrivateLink::Command::Kind::close:
                opening.reset();
                if (socket) socket->close();
                socket.reset();
                break;
            case PrivateLink::Command::Kind::request: request(command->request, command->tag, true); break;
        }
    }
}

/// Carries out what the gateway decided. Actions may lead to more of them.
void Account::work_off(Nanoseconds now) {
    for (std::size_t i = 0; i < outcome_.actions.size(); ++i) {
        const Action action = outcome_.actions[i];  // a copy: the list may grow
        act(action, now);
    }
    executions_.insert(executions_.end(), outcome_.executions.begin(), outcome_.executions.end());
    for (const auto& alert : outcome_.alerts)
        say(true, std::string{name(alert.kind)} +
                      (alert.instrument == core::no_instrument ? "" : " " + (*instruments_)[alert.instrument].name()) +
                      (alert.id.value == 0 ? "" : " order " + std::to_string(alert.id.value)));
    outcome_.clear();
}

void Account::act(const Action& action, Nanoseconds now) {
    const bool order = action.kind == ActionKind::place || action.kind == ActionKind::cancel;
    if (order && link_.submit(action, now)) {
        ++counts_.by_socket;
        return;
    }
    counts_.by_rest += order ? 1 : 0;
    auto talking = std::make_unique<Talking>(
        Talking{.tag = next_tag_++, .action = action, .conversation = calls_.begin(action, now), .sent = now});
    auto& begun = *talking_.emplace_back(std::move(talking));
    send_next(begun, now);
}

void Account::send_next(Talking& talking, Nanoseconds now) {
    if (const auto wire = talking.conversation.next(now)) {
        talking.sent = now;
        request(*wire, talking.tag, false);
    } else if (talking.conversation.done()) {
        finish(talking, now);
    }
}

void Account::request(const exchange::WireRequest& wire, std::uint64_t tag, bool of_link) {
    ++counts_.rest_requests;
    const auto answer = [inbox = inbox_, tag, of_link, &thread = net_.thread](core::HttpResult result) {
        inbox->put(std::make_unique<Answer>(Answer{.tag = tag,
                                                   .of_link = of_link,
                                                   .response = response_of(std::move(result)),
                                                   .received = thread.clock().now()}));
    };
    const auto url = core::parse_url(wire.base);
    if (!url) return answer(core::NetFailure{.detail = "not an address"});
    net_.http.send(url->to, http_request(wire), answer);
}

void Account::read_answers(Nanoseconds now) {
    while (const auto answer = inbox_->take()) {
        next_step_ = now;  // something happened
        if (answer->response)
            heed_limits(*answer->response, now);
        else
            ++counts_.rest_failures;
        if (answer->of_link) {
            link_.answered(answer->tag, answer->response, now);
            continue;
        }
        const auto found = std::find_if(talking_.begin(), talking_.end(),
                                        [&](const auto& talking) { return talking->tag == answer->tag; });
        if (found == talking_.end()) continue;
        auto& talking = **found;
        talking.received = answer->received;
        talking.conversation.answer(answer->response, talking.sent, talking.received);
        send_next(talking, now);
    }
    std::erase_if(talking_, [](const auto& talking) { return talking->conversation.done(); });
}

void Account::finish(Talking& talking, Nanoseconds now) {
    auto answered = talking.conversation.take();
    const auto& action = talking.action;
    if (answered.not_sent) gateway_.not_sent(action.order.id, now, outcome_);
    for (const auto& event : answered.events) {
        if (event.kind == VenueEventKind::acknowledged) link_.expect_news(event.order, now);
        take(event, now);
    }
    if (answered.snapshot) {
        for (const auto& position : answered.snapshot->positions) note_entries(position);
        gateway_.on(*answered.snapshot, now, outcome_);
    }
    if (answered.account_failed) gateway_.account_failed(now);
    if (answered.timer_renewed) gateway_.timer_renewed(*answered.timer_renewed, talking.sent);
    if (answered.venue_time) gateway_.clock().sample(talking.sent, *answered.venue_time, talking.received);
    if (answered.error)
        say(false, std::string{name(action.kind)} + ": " + std::string{name(answered.error->kind)} + ": " +
                       answered.error->message +
                       (answered.error->code.empty() ? "" : " (" + answered.error->code + ")"));
}

/// The venue's own count of our requests, its 429 and its ban: everybody who shares the budget hears of it.
void Account::heed_limits(const exchange::Response& response, Nanoseconds now) {
    const auto feedback = rate_feedback(settings_.venue, response);
    if (feedback.used_weight) budget_->observe(0, *feedback.used_weight, now);
    if (!feedback.retry_after) return;
    if (feedback.banned) {
        budget_->banned(*feedback.retry_after, now);
        say(true, "the venue banned us: nothing leaves until the ban is over");
    } else {
        budget_->throttled(*feedback.retry_after, now);
        say(false, "the venue says: too many requests");
    }
}

/// One thing the venue said. What it refused, people hear with its reason.
void Account::take(const VenueEvent& event, Nanoseconds now) {
    note_entries(event);
    const auto refused = [&](Refusal why, std::int32_t code) {
        say(false, std::string{name(event.kind)} + ": " + std::string{name(why)} +
                       (code == 0 ? "" : " (" + std::to_string(code) + ")") + ", order " +
                       std::to_string(event.order.value & 0xff'ffff'ffff));
    };
    if (event.kind == VenueEventKind::rejected || event.kind == VenueEventKind::cancel_rejected) [[unlikely]]
        refused(event.rejected.refusal, event.rejected.code);
    if (event.kind == VenueEventKind::order_update && event.update.status == VenueStatus::rejected) [[unlikely]]
        refused(event.update.refusal, 0);
    gateway_.on(event, now, outcome_);
}

void Account::note_entries(const VenueEvent& event) noexcept {
    if (event.kind != VenueEventKind::position || event.instrument.value >= entries_.size()) return;
    const auto& entry = event.position.entry;
    const int shift = (*instruments_)[event.instrument].price_decimals - entry.decimals;
    auto units = entry.units;
    for (int i = 0; i < shift; ++i)
        if (__builtin_mul_overflow(units, 10, &units)) return;
    for (int i = 0; i > shift; --i) units /= 10;
    entries_[event.instrument.value] = core::Price{units};
}

void Account::say(bool alert, std::string text) {
    if (text.empty()) return;
    if (notices_.size() == most_notices) notices_.pop_front();
    notices_.push_back({.venue = settings_.venue, .alert = alert, .text = std::move(text)});
}

}  // namespace gateways::live
