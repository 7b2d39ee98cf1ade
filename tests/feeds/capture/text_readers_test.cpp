#include "feeds/capture/text_readers.hpp"

#include "feeds/capture/error.hpp"
#include "tests/feeds/capture/temporary.hpp"
#include "tests/support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

#include <map>

using feeds::FrameOrigin;
using feeds::capture::CaptureError;
using feeds::capture::parse_epoch_seconds;
using test::OwnedFrame;

namespace {

constexpr std::string_view cryptofeed_text =
    "wss://venue/stream <-> 1649290076.5\n"
    "wss://venue/stream <- 1649290077.318636: {\"op\":\"subscribe\"}\n"
    "1649290077.519788: {\"event\":\"subscribe\"}\n"
    "configuration: {\"trades\":[]}\n"
    "https://venue/products -> 1649290078: [{\"a\": 1}]\n"
    "1649290079.1: {\"last\":true}";

std::vector<OwnedFrame> cryptofeed_frames() {
    return {
        {"", core::Nanoseconds{1649290076'500000000}, 0, FrameOrigin::opened, "wss://venue/stream"},
        {R"({"op":"subscribe"})", core::Nanoseconds{1649290077'318636000}, 0, FrameOrigin::sent, "wss://venue/stream"},
        {R"({"event":"subscribe"})", core::Nanoseconds{1649290077'519788000}, 0, FrameOrigin::socket,
         "wss://venue/stream"},
        {R"([{"a": 1}])", core::Nanoseconds{1649290078'000000000}, 0, FrameOrigin::rest, "https://venue/products"},
        {R"({"last":true})", core::Nanoseconds{1649290079'100000000}, 0, FrameOrigin::socket, "wss://venue/stream"}};
}

std::string zstd(std::string_view text) {
    std::string packed(ZSTD_compressBound(text.size()), '\0');
    packed.resize(ZSTD_compress(packed.data(), packed.size(), text.data(), text.size(), 1));
    return packed;
}

std::string gzip(std::string_view text) {
    z_stream stream{};
    deflateInit2(&stream, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    std::string packed(deflateBound(&stream, text.size()) + 64, '\0');
    std::string source{text};
    stream.next_in = reinterpret_cast<Bytef*>(source.data());
    stream.avail_in = static_cast<uInt>(source.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    deflate(&stream, Z_FINISH);
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    return packed;
}

}  // namespace

TEST(EpochSeconds, AreReadExactlyOrNotAtAll) {
    constexpr std::pair<std::string_view, std::int64_t> good[] = {
        {"0", 0},
        {"1", 1'000'000'000},
        {"1649290077.519788", 1649290077'519788000},
        {"1618677816.8414998", 1618677816'841499800},
        {"1.000000001", 1'000'000'001},
    };
    for (const auto& [text, ns] : good) EXPECT_EQ(parse_epoch_seconds(text), core::Nanoseconds{ns}) << text;
    for (const auto* text : {"", ".", "1.", ".5", "-1", "1.-5", "1e9", "1.0000000001", "99999999999", "1 ", "x"})
        EXPECT_EQ(parse_epoch_seconds(text), std::nullopt) << text;
}

TEST(CryptofeedReader, TellsWhatEachLineIs) {
    test::TemporaryFolder folder;

    const auto reader = feeds::capture::open(test::write_file(folder / "a", cryptofeed_text));

    EXPECT_EQ(reader->format(), feeds::capture::Format::cryptofeed);
    EXPECT_EQ(test::all_frames(*reader), cryptofeed_frames());
}

TEST(CryptofeedReader, ReadsGzipAndZstdAndSeveralOfThemInARow) {
    test::TemporaryFolder folder;
    const auto first = cryptofeed_text.substr(0, 200), second = cryptofeed_text.substr(200);

    for (const auto& packed :
         {gzip(cryptofeed_text), zstd(cryptofeed_text), gzip(first) + gzip(second), zstd(first) + zstd(second)}) {
        const auto reader = feeds::capture::open(test::write_file(folder / "packed", packed));
        EXPECT_EQ(test::all_frames(*reader), cryptofeed_frames());
    }
}

TEST(CryptofeedReader, APackedFileCutShortIsTruncated) {
    test::TemporaryFolder folder;
    for (const auto& packed : {gzip(cryptofeed_text), zstd(cryptofeed_text)})
        for (const std::size_t cut : {packed.size() / 2, packed.size() - 1}) {
            test::write_file(folder / "packed", packed.substr(0, cut));
            try {
                const auto reader = feeds::capture::open(folder / "packed");
                test::all_frames(*reader);
                FAIL() << "not noticed";
            } catch (const CaptureError& error) {
                EXPECT_EQ(error.reason(), core::Error::truncated);
            }
        }
}

TEST(CryptofeedReader, NamesTheLineThatIsNone) {
    test::TemporaryFolder folder;
    for (const auto* bad : {"garbage", "1649290079.1 {}", "16x: {}", "wss://a => 1", "1649290079.1:{}"}) {
        SCOPED_TRACE(bad);
        test::write_file(folder / "a", "1649290077.5: {}\n" + std::string{bad} + "\n1649290078.5: {}\n");
        const auto reader = feeds::capture::open(folder / "a");
        feeds::Frame frame;
        EXPECT_TRUE(reader->next(frame));
        try {
            reader->next(frame);
            FAIL() << "not noticed";
        } catch (const CaptureError& error) {
            EXPECT_EQ(error.reason(), core::Error::malformed);
            EXPECT_EQ(error.position(), 17U);
            EXPECT_THAT(std::string{error.what()}, testing::HasSubstr("line 2 is not"));
        }
    }
}

TEST(HftbacktestReader, GivesASnapshotTheSymbolOfItsStreams) {
    test::TemporaryFolder folder;
    test::write_file(folder / "a",
                     "1723161255088176367 {\"stream\":\"btcusd_perp@trade\",\"data\":{}}\r\n"
                     "1723161255088176368 {\"lastUpdateId\":1,\"bids\":[]}\n");

    const auto reader = feeds::capture::open(folder / "a");

    EXPECT_EQ(reader->format(), feeds::capture::Format::hftbacktest);
    EXPECT_EQ(test::all_frames(*reader),
              (std::vector<OwnedFrame>{{R"({"stream":"btcusd_perp@trade","data":{}})",
                                        core::Nanoseconds{1723161255088176367}, 0, FrameOrigin::socket, ""},
                                       {R"({"lastUpdateId":1,"bids":[]})", core::Nanoseconds{1723161255088176368}, 0,
                                        FrameOrigin::rest, "?symbol=BTCUSD_PERP"}}));
}

TEST(Open, SaysWhatIsWrongWithAFileThatIsNoCapture) {
    test::TemporaryFolder folder;
    const std::pair<std::filesystem::path, core::Error> cases[] = {
        {folder / "missing", core::Error::io},
        {folder / ".", core::Error::io},
        {test::write_file(folder / "empty", ""), core::Error::truncated},
        {test::write_file(folder / "text", "Dear diary\n"), core::Error::malformed},
        {test::write_file(folder / "json", "{\"a\":1}\n"), core::Error::malformed},
        {test::write_file(folder / "zstd", std::string("\x28\xb5\x2f\xfd garbage", 12)), core::Error::corrupt},
    };
    for (const auto& [file, reason] : cases) {
        SCOPED_TRACE(file);
        try {
            feeds::capture::open(file);
            FAIL() << "not noticed";
        } catch (const CaptureError& error) {
            EXPECT_EQ(error.reason(), reason) << error.what();
            EXPECT_EQ(error.file(), file);
        }
    }
}

TEST(Open, ReadsEveryRecordingWithTheCountsOfItsTable) {
    NEEDS_SHARED_DATA();
    struct Case {
        const char* file;
        std::size_t received;
    };
    constexpr Case cases[] = {
        {"l2/hftbacktest/usdm_btcusdt_20240808.gz", 93'954},
        {"l2/hftbacktest/spot_btcusdt_20240808.gz", 41'249},
        {"l2/hftbacktest/spot_btcusdt_20240809.gz", 58'325},
        {"l2/hftbacktest/spot_ethusdt_20240808.gz", 33'618},
        {"l2/hftbacktest/cm_btcusd_perp_20240808.gz", 48'270},
        {"ws/cryptofeed/BITGET.ws.1.0.zst", 684},
        {"ws/cryptofeed/BINANCE.ws.1.0.zst", 265},
        {"ws/cryptofeed/BINANCE_FUTURES.ws.1.0.zst", 1535},
        {"ws/cryptofeed/BYBIT.ws.25.0.zst", 3342},
        {"ws/cryptofeed/OKX.ws.1.0.zst", 410},
        {"ws/cryptofeed/COINBASE.ws.28.0.zst", 2797},
        {"ws/cryptofeed/KRAKEN.ws.50.0.zst", 2932},
        {"ws/cryptofeed/KRAKEN.ws.48.0.zst", 49},
        {"ws/cryptofeed/KRAKEN.ws.49.0.zst", 60},
        {"ws/cryptofeed/BINANCE.http.0.0.zst", 4},
        {"ws/cryptofeed/BITGET.0.zst", 3},
    };
    for (const auto& [file, received] : cases) {
        const auto reader = feeds::capture::open(test::shared(file));
        std::size_t count = 0;
        for (feeds::Frame frame; reader->next(frame);)
            count += frame.origin == FrameOrigin::socket || frame.origin == FrameOrigin::rest;
        EXPECT_EQ(count, received) << file;
    }
}
