#include "tools/omega/key_permissions.hpp"

#include "tools/omega/exchange_transport.hpp"
#include "tools/omega/live/host_budget.hpp"
#include "tools/omega/live/questions.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <exception>
#include <string>

namespace omega {

namespace {

using Json = nlohmann::json;
using core::Venue;

std::string_view path_of(Venue venue) noexcept {
    switch (venue) {
        case Venue::binance: return "/sapi/v1/account/apiRestrictions";
        case Venue::bybit: return "/v5/user/query-api";
        case Venue::okx: return "/api/v5/account/config";
        default: return {};
    }
}

std::optional<bool> flag(const Json& object, const char* name) {
    const auto at = object.find(name);
    if (at == object.end() || !at->is_boolean()) return std::nullopt;
    return at->get<bool>();
}

/// The venue's own code and words, where an answer is a refusal; keys do not stand in them.
KeyPermissions refused(const Json& code, const Json& words) {
    return {.problem = fmt::format("the venue refuses the key: {} {}",
                                   code.is_string() ? code.get<std::string>() : code.dump(),
                                   words.is_string() ? words.get<std::string>() : words.dump())};
}

KeyPermissions read_binance(const Json& answer) {
    if (answer.contains("code")) return refused(answer["code"], answer.value("msg", Json{}));
    const auto spot = flag(answer, "enableSpotAndMarginTrading"), futures = flag(answer, "enableFutures");
    KeyPermissions read{.reads = flag(answer, "enableReading"), .withdraws = flag(answer, "enableWithdrawals")};
    if (spot && futures) read.trades = *spot || *futures;
    return read;
}

/// Whether a list of Bybit's permissions has an entry at all, or one of a name.
bool lists(const Json& permissions, const char* group, const char* entry) {
    const auto at = permissions.find(group);
    if (at == permissions.end() || !at->is_array()) return false;
    return entry == nullptr ? !at->empty() : std::find(at->begin(), at->end(), entry) != at->end();
}

KeyPermissions read_bybit(const Json& answer) {
    if (answer.value("retCode", Json{}) != 0)
        return refused(answer.value("retCode", Json{}), answer.value("retMsg", Json{}));
    const auto result = answer.value("result", Json::object());
    const auto permissions = result.value("permissions", Json{});
    const auto read_only = result.value("readOnly", Json{});
    if (!permissions.is_object() || !permissions.contains("Wallet") || !read_only.is_number_integer()) return {};
    const bool writes = read_only == 0;
    return {.reads = true,
            .trades = writes && (lists(permissions, "ContractTrade", nullptr) || lists(permissions, "Spot", nullptr)),
            .withdraws = writes && lists(permissions, "Wallet", "Withdraw")};
}

KeyPermissions read_okx(const Json& answer) {
    if (answer.value("code", Json{}) != "0") return refused(answer.value("code", Json{}), answer.value("msg", Json{}));
    const auto data = answer.value("data", Json::array());
    if (!data.is_array() || data.empty() || !data[0].is_object() || !data[0].contains("perm") ||
        !data[0]["perm"].is_string())
        return {};
    const auto words = "," + data[0]["perm"].get<std::string>() + ",";
    const auto has = [&](std::string_view word) { return words.find(fmt::format(",{},", word)) != std::string::npos; };
    return {.reads = has("read_only"), .trades = has("trade"), .withdraws = has("withdraw")};
}

}  // namespace

KeyPermissions read_permissions(Venue venue, int status, std::string_view body) {
    const auto answer = Json::parse(body, nullptr, false);
    if (!answer.is_object()) return {.problem = fmt::format("the venue answered {} and nothing to be read", status)};
    switch (venue) {
        case Venue::binance: return read_binance(answer);
        case Venue::bybit: return read_bybit(answer);
        case Venue::okx: return read_okx(answer);
        default: return {};
    }
}

KeyPermissions ask_permissions(Venue venue, const gateways::exchange::Credentials& keys,
                               gateways::exchange::Environment environment,
                               const gateways::exchange::Transport& transport, core::Nanoseconds now) {
    using gateways::exchange::Environment;
    const auto path = path_of(venue);
    if (path.empty() || (venue == Venue::binance && environment == Environment::testnet)) return {};
    const auto service = gateways::exchange::make_service(venue);
    gateways::exchange::Request request;
    request.path = path;
    request.is_signed = true;
    const auto answer = transport(service->prepare(request, &keys, now, environment));
    if (!answer) return {.problem = fmt::format("not tested: {}", name(answer.error().kind))};
    return read_permissions(venue, answer->status, answer->body);
}

std::optional<std::string> why_unfit(const KeyPermissions& permissions) {
    if (permissions.withdraws == true)
        return "may withdraw: refused. Make a key without that right at the venue, and delete this one";
    if (permissions.trades == false) return "may not trade";
    return std::nullopt;
}

PermissionCheck venue_permission_check() {
    return [](const core::Credential& credential) -> KeyPermissions {
        try {
            const auto venue = core::parse_venue(credential.venue);
            if (!venue) return {.problem = fmt::format("not tested: this build cannot ask {}", credential.venue)};
            auto budget = host_budget(*venue, "prod");
            return ask_permissions(*venue,
                                   {.key = credential.key.copy(),
                                    .secret = credential.secret.copy(),
                                    .passphrase = credential.passphrase.copy()},
                                   gateways::exchange::Environment::live, paying(https_transport(), *venue, budget, {}),
                                   std::chrono::system_clock::now().time_since_epoch());
        } catch (const std::exception& error) {
            return {.problem = fmt::format("not tested: {}", error.what())};
        }
    };
}

}  // namespace omega
