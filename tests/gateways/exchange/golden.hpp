#pragma once

#include "gateways/exchange/service.hpp"
#include "tests/support.hpp"

#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

namespace test {

inline std::string text_of(const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

/// One endpoint as JKorf's clients test it: verb, path, whether it is signed, parameters (may be absent), the answer.
struct Endpoint {
    std::string method, path, answer;
    bool is_signed{};
    gateways::exchange::Value parameters;
};

inline Endpoint read_endpoint(const std::filesystem::path& file) {
    std::ifstream in{file, std::ios::binary};
    Endpoint endpoint;
    std::string flag, line;
    const auto next = [&](std::string& to) {
        std::getline(in, to);
        while (!to.empty() && (to.back() == '\r' || to.back() == ' ')) to.pop_back();
    };
    next(endpoint.method);
    next(endpoint.path);
    next(flag);
    endpoint.is_signed = flag == "true";
    while (std::getline(in, line)) {
        const auto parameters = line.find("Params:");
        if (endpoint.answer.empty() && parameters != line.npos)
            endpoint.parameters = *gateways::exchange::Value::parse(line.substr(parameters + 7));
        else
            endpoint.answer += line + '\n';
    }
    return endpoint;
}

/// A call by name with its arguments as a JSON list.
struct BoundCall {
    gateways::exchange::Call call{};
    gateways::exchange::Arguments arguments;
};
inline BoundCall bind(std::string_view name, std::string_view json) {
    const auto call = gateways::exchange::parse_call(name);
    EXPECT_TRUE(call) << name;
    const auto list = gateways::exchange::Value::parse(json);
    EXPECT_TRUE(list) << json;
    auto bound = gateways::exchange::Arguments::bind(*call, list->items());
    EXPECT_TRUE(bound) << name << ' ' << json;
    return {.call = *call, .arguments = *bound};
}

/// A row of a table of recorded answers: which call they answer.
struct GoldenRow {
    const char* file;
    const char* call;
    const char* arguments;
    /// The recorded answer is of a sister endpoint (another version, or one of several that answer alike): only the
    /// answer is compared, and this says which endpoint the call takes instead.
    const char* instead = nullptr;
    /// A parameter whose recorded value makes no sense of this call: another must be sent.
    const char* otherwise = nullptr;
};
/// What is not one of our calls, by the beginning of its path below the folder of endpoints.
struct OutsideRow {
    const char* beginning;
    const char* reason;
};

inline void report(const std::string& what, int passed, int all) {
    std::printf("golden %s: %d of %d\n", what.c_str(), passed, all);
    auto name = "golden " + what;
    for (auto& c : name)
        if (c == ' ') c = '_';
    ::testing::Test::RecordProperty(name, std::to_string(passed) + " of " + std::to_string(all));
}

}  // namespace test
