#pragma once

#include "tests/gateways/exchange/golden.hpp"

#include <algorithm>
#include <map>
#include <span>

namespace test {

/// Builds the row's call, compares it with the recorded endpoint, and reads the recorded answer.
/// Returns "" or what is wrong.
inline std::string check_endpoint(const gateways::exchange::Service& service, const GoldenRow& row,
                                  const Endpoint& endpoint) {
    namespace ex = gateways::exchange;
    const auto [call, arguments] = bind(row.call, row.arguments);
    const auto markets = ex::main_market_table(service);
    const ex::Context context{.markets = markets, .fresh_id = "id-1"};
    const auto requests = service.build(call, arguments, context);
    if (!requests) return requests.error().message;
    const auto& request = requests->front();
    if (row.instead != nullptr) {
        if (request.path != row.instead) return "the call takes " + request.path + ", not " + row.instead;
    } else {
        if (request.path != endpoint.path) return "path " + request.path + ", expected " + endpoint.path;
        if (name(request.method) != endpoint.method) return "method " + std::string{name(request.method)};
        if (request.is_signed != endpoint.is_signed) return "signed or not";
        for (const auto& key : endpoint.parameters.keys()) {
            if (!request.query.contains(key) && !request.body.contains(key)) return "no parameter " + key;
            const auto& sent = request.query.contains(key) ? request.query[key] : request.body[key];
            const bool otherwise = row.otherwise != nullptr && key == row.otherwise;
            if (const auto& wanted = endpoint.parameters[key]; (sent.write() != wanted.write()) != otherwise)
                return "parameter " + key + " " + sent.write() + ", expected " + wanted.write();
        }
    }
    auto answer = endpoint.answer;
    const auto result =
        service.parse(call, arguments, context, request, {.status = 200, .headers = {}, .body = answer});
    if (!result) return std::string{name(result.error().kind)} + ": " + result.error().message;
    const auto json = ex::to_json(*result);
    // That all were cancelled names no order; of closed orders the document's example holds an open one.
    const bool may_be_empty = call == ex::Call::cancel_all_orders || call == ex::Call::fetch_closed_orders;
    if (json.is_array() && json.empty() && !may_be_empty) return "nothing was read";
    return "";
}

/// Every endpoint of a folder is either a row, and passes, or outside of our calls for a reason.
inline void check_folder(const gateways::exchange::Service& service, const std::string& venue,
                         std::span<const GoldenRow> rows, std::span<const OutsideRow> outside) {
    const auto root = shared("golden/jkorf/" + venue + "/Endpoints");
    int passed = 0, covered = 0;
    std::map<std::string, int> reasons;
    for (const auto& entry : std::filesystem::recursive_directory_iterator{root}) {
        if (!entry.is_regular_file()) continue;
        const auto file = std::filesystem::relative(entry.path(), root).replace_extension().generic_string();
        SCOPED_TRACE(file);
        const auto row = std::find_if(rows.begin(), rows.end(), [&](const auto& r) { return file == r.file; });
        if (row != rows.end()) {
            ++covered;
            const auto problem = check_endpoint(service, *row, read_endpoint(entry.path()));
            EXPECT_EQ(problem, "");
            passed += problem.empty() ? 1 : 0;
            continue;
        }
        const auto out =
            std::find_if(outside.begin(), outside.end(), [&](const auto& r) { return file.starts_with(r.beginning); });
        EXPECT_NE(out, outside.end()) << "neither a call of ours nor outside of them for a reason";
        if (out != outside.end()) ++reasons[out->reason];
    }
    EXPECT_EQ(static_cast<std::size_t>(covered), rows.size()) << "a row names no file";
    report(venue + " jkorf endpoints", passed, covered);
    for (const auto& [reason, count] : reasons)
        std::printf("golden %s jkorf endpoints outside: %d %s\n", venue.c_str(), count, reason.c_str());
}

/// Every recorded answer below these folders of golden/ is either a row, and is read, or outside of our calls for a
/// reason.
inline void check_answers(const gateways::exchange::Service& service, const std::string& venue,
                          std::initializer_list<const char*> folders, std::span<const GoldenRow> rows,
                          std::span<const OutsideRow> outside) {
    namespace ex = gateways::exchange;
    const auto markets = ex::main_market_table(service);
    const ex::Context context{.markets = markets, .fresh_id = "id-1"};
    int passed = 0, covered = 0;
    std::map<std::string, int> reasons;
    for (const auto* folder : folders) {
        for (const auto& entry :
             std::filesystem::recursive_directory_iterator{shared(std::string{"golden/"} + folder)}) {
            if (!entry.is_regular_file()) continue;
            const auto file = std::filesystem::relative(entry.path(), shared("golden")).generic_string();
            SCOPED_TRACE(file);
            const auto row = std::find_if(rows.begin(), rows.end(), [&](const auto& r) { return file == r.file; });
            if (row == rows.end()) {
                const auto out = std::find_if(outside.begin(), outside.end(),
                                              [&](const auto& r) { return file.starts_with(r.beginning); });
                EXPECT_NE(out, outside.end()) << "neither a call of ours nor outside of them for a reason";
                if (out != outside.end()) ++reasons[out->reason];
                continue;
            }
            ++covered;
            const auto [call, arguments] = bind(row->call, row->arguments);
            const auto requests = service.build(call, arguments, context);
            EXPECT_TRUE(requests) << (requests ? "" : requests.error().message);
            if (!requests) continue;
            const auto result =
                service.parse(call, arguments, context, requests->front(), {200, {}, text_of(entry.path())});
            EXPECT_TRUE(result) << (result ? "" : result.error().message);
            const auto json = result ? ex::to_json(*result) : ex::Value{};
            EXPECT_FALSE(json.is_array() && json.empty()) << "nothing was read";
            passed += result ? 1 : 0;
        }
    }
    EXPECT_EQ(static_cast<std::size_t>(covered), rows.size()) << "a row names no file";
    report(venue + " recorded answers", passed, covered);
    for (const auto& [reason, count] : reasons)
        std::printf("golden %s recorded answers outside: %d %s\n", venue.c_str(), count, reason.c_str());
}

}  // namespace test
