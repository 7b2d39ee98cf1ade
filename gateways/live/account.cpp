#include "gateways/live/account.hpp"

#include "gateways/live/wire_http.hpp"

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

}  // namespace

AccountDriver::AccountDriver(AccountTransport& transport, const AccountSettings& settings,
                             const core::InstrumentTable& instruments, const exchange::Credentials& keys,
                             OrderLedger& ledger, core::RateLedger& budget)
    : transport_{&transport},
      settings_{settings},
      instruments_{&instruments},
      ledger_{&ledger},
      budget_{settings.venue, budget},
      calls_{settings.venue, settings.markets, instruments, setup_of(settings), copy(keys)},
      gateway_{paid_apart(settings.gateway), instruments, ledger, budget},
      link_{link_of(settings), settings.venue, settings.markets, instruments, copy(keys)},
      mail_{std::make_shared<AccountMail>(settings.venue)},
      entries_(instruments.size()) {
    outcome_.actions.reserve(64);
    outcome_.executions.reserve(256);
    executions_.reserve(1024);
    for (const auto market : settings.markets)
        if (settings.gateway.dead_man && dead_man_timer(settings.venue, market).countdown.count() == 0)
            say(true, std::string{core::name(market)} + " has no dead-man timer: its orders stay when we are gone");
}

AccountDriver::~AccountDriver() {
    mail_->close();
}

void AccountDriver::decide(const core::Order& order, Nanoseconds now) {
    gateway_.submit(order, now, outcome_);
    work_off(now);
}

bool AccountDriver::go_on(std::size_t heard, Nanoseconds now) {
    read_answers(now);
    if (heard == 0 && now < next_step_) [[likely]]
        return false;
    read_link(now);
    if (now < next_step_) return true;
    next_step_ = now + settings_.step;
    link_.time(now, venue_now(now));
    read_link(now);
    send_what_waited(now);
    gateway_.step(now, outcome_);
    work_off(now);
    const auto status = link_.status();
    if (status.clock_refusals != clock_refusals_) gateway_.clock().distrust();
    clock_refusals_ = status.clock_refusals;
    if (trouble_ != status.trouble) say(false, trouble_ = status.trouble);
    return true;
}

/// The venue's clock as far as it is known; 0 before.
Nanoseconds AccountDriver::venue_now(Nanoseconds now) {
    auto& clock = gateway_.clock();
    return clock.known() ? now + clock.offset(now) : Nanoseconds{};
}

/// What the private sockets told, into the gateway.
void AccountDriver::read_link(Nanoseconds now) {
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
        if (!up) gateway_.entry_lost(now, outcome_);
    }
    work_off(now);
}

void AccountDriver::obey(const LinkCommand& command, Nanoseconds now) {
    switch (command.kind) {
        case LinkCommand::Kind::open: {
            const auto url = core::parse_url(command.text);
            if (!url) return link_.closed(command.socket, now, "not an address");
            return transport_->open(command.socket, *url);
        }
        case LinkCommand::Kind::send: return;
        case LinkCommand::Kind::close: return transport_->close(command.socket);
        case LinkCommand::Kind::request: {
            const auto& wire = command.request;
            // One that finds no room fails as if nobody had answered, and is asked again later.
            if (!budget_.pay(wire.method, wire.target, 1, core::RateUse::normal, now).granted())
                return link_.answered(
                    command.tag, exchange::refused(exchange::ErrorKind::network, "the request budget is used up"), now);
            auto errand = std::make_unique<Errand>();
            errand->tag = command.tag;
            return request(wire, std::move(errand));
        }
    }
}

/// Carries out what the gateway decided. Actions may lead to more of them.
void AccountDriver::work_off(Nanoseconds now) {
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

void AccountDriver::act(const Action& action, Nanoseconds now) {
    const bool order = action.kind == ActionKind::place || action.kind == ActionKind::cancel;
    if (order && link_.submit(action, now)) {
        ++counts_.by_socket;
        return;
    }
    counts_.by_rest += order ? 1 : 0;
    send_next(std::make_unique<Talking>(
                  Talking{.action = action, .conversation = calls_.begin(action, now), .began = now, .sent = now}),
              now);
}

void AccountDriver::send_what_waited(Nanoseconds now) {
    for (auto& talking : std::exchange(waiting_, {})) {
        if (now >= talking->not_before)
            send_next(std::move(talking), now);
        else
            waiting_.push_back(std::move(talking));
    }
}

/// The next request leaves when the budget has room for it; until then it waits, and an order not for long.
void AccountDriver::send_next(std::unique_ptr<Talking> talking, Nanoseconds now) {
    auto& conversation = talking->conversation;
    const auto kind = talking->action.kind;
    const auto* const ahead = conversation.upcoming(now);
    if (ahead == nullptr) return finish(*talking, now);
    const auto left = talking->began + order_lives - now;
    if (kind == ActionKind::place && left <= Nanoseconds{}) return give_up(*talking, now);
    // Without the time nothing can be signed.
    const bool vital =
        kind == ActionKind::place ? talking->action.order.reduce_only : is_urgent(kind) || kind == ActionKind::ask_time;
    const bool is_order = kind == ActionKind::place || kind == ActionKind::cancel;
    const auto paid = budget_.pay(*ahead, vital ? core::RateUse::cancel : core::RateUse::normal, now, is_order);
    if (!paid.granted()) {
        if (kind == ActionKind::place && !vital) return give_up(*talking, now);  // an entry is for now, or for nothing
        talking->not_before = std::max(now + settings_.step, std::min(paid.until, now + longest_wait));
        waiting_.push_back(std::move(talking));
        return;
    }
    const auto wire = conversation.next(now);
    talking->sent = now;
    auto errand = std::make_unique<Errand>();
    errand->talking = std::move(talking);
    request(*wire, std::move(errand), is_urgent(kind), kind == ActionKind::place ? left : Nanoseconds{});
}

/// Not one byte of it left.
void AccountDriver::give_up(Talking& talking, Nanoseconds now) {
    talking.conversation.abandon(now);
    finish(talking, now);
}

/// Sends it off. From here on it is the transport's, and then the mail's.
void AccountDriver::request(const exchange::WireRequest& wire, std::unique_ptr<Errand> errand, bool urgent,
                            Nanoseconds within) {
    ++counts_.rest_requests;
    errand->scope = scope_of(settings_.venue, wire.method, wire.target);
    const auto out = std::make_shared<std::unique_ptr<Errand>>(std::move(errand));
    AccountTransport::Answer answer = [mail = mail_, out](core::HttpResult result, Nanoseconds received) {
        if (*out) mail->answer(std::move(*out), std::move(result), received);
    };
    const auto url = core::parse_url(wire.base);
    if (!url)
        return answer(core::NetFailure{.detail = "not an address"},
                      (*out)->talking ? (*out)->talking->sent : Nanoseconds{});
    auto http = http_request(wire);
    http.urgent = urgent;
    http.begin_within = std::chrono::ceil<std::chrono::milliseconds>(within);
    transport_->ask(url->to, std::move(http), std::move(answer));
}

void AccountDriver::read_answers(Nanoseconds now) {
    while (auto errand = mail_->take()) {
        next_step_ = now;  // something happened
        if (errand->heard)
            heed_limits(errand->limits, errand->scope, now);
        else
            ++counts_.rest_failures;
        if (errand->talking)
            send_next(std::move(errand->talking), now);
        else
            link_.answered(errand->tag, errand->response, now);
    }
}

void AccountDriver::finish(Talking& talking, Nanoseconds now) {
    auto answered = talking.answered ? std::move(*talking.answered) : talking.conversation.take();
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
void AccountDriver::heed_limits(const RateFeedback& feedback, core::RateScope scope, Nanoseconds now) {
    budget_.heed(feedback, scope, now);
    if (!feedback.retry_after) return;
    if (feedback.banned)
        say(true, "the venue banned us: nothing leaves until the ban is over");
    else
        say(false, "the venue says: too many requests");
}

/// One thing the venue said. What it refused, people hear with its reason.
void AccountDriver::take(const VenueEvent& event, Nanoseconds now) {
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

void AccountDriver::note_entries(const VenueEvent& event) noexcept {
    if (event.kind != VenueEventKind::position || event.instrument.value >= entries_.size()) return;
    const auto& entry = event.position.entry;
    const int shift = (*instruments_)[event.instrument].price_decimals - entry.decimals;
    auto units = entry.units;
    for (int i = 0; i < shift; ++i)
        if (__builtin_mul_overflow(units, 10, &units)) return;
    for (int i = 0; i > shift; --i) units /= 10;
    entries_[event.instrument.value] = core::Price{units};
}

void AccountDriver::say(bool alert, std::string text) {
    if (text.empty()) return;
    if (notices_.size() == most_notices) notices_.pop_front();
    notices_.push_back({.venue = settings_.venue, .alert = alert, .text = std::move(text)});
}

}  // namespace gateways::live
