#include "core/net/ws_frame.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <new>
#include <utility>

namespace core {
namespace {

template <class T>
T big_endian(const char* from) noexcept {
    T value;
    std::memcpy(&value, from, sizeof value);
    if constexpr (sizeof value == 2)
        return __builtin_bswap16(value);
    else
        return __builtin_bswap64(value);
}

constexpr unsigned continuation = 0;

/// Codes a close frame may carry (RFC 6455, 7.4).
constexpr bool may_be_sent(unsigned code) noexcept {
    if (code >= 3000) return code < 5000;
    return code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006;
}

}  // namespace

std::string_view name(WsFault fault) noexcept {
    static constexpr std::array<std::string_view, 9> names{"none",       "masked", "reserved",  "opcode",    "control",
                                                           "continuing", "length", "oversized", "close_code"};
    return names[static_cast<std::size_t>(fault)];
}

WsReader::WsReader(std::size_t max_message)
    : max_message_{max_message},
      capacity_{max_message + ws_head_max + slack},
      bytes_{new char[capacity_ + padding]} {}  // untouched pages cost nothing

std::span<char> WsReader::room() noexcept {
    if (begin_ == end_)
        begin_ = end_ = 0;
    else if (begin_ >= slack) {  // one incomplete frame is left, moved once: the next bytes go to memory that is warm
        std::memmove(bytes_.get(), bytes_.get() + begin_, end_ - begin_);
        end_ -= begin_;
        begin_ = 0;
    }
    return {bytes_.get() + end_, capacity_ - end_};
}

WsFound WsReader::next(std::string_view& payload) noexcept {
    for (;;) {
        const auto have = end_ - begin_;
        if (have < 2) return WsFound::nothing;
        const char* at = bytes_.get() + begin_;
        const unsigned first = static_cast<unsigned char>(at[0]), second = static_cast<unsigned char>(at[1]);
        if ((first & 0x70U) != 0) return broken(WsFault::reserved);
        if ((second & 0x80U) != 0) return broken(WsFault::masked);
        const unsigned opcode = first & 0x0fU;
        const bool last = (first & 0x80U) != 0;
        if ((opcode > WsOpcode::binary && opcode < WsOpcode::close) || opcode > WsOpcode::pong)
            return broken(WsFault::opcode);
        std::size_t head = 2;
        std::uint64_t size = second;
        if (opcode >= WsOpcode::close && (!last || size > 125)) return broken(WsFault::control);
        if (size == 126) {
            head = 4;
            if (have < head) return WsFound::nothing;
            size = big_endian<std::uint16_t>(at + 2);
            if (size < 126) return broken(WsFault::length);
        } else if (size == 127) {
            head = 10;
            if (have < head) return WsFound::nothing;
            size = big_endian<std::uint64_t>(at + 2);
            if (size <= 0xffffU || size >> 63 != 0) return broken(WsFault::length);
        }
        if (size > max_message_) return broken(WsFault::oversized);
        if (have < head + size) return WsFound::nothing;
        payload = {at + head, static_cast<std::size_t>(size)};
        begin_ += head + payload.size();
        if (opcode >= WsOpcode::close) return control(opcode, payload);
        if (const auto found = data(opcode, last, payload); found != WsFound::nothing) return found;
    }
}

/// `nothing`: a piece of a message of which more must come.
WsFound WsReader::data(unsigned opcode, bool last, std::string_view& payload) noexcept {
    const auto kind = [](unsigned code) { return code == WsOpcode::text ? WsFound::text : WsFound::binary; };
    if ((opcode == continuation) != (pieces_opcode_ != 0)) return broken(WsFault::continuing);
    if (opcode != continuation && last) return kind(opcode);
    if (opcode != continuation) {
        if (!pieces_) pieces_.reset(new (std::nothrow) char[max_message_ + padding]);
        if (!pieces_) return broken(WsFault::oversized);  // for this machine
        pieces_opcode_ = opcode;
        pieces_size_ = 0;
    }
    if (payload.size() > max_message_ - pieces_size_) return broken(WsFault::oversized);
    std::memcpy(pieces_.get() + pieces_size_, payload.data(), payload.size());
    pieces_size_ += payload.size();
    if (!last) return WsFound::nothing;
    payload = {pieces_.get(), pieces_size_};
    return kind(std::exchange(pieces_opcode_, 0U));
}

WsFound WsReader::control(unsigned opcode, std::string_view& payload) noexcept {
    if (opcode == WsOpcode::ping) return WsFound::ping;
    if (opcode == WsOpcode::pong) return WsFound::pong;
    close_code_ = 1005;
    if (payload.size() == 1) return broken(WsFault::close_code);
    if (!payload.empty()) {
        close_code_ = big_endian<std::uint16_t>(payload.data());
        if (!may_be_sent(close_code_)) return broken(WsFault::close_code);
        payload.remove_prefix(2);
    }
    return WsFound::close;
}

char* write_ws_frame(char* to, unsigned opcode, std::string_view payload, std::uint32_t mask) noexcept {
    *to++ = static_cast<char>(0x80U | opcode);
    if (payload.size() < 126) {
        *to++ = static_cast<char>(0x80U | payload.size());
    } else if (payload.size() <= 0xffff) {
        *to++ = static_cast<char>(0x80U | 126U);
        const auto size = __builtin_bswap16(static_cast<std::uint16_t>(payload.size()));
        std::memcpy(to, &size, sizeof size);
        to += sizeof size;
    } else {
        *to++ = static_cast<char>(0x80U | 127U);
        const auto size = __builtin_bswap64(payload.size());
        std::memcpy(to, &size, sizeof size);
        to += sizeof size;
    }
    std::memcpy(to, &mask, sizeof mask);
    to += sizeof mask;
    const char* from = payload.data();
    const auto wide = mask | std::uint64_t{mask} << 32;
    auto left = payload.size();
    for (; left >= sizeof wide; left -= sizeof wide, from += sizeof wide, to += sizeof wide) {
        std::uint64_t word;
        std::memcpy(&word, from, sizeof word);
        word ^= wide;
        std::memcpy(to, &word, sizeof word);
    }
    std::array<char, 4> key;
    std::memcpy(key.data(), &mask, sizeof mask);
    for (std::size_t i = 0; i < left; ++i) to[i] = static_cast<char>(from[i] ^ key[i % 4]);
    return to + left;
}

}  // namespace core
