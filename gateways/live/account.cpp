#include "gateways/live/account.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace gateways::live {

using core::Nanoseconds;

namespace {

constexpr std::size_t most_notices = 1000;
/// What waits for the budget looks again so often, for others may give back what they took.
constexpr Nanoseconds longest_wait = std::chrono::milliseconds{100};

/// A create that is older is never written: the venue could carry it out after it was given up.
constexpr Nanoseconds order_lives = std::chrono::seconds{5};

/// Questions and timers are paid request by request, when they leave.
LiveSettings paid_apart(LiveSettings settings) {
    settings.query_weight = settings.account_weight = 0;
    settings.pays_timers = false;
    return settings;
}

/// One for sockets and REST alike.
AccountSetup setup_of(const AccountSettings& settings) {
    auto setup = settings.link.setup;
    setup.environment = settings.environment;
    setup.base = settings.base;
    return setup;
}

/// Throws std::invalid_argument: a timer is wanted that the venue has not.
PrivateLinkSettings link_of(const AccountSettings& settings) {
    auto link = settings.link;
    link.setup = setup_of(settings);
    if (!settings.gateway.dead_man) return link;
    const auto trouble = dead_man_trouble(settings.venue, settings.markets, settings.gateway.stop_keeps_protection);
    if (!trouble.empty())
        throw std::invalid_argument{std::string{core::name(settings.venue)} + ": " + std::string{trouble}};
    link.setup.bybit_disconnect_cancel = true;  // the stream from whose loss it counts
    return link;
}

/// What ends orders, protects, or keeps them: it waits for no question.
bool is_urgent(ActionKind kind) noexcept {
    return kind == ActionKind::place || kind == ActionKind::cancel || kind == ActionKind::cancel_all ||
           kind == ActionKind::renew_timer;
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
      budget_{settings.venue, budget},
      calls_{settings.venue, settings.markets, instruments, setup_of(settings), copy(keys)},
      gateway_{paid_apart(settings.gateway), instruments, ledger, budget},
      link_{link_of(settings), settings.venue, settings.markets, instruments, copy(keys)},
      sockets_(link_.sockets()),
      inbox_{std::make_shared<core::HandBack<Answer>>()},
      entries_(instruments.size()) {
    outcome_.actions.reserve(64);
    outcome_.executions.reserve(256);
    executions_.reserve(1024);
    for (const auto market : settings.markets)
        if (settings.gateway.dead_man && dead_man_timer(settings.venue, market).countdown.count() == 0)
            say(true, std::string{core::name(market)} + " has no dead-man timer: its orders stay when we are gone");
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
        for (const auto& talking : talking_)
            if (talking->not_before.count() > 0 && now >= talking->not_before) send_next(*talking, now);
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
    for (const auto& [feedback, market] : link_.limits()) {
        const bool host = settings_.venue == core::Venue::binance;  // it counts what a host is asked, whatever the way
        heed_limits(feedback,
                    !host                          ? core::RateScope::orders
                    : market == core::Market::spot ? core::RateScope::spot
                                                   : core::RateScope::linear,
                    now);
    }
    link_.limits().clear();
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
            case PrivateLink::Command::Kind::request: request_of_link(command->request, command->tag, now); break;
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
    auto talking = std::make_unique<Talking>(Talking{
        .tag = next_tag_++, .action = action, .conversation = calls_.begin(action, now), .began = now, .sent = now});
    auto& begun = *talking_.emplace_back(std::move(talking));
    send_next(begun, now);
}

/// The next request leaves when the budget has room for it; until then it waits, and an order not for long.
void Account::send_next(Talking& talking, Nanoseconds now) {
    auto& conversation = talking.conversation;
    const auto kind = talking.action.kind;
    talking.not_before = {};
    const auto* const ahead = conversation.upcoming(now);
    const auto left = talking.began + order_lives - now;
    if (ahead != nullptr && kind == ActionKind::place && left <= Nanoseconds{}) return give_up(talking, now);
    if (ahead == nullptr) {
        if (conversation.done()) finish(talking, now);
        return;
    }
    // Without the time nothing can be signed.
    const bool vital =
        kind == ActionKind::place ? talking.action.order.reduce_only : is_urgent(kind) || kind == ActionKind::ask_time;
    const bool is_order = kind == ActionKind::place || kind == ActionKind::cancel;
    const auto paid = budget_.pay(*ahead, vital ? core::RateUse::cancel : core::RateUse::normal, now, is_order);
    if (!paid.granted()) {
        if (kind == ActionKind::place && !vital) return give_up(talking, now);  // an entry is for now, or for nothing
        talking.not_before = std::max(now + settings_.step, std::min(paid.until, now + longest_wait));
        return;
    }
    if (const auto wire = conversation.next(now)) {
        talking.sent = now;
        request(*wire, {.tag = talking.tag,
                        .urgent = is_urgent(kind),
                        .within = kind == ActionKind::place ? left : Nanoseconds{}});
    }
}

/// Not one byte of it left.
void Account::give_up(Talking& talking, Nanoseconds now) {
    talking.conversation.abandon(now);
    if (talking.conversation.done()) finish(talking, now);
}

void Account::request_of_link(const exchange::WireRequest& wire, std::uint64_t tag, Nanoseconds now) {
    // One that finds no room fails as if nobody had answered, and is asked again later.
    if (budget_.pay(wire.method, wire.target, 1, core::RateUse::normal, now).granted())
        return request(wire, {.tag = tag, .of_link = true});
    link_.answered(tag, exchange::refused(exchange::ErrorKind::network, "the request budget is used up"), now);
}

void Account::request(const exchange::WireRequest& wire, const Errand& errand) {
    ++counts_.rest_requests;
    const auto scope = scope_of(settings_.venue, wire.method, wire.target);
    const auto answer = [inbox = inbox_, errand, scope, &thread = net_.thread](core::HttpResult result) {
        inbox->put(std::make_unique<Answer>(Answer{.tag = errand.tag,
                                                   .of_link = errand.of_link,
                                                   .scope = scope,
                                                   .response = response_of(std::move(result)),
                                                   .received = thread.clock().now()}));
    };
    const auto url = core::parse_url(wire.base);
    if (!url) return answer(core::NetFailure{.detail = "not an address"});
    auto http = http_request(wire);
    http.urgent = errand.urgent;
    http.begin_within = std::chrono::ceil<std::chrono::milliseconds>(errand.within);
    net_.http.send(url->to, std::move(http), answer);
}

void Account::read_answers(Nanoseconds now) {
    while (const auto answer = inbox_->take()) {
        next_step_ = now;  // something happened
        if (answer->response)
            heed_limits(rate_feedback(settings_.venue, *answer->response), answer->scope, now);
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
    if (answered.timer_renewed) gateway_.timer_renewed(action, *answered.timer_renewed, now);
    if (answered.venue_time) gateway_.clock().sample(talking.sent, *answered.venue_time, talking.received);
    if (answered.error)
        say(false, std::string{name(action.kind)} + ": " + std::string{name(answered.error->kind)} + ": " +
                       link_.without_keys(answered.error->message) +
                       (answered.error->code.empty() ? "" : " (" + answered.error->code + ")"));
}

/// The venue's own count of our requests, its 429 and its ban: everybody who shares the budget hears of it.
void Account::heed_limits(const RateFeedback& feedback, core::RateScope scope, Nanoseconds now) {
    budget_.heed(feedback, scope, now);
    if (!feedback.retry_after) return;
    if (feedback.banned)
        say(true, "the venue banned us: nothing leaves until the ban is over");
    else
        say(false, "the venue says: too many requests");
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
