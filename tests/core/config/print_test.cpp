#include "tests/core/config/example.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <nlohmann/json.hpp>

using namespace core;
using testing::ElementsAre;
using testing::HasSubstr;

namespace {

test::Settings any_settings() {
    test::Settings s;
    s.mode = *rc::gen::element(test::Mode::paper, test::Mode::testnet, test::Mode::prod);
    s.journal = *rc::gen::container<std::string>(rc::gen::inRange<char>(1, 127));
    s.cosmic = *rc::gen::arbitrary<bool>();
    s.depth = *rc::gen::inRange(1, 1001);
    s.seed = *rc::gen::arbitrary<std::uint64_t>();
    const auto share = [] { return *rc::gen::inRange(1, 1'000'001) / 1e6; };
    s.max_position = share();
    s.limit = share() / 2;
    s.halt = s.limit + share() / 2;
    s.cooldown = std::chrono::nanoseconds{*rc::gen::inRange<std::int64_t>(0, 86'400'000'000'001)};
    s.age = std::chrono::milliseconds{*rc::gen::inRange(1, 60001)};
    s.ratios.assign(*rc::gen::inRange<std::size_t>(0, 4), share());
    s.timeframes = *rc::gen::container<std::vector<int>>(rc::gen::inRange(1, 1441));
    s.venues =
        *rc::gen::container<std::vector<std::string>>(rc::gen::container<std::string>(rc::gen::inRange<char>(32, 127)));
    for (const auto& name : *rc::gen::container<std::vector<std::string>>(
             rc::gen::nonEmpty(rc::gen::container<std::string>(rc::gen::elementOf(std::string{"aZ9._-/:"})))))
        s.instruments[name.substr(0, 64)] = {share(), *rc::gen::arbitrary<bool>()};
    return s;
}

}  // namespace

RC_GTEST_PROP(ToYaml, LoadsAgainAsTheSameSettings, ()) {
    test::Settings settings = any_settings();
    const auto schema = test::schema_of(settings);

    test::Settings again;
    auto schema_again = test::schema_of(again);
    const auto problems = load(schema_again, {.file = "f", .text = to_yaml(schema, {.origins = true, .help = true})});

    for (const auto& problem : problems) RC_LOG() << to_text(problem) << '\n';
    RC_ASSERT(problems.empty());
    RC_ASSERT(again == settings);
    RC_ASSERT(config_hash(schema_again) == config_hash(schema));
    RC_ASSERT(diff(schema, schema_again).empty());
}

/// Any bytes: a document or a problem, never a crash.
RC_GTEST_PROP(Load, SurvivesAnyText, ()) {
    const auto text =
        *rc::gen::container<std::string>(rc::gen::elementOf(std::string{"ab:-[]{}'\"\n #&*!|>%@,?0.\t\\riskm_"}));
    (void)test::problems(text);
}

TEST(ToYaml, ShowsTheOriginOfEachValue) {
    test::Settings settings;
    auto schema = test::schema_of(settings);
    load_or_throw(schema, {.file = "omega.yaml",
                           .text = "book:\n  depth: 50\ninstruments: {BTCUSDT: {enabled: false}}",
                           .environment = {{"OMEGA_RISK__MAX_POSITION", "0.1"}},
                           .flags = {"mode=testnet"}});

    EXPECT_EQ(to_yaml(schema, {.origins = true}), R"(mode: testnet  # flag
journal:
  directory: "journal"  # default
cosmic:
  enabled: false  # default
book:
  depth: 50  # omega.yaml:2
random:
  seed: 42  # default
risk:
  max_position: 0.1  # environment OMEGA_RISK__MAX_POSITION
  daily_loss:
    limit: 0.03  # default
    halt: 0.1  # default
  cooldown_s: 300  # default
  max_book_age_ms: 2000  # default
fib:
  ratios: [0.5, 0.618]  # default
  timeframes_min: [1, 15]  # default
feeds:
  venues: ["binance"]  # default
instruments:
  BTCUSDT:
    max_position: 0.05  # default
    enabled: false  # omega.yaml:3
)");
}

TEST(ConfigHash, DependsOnValuesOnly) {
    test::Settings a, b, c;
    auto schema_a = test::schema_of(a), schema_b = test::schema_of(b), schema_c = test::schema_of(c);
    load_or_throw(schema_b, {.file = "f", .text = "risk: {max_position: 5e-2}"});
    load_or_throw(schema_c, {.file = "f", .text = "risk: {max_position: 0.06}"});

    EXPECT_EQ(config_hash(schema_a), config_hash(schema_b));
    EXPECT_NE(config_hash(schema_a), config_hash(schema_c));
    // sha256sum of the text below: the hash stands in journals, so it must not change by itself.
    EXPECT_EQ(canonical_text(schema_a),
              "book.depth: 20\ncosmic.enabled: false\nfeeds.venues: [\"binance\"]\nfib.ratios: [0.5, 0.618]\n"
              "fib.timeframes_min: [1, 15]\njournal.directory: \"journal\"\nmode: paper\nrandom.seed: 42\n"
              "risk.cooldown_s: 300\nrisk.daily_loss.halt: 0.1\nrisk.daily_loss.limit: 0.03\n"
              "risk.max_book_age_ms: 2000\nrisk.max_position: 0.05\n");
    EXPECT_EQ(config_hash(schema_a), "44696452689900bf54e3476f91e95cf0cbd58de494efb20e132ec32d18c6b894");
}

TEST(Diff, ListsWhatIsNotTheSame) {
    test::Settings a, b;
    auto left = test::schema_of(a), right = test::schema_of(b);
    load_or_throw(left, {.file = "a.yaml", .text = "mode: paper\ninstruments: {A: {enabled: true}}"});
    load_or_throw(right, {.file = "b.yaml", .text = "mode: prod\n\nbook: {depth: 5}"});

    std::vector<std::string> lines;
    for (const auto& difference : diff(left, right)) lines.push_back(to_text(difference));

    EXPECT_THAT(lines, ElementsAre("book.depth: 20 (default) -> 5 (b.yaml:3)",
                                   "instruments.A.enabled: true (a.yaml:2) -> (none)",
                                   "instruments.A.max_position: 0.05 (default) -> (none)",
                                   "mode: paper (a.yaml:1) -> prod (b.yaml:1)"));
}

TEST(JsonSchema, DescribesEveryKey) {
    test::Settings settings;
    const auto schema = nlohmann::json::parse(json_schema(test::schema_of(settings)));

    EXPECT_EQ(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    EXPECT_EQ(schema["additionalProperties"], false);
    const auto& properties = schema["properties"];
    EXPECT_EQ(properties["mode"]["enum"], nlohmann::json({"paper", "testnet", "prod"}));
    EXPECT_EQ(properties["mode"]["default"], "paper");
    const auto& risk = properties["risk"]["properties"];
    EXPECT_EQ(risk["max_position"], nlohmann::json::parse(R"({"type":"number","minimum":0,"maximum":1,"default":0.05,
        "description":"cap of a position as a share of equity"})"));
    EXPECT_EQ(risk["daily_loss"]["properties"]["limit"]["exclusiveMinimum"], 0);
    EXPECT_EQ(properties["book"]["properties"]["depth"]["type"], "integer");
    EXPECT_EQ(properties["fib"]["properties"]["ratios"]["items"]["maximum"], 5);
    EXPECT_EQ(properties["instruments"]["additionalProperties"]["properties"]["enabled"]["type"], "boolean");
}
