#include "core/net/url.hpp"

#include <algorithm>

namespace core {
namespace {

constexpr bool digit(char c) noexcept {
    return c >= '0' && c <= '9';
}
constexpr bool in_name(char c) noexcept {
    return digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '-' || c == '_';
}
constexpr bool in_ipv6(char c) noexcept {
    return digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':' || c == '.';
}

/// Splits "host:port", "[v6]:port" and their forms without port.
bool split(std::string_view authority, Endpoint& to) {
    std::string_view host, port;
    if (authority.starts_with('[')) {
        const auto end = authority.find(']');
        if (end == std::string_view::npos) return false;
        host = authority.substr(1, end - 1);
        port = authority.substr(end + 1);
        if (host.find(':') == std::string_view::npos || !std::all_of(host.begin(), host.end(), in_ipv6)) return false;
    } else {
        const auto colon = std::min(authority.find(':'), authority.size());
        host = authority.substr(0, colon);
        port = authority.substr(colon);
        if (host.empty() || !std::all_of(host.begin(), host.end(), in_name)) return false;
    }
    to.host = host;
    if (port.empty()) {
        to.port = to.tls ? "443" : "80";
        return true;
    }
    port.remove_prefix(port.front() == ':' ? 1 : port.size());
    if (port.empty() || port.size() > 5 || !std::all_of(port.begin(), port.end(), digit)) return false;
    to.port = port;
    const int number = std::stoi(to.port);
    return number > 0 && number <= 65535;
}

}  // namespace

std::string Endpoint::authority() const {
    const bool ipv6 = host.find(':') != std::string::npos;
    auto text = ipv6 ? '[' + host + ']' : host;
    if (port != (tls ? "443" : "80")) text += ':' + port;
    return text;
}

Result<Url> parse_url(std::string_view text) {
    constexpr std::size_t longest = 2000;
    if (text.size() > longest) return Error::oversized;
    if (!std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; })) return Error::malformed;
    const auto scheme = text.find("://");
    if (scheme == std::string_view::npos) return Error::malformed;
    Url url;
    const auto kind = text.substr(0, scheme);
    url.to.tls = kind == "https" || kind == "wss";
    if (!url.to.tls && kind != "http" && kind != "ws") return Error::refused;
    const auto rest = text.substr(scheme + 3);
    const auto slash = rest.find_first_of("/?#");
    if (!split(rest.substr(0, slash), url.to)) return Error::malformed;
    url.target = slash == std::string_view::npos ? "/" : std::string{rest.substr(slash)};
    if (url.target.find('#') != std::string::npos) return Error::malformed;
    if (url.target.front() == '?') url.target.insert(0, 1, '/');
    return url;
}

}  // namespace core
