#include "feeds/synthetic/path.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

using namespace feeds::synthetic;
using namespace std::chrono_literals;

namespace {

constexpr core::Nanoseconds start{1'723'075'200'000'000'000};

std::vector<double> day(std::uint64_t seed, core::Nanoseconds step, std::set<Mood>* moods = nullptr) {
    Path path{1, start, seed};
    std::vector<double> levels;
    for (auto time = start; time < start + 24h; time += step) {
        levels.push_back(path.at(time));
        if (moods != nullptr) moods->insert(path.mood());
    }
    return levels;
}

/// Turning points: an extreme counts when the level has gone `reversal` bps back from it.
std::vector<double> turns(const std::vector<double>& levels, double reversal) {
    std::vector<double> found;
    double high = levels[0], low = levels[0];
    int direction = 0;
    for (const double level : levels) {
        high = std::max(high, level);
        low = std::min(low, level);
        if (direction >= 0 && level < high - reversal) {
            found.push_back(high);
            direction = -1;
            low = level;
            high = level;
        } else if (direction <= 0 && level > low + reversal) {
            found.push_back(low);
            direction = 1;
            high = level;
            low = level;
        } else if (direction > 0) {
            low = level;
        } else if (direction < 0) {
            high = level;
        }
        if (direction > 0) low = std::max(low, high - reversal);
        if (direction < 0) high = std::min(high, low + reversal);
    }
    return found;
}

struct Retracements {
    int legs{}, in_zone{};
};

/// Of the legs between `low_bps` and `high_bps`: how many are taken back by 50 to 78.6 % before the next turn.
Retracements retracements(const std::vector<double>& turning, double low_bps, double high_bps) {
    Retracements result;
    for (std::size_t i = 2; i < turning.size(); ++i) {
        const double leg = std::fabs(turning[i - 1] - turning[i - 2]), back = std::fabs(turning[i] - turning[i - 1]);
        if (leg < low_bps || leg > high_bps) continue;
        ++result.legs;
        result.in_zone += back >= 0.5 * leg && back <= 0.786 * leg ? 1 : 0;
    }
    return result;
}

}  // namespace

class SyntheticPath : public testing::TestWithParam<std::uint64_t> {};

TEST_P(SyntheticPath, SwingsOverTensOfMinutesWithRetracementsIntoTheZone) {
    const auto found = retracements(turns(day(GetParam(), 60s), 40), 50, 350);
    EXPECT_GE(found.legs, 25);
    EXPECT_GE(found.in_zone, 5);
}

TEST_P(SyntheticPath, SwingsOverSecondsToo) {
    const auto found = retracements(turns(day(GetParam(), 1s), 5), 8, 40);
    EXPECT_GE(found.legs, 1000);
    EXPECT_GE(found.in_zone, 150);
}

TEST_P(SyntheticPath, StaysWithinADaysReachAndVisitsEveryMood) {
    std::set<Mood> moods;
    const auto levels = day(GetParam(), 1s, &moods);
    const auto [low, high] = std::ranges::minmax(levels);
    EXPECT_GT(high - low, 200);
    EXPECT_LT(high, 2'500);
    EXPECT_GT(low, -2'500);
    EXPECT_EQ(moods.size(), 4U);
}

INSTANTIATE_TEST_SUITE_P(Seeds, SyntheticPath, testing::Values(1, 42, 43, 99));

TEST(SyntheticPathScale, IsFlatWithoutVolatility) {
    Path path{0, start, 5};
    for (auto time = start; time < start + 1h; time += 1s) EXPECT_EQ(path.at(time), 0);
}
