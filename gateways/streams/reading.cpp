#include "gateways/streams/reading.hpp"

#include "gateways/streams/request_id.hpp"

#include <array>

namespace gateways::streams {

namespace {

constexpr char place_letter = 'n', cancel_letter = 'x';

}  // namespace

std::string_view name(FrameKind kind) noexcept {
    static constexpr std::array<std::string_view, frame_kind_count> names{
        "events", "answer", "login", "login_refused", "subscribed", "subscribe_refused",
        "pong",   "notice", "ended", "other"};
    const auto index = static_cast<std::size_t>(kind);
    return index < names.size() ? names[index] : std::string_view{"?"};
}

Words words(std::string_view text) noexcept {
    Words made;
    text = text.substr(0, made.bytes.size());
    // What is shown is one line: no control characters of a stranger.
    for (std::size_t i = 0; i < text.size(); ++i)
        made.bytes[i] = static_cast<unsigned char>(text[i]) < ' ' || text[i] == '\x7f' ? ' ' : text[i];
    made.size = static_cast<std::uint8_t>(text.size());
    return made;
}

char* write_request_id(char* to, core::OrderId order, Operation operation, std::uint32_t count) noexcept {
    to = write_client_id(to, order);
    *to++ = operation == Operation::place ? place_letter : cancel_letter;
    for (int shift = 28; shift >= 0; shift -= 4) *to++ = "0123456789abcdef"[count >> shift & 15];
    return to;
}

std::optional<RequestId> parse_request_id(std::string_view text) noexcept {
    if (text.size() != request_id_length) return std::nullopt;
    const auto order = parse_client_id(text.substr(0, client_id_length));
    const char letter = text[client_id_length];
    if (!order || (letter != place_letter && letter != cancel_letter)) return std::nullopt;
    return RequestId{.order = *order, .operation = letter == place_letter ? Operation::place : Operation::cancel};
}

}  // namespace gateways::streams
