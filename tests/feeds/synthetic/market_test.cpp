#include "feeds/synthetic/market.hpp"

#include "tests/feeds/synthetic/read.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <deque>
#include <optional>

using namespace feeds;
using namespace feeds::synthetic;
using namespace std::chrono_literals;
using test::after;
using test::decimal;
using test::number;

namespace {

/// One symbol's book as a reader of the venue's rules would keep it, from depth alone, beside what quotes and trades
/// say.
class Twin {
public:
    test::Levels bids, asks;
    int frames{}, quotes{}, trades{}, depths{}, levels{}, snapshots{}, sweeps{};

    void read(const Frame& frame) {
        ++frames;
        if (frame.origin == FrameOrigin::rest)
            snapshot(frame.bytes);
        else if (test::is(frame, "@depth@0ms"))
            depth(frame.bytes);
        else if (test::is(frame, "@bookTicker"))
            quote(frame.bytes);
        else
            trade(frame.bytes);
    }

private:
    struct Quote {
        std::int64_t id, bid, bid_quantity, ask, ask_quantity;
    };
    std::optional<Quote> quote_;
    std::optional<bool> traded_buy_;  // a trade whose quote has not come yet: true if it took from the ask
    std::int64_t left_{}, trade_id_{}, book_id_{}, previous_{};
    std::deque<std::string> waiting_;
    bool valid_{};

    void snapshot(std::string_view bytes) {
        ++snapshots;
        bids.clear();
        asks.clear();
        levels += test::apply(bytes, R"("bids":[)", bids) + test::apply(bytes, R"("asks":[)", asks);
        const auto id = number(after(bytes, R"("lastUpdateId":)"));
        bool bridged = false;
        for (const auto& event : waiting_) {
            const auto first = number(after(event, R"("U":)")), last = number(after(event, R"("u":)"));
            if (last < id) continue;
            if (!bridged) {
                EXPECT_LE(first, id);
            }
            bridged = true;
            apply(event);
        }
        EXPECT_TRUE(bridged) << "the event that holds the snapshot's id comes before the answer";
        waiting_.clear();
        valid_ = true;
    }

    void depth(std::string_view bytes) {
        ++depths;
        ASSERT_FALSE(traded_buy_) << "a trade is followed by its quote";
        const auto first = number(after(bytes, R"("U":)")), last = number(after(bytes, R"("u":)"));
        EXPECT_LE(first, last);
        const auto previous = number(after(bytes, R"("pu":)"));
        if (previous_ != 0) {
            EXPECT_EQ(previous, previous_);
        }
        EXPECT_GT(first, previous);
        previous_ = last;
        if (!valid_) {
            waiting_.emplace_back(bytes);
            return;
        }
        apply(bytes);
        ASSERT_TRUE(quote_);
        EXPECT_EQ(quote_->id, book_id_);
        EXPECT_EQ(bids.rbegin()->first, quote_->bid);
        EXPECT_EQ(bids.rbegin()->second, quote_->bid_quantity);
        EXPECT_EQ(asks.begin()->first, quote_->ask);
        EXPECT_EQ(asks.begin()->second, quote_->ask_quantity);
    }

    void apply(std::string_view bytes) {
        book_id_ = number(after(bytes, R"("u":)"));
        const int count = test::apply(bytes, R"("b":[)", bids) + test::apply(bytes, R"("a":[)", asks);
        EXPECT_GT(count, 0);
        levels += count;
    }

    void quote(std::string_view bytes) {
        ++quotes;
        const Quote now{number(after(bytes, R"("u":)")), decimal(after(bytes, R"("b":)")),
                        decimal(after(bytes, R"("B":)")), decimal(after(bytes, R"("a":)")),
                        decimal(after(bytes, R"("A":)"))};
        EXPECT_LT(now.bid, now.ask);
        EXPECT_GT(now.bid_quantity, 0);
        EXPECT_GT(now.ask_quantity, 0);
        if (quote_) {
            EXPECT_GT(now.id, quote_->id);
        }
        if (traded_buy_) {
            // What was traded is gone: less is shown, or the touch has moved away.
            const bool same = *traded_buy_ ? now.ask == quote_->ask : now.bid == quote_->bid;
            EXPECT_EQ(same, left_ > 0);
            if (same) {
                EXPECT_EQ(*traded_buy_ ? now.ask_quantity : now.bid_quantity, left_);
            } else {
                ++sweeps;
                EXPECT_TRUE(*traded_buy_ ? now.ask > quote_->ask : now.bid < quote_->bid);
            }
            traded_buy_.reset();
        }
        quote_ = now;
    }

    void trade(std::string_view bytes) {
        ++trades;
        ASSERT_FALSE(traded_buy_);
        const auto id = number(after(bytes, R"("t":)"));
        if (trade_id_ != 0) {
            EXPECT_EQ(id, trade_id_ + 1);
        }
        trade_id_ = id;
        const auto price = decimal(after(bytes, R"("p":)")), quantity = decimal(after(bytes, R"("q":)"));
        const bool sold = after(bytes, R"("m":)") == "true";
        EXPECT_GT(quantity, 0);
        if (!quote_) {  // before the first quote there is nothing to compare with
            return;
        }
        EXPECT_EQ(price, sold ? quote_->bid : quote_->ask);
        left_ = (sold ? quote_->bid_quantity : quote_->ask_quantity) - quantity;
        EXPECT_GE(left_, 0);
        traded_buy_ = !sold;
    }
};

std::string bytes_of(Settings settings, int frames) {
    Market market{std::move(settings)};
    std::string all;
    Frame frame;
    for (int i = 0; i < frames && market.next(frame); ++i) {
        all += std::to_string(frame.receive_time.count());
        all += frame.bytes;
        all += '\n';
    }
    return all;
}

}  // namespace

TEST(SyntheticMarket, GivesTheSameBytesForTheSameSeed) {
    const auto first = bytes_of({.seed = 7}, 20'000);
    EXPECT_EQ(first, bytes_of({.seed = 7}, 20'000));
    EXPECT_NE(first, bytes_of({.seed = 8}, 20'000));
}

TEST(SyntheticMarket, NeverChangesWhatASeedGives) {
    // A fingerprint of the first frames: recordings, demonstrations and digests elsewhere are made from them.
    EXPECT_EQ(core::fnv1a(bytes_of({.seed = 42}, 20'000)), 7550482244668631083U);
}

class SyntheticMarketOfSeed : public testing::TestWithParam<std::uint64_t> {};

TEST_P(SyntheticMarketOfSeed, IsConsistent) {
    Settings settings{.seed = GetParam(), .traps_per_h = 120};
    settings.traps = {{60s, "fake_pump"}, {400s, "flash_dump"}};
    Market market{settings};
    Twin twin;
    Frame frame;
    core::Nanoseconds last{};
    while (twin.frames < 300'000 && market.next(frame)) {
        twin.read(frame);
        ASSERT_GT(frame.receive_time, last);
        last = frame.receive_time;
        ASSERT_FALSE(HasFailure()) << frame.bytes;
    }

    EXPECT_EQ(twin.snapshots, 1);
    EXPECT_GT(twin.trades, 60'000);
    EXPECT_GT(twin.quotes, 150'000);
    EXPECT_GT(twin.depths, 5'000);
    EXPECT_GT(twin.levels, 6 * twin.depths);
    EXPECT_GT(twin.sweeps, 5'000);
    EXPECT_GE(twin.bids.size(), 60U);
    EXPECT_LE(twin.bids.size(), 300U);
}

INSTANTIATE_TEST_SUITE_P(Seeds, SyntheticMarketOfSeed, testing::Values(42, 43, 1'000'003));

/// What is done to the book by a plan follows the venue's rules like everything else.
TEST(SyntheticMarket, IsConsistentWhileOrdersArePlannedInItsBook) {
    Settings settings{.duration = 15min, .events_per_s = 30, .traps_per_h = 0};
    settings.traps = {{10s, "spoofing", "up"},   {11s, "spoofing", "down"},       {12s, "layering", "up"},
                      {13s, "layering", "down"}, {14s, "hidden_liquidity", "up"}, {15s, "hidden_liquidity", "down"},
                      {16s, "wash_trading"}};
    Market market{settings};
    Twin twin;
    Frame frame;
    while (market.next(frame)) {
        twin.read(frame);
        ASSERT_FALSE(HasFailure()) << frame.bytes;
    }

    EXPECT_EQ(market.truth().size(), 7U);
    EXPECT_GT(twin.trades, 3'000);
}

TEST(SyntheticMarket, CarriesSeveralInstrumentsEachConsistent) {
    Settings settings{.instruments = usual_instruments(8)};
    Market market{settings};
    std::map<std::string, Twin> twins;
    Frame frame;
    core::Nanoseconds last{};
    for (int i = 0; i < 200'000; ++i) {
        ASSERT_TRUE(market.next(frame));
        ASSERT_GT(frame.receive_time, last);
        last = frame.receive_time;
        const std::string symbol{
            frame.origin == FrameOrigin::rest
                ? frame.url.substr(frame.url.find("symbol=") + 7, frame.url.find('&') - frame.url.find("symbol=") - 7)
                : after(frame.bytes, R"("s":)")};
        twins[symbol].read(frame);
        ASSERT_FALSE(HasFailure()) << frame.bytes;
    }

    EXPECT_EQ(twins.size(), 8U);
    for (const auto& [symbol, twin] : twins) EXPECT_EQ(twin.snapshots, 1) << symbol;
    EXPECT_EQ(market.instruments().size(), 8U);
    EXPECT_EQ(market.instruments()[1].symbol, "ETHUSDT");
}

TEST(SyntheticMarket, GivesAnInstrumentTheSameFramesInAnyCompany) {
    const auto one = [](std::size_t instruments) {
        Market market{{.instruments = usual_instruments(instruments)}};
        std::string all;
        Frame frame;
        for (int frames = 0; frames < 2'000 && market.next(frame);)
            if (test::is(frame, R"("BTCUSDT")")) all += frame.bytes, ++frames;
        return all;
    };
    EXPECT_EQ(one(1), one(3));
}

TEST(SyntheticMarket, EndsWithItsDuration) {
    Market market{{.duration = 10s}};
    Frame frame;
    int frames = 0;
    while (market.next(frame)) ++frames;
    EXPECT_GT(frames, 500);
    EXPECT_LT(frame.receive_time, Settings{}.start + 10s + 10ms);
    EXPECT_FALSE(market.next(frame));
}

TEST(SyntheticMarket, LeavesPaddingReadableAfterEachFrame) {
    Market market{{.faults = {{100ms, Fault::garbled}}}};
    Frame frame;
    std::uint64_t sum = 0;
    for (int i = 0; i < 2'000 && market.next(frame); ++i)
        for (std::size_t k = 0; k < frame_padding; ++k)
            sum += static_cast<unsigned char>(frame.bytes.data()[frame.bytes.size() + k]);
    EXPECT_GT(sum, 0U);  // AddressSanitizer is the judge
}

TEST(SyntheticMarket, RefusesSettingsThatMakeNoMarket) {
    const Settings bad[] = {
        {.instruments = {}},
        {.events_per_s = 0},
        {.volatility = -1},
        {.traps_per_h = 1e9},
        {.depth_interval = 0ns},
        {.jitter = -1ns},
        {.instruments = {{.symbol = ""}}},
        {.instruments = {{.start_price = 1}}},
        {.traps = {{1s, "no_such_trap"}}},
        {.traps = {{1s, "fake_pump", "up"}}},
        {.faults = {{1s, Fault::gap, 5}}},
    };
    for (const auto& settings : bad) EXPECT_THROW(Market{settings}, std::invalid_argument);
}
