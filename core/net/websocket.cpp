#include "core/net/websocket.hpp"

#include <openssl/rand.h>

#include <algorithm>
#include <cstring>
#include <span>
#include <stdexcept>

namespace core {

WebSocket::WebSocket(const Url& url, const TlsContext& tls, Resolver& resolver, WebSocketSettings settings)
    : settings_{std::move(settings)},
      url_{url},
      wire_{std::make_unique<Wire>(url.to, tls, resolver, settings_.wire)},
      reader_{settings_.max_message},
      unsent_{new char[settings_.max_unsent + ws_head_max]},
      unsent_capacity_{settings_.max_unsent + ws_head_max},
      deadline_{wire_->deadline()} {
    for (const auto& field : settings_.headers)
        if (!may_be_sent(field))
            throw std::invalid_argument{"header " + field.first + ": not a header that can be sent"};
}

bool WebSocket::next(Clock& clock, WebSocketMessage& message) noexcept {
    if (state_ == State::closed) return false;
    if (state_ == State::opening && advance() != State::open) [[unlikely]]
        return false;
    if (unsent_begin_ != unsent_end_) [[unlikely]]
        flush();
    for (;;) {
        if (deliver(clock, message)) return true;
        if (state_ == State::closed || !read_more()) break;
    }
    if (state_ == State::closing && std::chrono::steady_clock::now() >= deadline_)
        end(NetFault::timeout, 0, "the goodbye was not answered");
    if (masks_used_ > masks / 2) [[unlikely]]
        refill_masks();
    return false;
}

WebSocket::State WebSocket::advance() noexcept {
    if (state_ != State::opening) return state_;
    try {
        open(std::chrono::steady_clock::now());
    } catch (const std::exception& error) {  // no memory
        end(NetFault::protocol, 0, error.what());
    }
    return state_;
}

/// The next message that is already there; control frames on the way are dealt with.
bool WebSocket::deliver(Clock& clock, WebSocketMessage& message) noexcept {
    for (std::string_view payload; state_ != State::closed;) {
        switch (const auto found = reader_.next(payload); found) {
            case WsFound::nothing: return false;
            case WsFound::text:
            case WsFound::binary:
                ++counts_.messages;
                counts_.bytes += payload.size();
                message = {.bytes = payload,
                           .receive_time = clock.uses_tsc() ? clock.line().at(wire_->receive_cycles()) : clock.now(),
                           .binary = found == WsFound::binary};
                return true;
            case WsFound::ping:
                ++counts_.pings;
                if (state_ == State::open) send(WsOpcode::pong, payload);
                break;
            case WsFound::pong: ++counts_.pongs; break;
            case WsFound::close: answer_close(payload); break;
            case WsFound::fault: refuse(reader_.fault()); break;
        }
    }
    return false;
}

bool WebSocket::read_more() noexcept {
    if (reads_left_ < reads_a_poll && !wire_->pending()) return false;  // what there was was taken: that is enough
    if (reads_left_-- == 0) return false;
    const auto room = reader_.room();
    const auto [io, count] = wire_->read(room.data(), room.size());
    if (io == Wire::Io::ok) {
        reader_.filled(count);
        return true;
    }
    if (io == Wire::Io::closed)
        end(NetFault::closed, 0, "without a close frame");
    else if (io == Wire::Io::cut)
        end_like_wire(NetPhase::open);
    return false;
}

void WebSocket::open(Wire::Time now) {
    if (!requested_) {
        const auto state = wire_->advance(now);
        deadline_ = wire_->deadline();
        if (state == Wire::State::closed) return end_like_wire(wire_->failure().phase);
        if (state != Wire::State::open) return;
        request();
        deadline_ = now + settings_.upgrade;
    }
    flush();
    while (state_ == State::opening) {
        const auto room = reader_.room();
        const auto [io, count] = wire_->read(room.data(), room.size());
        if (io == Wire::Io::again) {
            if (now >= deadline_) end(NetFault::timeout, 0, "no answer to the upgrade");
            return;
        }
        if (io == Wire::Io::closed) return end(NetFault::closed, 0, "instead of an answer to the upgrade");
        if (io == Wire::Io::cut) return end_like_wire(NetPhase::upgrade);
        reader_.filled(count);
        read_answer();
    }
}

void WebSocket::request() {
    std::array<std::uint8_t, 16> random;
    if (RAND_bytes(random.data(), static_cast<int>(random.size())) != 1) throw std::runtime_error{"no random bytes"};
    refill_masks();
    key_ = ws_key(random);
    const auto text = ws_request(url_, key_, settings_.headers);
    if (text.size() > unsent_capacity_) throw std::length_error{"the request does not fit"};
    unsent_end_ = static_cast<std::size_t>(std::copy(text.begin(), text.end(), unsent_.get()) - unsent_.get());
    requested_ = true;
}

void WebSocket::read_answer() {
    const auto answer = read_ws_answer(reader_.unread(), key_);
    if (!answer)
        return end(answer.error() == Error::oversized ? NetFault::oversized : NetFault::protocol, 0,
                   "the answer to the upgrade");
    if (answer->size == 0) return;
    if (answer->status != 101) return end(NetFault::refused, answer->status, "upgrade refused");
    reader_.skip(answer->size);
    state_ = State::open;
    deadline_ = Wire::Time::max();
}

bool WebSocket::send(unsigned opcode, std::string_view payload) noexcept {
    if (state_ != State::open) return false;
    if (unsent_end_ + ws_head_max + payload.size() > unsent_capacity_ && unsent_begin_ != 0) {
        std::memmove(unsent_.get(), unsent_.get() + unsent_begin_, unsent_end_ - unsent_begin_);
        unsent_end_ -= unsent_begin_;
        unsent_begin_ = 0;
    }
    if (unsent_end_ + ws_head_max + payload.size() > unsent_capacity_) {
        end(NetFault::overrun, 0, "the other side does not read");
        return false;
    }
    char* to = unsent_.get() + unsent_end_;
    unsent_end_ += static_cast<std::size_t>(write_ws_frame(to, opcode, payload, next_mask()) - to);
    counts_.sent += opcode <= WsOpcode::binary ? 1 : 0;
    flush();
    return state_ == State::open;
}

void WebSocket::flush() noexcept {
    while (unsent_begin_ != unsent_end_) {
        const auto [io, count] = wire_->write({unsent_.get() + unsent_begin_, unsent_end_ - unsent_begin_});
        if (io == Wire::Io::cut) return end_like_wire(state_ == State::opening ? NetPhase::upgrade : NetPhase::open);
        if (io == Wire::Io::again) return;
        unsent_begin_ += count;
    }
    unsent_begin_ = unsent_end_ = 0;
}

void WebSocket::close(std::uint16_t code) noexcept {
    if (state_ == State::opening) return end(NetFault::closed, 0, "closed by us while opening");
    const std::array<char, 2> payload{static_cast<char>(code >> 8), static_cast<char>(code & 0xff)};
    if (!send(WsOpcode::close, {payload.data(), payload.size()})) return;
    state_ = State::closing;
    deadline_ = std::chrono::steady_clock::now() + settings_.goodbye;
}

void WebSocket::answer_close(std::string_view reason) noexcept {
    const auto code = reader_.close_code();
    if (state_ == State::open) close(code == 1005 ? std::uint16_t{1000} : code);
    if (state_ == State::closed) return;  // the socket broke meanwhile
    wire_->finish();
    end(NetFault::closed, code, reason);
}

/// Against the rules: says so (RFC 6455, 7.1.7) and ends.
void WebSocket::refuse(WsFault fault) noexcept {
    const bool oversized = fault == WsFault::oversized;
    if (state_ == State::open) close(oversized ? 1009 : 1002);
    if (state_ != State::closed) end(oversized ? NetFault::oversized : NetFault::protocol, 0, name(fault));
}

std::uint32_t WebSocket::next_mask() noexcept {
    if (masks_used_ == masks) refill_masks();
    return mask_pool_[masks_used_++];
}

/// Masks must not be foreseeable (RFC 6455, 10.3); taken many at a time, while nothing else is to be done.
void WebSocket::refill_masks() noexcept {
    if (RAND_bytes(reinterpret_cast<unsigned char*>(mask_pool_.data()), sizeof mask_pool_) != 1)
        return end(NetFault::protocol, 0, "no random bytes");
    masks_used_ = 0;
}

void WebSocket::end(NetFault fault, int code, std::string_view detail) noexcept {
    failure_.phase = state_ == State::opening ? NetPhase::upgrade : NetPhase::open;
    failure_.fault = fault;
    failure_.code = code;
    try {
        failure_.detail = detail;
        // A close frame's reason is the server's text: neither a terminal nor a JSON document must trip over it.
        for (char& c : failure_.detail)
            if (c < ' ' || c > '~') c = '?';
    } catch (...) {
        failure_.detail.clear();
    }
    state_ = State::closed;
    deadline_ = Wire::Time::max();
    wire_->close();
}

void WebSocket::end_like_wire(NetPhase phase) noexcept {
    end(wire_->failure().fault, 0, wire_->failure().detail);
    failure_.phase = phase;
}

}  // namespace core
