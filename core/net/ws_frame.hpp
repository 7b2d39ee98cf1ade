#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace core {

/// What a WebSocket's bytes say next (RFC 6455). A server's side is read: its frames are not masked.
enum class WsFound : std::uint8_t {
    nothing,  ///< not complete yet
    text,
    binary,
    ping,
    pong,
    close,
    fault  ///< against the rules: see `WsReader::fault()`
};

/// The rule that was broken.
enum class WsFault : std::uint8_t {
    none,
    masked,      ///< a server must not mask
    reserved,    ///< reserved bits without an extension
    opcode,      ///< not defined
    control,     ///< a control frame in pieces or above 125 bytes
    continuing,  ///< a continuation of nothing, or a new message inside one
    length,      ///< a length not written in its shortest form, or above 2⁶³
    oversized,   ///< a message above the bound
    close_code   ///< a close frame of one byte, or with a code that must not be sent
};
std::string_view name(WsFault fault) noexcept;

/// Finds messages in a server's bytes, in place: bytes are read into `room()`, and a message in one frame is given
/// where it lies. Allocates when it is made, and once more for the first message in pieces. Text is not checked to be
/// UTF-8; readers of the message treat it as bytes.
class WsReader {
public:
    static constexpr std::size_t padding = 64;  ///< readable bytes behind every message

    explicit WsReader(std::size_t max_message);

    /// Where the next bytes go, never empty. Invalidates what `next` gave.
    [[nodiscard]] std::span<char> room() noexcept;
    /// So many bytes were written to `room()`.
    void filled(std::size_t count) noexcept { end_ += count; }
    /// What is there and not read: before the first frame this is the handshake's answer.
    [[nodiscard]] std::string_view unread() const noexcept { return {bytes_.get() + begin_, end_ - begin_}; }
    void skip(std::size_t count) noexcept { begin_ += count; }

    /// The next message or control frame. `payload` is valid until `room()`, followed by `padding` readable bytes. A
    /// close frame's payload is its reason.
    WsFound next(std::string_view& payload) noexcept;

    [[nodiscard]] WsFault fault() const noexcept { return fault_; }
    [[nodiscard]] std::uint16_t close_code() const noexcept { return close_code_; }  ///< 1005 if it had none

private:
    WsFound broken(WsFault fault) noexcept {
        fault_ = fault;
        return WsFound::fault;
    }
    WsFound data(unsigned opcode, bool last, std::string_view& payload) noexcept;
    WsFound control(unsigned opcode, std::string_view& payload) noexcept;

    static constexpr std::size_t slack = 64 * 1024;  // room behind the largest message, so that reads stay large

    std::size_t max_message_, capacity_;
    std::unique_ptr<char[]> bytes_;
    std::size_t begin_{}, end_{};
    std::unique_ptr<char[]> pieces_;
    std::size_t pieces_size_{};
    unsigned pieces_opcode_{};  // 0: no message in pieces is under way
    WsFault fault_{};
    std::uint16_t close_code_{};
};

/// The longest head of a client's frame: 2 bytes, 8 of length, 4 of mask.
inline constexpr std::size_t ws_head_max = 14;

/// Writes a client's frame, head and masked payload, and returns one past its last byte. `to` has room for ws_head_max
/// + payload bytes and does not overlap the payload.
char* write_ws_frame(char* to, unsigned opcode, std::string_view payload, std::uint32_t mask) noexcept;

/// The opcodes that are sent (RFC 6455, 5.2).
struct WsOpcode {
    static constexpr unsigned text = 1, binary = 2, close = 8, ping = 9, pong = 10;
};

}  // namespace core
