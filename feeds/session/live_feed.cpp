#include "feeds/session/live_feed.hpp"

#include "core/domain/decimal.hpp"
#include "feeds/capture/format.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace feeds {
namespace {

using core::Nanoseconds;

/// "Retry-After: 30" in seconds; bounded, whatever a server says.
Nanoseconds retry_after(const core::HttpAnswer& answer) {
    const auto seconds = core::parse_decimal(answer.field("Retry-After"), 0);
    if (!seconds || *seconds < 0) return Nanoseconds{0};
    constexpr std::int64_t longest_ban = 3 * 24 * 3600;
    return std::chrono::seconds{std::min(*seconds, longest_ban)};
}

/// Where public questions count: Binance's by host, with private ones; elsewhere by themselves.
core::RateScope scope_of(core::Market market) noexcept {
    return market == core::Market::spot ? core::RateScope::spot_data : core::RateScope::linear_data;
}

/// What an answer says of the venue's budget. Only Binance's 429 is of the whole address.
void tell(core::RateLedger* budget, core::Venue venue, core::RateScope scope, const core::HttpResult& result,
          Nanoseconds now) noexcept {
    if (budget == nullptr || !result) return;
    if (result->status == 429 && venue == core::Venue::binance)
        budget->throttled(retry_after(*result), now);
    else if (result->status == 429)
        budget->throttled(retry_after(*result), now, scope);
    if (result->status == 418 || result->status == 403) budget->banned(retry_after(*result), now);
}

}  // namespace

LiveFeed::Line::Line(const SessionPlan& plan, const LiveFeedSettings& settings, core::InstrumentTable& instruments,
                     std::size_t at, std::uint32_t n)
    : session{plan, settings.session, instruments, n, settings.seed + 1000 * n},
      place{at},
      number{n},
      inbox{std::make_shared<core::HandBack<Snapshot>>()},
      rotation{[&] {
                   auto rotation_settings = settings.rotation;
                   rotation_settings.lifetime = plan.lifetime;
                   return rotation_settings;
               }(),
               settings.seed + 1000 * n + 500} {}

bool LiveFeed::Line::has_book(core::InstrumentId instrument) const noexcept {
    const auto& books = session.plan().books;
    return std::any_of(books.begin(), books.end(), [&](const BookPlan& book) { return book.instrument == instrument; });
}

LiveFeed::LiveFeed(const LiveFeedNet& net, std::vector<SessionPlan> plans, const LiveFeedSettings& settings,
                   core::InstrumentTable& instruments, Recorder* recorder)
    : net_{net}, settings_{settings}, instruments_{instruments}, recorder_{recorder} {
    if (settings.redundant == 0 || settings.redundant * 2 > Arbiter::max_sessions)
        throw std::invalid_argument{"redundant connections: " + std::to_string(settings.redundant) +
                                    " (expected 1 to " + std::to_string(Arbiter::max_sessions / 2) + ")"};
    for (auto& plan : plans) {
        if (!core::parse_url(plan.url)) throw std::invalid_argument{"not an address: " + plan.url};
        Arbiter arbiter{instruments.size(), plan.instruments};
        groups_.push_back(std::make_unique<Group>(Group{.plan = std::move(plan), .arbiter = std::move(arbiter)}));
        for (unsigned i = 0; i < settings.redundant; ++i) add_line(*groups_.back());
    }
}

LiveFeed::~LiveFeed() = default;

LiveFeed::Line& LiveFeed::add_line(Group& group) {
    std::size_t place = 0;
    const auto taken = [&] {
        return std::any_of(group.lines.begin(), group.lines.end(),
                           [&](const auto& line) { return line->place == place; });
    };
    while (taken()) ++place;
    group.lines.push_back(
        std::make_unique<Line>(group.plan, settings_, instruments_, place, next_number_++ % capture::max_connections));
    group.arbiter.sessions(group.lines.size());
    return *group.lines.back();
}

void LiveFeed::add_successor(Group& group, Line& line) {
    auto& successor = add_line(group);
    successor.is_successor = true;
    line.successor = &successor;
}

void LiveFeed::drop(Group& group, Line& line) {
    for (auto& other : group.lines)
        if (other->successor == &line) other->successor = nullptr;
    if (line.successor != nullptr) {
        line.successor->is_successor = false;
        line.successor = nullptr;
    }
    if (line.socket) line.socket->close();
    std::erase_if(group.lines, [&](const auto& other) { return other.get() == &line; });
    group.arbiter.sessions(group.lines.size());
}

bool LiveFeed::of_venue(Group& group, const core::Tick& tick) noexcept {
    const auto any = [&] {
        return std::any_of(groups_.begin(), groups_.end(), [](const auto& one) { return one->connected; });
    };
    const bool before = any();
    group.connected = static_cast<core::Session>(tick.code) == core::Session::connected;
    return before != any();
}

/// Takes the socket over once the cold thread is done with it.
core::WebSocket::State LiveFeed::opened(Line& line) {
    auto socket = line.opening->take();
    if (!socket) return core::WebSocket::State::opening;
    line.socket = std::move(socket);
    line.opening.reset();
    return line.socket->state();
}

std::uint32_t LiveFeed::weight_of(const SessionPlan& plan, core::InstrumentId instrument) noexcept {
    for (const auto& book : plan.books)
        if (book.instrument == instrument) return book.weight;
    return 1;
}

/// Why the line's socket ended; it is dropped.
std::string LiveFeed::why_closed(Line& line) {
    const auto socket = std::move(line.socket);
    const auto& failure = socket->failure();
    std::string text = std::string{name(failure.phase)} + ' ' + std::string{name(failure.fault)};
    if (failure.code != 0) text += ' ' + std::to_string(failure.code);
    if (!failure.detail.empty()) text += " (" + failure.detail + ')';
    return text;
}

std::unique_ptr<LiveFeed::Snapshot> LiveFeed::next_snapshot(Line& line) {
    return line.inbox->take();
}

std::string LiveFeed::snapshot_path(const Line& line, core::InstrumentId instrument) {
    for (const auto& book : line.session.plan().books)
        if (book.instrument == instrument) return book.snapshot;
    return {};
}

void LiveFeed::obey(Group& group, Line& line, const SessionCommand& command, Nanoseconds now) {
    switch (command.kind) {
        case SessionCommand::Kind::open: {
            line.opening = std::make_unique<core::SocketOpening>(net_.thread, *core::parse_url(command.text), net_.tls,
                                                                 net_.resolver, settings_.socket);
            return;
        }
        case SessionCommand::Kind::send:
            if (line.socket && line.socket->send(command.text))
                record(line, FrameOrigin::sent, command.text, now, group.plan.url);
            return;
        case SessionCommand::Kind::close:
            if (line.socket) line.socket->close();
            line.socket.reset();
            record(line, FrameOrigin::closed, {}, now, group.plan.url);
            return;
        case SessionCommand::Kind::request: break;
    }
    const auto rest = core::parse_url(group.plan.rest + command.text);
    const auto refuse = [&](Nanoseconds until_after) {  // as if the venue had said so
        auto refused = std::make_unique<Snapshot>();
        refused->instrument = command.instrument;
        refused->retry_after = until_after;
        line.inbox->put(std::move(refused));
    };
    if (!rest) return refuse({});
    const auto scope = scope_of(instruments_[command.instrument].market);
    if (settings_.budget != nullptr) {
        const auto weight = weight_of(group.plan, command.instrument);
        const auto taken = settings_.budget->take(weight, core::RateUse::normal, now, scope);
        if (!taken.granted()) return refuse(std::max(taken.until - now, Nanoseconds{1}));
    }
    const auto answer = [inbox = line.inbox, instrument = command.instrument, budget = settings_.budget, scope,
                         venue = group.plan.venue, &clock = net_.thread.clock()](core::HttpResult result) {
        tell(budget, venue, scope, result, clock.now());
        auto snapshot = std::make_unique<Snapshot>();
        snapshot->instrument = instrument;
        if (result) snapshot->retry_after = retry_after(*result);
        if (result && result->status == 200) {
            snapshot->body = std::move(result->body);
            snapshot->size = snapshot->body.size();
            snapshot->body.append(frame_padding, '\0');
        }
        inbox->put(std::move(snapshot));
    };
    net_.http.send(rest->to, {.method = "GET", .target = rest->target}, answer);
}

void LiveFeed::record(const Line& line, FrameOrigin origin, std::string_view bytes, Nanoseconds now,
                      std::string_view url) noexcept {
    if (recorder_ != nullptr)
        recorder_->push({.bytes = bytes,
                         .receive_time = now,
                         .connection = line.number,
                         .origin = origin,
                         .url = url,
                         .venue = line.session.plan().venue});
}

std::vector<LiveFeed::Status> LiveFeed::status() const {
    std::vector<Status> all;
    for (const auto& group : groups_)
        for (const auto& line : group->lines)
            all.push_back({.url = group->plan.url,
                           .phase = line->session.phase(),
                           .ready = line->session.ready(),
                           .successor = line->is_successor,
                           .unconfirmed = line->session.unconfirmed(),
                           .trouble = line->session.trouble(),
                           .counts = line->session.counts(),
                           .frames = line->session.stats().frames,
                           .errors = line->session.stats().faulted(),
                           .sequence_breaks = line->session.stats().sequence_breaks});
    return all;
}

bool LiveFeed::ready() const noexcept {
    return std::all_of(groups_.begin(), groups_.end(), [](const auto& group) {
        return std::any_of(group->lines.begin(), group->lines.end(),
                           [](const auto& line) { return line->session.ready(); });
    });
}

Arbiter::Counts LiveFeed::arbitration() const noexcept {
    Arbiter::Counts sum;
    for (const auto& group : groups_) {
        const auto& counts = group->arbiter.counts();
        sum.passed += counts.passed;
        sum.copies += counts.copies;
        sum.gaps_bridged += counts.gaps_bridged;
    }
    return sum;
}

}  // namespace feeds
