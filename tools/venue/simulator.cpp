#include "tools/venue/simulator.hpp"

#include <algorithm>
#include <utility>

namespace venue {

namespace {

std::vector<Listing> listings_of(const SimulatorSettings& settings) {
    return settings.listings.empty() ? usual_listings(settings.dialect, settings.pairs) : settings.listings;
}

/// The digits behind "checksum": are others.
std::string with_wrong_checksum(std::string text) {
    constexpr std::string_view key = "\"checksum\":";
    const auto at = text.find(key);
    if (at == std::string::npos) return text;
    auto digit = at + key.size();
    while (digit < text.size() && (text[digit] < '0' || text[digit] > '9')) ++digit;
    if (digit < text.size()) text[digit] = text[digit] == '9' ? '1' : static_cast<char>(text[digit] + 1);
    return text;
}

}  // namespace

Simulator::Simulator(SimulatorSettings settings)
    : settings_{std::move(settings)},
      engine_{settings_.engine, listings_of(settings_)},
      dialect_{make_dialect(settings_.dialect, engine_, *this)},
      faults_{settings_.faults.seed},
      now_{settings_.start} {
    const bool unified = unified_wallet(settings_.dialect);
    for (const auto& owner : settings_.accounts) {
        Credentials credentials{owner.key, core::Secret{std::string{owner.secret}},
                                core::Secret{std::string{owner.passphrase}}};
        const auto id = engine_.add_account(std::move(credentials), unified).id;
        for (const auto& [asset, amount] : owner.spot) engine_.deposit(id, asset, amount, false);
        for (const auto& [asset, amount] : owner.margin) engine_.deposit(id, asset, amount, true);
    }
    feeder_ = std::make_unique<Feeder>(engine_, make_source(settings_.source, listings_of(settings_)),
                                       settings_.source.speed);
    // The market that lies behind: candles and a book are there when the first client comes.
    constexpr core::Nanoseconds step = std::chrono::seconds{1};
    for (auto left = settings_.source.warm_up; left.count() > 0; left -= step) {
        engine_.advance(now_ - left);
        feeder_->play(std::min(left, step));
    }
    engine_.advance(now_);
    engine_.listen(dialect_.get());
    for (const auto& spec : settings_.faults.faults) faults_.add(spec, now_);
    next_timer_ = now_;
}

Simulator::~Simulator() = default;

void Simulator::advance(core::Nanoseconds now, core::Nanoseconds market) {
    while (now_ < now) {
        forget_ended();
        const auto next = std::min(now, std::max(next_timer_, now_));
        const auto elapsed = next - now_;
        now_ = next;
        engine_.advance(now_ + ahead_);
        const auto played = std::min(elapsed, market);
        market -= played;
        feeder_->play(played);
        house_faults();
        while (!delayed_.empty() && delayed_.begin()->first <= now_) {
            auto first = delayed_.extract(delayed_.begin());
            leave(first.mapped().to, first.mapped().topic, std::move(first.mapped().text));
        }
        if (!unread_.empty() && reading()) read_what_waited();
        if (now_ >= next_timer_) {
            next_timer_ = now_ + settings_.step;
            dialect_->timer();
            cut_worn_out();
        }
    }
}

void Simulator::house_faults() {
    if (const auto jumped = faults_.strike(now_, {FaultKind::clock_jump}, {}, {})) ahead_ += jumped->delay;
    if (faults_.strike(now_, {FaultKind::listen_key_expiry}, {}, {})) dialect_->expire_keys();
    if (faults_.strike(now_, {FaultKind::id_reuse}, {}, {})) engine_.reuse_next_trade_id();
    if (faults_.strike(now_, {FaultKind::disconnect}, {}, {})) cut_all("disconnected");
    if (const auto told = faults_.strike(now_, {FaultKind::shutdown_notice}, {}, {})) {
        dialect_->tell_shutdown();
        shutdown_ = now_ + told->delay;
    }
    if (shutdown_ && now_ >= *shutdown_) {
        shutdown_.reset();
        cut_all("server shutdown");
    }
    if (!stuck_cache_.empty() && !faults_.on(now_, FaultKind::stale_answer)) stuck_cache_.clear();
}

void Simulator::cut_all(const char* reason) {
    for (const auto& [id, opened] : std::map<ConnectionId, core::Nanoseconds>{connections_}) close(id, 1006, reason);
}

void Simulator::cut_worn_out() {
    const auto lifetime = settings_.lifetime.value_or(dialect_->lifetime());
    if (lifetime.count() == 0) return;
    std::vector<ConnectionId> old;
    for (const auto& [id, opened] : connections_)
        if (now_ - opened >= lifetime) old.push_back(id);
    worn_out_ += old.size();
    for (const auto id : old) close(id, 1001, "the connection's lifetime is over");
}

void Simulator::read_what_waited() {
    for (const auto& [id, text] : std::exchange(unread_, {}))
        if (connections_.contains(id)) dialect_->message(id, text);
}

HttpReply Simulator::http(const HttpRequest& request) {
    forget_ended();
    if (settings_.control && request.loopback && request.path.starts_with("/sim/")) return control(*this, request);
    return with_faults(request);
}

HttpReply Simulator::with_faults(const HttpRequest& request) {
    const std::string_view where = request.target;
    if (faults_.met(now_, FaultKind::half_open)) return HttpReply{.drop = true};
    if (faults_.strike(now_, {FaultKind::maintenance}, {}, where)) return dialect_->refuse(HouseRefusal::maintenance);
    if (faults_.strike(now_, {FaultKind::too_many_requests}, {}, where))
        return dialect_->refuse(HouseRefusal::too_many_requests);
    if (faults_.strike(now_, {FaultKind::banned}, {}, where)) return dialect_->refuse(HouseRefusal::banned);
    if (faults_.strike(now_, {FaultKind::server_error}, {}, where)) return dialect_->refuse(HouseRefusal::server_error);
    const bool asks = request.method == "GET";
    // What loses an answer strikes requests that change something, unless the script says which.
    const bool unknown = !asks && faults_.strike(now_, {FaultKind::unknown_outcome}, {}, where);
    const bool lost = !asks && faults_.strike(now_, {FaultKind::lost_ack}, {}, where);
    auto reply = asks ? answer(request) : dialect_->http(request);
    if (unknown) return dialect_->refuse(HouseRefusal::unknown_outcome);
    if (lost) reply.drop = true;
    if (const auto late = faults_.strike(now_, {FaultKind::delay}, Topic::ack, where)) reply.delay = late->delay;
    return reply;
}

HttpReply Simulator::answer(const HttpRequest& request) {
    if (!faults_.on(now_, FaultKind::stale_answer)) return dialect_->http(request);
    if (const auto known = stuck_cache_.find(request.target);
        known != stuck_cache_.end() && faults_.strike(now_, {FaultKind::stale_answer}, {}, request.target))
        return known->second;
    auto reply = dialect_->http(request);
    if (stuck_cache_.size() < max_cached) stuck_cache_.try_emplace(request.target, reply);
    return reply;
}

ConnectionId Simulator::open(const HttpRequest& upgrade) {
    forget_ended();
    if (faults_.met(now_, FaultKind::half_open) || faults_.on(now_, FaultKind::maintenance)) return 0;
    const auto id = next_connection_++;
    connections_.emplace(id, now_);
    if (dialect_->open(id, upgrade)) return id;
    connections_.erase(id);
    return 0;
}

void Simulator::message(ConnectionId id, std::string_view text) {
    forget_ended();
    if (!connections_.contains(id) || faults_.met(now_, FaultKind::half_open)) return;
    if (faults_.met(now_, FaultKind::slow_reader)) {
        if (unread_.size() < max_delayed) unread_.emplace_back(id, text);
        return;
    }
    if (faults_.on(now_, FaultKind::refused_subscribe) && dialect_->subscribes(text) &&
        faults_.strike(now_, {FaultKind::refused_subscribe}, {}, text))
        return dialect_->refuse_subscription(id, text);
    if (!unread_.empty()) read_what_waited();  // it came first
    dialect_->message(id, text);
}

void Simulator::closed(ConnectionId id) {
    if (connections_.erase(id) == 0) return;
    held_.erase(id);
    if (delivering_)
        ended_.push_back(id);
    else
        dialect_->closed(id);
}

void Simulator::forget_ended() {
    for (const auto id : std::exchange(ended_, {})) dialect_->closed(id);
}

void Simulator::close(ConnectionId which, std::uint16_t code, std::string reason) {
    if (deliver_) deliver_({which, std::move(reason), code, Topic::other});
    closed(which);
}

void Simulator::later(core::Nanoseconds delay, ConnectionId to, Topic topic, std::string text) {
    if (delayed_.size() < max_delayed) delayed_.emplace(now_ + delay, Waiting{to, topic, std::move(text)});
}

void Simulator::leave(ConnectionId to, Topic topic, std::string text) {
    if (!deliver_ || !connections_.contains(to)) return;
    delivering_ = true;
    deliver_({to, std::move(text), 0, topic});
    delivering_ = false;
}

void Simulator::send(ConnectionId to, Topic topic, std::string text) {
    if (faults_.met(now_, FaultKind::half_open)) return;
    if (topic != Topic::pong && faults_.strike(now_, {FaultKind::silent_socket}, topic, text)) return;
    if (faults_.strike(now_, {FaultKind::drop}, topic, text)) return;
    if (topic == Topic::ack && faults_.strike(now_, {FaultKind::lost_ack}, topic, text)) return;
    if (topic == Topic::book) {
        if (faults_.strike(now_, {FaultKind::gap}, topic, text)) return;
        if (faults_.strike(now_, {FaultKind::corrupt_checksum}, topic, text))
            text = with_wrong_checksum(std::move(text));
    }
    if (topic == Topic::fill) {
        if (faults_.strike(now_, {FaultKind::lost_fill}, topic, text)) return;
        if (const auto late = faults_.strike(now_, {FaultKind::late_fill}, topic, text))
            return later(late->delay, to, topic, std::move(text));
        if (faults_.strike(now_, {FaultKind::duplicate_fill}, topic, text)) leave(to, topic, text);
    }
    if (const auto late = faults_.strike(now_, {FaultKind::delay}, topic, text))
        return later(late->delay, to, topic, std::move(text));
    if (!held_.contains(to) && faults_.strike(now_, {FaultKind::reorder}, topic, text)) {
        held_[to] = {to, topic, std::move(text)};
        return;
    }
    if (faults_.strike(now_, {FaultKind::duplicate}, topic, text)) leave(to, topic, text);
    leave(to, topic, std::move(text));
    if (const auto held = held_.find(to); held != held_.end()) {
        auto waiting = std::move(held->second);
        held_.erase(held);
        leave(waiting.to, waiting.topic, std::move(waiting.text));
    }
}

}  // namespace venue
