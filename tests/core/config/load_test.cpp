#include "tests/core/config/example.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace core;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

namespace {

test::Settings loaded(const ConfigSources& sources) {
    test::Settings settings;
    auto schema = test::schema_of(settings);
    load_or_throw(schema, sources);
    return settings;
}

test::Settings loaded(const std::string& text) {
    return loaded({.file = "omega.yaml", .text = text});
}

}  // namespace

TEST(Config, IsTheDefaultsWithoutLayers) {
    EXPECT_EQ(loaded(ConfigSources{}), test::Settings{});
    EXPECT_EQ(loaded(""), test::Settings{});
    EXPECT_EQ(loaded("# nothing\n---\n"), test::Settings{});
    EXPECT_EQ(loaded("risk:\n  # max_position: 0.1\n"), test::Settings{});
}

TEST(Config, ReadsEveryKindOfValue) {
    const auto settings = loaded(R"(
mode: prod
journal: {directory: "/var/lib/omega #1"}
cosmic.enabled: true
book:
  depth: 50
random: {seed: 18446744073709551615}
risk:
  max_position: 1e-2
  daily_loss: {limit: 0.05, halt: 0.2}
  cooldown_s: 0.25
  max_book_age_ms: 1500
fib:
  ratios: [0.382, 1]
  timeframes_min:
    - 60
    - 240
feeds: {venues: [okx, "bybit"]}
instruments:
  binance.linear.BTCUSDT: {max_position: 0.02}
  XBT/CHF:
    enabled: false
)");

    EXPECT_EQ(settings.mode, test::Mode::prod);
    EXPECT_EQ(settings.journal, "/var/lib/omega #1");
    EXPECT_TRUE(settings.cosmic);
    EXPECT_EQ(settings.depth, 50);
    EXPECT_EQ(settings.seed, 18446744073709551615U);
    EXPECT_EQ(settings.max_position, 0.01);
    EXPECT_EQ(settings.halt, 0.2);
    EXPECT_EQ(settings.cooldown, 250ms);
    EXPECT_EQ(settings.age, 1500ms);
    EXPECT_THAT(settings.ratios, ElementsAre(0.382, 1));
    EXPECT_THAT(settings.timeframes, ElementsAre(60, 240));
    EXPECT_THAT(settings.venues, ElementsAre("okx", "bybit"));
    EXPECT_EQ(settings.instruments.at("binance.linear.BTCUSDT").max_position, 0.02);
    EXPECT_FALSE(settings.instruments.at("XBT/CHF").enabled);
}

TEST(Config, LetsEachLayerWinOverTheOneBefore) {
    ConfigSources sources{.file = "omega.yaml", .text = "risk: {max_position: 0.1, cooldown_s: 10}\nbook: {depth: 30}"};
    sources.environment = {{"OMEGA_RISK__MAX_POSITION", "0.2"}, {"OMEGA_RISK__COOLDOWN_S", "20"}};
    sources.flags = {"risk.max_position=0.3", "risk.max_position=0.4"};

    const auto settings = loaded(sources);

    EXPECT_EQ(settings.max_position, 0.4);
    EXPECT_EQ(settings.cooldown, 20s);
    EXPECT_EQ(settings.depth, 30);
    EXPECT_EQ(settings.age, 2000ms);
}

TEST(Config, ReadsListsTextsAndEntriesFromFlagsAndEnvironment) {
    ConfigSources sources{.file = "omega.yaml", .text = "instruments: {binance.BTCUSDT: {enabled: false}}"};
    sources.environment = {{"OMEGA_INSTRUMENTS__BINANCE.BTCUSDT__MAX_POSITION", "0.01"},
                           {"OMEGA_FIB__TIMEFRAMES_MIN", "[5]"}};
    sources.flags = {"journal.directory=: [x", "feeds.venues=[okx, kraken]",
                     "instruments.binance.linear.ETHUSDT.enabled=false", "mode=testnet"};

    const auto settings = loaded(sources);

    EXPECT_EQ(settings.instruments.size(), 2U);
    EXPECT_EQ(settings.instruments.at("binance.BTCUSDT"), (test::InstrumentSettings{0.01, false}));
    EXPECT_EQ(settings.instruments.at("binance.linear.ETHUSDT"), (test::InstrumentSettings{0.05, false}));
    EXPECT_EQ(settings.journal, ": [x");
    EXPECT_THAT(settings.venues, ElementsAre("okx", "kraken"));
    EXPECT_THAT(settings.timeframes, ElementsAre(5));
    EXPECT_EQ(settings.mode, test::Mode::testnet);
}

struct BadFile {
    const char* text;
    const char* message;
};

TEST(Config, NamesFileLineColumnKeyValueAndExpectation) {
    constexpr BadFile cases[] = {
        {"risk:\n  max_position: 1.5", "omega.yaml:2:17: risk.max_position = 1.5: expected a number from 0 to 1"},
        {"risk:\n  max_position: abc", "omega.yaml:2:17: risk.max_position = abc: expected a number from 0 to 1"},
        {"risk: {max_position: '0.5'}",
         "omega.yaml:1:22: risk.max_position = \"0.5\": expected a number from 0 to 1; without quotes"},
        {"risk: {max_position: 3%}",
         "omega.yaml:1:22: risk.max_position = 3%: expected a number from 0 to 1; a share is a fraction: 0.03"},
        {"risk: {max_position: .nan}", "omega.yaml:1:22: risk.max_position = .nan: expected a number from 0 to 1"},
        {"risk: {max_position: nan}", "omega.yaml:1:22: risk.max_position = nan: expected a number from 0 to 1"},
        {"risk: {max_position: }", "omega.yaml:1:22: risk.max_position = (nothing): expected a number from 0 to 1"},
        {"risk: {max_position: [1]}", "omega.yaml:1:22: risk.max_position = (a list): expected a number from 0 to 1"},
        {"risk: {max_position: {a: 1}}",
         "omega.yaml:1:22: risk.max_position = (a group): expected a number from 0 to 1"},
        {"risk: {cooldown_s: 5s}",
         "omega.yaml:1:20: risk.cooldown_s = 5s: expected a number of seconds from 0 to 86400; "
         "without a unit: the key says seconds"},
        {"risk: {cooldown_s: -1}",
         "omega.yaml:1:20: risk.cooldown_s = -1: expected a number of seconds from 0 to 86400"},
        {"risk: {max_book_age_ms: 0.5}",
         "omega.yaml:1:25: risk.max_book_age_ms = 0.5: expected a number of milliseconds from 1 to 60000"},
        {"risk: {max_book_age_ms: 1.5}",
         "omega.yaml:1:25: risk.max_book_age_ms = 1.5: expected a number of milliseconds from 1 to 60000"},
        {"risk: {daily_loss: {limit: 0}}",
         "omega.yaml:1:28: risk.daily_loss.limit = 0: expected a number above 0 and at most 1"},
        {"book: {depth: 20.5}", "omega.yaml:1:15: book.depth = 20.5: expected a whole number from 1 to 1000"},
        {"book: {depth: 99999999999999999999}",
         "omega.yaml:1:15: book.depth = 99999999999999999999: expected a whole number from 1 to 1000"},
        {"random: {seed: -1}", "omega.yaml:1:16: random.seed = -1: expected a whole number"},
        {"cosmic: {enabled: yes}", "omega.yaml:1:19: cosmic.enabled = yes: expected true or false"},
        {"cosmic: {enabled: 'true'}",
         "omega.yaml:1:19: cosmic.enabled = \"true\": expected true or false; without quotes"},
        {"mode: Paper", "omega.yaml:1:7: mode = Paper: expected one of paper, testnet, prod; did you mean paper?"},
        {"mode: live", "omega.yaml:1:7: mode = live: expected one of paper, testnet, prod"},
        {"fib: {ratios: 0.5}",
         "omega.yaml:1:15: fib.ratios = 0.5: expected a list of numbers, each from 0 to 5; write it as [a, b]"},
        {"fib: {ratios: [0.5, 6]}",
         "omega.yaml:1:15: fib.ratios = (a list): expected a list of numbers, each from 0 to 5"},
        {"journal: {directory: [a]}", "omega.yaml:1:22: journal.directory = (a list): expected a text"},
        {"risk: 5", "omega.yaml:1:7: risk = 5: expected a group of keys"},
        {"risk:\n  max_positon: 0.5", "omega.yaml:2:3: risk.max_positon: unknown key; did you mean risk.max_position?"},
        {"max_position: 0.5", "omega.yaml:1:1: max_position: unknown key; did you mean risk.max_position?"},
        {"zebra: {a: 1, b: 2}", "omega.yaml:1:1: zebra: unknown key"},
        {"instruments: {BTCUSDT: {enable: true}}",
         "omega.yaml:1:25: instruments.BTCUSDT.enable: unknown key; did you mean instruments.BTCUSDT.enabled?"},
        {"instruments: {BTCUSDT: {max_position: 2}}",
         "omega.yaml:1:39: instruments.BTCUSDT.max_position = 2: expected a number from 0 to 1"},
        {"instruments: {'BTC USDT': {}}",
         "omega.yaml:1:15: instruments = \"BTC USDT\": expected a name; 1 to 64 of A-Z a-z 0-9 . _ - / :"},
        {"instruments: [BTCUSDT]", "omega.yaml:1:14: instruments = (a list): expected names, each with its keys"},
        {"instruments: {BTCUSDT: 1}", "omega.yaml:1:24: instruments.BTCUSDT = 1: expected a group of keys"},
        {"[1, 2]", "omega.yaml:1:1: expected keys and values; such as 'mode: paper'"},
        {"risk: {max_position: 0.1}\nrisk.max_position: 0.2",
         "omega.yaml:2:20: risk.max_position: given twice; the first is in line 1"},
        {"bitget:\n  api_key: abcdef", "omega.yaml:1:1: bitget: unknown key"},
        {"risk: {secret: hunter2}",
         "omega.yaml:1:8: risk.secret: secrets are not configuration; "
         "give it by the environment, a file that only you can read (0600) or the keystore"},
        {"passphrase: hunter2",
         "omega.yaml:1:1: passphrase: secrets are not configuration; "
         "give it by the environment, a file that only you can read (0600) or the keystore"},
    };
    for (const auto& [text, message] : cases) {
        SCOPED_TRACE(text);
        EXPECT_THAT(test::problems(text), ElementsAre(message));
    }
}

TEST(Config, CollectsEveryProblem) {
    EXPECT_THAT(test::problems("mode: live\nrisk:\n  max_position: 2\n  cooldowns: 1\nbook: {depth: x}"),
                ElementsAre("omega.yaml:1:7: mode = live: expected one of paper, testnet, prod",
                            "omega.yaml:3:17: risk.max_position = 2: expected a number from 0 to 1",
                            "omega.yaml:4:3: risk.cooldowns: unknown key; did you mean risk.cooldown_s?",
                            "omega.yaml:5:15: book.depth = x: expected a whole number from 1 to 1000"));
}

TEST(Config, NamesTheEnvironmentVariableOrTheFlag) {
    ConfigSources sources;
    sources.environment = {{"OMEGA_RISK__MAX_POSITION", "lots"}, {"OMEGA_RISK__MAX_POSITON", "0.1"}};
    sources.flags = {"book.depth=0", "book.dept=5", "nonsense", "risk.api_token=abc", "fib.ratios=[1", "mode=paper"};

    EXPECT_THAT(
        test::problems(sources),
        ElementsAre(
            "environment OMEGA_RISK__MAX_POSITION: risk.max_position = lots: expected a number from 0 to 1",
            "environment OMEGA_RISK__MAX_POSITON: risk.max_positon: unknown key; did you mean risk.max_position?",
            "flag: book.depth = 0: expected a whole number from 1 to 1000",
            "flag: book.dept: unknown key; did you mean book.depth?",
            "flag: nonsense: expected key=value; such as --set risk.max_position=0.03",
            "flag: risk.api_token: secrets are not configuration; "
            "give it by the environment, a file that only you can read (0600) or the keystore",
            "flag: fib.ratios = [1: expected a list of numbers, each from 0 to 5; write it as [a, b]"));
}

TEST(Config, NeverShowsASecret) {
    for (const char* text : {"bot_token: hunter2", "a: {password: hunter2}", "instruments: {X: {secret: hunter2}}",
                             "risk: {api_kye: hunter2}"})
        for (const auto& line : test::problems(text)) EXPECT_THAT(line, testing::Not(HasSubstr("hunter2"))) << text;
}

TEST(Config, RefusesContradictionsWithBothValuesAndTheirOrigins) {
    EXPECT_THAT(test::problems("risk:\n  daily_loss:\n    halt: 0.02"),
                ElementsAre("omega.yaml:3:11: risk.daily_loss.halt = 0.02: halt must be above limit; "
                            "risk.daily_loss.limit is 0.03 (default)"));
    EXPECT_THAT(test::problems({.file = "omega.yaml",
                                .text = "risk: {daily_loss: {halt: 0.5}}",
                                .environment = {},
                                .flags = {"risk.daily_loss.limit=0.6"}}),
                ElementsAre("flag: risk.daily_loss.limit = 0.6: halt must be above limit; "
                            "risk.daily_loss.halt is 0.5 (omega.yaml:1)"));
    // A key that could not be read is not also called a contradiction.
    EXPECT_THAT(test::problems("risk: {daily_loss: {halt: 0.01, limit: x}}"),
                ElementsAre("omega.yaml:1:40: risk.daily_loss.limit = x: expected a number above 0 and at most 1"));
}

TEST(Config, SaysWhyAFileCannotBeRead) {
    EXPECT_THAT(test::problems(ConfigSources{.file = "/nonexistent/omega.yaml"}),
                ElementsAre("/nonexistent/omega.yaml: cannot be read: No such file or directory; "
                            "name an existing file with --config, or leave it out for the defaults"));
    EXPECT_THAT(test::problems(ConfigSources{.file = "/"}), ElementsAre(HasSubstr("cannot be read")));
}

TEST(Config, ThrowsAllProblemsAtOnce) {
    test::Settings settings;
    auto schema = test::schema_of(settings);
    try {
        load_or_throw(schema, {.file = "omega.yaml", .text = "mode: live\nbook: {depth: x}"});
        FAIL();
    } catch (const ConfigError& error) {
        EXPECT_EQ(error.problems().size(), 2U);
        EXPECT_STREQ(error.what(),
                     "omega.yaml:1:7: mode = live: expected one of paper, testnet, prod\n"
                     "omega.yaml:2:15: book.depth = x: expected a whole number from 1 to 1000");
    }
}

TEST(ConfigEnvironment, TakesOnlyWhatIsConfiguration) {
    const char* const variables[] = {"PATH=/bin",
                                     "OMEGA_RISK__MAX_POSITION=0.1",
                                     "OMEGA_CONFIG=/etc/omega.yaml",
                                     "OMEGA_BITGET_API_KEY=abc",
                                     "OMEGA_BITGET_PASSPHRASE=x",
                                     "OMEGA_BOOK__DEPTH=5=5",
                                     "OMEGATRON=1",
                                     "OMEGA_KEY_BINANCE=an-account",
                                     "OMEGA_SECRET_BINANCE=its-secret",
                                     "OMEGA_PASSPHRASE_BITGET=its-passphrase",
                                     "OMEGA_KEYSTORE=/a/file",
                                     "OMEGA_KEYSTORE_PASSPHRASE=words",
                                     nullptr};
    EXPECT_THAT(config_environment(variables), ElementsAre(testing::Pair("OMEGA_BOOK__DEPTH", "5=5"),
                                                           testing::Pair("OMEGA_RISK__MAX_POSITION", "0.1")));
    EXPECT_THAT(config_environment(nullptr), IsEmpty());
}
