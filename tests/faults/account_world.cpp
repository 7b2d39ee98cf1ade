#include "tests/faults/account_world.hpp"

#include "gateways/orders/client_id.hpp"
#include "tests/faults/market_world.hpp"

#include <stdlib.h>  // NOLINT: mkdtemp is POSIX

#include <algorithm>
#include <set>
#include <utility>

namespace test {

using namespace gateways;
using namespace std::chrono_literals;
using core::Nanoseconds;

namespace {

core::RateLedger budget_of(std::uint32_t limit) {
    core::RateRules rules;
    rules.windows[0] = {.length = 60s, .limit = limit, .reserve = limit / 2};
    rules.count = 1;
    auto made = core::RateLedger::anonymous(rules);
    return std::move(*made);
}

venue::SimulatorSettings venue_of(const AccountWorldSettings& settings, Nanoseconds start) {
    venue::SimulatorSettings made;
    made.dialect = settings.venue;
    made.start = start;
    made.step = std::max(settings.step, core::Nanoseconds{venue::Dialect::timer_interval});
    made.source.warm_up = 10s;
    made.lifetime = settings.lifetime;
    for (auto& one : venue::usual_listings(settings.venue))
        if (one.base == "BTC") made.listings.push_back(one);
    return made;
}

exchange::Credentials keys() {
    return {core::Secret{std::string{"omega-sim-key"}}, core::Secret{std::string{"omega-sim-secret"}},
            core::Secret{std::string{"omega-sim-pass"}}};
}

std::string path_of(const std::string& url) {
    const auto scheme = url.find("://");
    const auto slash = url.find('/', scheme == std::string::npos ? 0 : scheme + 3);
    return slash == std::string::npos ? "/" : url.substr(slash);
}

}  // namespace

OwnFolder::OwnFolder() {
    auto pattern = (std::filesystem::temp_directory_path() / "omega-faults-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
}

struct AccountWorld::Running {
    Action action;
    live::Conversation conversation;
    Nanoseconds sent{}, received{};
    bool waiting{};
};

AccountWorld::AccountWorld(const AccountWorldSettings& wanted) : settings{wanted} {
    instrument = bitcoin(settings.venue, settings.market);
    instrument.id = table.add(instrument);
    simulator = std::make_unique<venue::Simulator>(venue_of(settings, now));
    simulator->feeder().hold(true);
    simulator->deliver_to([this](venue::Simulator::Outgoing&& out) {
        post(flight, [this, letter = std::move(out)] {
            const auto owner = owners_.find(letter.to);
            if (owner == owners_.end()) return;
            const auto socket = owner->second;
            if (letter.close_code != 0) {
                owners_.erase(owner);
                sockets_.erase(socket);
                return link->closed(socket, now, letter.text);
            }
            const Padded bytes{letter.text};
            link->frame(socket, bytes.view(), now);
        });
    });
    listing = *engine().find(instrument.symbol, settings.market);
    const auto least = std::max<std::int64_t>(instrument.min_quantity.units, 1);
    const auto worth = [&](std::int64_t units) {
        const core::Price price{*core::parse_decimal("60000", instrument.price_decimals)};
        return instrument.notional(price, core::Quantity{units})->units;
    };
    for (unit = least; worth(unit) < 100'00000000; unit += least) continue;
    live.venue = settings.venue;
    live.websocket_entry = settings.websocket_entry;
    live.ledger.outside = settings.outside;
    live.dead_man = settings.dead_man;
}

AccountWorld::~AccountWorld() = default;

void AccountWorld::start() {
    ledger = std::make_unique<OrderLedger>(live.ledger, table);
    const auto scan = ledger->open(folder / "orders.ledger");
    ASSERT_TRUE(scan) << core::name(scan.error());
    const auto counted = next_epoch(folder / "starts", ledger->highest_epoch());
    ASSERT_TRUE(counted) << core::name(counted.error());
    epoch = live.epoch = *counted;
    ids_ = std::make_unique<OrderIds>(epoch);
    if (!budget) budget.emplace(budget_of(settings.budget));
    gateway = std::make_unique<LiveGateway>(live, table, *ledger, *budget);
    calls_ = std::make_unique<live::AccountCalls>(settings.venue, std::vector{settings.market}, table,
                                                  exchange::Environment::live, keys(), settings.base);
    live::PrivateLinkSettings of_link;
    of_link.setup.websocket_entry = settings.websocket_entry;
    of_link.setup.bitget_entry = settings.websocket_entry;
    of_link.setup.base = settings.base;
    link = std::make_unique<live::PrivateLink>(of_link, settings.venue, std::vector{settings.market}, table, keys());
    gateway->open();
}

StartedAccount::StartedAccount(const AccountWorldSettings& wanted) : AccountWorld{wanted} {
    start();
    EXPECT_TRUE(ready()) << core::name(settings.venue) << ": " << name(block()) << ", " << link->status().trouble
                         << (errors.empty() ? "" : ", " + errors.back());
}

void AccountWorld::kill() {
    ++life_;
    // What has left this machine arrives all the same, and then the ends of the connections.
    for (const auto& [socket, connection] : sockets_)
        mail_.emplace(now + flight, [this, id = connection] { simulator->closed(id); });
    sockets_.clear();
    owners_.clear();
    entry_up_ = false;
    link.reset();
    calls_.reset();
    gateway.reset();
    ledger.reset();
}

void AccountWorld::post(Nanoseconds delay, std::function<void()> arrive) {
    mail_.emplace(now + delay, [this, life = life_, what = std::move(arrive)] {
        if (life == life_ && gateway) what();
    });
}

void AccountWorld::pass(Nanoseconds time) {
    for (const auto end = now + time; now < end;) step();
}

bool AccountWorld::until(Nanoseconds time, const std::function<bool()>& enough) {
    for (const auto end = now + time; now < end && !enough();) step();
    return enough();
}

bool AccountWorld::ready() {
    return until(60s, [this] {
        return block() == Block::none && link->stream_up() && (!settings.websocket_entry || link->entry_up());
    });
}

void AccountWorld::step() {
    now += settings.step;
    simulator->advance(now);
    while (!mail_.empty() && mail_.begin()->first <= now) {
        const auto first = mail_.extract(mail_.begin());
        first.mapped()();
    }
    if (!gateway) return;
    Outcome out;
    const auto venue_now = gateway->clock().known() ? now + gateway->clock().offset(now) : Nanoseconds{};
    link->time(now, venue_now);
    obey();
    for (const auto& event : std::exchange(link->events(), {})) gateway->on(event, now, out);
    watch_entry();
    carry(out);
    gateway->step(now, out);
    carry(out);
    obey();
}

void AccountWorld::watch_entry() {
    if (link->entry_up() == entry_up_) return;
    entry_up_ = link->entry_up();
    Outcome out;
    gateway->entry(entry_up_, now, out);
    carry(out);
}

void AccountWorld::carry(Outcome& out) {
    const auto what = std::exchange(out, {});
    told.insert(told.end(), what.executions.begin(), what.executions.end());
    alerts.insert(alerts.end(), what.alerts.begin(), what.alerts.end());
    for (const auto& action : what.actions) {
        actions.push_back(action);
        perform(action);
    }
}

void AccountWorld::perform(const Action& action) {
    if (action.route == Route::websocket && link->submit(action, now)) return obey();
    pump(std::make_shared<Running>(Running{action, calls_->begin(action, now)}));
}

void AccountWorld::pump(const std::shared_ptr<Running>& running) {
    const auto request = running->conversation.next(now);
    if (!request) {
        if (running->conversation.done()) finish(running);
        return;
    }
    running->sent = now;
    const auto answered = [this, running](exchange::Expected<exchange::Response> response, Nanoseconds delay) {
        post(delay, [this, running, response = std::move(response)] {
            if (response) {
                const auto feedback = live::rate_feedback(settings.venue, *response);
                if (feedback.used_weight) budget->observe(0, *feedback.used_weight, now);
                if (feedback.retry_after && feedback.banned) budget->banned(*feedback.retry_after, now);
                if (feedback.retry_after && !feedback.banned) budget->throttled(*feedback.retry_after, now);
            }
            running->conversation.answer(response, running->sent, now);
            pump(running);
        });
    };
    if (!network) return answered(exchange::refused(exchange::ErrorKind::network, "no route to the venue"), 0ns);
    // The request arrives half a round trip later.
    mail_.emplace(now + flight, [this, wire = *request, answered, life = life_] {
        const auto reply = send(wire);
        if (life != life_) return;
        if (!reply || lost_answers)
            return answered(exchange::refused(exchange::ErrorKind::unknown_outcome, "no answer in time"),
                            http_patience);
        exchange::Response response{.status = reply->status, .headers = {}, .body = reply->body};
        for (const auto& [name, value] : reply->headers) response.headers.push_back({name, value, false});
        answered(std::move(response), flight + reply->delay);
    });
}

/// Nothing: the venue ended the connection without an answer.
std::optional<venue::HttpReply> AccountWorld::send(const exchange::WireRequest& request) {
    auto made = venue::HttpRequest::make(std::string{exchange::name(request.method)}, request.target, request.body);
    for (const auto& header : request.headers) {
        auto name = header.name;
        for (auto& c : name)
            if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
        made.headers.emplace_back(std::move(name), header.value);
    }
    ++requests[made.method + " " + made.path];
    auto reply = simulator->http(made);
    if (reply.drop) return std::nullopt;
    return reply;
}

void AccountWorld::finish(const std::shared_ptr<Running>& running) {
    auto answer = running->conversation.take();
    Outcome out;
    const auto& action = running->action;
    if (answer.error) errors.push_back(answer.error->code + " " + answer.error->message);
    if (answer.venue_time) gateway->clock().sample(running->sent, *answer.venue_time, now);
    if (answer.not_sent) gateway->not_sent(action.order.id, now, out);
    if (answer.account_failed) gateway->account_failed(now);
    if (answer.timer_renewed) gateway->timer_renewed(action, *answer.timer_renewed, now);
    for (const auto& event : answer.events) {
        if (action.kind == ActionKind::place && event.kind == VenueEventKind::acknowledged)
            link->expect_news(action.order.id, now);
        gateway->on(event, now, out);
    }
    if (answer.snapshot) gateway->on(*answer.snapshot, now, out);
    carry(out);
}

void AccountWorld::obey() {
    using Kind = live::LinkCommand::Kind;
    while (auto* command = link->next_command()) {
        const auto socket = command->socket;
        switch (command->kind) {
            case Kind::open: {
                const auto id = network ? simulator->open(venue::HttpRequest::make("GET", path_of(command->text))) : 0;
                if (id == 0) {
                    post(flight, [this, socket] { link->closed(socket, now, "refused"); });
                    break;
                }
                sockets_[socket] = id;
                owners_[id] = socket;
                post(flight, [this, socket] {
                    const auto offset = gateway->clock().known() ? gateway->clock().offset(now) : Nanoseconds{};
                    link->opened(socket, now, now + offset);
                });
                break;
            }
            case Kind::send:
                if (const auto found = sockets_.find(socket); found != sockets_.end() && network)
                    mail_.emplace(now + flight,
                                  [this, id = found->second, text = command->text] { simulator->message(id, text); });
                break;
            case Kind::close:
                if (const auto found = sockets_.find(socket); found != sockets_.end()) {
                    simulator->closed(found->second);
                    owners_.erase(found->second);
                    sockets_.erase(found);
                }
                break;
            case Kind::request: {
                const auto tag = command->tag;
                const auto reply = network ? send(command->request) : std::nullopt;
                exchange::Expected<exchange::Response> response =
                    exchange::refused(exchange::ErrorKind::network, "no answer");
                if (reply) {
                    exchange::Response made{.status = reply->status, .headers = {}, .body = reply->body};
                    response = std::move(made);
                }
                post(2 * flight, [this, tag, response] { link->answered(tag, response, now); });
                break;
            }
        }
    }
}

// ---- what a strategy does

core::Order AccountWorld::limit(core::Side side, const char* price, std::int64_t count) {
    core::Order order;
    order.id = ids_->next();
    order.instrument = instrument.id;
    order.venue = settings.venue;
    order.side = side;
    order.price = core::Price{*core::parse_decimal(price, instrument.price_decimals)};
    order.quantity = core::Quantity{count * unit};
    order.time = now;
    return order;
}

core::Order AccountWorld::market(core::Side side, std::int64_t count, bool reduce_only) {
    auto order = limit(side, "0", count);
    order.type = core::OrderType::market;
    order.reduce_only = reduce_only;
    return order;
}

core::Order AccountWorld::stop(core::Side side, const char* trigger, std::int64_t count) {
    auto order = limit(side, "0", count);
    order.type = core::OrderType::stop_market;
    order.purpose = core::Purpose::stop;
    order.reduce_only = true;
    order.trigger = core::Price{*core::parse_decimal(trigger, instrument.price_decimals)};
    return order;
}

core::OrderId AccountWorld::submit(const core::Order& order) {
    Outcome out;
    gateway->submit(order, now, out);
    carry(out);
    return order.id;
}

void AccountWorld::cancel(core::OrderId id) {
    core::Order order;
    order.id = id;
    order.instrument = instrument.id;
    order.venue = settings.venue;
    order.type = core::OrderType::cancel;
    (void)submit(order);
}

// ---- what happens at the venue

void AccountWorld::fault(const std::string& yaml) {
    for (const auto& spec : venue::parse_faults(yaml)) simulator->add_fault(spec);
}

void AccountWorld::trade(const char* price) {
    engine().move_market(listing, core::Price{*core::parse_decimal(price, instrument.price_decimals)},
                         core::Quantity{unit});
}

std::int64_t AccountWorld::position_there() {
    core::Quantity held{};
    for (const auto side : {venue::PositionSide::net, venue::PositionSide::long_, venue::PositionSide::short_})
        if (const auto* position = account().position(listing, side)) held = held + position->held.quantity();
    return held.units / unit;
}

std::size_t AccountWorld::reached() {
    return engine().orders(account().id).size();
}

std::size_t AccountWorld::ours() {
    std::size_t count = 0;
    for (const auto* order : engine().orders(account().id)) count += parse_client_id(order->client_id) ? 1U : 0U;
    return count;
}

const venue::Order* AccountWorld::there(core::OrderId id) {
    char text[client_id_length];
    const auto* end = write_client_id(text, id);
    return engine().order(account(), std::string_view{text, static_cast<std::size_t>(end - text)});
}

// ---- what we believe

std::size_t AccountWorld::alerts_of(AlertKind kind) const {
    return static_cast<std::size_t>(
        std::count_if(alerts.begin(), alerts.end(), [&](const Alert& alert) { return alert.kind == kind; }));
}

std::string AccountWorld::heard(core::OrderId id) const {
    std::string text;
    for (const auto& tick : told)
        if (tick.execution.order_id == id.value)
            text += (text.empty() ? "" : " ") + std::string{core::name(static_cast<core::Execution>(tick.code & 0xff))};
    return text;
}

std::string AccountWorld::doubts() const {
    std::string text{name(block())};
    text += link->stream_up() ? ", stream up" : ", stream down";
    text += link->entry_up() ? ", entry up: " : ", entry down: ";
    text += link->status().trouble;
    ledger->for_each([&](const TrackedOrder& order) {
        if (!order.settled())
            text += "; " + std::to_string(order.order.id.value) + " " + std::string{name(order.state())} +
                    (order.doubtful() ? " in doubt" : "") + (order.outside ? " outside" : "");
    });
    for (std::size_t i = errors.size() > 3 ? errors.size() - 3 : 0; i < errors.size(); ++i) text += "; " + errors[i];
    return text;
}

::testing::AssertionResult AccountWorld::agree() {
    const auto fail = [] { return ::testing::AssertionFailure(); };
    const auto orders = engine().orders(account().id);
    std::map<std::uint64_t, std::int64_t> filled_there;
    std::set<std::uint64_t> seen;
    for (const auto* order : orders) {
        const auto id = parse_client_id(order->client_id);
        if (!id) continue;
        if (!seen.insert(id->value).second) return fail() << "order " << id->value << " reached the venue twice";
        const auto* known = ledger->find(*id);
        if (known == nullptr) {
            if (venue::live(order->state))
                return fail() << "an open order of ours that nobody knows: " << order->client_id;
            continue;  // settled long ago and forgotten
        }
        filled_there[id->value] = order->filled.units;
        if (known->booked != order->filled)
            return fail() << order->client_id << ": " << known->booked.units << " booked, " << order->filled.units
                          << " filled there";
        if (final(known->state()) == venue::live(order->state))
            return fail() << order->client_id << ": " << name(known->state()) << " here, "
                          << (venue::live(order->state) ? "open" : "gone") << " there";
    }
    auto result = ::testing::AssertionSuccess();
    ledger->for_each([&](const TrackedOrder& order) {
        if (!order.outside && !seen.contains(order.order.id.value) && !final(order.state()))
            result = fail() << order.order.id.value << " is " << name(order.state()) << " here and not at the venue";
    });
    if (!result) return result;
    if (instrument.market == core::Market::linear && position() != position_there())
        return fail() << "position " << position() << " here, " << position_there() << " there";
    std::map<std::uint64_t, std::int64_t> heard_of;
    for (const auto& tick : told) {
        const auto what = static_cast<core::Execution>(tick.code & 0xff);
        if (what == core::Execution::filled_maker || what == core::Execution::filled_taker)
            heard_of[tick.execution.order_id] += tick.execution.quantity.units;
    }
    for (const auto& [id, units] : filled_there)
        if (heard_of[id] != units)
            return fail() << "the pipeline heard of " << heard_of[id] << " filled of order " << id << ", there were "
                          << units;
    return result;
}

}  // namespace test
