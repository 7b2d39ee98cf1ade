#include "tests/core/config/example.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace core;

namespace {

template <class Declare>
std::string mistake(Declare&& declare) {
    try {
        Schema schema;
        declare(schema);
    } catch (const std::logic_error& error) {
        return error.what();
    }
    return "accepted";
}

}  // namespace

TEST(Schema, RefusesMistakesOfItsOwnDeclaration) {
    double x = 0.5;
    std::chrono::seconds pause{1};
    EXPECT_EQ(mistake([&](Schema& s) {
                  s.add("a", x, Range{0, 1}, "").add("a", x, Range{0, 1}, "");
              }),
              "configuration key a: declared twice");
    EXPECT_EQ(mistake([&](Schema& s) {
                  s.add("a", x, Range{0, 1}, "").add("a.b", x, Range{0, 1}, "");
              }),
              "configuration key a.b: is both a value and a group, see a");
    EXPECT_EQ(mistake([&](Schema& s) {
                  s.add("a", x, Range{1, 2}, "");
              }),
              "configuration key a: the default is not what is expected a number from 1 to 2");
    EXPECT_EQ(mistake([&](Schema& s) {
                  s.add("pause", pause, Range{0, 1}, "");
              }),
              "configuration key pause: a duration's key ends in _ns, _us, _ms, _s, _min or _h");
    EXPECT_EQ(mistake([&](Schema& s) {
                  s.add("api_key", x, Range{0, 1}, "");
              }),
              "configuration key api_key: secrets are not configuration");
    for (const auto* key : {"", "A", "a b", "a.", ".a", "a..b", "a__b", "1a"})
        EXPECT_EQ(
            mistake([&](Schema& s) {
                s.add(key, x, Range{0, 1}, "");
            }),
            std::string("configuration key ") + key + ": keys are lower-case words with '_', and '.' between levels");
    EXPECT_EQ(mistake([&](Schema& s) {
                  s.require(
                      {"b"}, [] { return true; }, "");
              }),
              "configuration key b: a requirement names it, but it is not declared");
}

TEST(LooksSecret, GoesByTheLastWord) {
    for (const auto* key :
         {"key", "a.api_key", "bot-token", "x.SECRET", "passphrase", "db.password", "a.b.credentials"})
        EXPECT_TRUE(looks_secret(key)) << key;
    for (const auto* key : {"keyboard", "key_interval_s", "tokens_per_s", "secretary", "monkey", "secret.path"})
        EXPECT_FALSE(looks_secret(key)) << key;
}

TEST(Expectation, NamesTypeUnitAndRange) {
    double band = 30;
    std::chrono::milliseconds age{1};
    std::vector<int> list;
    Schema schema;
    schema.add("band_bps", band, above(0), "")
        .add("age_ms", age, Range{.low = 0}, "")
        .add("list", list, Range{.high = 5}, "");

    EXPECT_EQ(expectation(schema.settings()[0]), "expected a number of basis points above 0");
    EXPECT_EQ(expectation(schema.settings()[1]), "expected a number of milliseconds of at least 0");
    EXPECT_EQ(expectation(schema.settings()[2]), "expected a list of whole numbers, each of at most 5");
}
