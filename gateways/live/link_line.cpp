#include "gateways/live/link_line.hpp"

#include "gateways/streams/fields.hpp"

#include <algorithm>
#include <cassert>

namespace gateways::live {

using core::Nanoseconds;
using streams::FrameKind;
using namespace std::chrono_literals;

namespace {

constexpr Nanoseconds key_lives = 60min;
constexpr Nanoseconds key_retry = 60s;
constexpr std::size_t most_listen_keys = 8;  // the newest: an old one opens nothing

std::string words_of(const streams::Reading& reading) {
    std::string text{reading.message.view()};
    if (reading.code != 0) text += (text.empty() ? "code " : " (code ") + std::to_string(reading.code);
    if (reading.code != 0 && !reading.message.empty()) text += ')';
    return text;
}

}  // namespace

LinkLine::LinkLine(LinePlan plan, LinkShared& shared, std::size_t first, std::uint64_t seed)
    : plan_{std::move(plan)},
      shared_{&shared},
      first_{first},
      reconnect_{shared.settings.reconnect, seed},
      refused_{shared.settings.refused, seed + 1},
      seed_{seed + 2},
      rotation_{rotation()} {
    asked_.reserve(most_asked);
    lost_.reserve(most_asked);
}

core::Rotation LinkLine::rotation() noexcept {
    auto settings = shared_->settings.rotation;
    settings.lifetime = plan_.lifetime;
    return core::Rotation{settings, seed_++};
}

// ---- a connection begins

void LinkLine::begin(std::size_t place, Nanoseconds now) {
    if (plan_.login != Login::listen_key || !key_.text.empty()) return open(place, now);
    places_[place] = Place{.phase = Phase::keying};
    if (key_.tag == 0) ask_key(exchange::Method::post, now);
}

void LinkLine::open(std::size_t place, Nanoseconds now) {
    places_[place] = Place{.phase = Phase::opening, .due = now + shared_->settings.opening};
    auto& command = shared_->commands.add(LinkCommand::Kind::open, first_ + place);
    command.text = plan_.url + key_.text;
}

void LinkLine::opened(std::size_t place, Nanoseconds now, Nanoseconds venue_now) {
    auto& at = places_[place];
    if (at.phase != Phase::opening) return;
    ++shared_->counts.opened;
    at.opened = now;
    const auto login = login_message(plan_, shared_->keys, venue_now);
    if (login.empty()) return logged_in(place, now, venue_now);
    at.phase = Phase::login;
    at.due = now + shared_->settings.answer;
    send(place, login);
}

void LinkLine::logged_in(std::size_t place, Nanoseconds now, Nanoseconds venue_now) {
    auto& at = places_[place];
    if (plan_.answers == 0) return stands(place, now);
    at.phase = Phase::subscribing;
    at.due = now + shared_->settings.answer;
    send(place, subscribe_message(plan_, shared_->keys, venue_now));
}

/// Everything that was asked for stands.
void LinkLine::stands(std::size_t place, Nanoseconds now) {
    auto& at = places_[place];
    at.phase = Phase::live;
    at.due = Nanoseconds::max();
    at.next_ping = now + plan_.ping_every;
    refused_.reset();
    if (place == present_) {
        rotation_ = rotation();
        rotation_.opened(now);
    }
}

void LinkLine::send(std::size_t place, std::string_view text) {
    shared_->commands.add(LinkCommand::Kind::send, first_ + place).text = text;
}

// ---- and ends

void LinkLine::closed(std::size_t place, Nanoseconds now, std::string_view detail) {
    const auto phase = places_[place].phase;
    if (phase < Phase::opening) return;  // we closed it ourselves
    end(place, now, phase == Phase::opening ? LinkTrouble::open_failed : LinkTrouble::lost, detail, false);
}

void LinkLine::end(std::size_t place, Nanoseconds now, LinkTrouble why, std::string_view detail, bool close) {
    const auto was = std::exchange(places_[place], {});
    const bool gone = was.phase == Phase::leaving;
    if (close && was.phase >= Phase::opening) shared_->commands.add(LinkCommand::Kind::close, first_ + place);
    if (!gone) shared_->tell(why, plan_.name, detail);
    for (const auto& asked : asked_)
        if (asked.place == place) lost_.push_back(asked.order);
    std::erase_if(asked_, [&](const Asked& asked) { return asked.place == place; });
    if (gone) return;
    // The key may be what was refused: another is asked for, and the venue gives the same one if it is good.
    if (was.phase == Phase::opening && places_[1 - place].phase < Phase::opening) key_ = {};
    if (place != present_) return rotation_.second_failed(now);
    if (const auto phase = places_[other()].phase; phase == Phase::live) return succeed(now);
    rotation_ = rotation();
    const auto next = places_[other()].phase;
    if (next != Phase::waiting && next != Phase::leaving) {  // its successor is on the way already
        present_ = other();
        return;
    }
    const bool refused = why == LinkTrouble::login_refused || why == LinkTrouble::subscription_refused ||
                         why == LinkTrouble::key_refused;
    const bool opened = was.phase >= Phase::login;
    retry_ = now + (refused ? refused_.failed() : reconnect_.failed(opened ? now - was.opened : 0ns));
}

void LinkLine::end_all(Nanoseconds now, LinkTrouble why, std::string_view detail) {
    if (places_[other()].phase != Phase::waiting) end(other(), now, why, detail);
    if (places_[present_].phase != Phase::waiting) end(present_, now, why, detail);
}

void LinkLine::drop(Nanoseconds now, LinkTrouble why, std::string_view detail) {
    end_all(now, why, detail);
}

/// The successor takes over, without a gap: it is live.
void LinkLine::succeed(Nanoseconds now) {
    present_ = other();
    ++shared_->counts.rotated;
    rotation_ = rotation();
    rotation_.opened(now);
}

/// What the old connection was asked, it may still answer; then it goes.
void LinkLine::leave(std::size_t place, Nanoseconds now) {
    places_[place].phase = Phase::leaving;
    places_[place].due = now + shared_->settings.order_answer;
}

void LinkLine::rotate_now(Nanoseconds now) {
    if (!up() || places_[other()].phase != Phase::waiting) return;
    auto settings = shared_->settings.rotation;
    settings.lifetime = 1ns;
    settings.margin = settings.spread = 0ns;
    rotation_ = core::Rotation{settings, seed_++};
    rotation_.opened(now - 1ns);
}

// ---- what comes

void LinkLine::heard(std::size_t place, const streams::Reading& reading, Nanoseconds now, Nanoseconds venue_now) {
    auto& at = places_[place];
    at.pong_until = 0ns;
    const auto refuse = [&](LinkTrouble why) {
        if (reading.refusal == Refusal::clock) ++shared_->clock_refusals;
        end(place, now, why, words_of(reading));
    };
    switch (reading.kind) {
        case FrameKind::login:
            if (at.phase == Phase::login) logged_in(place, now, venue_now);
            return;
        case FrameKind::login_refused: return refuse(LinkTrouble::login_refused);
        case FrameKind::subscribed:
            if (at.phase == Phase::subscribing && ++at.answers == plan_.answers) stands(place, now);
            return;
        case FrameKind::subscribe_refused:
            if (at.phase == Phase::login) return refuse(LinkTrouble::login_refused);
            if (at.phase == Phase::subscribing) return refuse(LinkTrouble::subscription_refused);
            if (reading.refusal == Refusal::credentials) return refuse(LinkTrouble::login_refused);
            // What stood is gone, or never stood: OKX counts the connections of a channel after it acknowledged.
            if (reading.unsubscribed) return refuse(LinkTrouble::subscription_refused);
            return;
        case FrameKind::answer:
            if (login_is_gone(reading.refusal)) refuse(LinkTrouble::login_refused);
            return;
        case FrameKind::notice: return rotate_now(now);
        case FrameKind::ended:
            if (plan_.login != Login::listen_key) return end(place, now, LinkTrouble::ended, "the venue ended it");
            key_ = {};
            return end_all(now, LinkTrouble::ended, "the listen key expired");
        case FrameKind::events:
        case FrameKind::pong:
        case FrameKind::other: return;
    }
}

/// Whether a refused order says so. A key that may not do this or that is no reason to drop the account's events; but
/// Bybit's order socket says "permission denied" of a login that ended, and over REST it says which it was.
bool LinkLine::login_is_gone(Refusal refusal) const noexcept {
    if (plan_.login == Login::none || plan_.login == Login::listen_key) return false;
    return refusal == Refusal::credentials || (refusal == Refusal::permission && !plan_.stream);
}

// ---- time

void LinkLine::time(Nanoseconds now, bool can_sign) {
    if (places_[present_].phase == Phase::waiting && can_sign && now >= retry_) begin(present_, now);
    look_at_key(now);
    for (std::size_t place = 0; place < places; ++place) look(place, now);
    if (!up()) return;
    switch (rotation_.ask(now, places_[other()].phase == Phase::live)) {
        case core::Rotation::Do::nothing: return;
        case core::Rotation::Do::open_second:
            if (places_[other()].phase == Phase::waiting)
                begin(other(), now);
            else
                rotation_.second_failed(now);  // the one before is still leaving
            return;
        case core::Rotation::Do::hand_over: {
            const auto old = present_;
            succeed(now);
            return leave(old, now);
        }
        case core::Rotation::Do::drop_second:
            if (places_[other()].phase != Phase::waiting)
                end(other(), now, LinkTrouble::open_failed, "the successor is not ready in time");
            return;
    }
}

void LinkLine::look(std::size_t place, Nanoseconds now) {
    auto& at = places_[place];
    switch (at.phase) {
        case Phase::waiting:
        case Phase::keying: return;
        case Phase::opening:
            if (now >= at.due) end(place, now, LinkTrouble::open_failed, "not open in time");
            return;
        case Phase::login:
            if (now >= at.due) end(place, now, LinkTrouble::login_unanswered, {});
            return;
        case Phase::subscribing:
            if (now >= at.due)
                end(place, now, LinkTrouble::subscription_unanswered,
                    std::to_string(at.answers) + " of " + std::to_string(plan_.answers) + " stand");
            return;
        case Phase::leaving: {
            const bool awaits =
                std::any_of(asked_.begin(), asked_.end(), [&](const Asked& asked) { return asked.place == place; });
            if (!awaits || now >= at.due) end(place, now, LinkTrouble::none, {});
            return;
        }
        case Phase::live: break;
    }
    if (at.pong_until != 0ns && now >= at.pong_until) return end(place, now, LinkTrouble::pong_missing, {});
    const auto late =
        std::find_if(asked_.begin(), asked_.end(), [&](const Asked& a) { return a.place == place && now >= a.until; });
    if (late != asked_.end())
        return end(place, now, LinkTrouble::order_unanswered, {late->request.data(), late->request.size()});
    if (plan_.ping.empty() || now < at.next_ping) return;
    at.next_ping = now + plan_.ping_every;
    if (at.pong_until == 0ns) at.pong_until = now + shared_->settings.pong;
    ++shared_->counts.pings;
    send(place, plan_.ping);
}

// ---- orders

std::size_t LinkLine::ask(core::OrderId order, std::string_view request, Nanoseconds now) noexcept {
    assert(takes_orders(now) && request.size() == streams::request_id_length);
    Asked asked{{}, order, now + shared_->settings.order_answer, present_};
    std::copy_n(request.begin(), std::min(request.size(), asked.request.size()), asked.request.begin());
    asked_.push_back(asked);
    sent_at_[sent_++ % sent_at_.size()] = now;
    ++shared_->counts.orders;
    return first_ + present_;
}

bool LinkLine::answer(std::string_view request) noexcept {
    const auto found = std::find_if(asked_.begin(), asked_.end(), [&](const Asked& asked) {
        return std::string_view{asked.request.data(), asked.request.size()} == request;
    });
    if (found == asked_.end()) return false;
    asked_.erase(found);
    ++shared_->counts.answers;
    return true;
}

// ---- listen keys

void LinkLine::ask_key(exchange::Method method, Nanoseconds now) {
    key_.asked = method;
    key_.tag = shared_->next_tag++;
    key_.until = now + shared_->settings.key_answer;
    auto& command = shared_->commands.add(LinkCommand::Kind::request, first_);
    command.tag = key_.tag;
    command.request = listen_key_request(plan_, method, shared_->keys);
}

void LinkLine::look_at_key(Nanoseconds now) {
    if (plan_.login != Login::listen_key) return;
    if (key_.tag != 0) {
        if (now < key_.until) return;
        key_.tag = 0;
        return key_failed(exchange::refused(exchange::ErrorKind::network, "no answer in time"), now);
    }
    if (!key_.text.empty() && now >= key_.renew) ask_key(exchange::Method::put, now);
}

bool LinkLine::answered(std::uint64_t tag, const exchange::Expected<exchange::Response>& response, Nanoseconds now) {
    if (tag == 0 || tag != key_.tag) return false;
    key_.tag = 0;
    if (!response) {
        key_failed(response.error(), now);
        return true;
    }
    const auto body = exchange::Value::parse(response->body);
    const auto& document = body ? *body : exchange::Value{};
    if (response->status >= 400 || !body) {
        exchange::ApiError error{.kind = exchange::ErrorKind::other,
                                 .code = document["code"].text(),
                                 .message = document["msg"].text(),
                                 .status = response->status};
        const auto wait = streams::whole_number(response->header("Retry-After")).value_or(0);
        error.retry_after_s = std::clamp<std::int64_t>(wait, 0, 7 * 24 * 3600);
        key_failed(error, now);
        return true;
    }
    const bool made = key_.asked == exchange::Method::post;
    if (made) {
        key_.text = document["listenKey"].text();
        if (key_.text.empty()) {
            key_failed(exchange::refused(exchange::ErrorKind::malformed, "an answer without listenKey"), now);
            return true;
        }
        auto& known = shared_->listen_keys;
        if (std::find(known.begin(), known.end(), key_.text) == known.end()) {
            if (known.size() == most_listen_keys) known.erase(known.begin());
            known.push_back(key_.text);
        }
    }
    ++(made ? shared_->counts.keys : shared_->counts.keys_kept);
    key_.renew = now + shared_->settings.key_renewal;
    key_.ends = now + key_lives;
    for (std::size_t place = 0; place < places; ++place)
        if (places_[place].phase == Phase::keying) open(place, now);
    return true;
}

void LinkLine::key_failed(const exchange::ApiError& error, Nanoseconds now) {
    const auto said = error.message + (error.code.empty() ? "" : " (code " + error.code + ")");
    const bool refused = error.status >= 400 && error.status < 500 && error.status != 429 && error.status != 418;
    const auto trouble = refused ? LinkTrouble::key_refused : LinkTrouble::key_failed;
    const Nanoseconds wait = std::chrono::seconds{error.retry_after_s};
    if (key_.text.empty()) {  // none yet: whoever waits for it begins anew, later
        end_all(now, trouble, said);
        retry_ = std::max(retry_, now + wait);
        return;
    }
    // Kept or not, it lives until its hour is over, unless the venue says that there is no such key.
    if (!refused && now < key_.ends) {
        shared_->tell(trouble, plan_.name, said);
        key_.renew = now + std::max(key_retry, wait);
        return;
    }
    key_ = {};
    end_all(now, trouble, said);
    retry_ = std::max(retry_, now + wait);
}

}  // namespace gateways::live
