#include "core/runtime/log.hpp"

#include <gtest/gtest.h>
#include <fstream>
#include <limits>
#include <sstream>

using namespace core;

TEST(Log, WritesKeysAndValues) {
    EXPECT_EQ(
        to_log_text(
            "order.rejected",
            {{"venue", "binance"}, {"code", -2019}, {"id", 18446744073709551615u}, {"price", 0.5}, {"final", true}}),
        "order.rejected venue=binance code=-2019 id=18446744073709551615 price=0.5 final=true");
    EXPECT_EQ(to_log_text("x", {{"v", std::numeric_limits<double>::quiet_NaN()}}), "x v=unknown");
}

TEST(Log, QuotesWhatCouldBeMistakenForMore) {
    constexpr std::pair<std::string_view, std::string_view> cases[] = {
        {"", R"(k="")"},
        {"two words", R"(k="two words")"},
        {"a=b", R"(k="a=b")"},
        {"say \"no\" \\", R"(k="say \"no\" \\")"},
        {"first\nsecond", R"(k="first\nsecond")"},
        {std::string_view{"\x1b[31m", 5}, R"(k="\x1b[31m")"},
    };
    for (const auto& [text, expected] : cases) EXPECT_EQ(to_log_text("e", {{"k", text}}), "e " + std::string{expected});
}

namespace {

struct Anything {
    operator std::string_view() const { return "secret"; }
};

}  // namespace

TEST(Log, TakesNothingThatMerelyConvertsToText) {
    static_assert(std::is_constructible_v<LogField, std::string_view, int>);
    static_assert(!std::is_constructible_v<LogField, std::string_view, void*>);
    static_assert(!std::is_constructible_v<LogField, std::string_view, std::nullptr_t>);
    static_assert(!std::is_constructible_v<LogField, std::string_view, Anything>);
}

TEST(Log, GoesToItsFileFromTheLevelOn) {
    const auto path = std::filesystem::path{testing::TempDir()} / "omega_log_test.log";
    std::filesystem::remove(path);
    open_log({.level = LogLevel::info, .file = path});

    log(LogLevel::debug, "unseen");
    log(LogLevel::info, "feed.connected", {{"venue", "okx"}});
    flush_log();
    std::ostringstream text;
    text << std::ifstream{path}.rdbuf();
    open_log({.level = LogLevel::warning});

    EXPECT_NE(text.str().find("Z info feed.connected venue=okx\n"), std::string::npos) << text.str();
    EXPECT_EQ(text.str().find("unseen"), std::string::npos);
}

TEST(Log, NamesTheFileItCannotOpen) {
    try {
        open_log({.file = "/proc/nowhere/omega.log"});
        FAIL() << "opened";
    } catch (const std::runtime_error& problem) {
        EXPECT_NE(std::string_view{problem.what()}.find("/proc/nowhere/omega.log"), std::string_view::npos);
    }
}
