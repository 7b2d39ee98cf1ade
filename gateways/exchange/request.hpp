#pragma once

#include "core/domain/time.hpp"
#include "core/net/secret.hpp"
#include "gateways/exchange/value.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gateways::exchange {

enum class Method : std::uint8_t { get, post, put, del };
std::string_view name(Method method) noexcept;  ///< "GET", "POST", "PUT", "DELETE"

/// Which of a venue's hosts; venues with one host have all three the same.
enum class Host : std::uint8_t { spot, linear, inverse };
/// The venue itself, or where it lets one practise.
enum class Environment : std::uint8_t { live, testnet };

enum class BodyKind : std::uint8_t { none, form, json };

struct Header {
    std::string name{}, value{};
    bool secret{};  ///< shown as *** wherever a request is shown
};

/// What a call asks for, before keys and clock come in.
struct Request {
    Method method{};
    Host host{};
    std::string path{};             ///< "/api/v3/order"
    Value query = Value::object();  ///< ordered; an array or object goes out as its JSON text
    Value body{};                   ///< of `form`: ordered members; of `json`: the document
    BodyKind body_kind{};
    bool is_signed{};               ///< private: carries key and signature
    int weight{1};                  ///< of the venue's request budget, as documented; 1 where it does not say
    std::vector<Header> headers{};  ///< besides those of the signature
};

/// Key material of one account. Which of them a venue needs, its signature says.
struct Credentials {
    core::Secret key, secret, passphrase;
};

/// A request as it goes over the wire.
struct WireRequest {
    Method method{};
    std::string base{};    ///< "https://api.binance.com"
    std::string target{};  ///< path and query string, encoded, exactly as signed
    std::vector<Header> headers{};
    std::string body{};
};

/// What came back.
struct Response {
    int status{};
    std::vector<Header> headers{};
    std::string body{};

    /// The value of a header, whatever its case; "" if absent.
    [[nodiscard]] std::string_view header(std::string_view name) const noexcept;
};

/// Percent-encoding of all but unreserved characters (RFC 3986).
std::string percent_encode(std::string_view text);
/// "a=1&b=x%20y" from an object's members in their order; without encoding where a venue signs raw text.
std::string query_string(const Value& members, bool encode = true);

}  // namespace gateways::exchange
