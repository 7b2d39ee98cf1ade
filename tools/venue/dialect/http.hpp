#pragma once

#include "core/domain/time.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace venue {

/// Name and value pairs of a query or a form, decoded, in their order.
class Params {
public:
    static constexpr std::size_t max_count = 200;

    /// Reads "a=1&b=x%20y". Broken escapes are kept as they are; pairs past max_count are left out.
    static Params parse(std::string_view text);
    void append(const Params& more) { pairs_.insert(pairs_.end(), more.pairs_.begin(), more.pairs_.end()); }
    void set(std::string name, std::string value) { pairs_.emplace_back(std::move(name), std::move(value)); }

    [[nodiscard]] bool has(std::string_view name) const { return find(name) != nullptr; }
    /// Its value, "" if there is none.
    [[nodiscard]] std::string_view operator[](std::string_view name) const;
    [[nodiscard]] const std::string* find(std::string_view name) const;
    /// Its value as a whole number; nullopt when absent or anything else.
    [[nodiscard]] std::optional<std::int64_t> number(std::string_view name) const;
    /// limit=…, between 1 and `most`, `usual` where it is absent or nonsense.
    [[nodiscard]] std::size_t limit(std::size_t usual, std::size_t most) const;
    [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& pairs() const noexcept { return pairs_; }

private:
    std::vector<std::pair<std::string, std::string>> pairs_;
};

/// A request as it came, its target taken apart.
struct HttpRequest {
    std::string method;  ///< upper case
    std::string target;  ///< path and query as sent
    std::string path;
    std::string query;  ///< behind the '?', as sent
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;  ///< names in lower case
    bool loopback{true};                                       ///< the client sits on this machine

    static HttpRequest make(std::string method, std::string target, std::string body = {});
    /// "" if absent.
    [[nodiscard]] std::string_view header(std::string_view lower_case_name) const;
};

/// What goes back.
struct HttpReply {
    int status{200};
    std::string body{};
    std::vector<std::pair<std::string, std::string>> headers{};
    std::string content_type{"application/json"};
    bool drop{};                ///< close the connection instead (a fault)
    core::Nanoseconds delay{};  ///< send it this much later (a fault)
};

}  // namespace venue
