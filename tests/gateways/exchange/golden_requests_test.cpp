#include "tests/gateways/exchange/golden.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

/// ccxt's own request cases: a unified call in, exact path, query and body out.
namespace gateways::exchange {
namespace {

/// What differs by clock, key or chance; the README of the recordings names them.
const std::map<std::string, std::set<std::string>> ignored{
    {"binance", {"signature", "timestamp", "recvWindow", "newClientOrderId"}},
    {"bitget", {"newClientOid"}},
    {"bybit", {}},
    {"okx", {"clOrdId", "tag"}},
};

/// Cases that we do not send as ccxt does, and why.
struct Difference {
    const char* exchange;
    const char* description;
    const char* reason;
};
constexpr Difference differences[] = {
    {"binance", "edit  order with clientOrderId",
     "ccxt sends an empty orderId, which Binance refuses (-1105), and clientOrderId, which the endpoint does not have"},
};

std::string decoded(std::string_view text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size()) {
            plain += static_cast<char>(std::stoi(std::string{text.substr(i + 1, 2)}, nullptr, 16));
            i += 2;
        } else {
            plain += text[i];
        }
    }
    return plain;
}

using Fields = std::map<std::string, std::string>;
Fields fields_of(std::string_view query, const std::set<std::string>& without) {
    Fields fields;
    while (!query.empty()) {
        const auto end = std::min(query.find('&'), query.size());
        const auto pair = query.substr(0, end);
        const auto equals = std::min(pair.find('='), pair.size());
        const auto name = decoded(pair.substr(0, equals));
        if (!without.contains(name)) fields[name] = decoded(pair.substr(std::min(equals + 1, pair.size())));
        query.remove_prefix(std::min(end + 1, query.size()));
    }
    return fields;
}

/// The document with members in one order and without those that are not compared.
Value canonical(const Value& value, const std::set<std::string>& without) {
    auto result = value.is_array() ? Value::array() : Value::object();
    if (value.is_array()) {
        for (const auto& item : value.items()) result.push(canonical(item, without));
        return result;
    }
    if (!value.is_object()) return value;
    auto names = value.keys();
    std::sort(names.begin(), names.end());
    for (const auto& name : names)
        if (!without.contains(name)) result.set(name, canonical(value[name], without));
    return result;
}

/// "" if the request is the one expected, else what differs.
std::string difference_of(const Service& service, const Value& golden, const std::set<std::string>& without) {
    const auto call = parse_call(golden["method"].text());
    if (!call) return "no such call: " + golden["method"].text();
    const auto arguments = Arguments::bind(*call, golden["input"].items());
    if (!arguments) return arguments.error().message;
    const auto markets = main_market_table(service);
    const auto requests = service.build(*call, *arguments, Context{.markets = markets, .fresh_id = "id-1"});
    if (!requests) return requests.error().message;
    if (requests->size() != 1) return "not one request";

    const auto& url = golden["url"].text();
    const auto host_end = url.find('/', url.find("://") + 3);
    const auto path_end = std::min(url.find('?'), url.size());
    const auto wire = service.prepare(requests->front(), nullptr, core::Nanoseconds{}, Environment::live);
    const auto question = std::min(wire.target.find('?'), wire.target.size());
    const auto& output = golden["output"];
    if (wire.target.substr(0, question) != url.substr(host_end, path_end - host_end)) return "path " + wire.target;
    if (fields_of(std::string_view{wire.target}.substr(std::min(question + 1, wire.target.size())), without) !=
        fields_of(std::string_view{url}.substr(std::min(path_end + 1, url.size())), without))
        return "query " + wire.target;
    if (output.is_null()) return wire.body.empty() ? "" : "body " + wire.body;
    if (output.is_text())
        return fields_of(wire.body, without) == fields_of(output.text(), without) ? "" : "body " + wire.body;
    const auto body = Value::parse(wire.body);
    if (!body) return "body " + wire.body;
    return canonical(*body, without) == canonical(output, without) ? "" : "body " + wire.body;
}

class GoldenRequests : public testing::TestWithParam<const char*> {};

TEST_P(GoldenRequests, AreTheOnesThatCcxtSends) {
    NEEDS_SHARED_DATA();
    const std::string exchange = GetParam();
    const auto service = make_service(*core::parse_venue(exchange));
    ASSERT_TRUE(service);
    std::ifstream cases{test::shared("golden/ccxt/request_cases.jsonl")};
    int all = 0, passed = 0;

    for (std::string line; std::getline(cases, line);) {
        const auto golden = Value::parse(line);
        ASSERT_TRUE(golden) << line;
        const auto& from = (*golden)["exchange"].text();
        if (from != exchange && !(from == "binanceusdm" && exchange == "binance")) continue;
        ++all;
        const auto& description = (*golden)["description"].text();
        SCOPED_TRACE(description);
        const auto* known = std::find_if(std::begin(differences), std::end(differences), [&](const auto& row) {
            return row.exchange == exchange && row.description == description;
        });
        const auto difference = difference_of(*service, *golden, ignored.at(exchange));
        if (known != std::end(differences)) {
            EXPECT_NE(difference, "") << "no longer a difference: take it out of the table";
            std::printf("golden %s ccxt: other than ccxt: %s (%s)\n", exchange.c_str(), known->description,
                        known->reason);
            continue;
        }
        EXPECT_EQ(difference, "") << line;
        passed += difference.empty() ? 1 : 0;
    }

    EXPECT_GT(all, 0);
    test::report(exchange + " ccxt requests", passed, all);
}

INSTANTIATE_TEST_SUITE_P(Venues, GoldenRequests, testing::Values("binance", "bitget", "bybit", "okx"),
                         [](const auto& of) { return std::string{of.param}; });

}  // namespace
}  // namespace gateways::exchange
