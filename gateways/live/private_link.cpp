#include "gateways/live/private_link.hpp"

#include <algorithm>

namespace gateways::live {

using core::Nanoseconds;
using streams::FrameKind;

namespace {

constexpr Nanoseconds look_every = std::chrono::milliseconds{10};
/// A venue that writes what we cannot read is not asked for everything at each frame.
constexpr Nanoseconds between_doubts = std::chrono::seconds{10};

/// The venue's words without anything that is ours to keep.
bool speaks_of_keys(std::string_view text, const exchange::Credentials& keys) noexcept {
    for (const auto* secret : {&keys.key, &keys.secret, &keys.passphrase})
        if (!secret->empty() && text.find(secret->reveal()) != text.npos) return true;
    return false;
}

std::unique_ptr<LinkShared> shared_of(PrivateLinkSettings settings, exchange::Credentials keys) {
    auto made = std::make_unique<LinkShared>();
    made->settings = std::move(settings);
    made->keys = std::move(keys);
    return made;
}

}  // namespace

std::string_view name(LinkTrouble trouble) noexcept {
    static constexpr std::array<std::string_view, link_trouble_count> names{"none",
                                                                            "open_failed",
                                                                            "lost",
                                                                            "login_refused",
                                                                            "login_unanswered",
                                                                            "subscription_refused",
                                                                            "subscription_unanswered",
                                                                            "pong_missing",
                                                                            "news_missing",
                                                                            "order_unanswered",
                                                                            "key_refused",
                                                                            "key_failed",
                                                                            "ended",
                                                                            "unreadable"};
    const auto index = static_cast<std::size_t>(trouble);
    return index < names.size() ? names[index] : "?";
}

void LinkShared::tell(LinkTrouble what, std::string_view line, std::string_view detail) {
    ++counts.troubles[static_cast<std::size_t>(what)];
    trouble = std::string{name(what)} + ": " + std::string{line};
    if (!detail.empty()) trouble += ": " + without_keys(detail);
}

std::string LinkShared::without_keys(std::string_view words) const {
    const bool ours = speaks_of_keys(words, keys) ||
                      std::any_of(listen_keys.begin(), listen_keys.end(),
                                  [&](const std::string& key) { return words.find(key) != words.npos; });
    return ours ? "(withheld: it repeats a key)" : std::string{words};
}

PrivateLink::PrivateLink(PrivateLinkSettings settings, core::Venue venue, const std::vector<core::Market>& markets,
                         const core::InstrumentTable& instruments, exchange::Credentials keys)
    : venue_{venue},
      shared_{shared_of(std::move(settings), std::move(keys))},
      entry_{venue, markets, instruments, shared_->keys, shared_->settings.setup},
      news_{shared_->settings.news} {
    for (const auto& instrument : instruments) market_of_.push_back(instrument.market);
    auto seed = shared_->settings.seed;
    for (auto& plan : plan_lines(venue, markets, instruments, shared_->settings.setup)) {
        readers_.push_back(make_reader(plan, instruments));
        lines_.emplace_back(std::move(plan), *shared_, lines_.size() * LinkLine::places, seed);
        seed += 1'000;
    }
    events_.reserve(256);
    limits_.reserve(16);
}

// ---- what happened

void PrivateLink::opened(std::size_t socket, Nanoseconds now, Nanoseconds venue_now) {
    ahead_ = venue_now - now;
    line_of(socket).opened(socket % LinkLine::places, now, venue_now);
    settle(now);
}

void PrivateLink::closed(std::size_t socket, Nanoseconds now, std::string_view detail) {
    line_of(socket).closed(socket % LinkLine::places, now, detail);
    settle(now);
}

void PrivateLink::frame(std::size_t socket, std::string_view text, Nanoseconds now) {
    auto& line = line_of(socket);
    const auto place = socket % LinkLine::places;
    if (!line.listens(place)) return;
    auto& counts = shared_->counts;
    ++counts.frames;
    const auto first = events_.size();
    const auto read = readers_[socket / LinkLine::places]->read(text, now, events_);
    if (!read) {
        line.heard(place, streams::Reading{}, now, venue_now(now));
        // A kind that nobody has heard of is news of the venue, not a fact of ours that was lost.
        if (read.error() == core::Error::unknown_message) {
            ++counts.unknown;
        } else {
            shared_->tell(LinkTrouble::unreadable, line.plan().name, core::name(read.error()));
            doubt(now);
        }
        return settle(now);
    }
    if (const auto feedback = rate_feedback(venue_, *read); feedback.used_weight || feedback.retry_after)
        limits_.push_back({feedback, line.plan().market});
    counts.events += read->events;
    counts.foreign += read->foreign;
    if (line.plan().stream)
        for (auto i = first; i < events_.size(); ++i)
            if (events_[i].of_order() && events_[i].source == EventSource::stream) news_.told(events_[i].order);
    note_answer(line, *read, first, now);
    line.heard(place, *read, now, venue_now(now));
    if (read->refused > 0) {
        shared_->tell(LinkTrouble::unreadable, line.plan().name, core::name(read->first));
        doubt(now);
    }
    settle(now);
}

/// What the frame says of a request that went out by socket.
void PrivateLink::note_answer(LinkLine& line, const streams::Reading& reading, std::size_t first, Nanoseconds now) {
    const auto asked = streams::parse_request_id(reading.request.view());
    if (!asked || !line.answer(reading.request.view())) return;
    if (reading.kind == FrameKind::answer) {
        for (auto i = first; i < events_.size(); ++i)
            if (events_[i].kind == VenueEventKind::acknowledged) expect_news(events_[i].order, now);
        return;
    }
    // Refused before it was looked at as an order (OKX: "please log in", "bad request"): nothing was placed, if the
    // code is one we know.
    VenueEvent event;
    event.kind =
        asked->operation == streams::Operation::place ? VenueEventKind::rejected : VenueEventKind::cancel_rejected;
    event.source = EventSource::answer;
    event.venue = venue_;
    event.venue_time = event.receive_time = now;
    event.order = asked->order;
    if (reading.refusal == Refusal::other)
        event.kind = VenueEventKind::outcome_unknown;
    else
        event.rejected = {.refusal = reading.refusal, .code = static_cast<std::int32_t>(reading.code)};
    events_.push_back(event);
}

void PrivateLink::answered(std::uint64_t tag, const exchange::Expected<exchange::Response>& response, Nanoseconds now) {
    for (auto& line : lines_)
        if (line.answered(tag, response, now)) break;
    settle(now);
}

void PrivateLink::time(Nanoseconds now, Nanoseconds venue_now) {
    time_known_ = venue_now > Nanoseconds{};
    if (time_known_) ahead_ = venue_now - now;
    if (now < look_again_) return;
    look_again_ = now + look_every;
    if (news_.overdue(now))
        for (auto& line : lines_)
            if (line.plan().stream) line.drop(now, LinkTrouble::news_missing, "an acknowledged order is not told of");
    for (auto& line : lines_) line.time(now, time_known_);
    settle(now);
    if (doubtful_ && now >= doubt_again_) doubt(now);
}

// ---- what follows

/// Facts are missing although the stream is up: the account has to be compared.
void PrivateLink::doubt(Nanoseconds now) {
    if (!stream_up_) return;
    doubtful_ = now < doubt_again_;
    if (doubtful_) return;  // later, once for all of them
    doubt_again_ = now + between_doubts;
    tell(VenueEventKind::stream_down, {}, now);
    tell(VenueEventKind::stream_up, {}, now);
}

/// Says what has become of the lines together.
void PrivateLink::settle(Nanoseconds now) {
    for (auto& line : lines_)
        for (const auto order : line.take_lost()) tell(VenueEventKind::outcome_unknown, order, now);
    const bool up = std::all_of(lines_.begin(), lines_.end(),
                                [](const LinkLine& line) { return !line.plan().stream || line.up(); });
    if (up == stream_up_) return;
    stream_up_ = up;
    if (!up) {
        news_.forget();
        doubtful_ = false;  // coming up, it is compared anyway
    }
    tell(up ? VenueEventKind::stream_up : VenueEventKind::stream_down, {}, now);
}

void PrivateLink::tell(VenueEventKind kind, core::OrderId order, Nanoseconds now) {
    VenueEvent event;
    event.kind = kind;
    event.source = kind == VenueEventKind::outcome_unknown ? EventSource::answer : EventSource::stream;
    event.venue = venue_;
    event.venue_time = event.receive_time = now;
    event.order = order;
    events_.push_back(event);
}

// ---- orders

bool PrivateLink::entry_up() const noexcept {
    bool any = false;
    for (const auto& line : lines_) {
        if (line.plan().entry.empty()) continue;
        if (!line.up()) return false;
        any = true;
    }
    return any;
}

bool PrivateLink::submit(const Action& action, Nanoseconds now) {
    if (action.order.instrument.value >= market_of_.size()) return false;
    const auto market = market_of_[action.order.instrument.value];
    for (auto& line : lines_) {
        const auto& entry = line.plan().entry;
        if (std::find(entry.begin(), entry.end(), market) == entry.end()) continue;
        if (!line.takes_orders(now)) return false;
        const auto message = entry_.write(action, ++requests_);
        if (!message) return false;
        const auto socket = line.ask(action.order.id, message->request, now);
        shared_->commands.add(Command::Kind::send, socket).text = message->text;
        return true;
    }
    return false;
}

void PrivateLink::expect_news(core::OrderId order, Nanoseconds now) {
    if (stream_up_) news_.expect(order, now);
}

PrivateLink::Status PrivateLink::status() const {
    Status made{.stream_up = stream_up_,
                .entry_up = entry_up(),
                .trouble = shared_->trouble,
                .clock_refusals = shared_->clock_refusals,
                .counts = shared_->counts};
    for (const auto& line : lines_)
        made.lines.push_back({line.plan().name, line.phase(), line.plan().stream, !line.plan().entry.empty()});
    return made;
}

}  // namespace gateways::live
