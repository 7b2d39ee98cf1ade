#include "core/net/ws_handshake.hpp"

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>

namespace core {
namespace {

constexpr std::size_t longest_head = 16 * 1024;

constexpr char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}
bool same(std::string_view a, std::string_view b) noexcept {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}
std::string_view trimmed(std::string_view text) noexcept {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}
/// Whether a list such as "keep-alive, Upgrade" names the token.
bool names(std::string_view list, std::string_view token) noexcept {
    while (!list.empty()) {
        const auto comma = std::min(list.find(','), list.size());
        if (same(trimmed(list.substr(0, comma)), token)) return true;
        list.remove_prefix(std::min(comma + 1, list.size()));
    }
    return false;
}

std::string base64(std::span<const std::uint8_t> bytes) {
    std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');  // EVP_EncodeBlock ends it with a zero
    const int size =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes.data(), static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(size));
    return text;
}

std::string accept_of(std::string_view key) {
    const auto text = std::string{key} + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    std::array<std::uint8_t, SHA_DIGEST_LENGTH> digest;
    SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
    return base64(digest);
}

/// "HTTP/1.1 101 …": the status, 0 if the line is no status line.
int status_of(std::string_view line) noexcept {
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    if (line.size() < 12 || !line.starts_with("HTTP/1.") || !digit(line[7]) || line[8] != ' ') return 0;
    if (!digit(line[9]) || !digit(line[10]) || !digit(line[11]) || (line.size() > 12 && line[12] != ' ')) return 0;
    return (line[9] - '0') * 100 + (line[10] - '0') * 10 + (line[11] - '0');
}

}  // namespace

bool may_be_sent(const HttpField& field) noexcept {
    static constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
    const auto in_token = [](char c) {
        return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') ||
               marks.find(c) != std::string_view::npos;
    };
    const auto in_value = [](char c) { return c == '\t' || (static_cast<unsigned char>(c) >= ' ' && c != '\x7f'); };
    return !field.first.empty() && std::all_of(field.first.begin(), field.first.end(), in_token) &&
           std::all_of(field.second.begin(), field.second.end(), in_value);
}

std::string ws_key(std::span<const std::uint8_t, 16> random) {
    return base64(random);
}

std::string ws_request(const Url& url, std::string_view key, std::span<const HttpField> extra) {
    std::string text = "GET " + url.target + " HTTP/1.1\r\nHost: " + url.to.authority() +
                       "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                       "Sec-WebSocket-Key: ";
    text.append(key).append("\r\nUser-Agent: omega\r\n");
    for (const auto& [name, value] : extra) text.append(name).append(": ").append(value).append("\r\n");
    return text += "\r\n";
}

Result<WsAnswer> read_ws_answer(std::string_view text, std::string_view key) {
    constexpr std::string_view begin = "HTTP/1.";
    if (text.substr(0, begin.size()) != begin.substr(0, text.size())) return Error::malformed;
    const auto end = text.find("\r\n\r\n");
    if (end == std::string_view::npos || end > longest_head) {
        if (text.size() > longest_head) return Error::oversized;
        return WsAnswer{};
    }
    WsAnswer answer{.size = end + 4, .status = status_of(text.substr(0, text.find("\r\n")))};
    if (answer.status == 0) return Error::malformed;
    if (answer.status != 101) return answer;
    bool upgrade = false, connection = false;
    int accepts = 0;
    auto rest = text.substr(0, end);
    for (auto line_end = rest.find("\r\n"); line_end != std::string_view::npos; line_end = rest.find("\r\n")) {
        rest.remove_prefix(line_end + 2);
        const auto line = rest.substr(0, rest.find("\r\n"));
        const auto colon = line.find(':');
        if (colon == std::string_view::npos) return Error::malformed;
        const auto field = line.substr(0, colon);
        const auto value = trimmed(line.substr(colon + 1));
        if (same(field, "upgrade")) upgrade = upgrade || same(value, "websocket");
        if (same(field, "connection")) connection = connection || names(value, "upgrade");
        if (same(field, "sec-websocket-accept")) {
            if (value != accept_of(key)) return Error::malformed;
            ++accepts;
        }
        if (same(field, "sec-websocket-extensions") || same(field, "sec-websocket-protocol")) return Error::malformed;
    }
    if (!upgrade || !connection || accepts != 1) return Error::malformed;
    return answer;
}

}  // namespace core
