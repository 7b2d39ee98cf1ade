#include "tests/feeds/binance/both.hpp"
#include "tests/feeds/binance/recordings.hpp"
#include "tests/support.hpp"

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace {

/// What a wire, a proxy or a bug might do to a frame.
std::string mutated(std::string frame, std::mt19937& random) {
    const auto below = [&](std::size_t n) { return std::uniform_int_distribution<std::size_t>{0, n - 1}(random); };
    static constexpr std::string_view usual = "0123456789.\",:[]{}-eEtfn \\u";
    const auto edits = 1 + below(3);
    for (std::size_t i = 0; i < edits && !frame.empty(); ++i) {
        const auto at = below(frame.size());
        switch (below(7)) {
            case 0: frame[at] = static_cast<char>(below(256)); break;
            case 1: frame[at] = usual[below(usual.size())]; break;
            case 2: frame.insert(at, 1, usual[below(usual.size())]); break;
            case 3: frame.erase(at, 1 + below(3)); break;
            case 4: frame.resize(at); break;
            case 5: frame.insert(at, frame.substr(below(frame.size()), below(24))); break;
            default: frame[at] = static_cast<char>(frame[at] ^ (1 << below(8))); break;
        }
    }
    return frame;
}

void add_all(core::InstrumentTable& table) {
    struct Row {
        core::Market market;
        const char* symbol;
        int price, quantity;
    };
    for (const auto& [market, symbol, price, quantity] :
         {Row{core::Market::linear, "BTCUSDT", 2, 3}, Row{core::Market::spot, "BTCUSDT", 2, 8},
          Row{core::Market::spot, "ETHUSDT", 2, 8}, Row{core::Market::inverse, "BTCUSD_PERP", 1, 0}}) {
        core::Instrument instrument;
        instrument.venue = core::Venue::binance;
        instrument.market = market;
        instrument.symbol = symbol;
        instrument.price_decimals = price;
        instrument.quantity_decimals = quantity;
        table.add(instrument);
    }
}

class Mutations : public testing::TestWithParam<const char*> {};

}  // namespace

/// Real frames, damaged: the scanner accepts what the general parser accepts, with the same ticks, and neither reads
/// past the padding (the frame lies at the end of its allocation, which ASan watches).
TEST_P(Mutations, NeverDivideTheDecoders) {
    NEEDS_SHARED_DATA();
    const test::Recording recording{test::shared("l2/hftbacktest/" + std::string{GetParam()} + ".gz")};
    core::InstrumentTable table;
    add_all(table);
    test::Both both{table};
    std::mt19937 random{20240808};

    std::size_t lines = 0, tried = 0, accepted = 0;
    recording.each([&](std::string_view line) {
        const auto frame = test::tape_frame(line);
        if (++lines % 40 != 0 || frame.bytes.size() > 4000) return;
        ASSERT_EQ(both.differs(frame), "");
        for (int i = 0; i < 6; ++i) {
            const test::Padded padded{mutated(std::string{frame.bytes}, random)};
            auto damaged = frame;
            damaged.bytes = padded.view();
            ASSERT_EQ(both.differs(damaged), "") << padded.view();
            ++tried;
            accepted += both.fast_batch.ticks().empty() ? 0U : 1U;
        }
    });
    EXPECT_GT(tried, 4000U);
    EXPECT_GT(accepted, tried / 100) << "some damage must leave a valid frame, or the test proves little";
    EXPECT_LT(accepted, tried / 2);
}

INSTANTIATE_TEST_SUITE_P(Binance, Mutations,
                         testing::Values("usdm_btcusdt_20240808", "spot_btcusdt_20240808", "cm_btcusd_perp_20240808"));

/// Every prefix of a frame, followed by the rest of it as garbage behind its end: no decoder may look there.
TEST(BinanceMutations, ATruncatedFrameIsNotCompletedByWhatLiesBehindIt) {
    constexpr std::string_view frames[] = {
        R"({"stream":"btcusdt@trade","data":{"e":"trade","E":1723161256323,"T":1723161256322,"s":"BTCUSDT","t":5266583935,"p":"61800.30","q":"0.006","X":"MARKET","m":false}})",
        R"({"stream":"btcusdt@bookTicker","data":{"e":"bookTicker","u":5123107839020,"s":"BTCUSDT","b":"61800.20","B":"2.507","a":"61800.30","A":"2.510","T":1723161256313,"E":1723161256314}})",
        R"({"stream":"btcusdt@bookTicker","data":{"u":50093239212,"s":"BTCUSDT","b":"61837.63000000","B":"3.78826000","a":"61837.64000000","A":"1.54698000"}})",
        R"({"stream":"btcusdt@depth@0ms","data":{"e":"depthUpdate","E":1723161256299,"T":1723161256298,"s":"BTCUSDT","U":5123107832006,"u":5123107837557,"pu":5123107831937,"b":[["61800.10","1.000"]],"a":[["61800.30","2.510"],["61801.00","0.001"]]}})",
    };
    core::InstrumentTable table;
    add_all(table);
    test::Both both{table};
    for (const auto whole : frames) {
        const test::Padded padded{whole};
        EXPECT_EQ(both.differs({.bytes = padded.view()}), "");
        EXPECT_FALSE(both.fast_batch.ticks().empty());
        for (std::size_t size = 0; size < whole.size(); ++size) {
            EXPECT_EQ(both.differs({.bytes = padded.view().substr(0, size)}), "") << whole.substr(0, size);
            EXPECT_FALSE(both.fast.decode({.bytes = padded.view().substr(0, size)}, both.fast_batch)) << size;
            both.fast_batch.clear();
        }
    }
}
