#include "bench/feeds/binance/plain_decoders.hpp"
#include "feeds/binance/decoder.hpp"

#include <benchmark/benchmark.h>
#include <zlib.h>

#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace {

/// Frames of one market, packed one behind the other with their padding.
struct Frames {
    core::InstrumentTable instruments;
    std::string bytes;
    std::vector<feeds::Frame> frames;
};

struct MarketFile {
    core::Market market;
    const char* name;
    const char* file;
    const char* symbol;
    int price_decimals, quantity_decimals;
    std::vector<std::string> own;  ///< used when there are no recordings
};

const MarketFile& market_file(core::Market market) {
    static const MarketFile files[] = {
        {core::Market::spot,
         "spot",
         "spot_btcusdt_20240808.gz",
         "BTCUSDT",
         2,
         8,
         {R"({"stream":"btcusdt@bookTicker","data":{"u":50093239212,"s":"BTCUSDT","b":"61837.63000000","B":"3.78826000","a":"61837.64000000","A":"1.54698000"}})",
          R"({"stream":"btcusdt@trade","data":{"e":"trade","E":1723161255343,"s":"BTCUSDT","t":3735683259,"p":"61837.63000000","q":"0.02000000","T":1723161255342,"m":true,"M":true}})",
          R"({"stream":"btcusdt@depth@100ms","data":{"e":"depthUpdate","E":1723161255208,"s":"BTCUSDT","U":50093239189,"u":50093239202,"b":[["61737.63000000","0.00000000"],["61730.17000000","0.00000000"]],"a":[["61837.64000000","1.54698000"]]}})"}},
        {core::Market::linear,
         "usdm",
         "usdm_btcusdt_20240808.gz",
         "BTCUSDT",
         2,
         3,
         {R"({"stream":"btcusdt@bookTicker","data":{"e":"bookTicker","u":5123107839020,"s":"BTCUSDT","b":"61800.20","B":"2.507","a":"61800.30","A":"2.510","T":1723161256313,"E":1723161256313}})",
          R"({"stream":"btcusdt@trade","data":{"e":"trade","E":1723161256322,"T":1723161256322,"s":"BTCUSDT","t":5266583935,"p":"61800.30","q":"0.006","X":"MARKET","m":false}})",
          R"({"stream":"btcusdt@depth@0ms","data":{"e":"depthUpdate","E":1723161256299,"T":1723161256298,"s":"BTCUSDT","U":5123107832006,"u":5123107837557,"pu":5123107831937,"b":[["58710.20","0.014"],["61496.50","0.010"],["61510.90","0.000"],["61641.50","1.211"]],"a":[["61800.30","2.510"],["61801.00","0.002"],["61810.00","12.004"]]}})"}},
        {core::Market::inverse,
         "cm",
         "cm_btcusd_perp_20240808.gz",
         "BTCUSD_PERP",
         1,
         0,
         {R"({"stream":"btcusd_perp@bookTicker","data":{"u":1007198632021,"e":"bookTicker","s":"BTCUSD_PERP","ps":"BTCUSD","b":"61804.7","B":"35","a":"61804.8","A":"1645","T":1723161257465,"E":1723161257476}})",
          R"({"stream":"btcusd_perp@trade","data":{"e":"trade","E":1723161257687,"T":1723161257679,"s":"BTCUSD_PERP","t":849714402,"p":"61804.8","q":"4","X":"MARKET","m":false}})",
          R"({"stream":"btcusd_perp@depth@0ms","data":{"e":"depthUpdate","E":1723161257440,"T":1723161257432,"s":"BTCUSD_PERP","ps":"BTCUSD","U":1007198631260,"u":1007198631565,"pu":1007198631198,"b":[["61773.6","1001"],["61776.4","412"]],"a":[["61804.8","1645"]]}})"}},
    };
    return files[static_cast<std::size_t>(market)];
}

/// Up to this many frames, from the tape's middle: about 2 MB, more than a predictor learns by heart.
constexpr std::size_t frames_taken = 8192;

std::vector<std::string> recorded(const MarketFile& file) {
    const auto path = std::filesystem::path{OMEGA_SHARED_DATA} / "l2/hftbacktest" / file.file;
    std::vector<std::string> lines;
    const auto in = gzopen(path.c_str(), "rb");
    if (!in) return file.own;
    std::vector<char> line(1 << 20);
    for (std::size_t n = 0; gzgets(in, line.data(), static_cast<int>(line.size())); ++n) {
        std::string text{line.data()};
        if (n > 10'000) lines.push_back(text.substr(text.find(' ') + 1, text.find('\n') - text.find(' ') - 1));
    }
    gzclose(in);
    return lines;
}

/// `kind`: "" for the natural mix, else a stream's kind ("trade", "bookTicker", "depth").
std::shared_ptr<Frames> frames_of(core::Market market, const std::string& kind) {
    const auto& file = market_file(market);
    auto all = std::make_shared<Frames>();
    core::Instrument instrument;
    instrument.venue = core::Venue::binance;
    instrument.market = market;
    instrument.symbol = file.symbol;
    instrument.price_decimals = file.price_decimals;
    instrument.quantity_decimals = file.quantity_decimals;
    all->instruments.add(instrument);

    std::vector<std::string> lines;
    for (auto& line : recorded(file))
        if (lines.size() < frames_taken && (kind.empty() || line.find('@' + kind) != line.npos)) lines.push_back(line);
    std::size_t size = 0;
    for (const auto& line : lines) size += line.size() + feeds::frame_padding;
    all->bytes.resize(size);
    char* to = all->bytes.data();
    for (const auto& line : lines) {
        std::memcpy(to, line.data(), line.size());
        all->frames.push_back({.bytes = {to, line.size()}, .receive_time = core::Nanoseconds{1}, .connection = 0});
        to += line.size() + feeds::frame_padding;
    }
    return all;
}

/// One pass over all frames an iteration; an item is a frame.
template <class Decode>
void run(benchmark::State& state, const Frames& all, Decode&& decode) {
    feeds::Batch batch;
    for (auto _ : state)
        for (const auto& frame : all.frames) {
            batch.clear();
            decode(frame, batch);
            benchmark::DoNotOptimize(batch.ticks().data());
            benchmark::ClobberMemory();
        }
    const auto frames = static_cast<double>(state.iterations()) * static_cast<double>(all.frames.size());
    state.SetItemsProcessed(static_cast<std::int64_t>(frames));
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) *
                            static_cast<std::int64_t>(all.bytes.size()));
    state.counters["ns_per_frame"] =
        benchmark::Counter(frames * 1e-9, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

/// Whether `decode` gives every frame the ticks that the feed's decoder gives it: else the comparison means nothing.
template <class Decode>
bool agrees(Frames& all, Decode&& decode) {
    feeds::binance::Decoder decoder{all.instruments};
    feeds::Batch ours, theirs;
    for (const auto& frame : all.frames) {
        ours.clear();
        theirs.clear();
        if (!decoder.decode(frame, ours) || !decode(frame, theirs) || ours.ticks().size() != theirs.ticks().size() ||
            std::memcmp(ours.ticks().data(), theirs.ticks().data(), ours.ticks().size_bytes()) != 0)
            return false;
    }
    return true;
}

void register_case(core::Market market, const std::string& kind, const std::string& label) {
    const auto name = std::string{"/binance_"} + market_file(market).name + '_' + label;
    // Frames are read when a case first runs, and shared by its subjects.
    const auto shared = std::make_shared<std::shared_ptr<Frames>>();
    const auto frames = [=]() -> Frames& {
        if (!*shared) *shared = frames_of(market, kind);
        return **shared;
    };
    benchmark::RegisterBenchmark(("frame_to_tick/omega" + name).c_str(), [=](benchmark::State& state) {
        auto& all = frames();
        feeds::binance::Decoder decoder{all.instruments};
        run(state, all,
            [&](const auto& frame, auto& batch) { benchmark::DoNotOptimize(decoder.decode(frame, batch)); });
    });
    benchmark::RegisterBenchmark(("frame_to_tick/simdjson" + name).c_str(), [=](benchmark::State& state) {
        auto& all = frames();
        bench::OnDemandDecoder decoder{all.instruments, market};
        const auto decode = [&](const auto& frame, auto& batch) { return decoder.decode(frame, batch); };
        if (!agrees(all, decode)) return state.SkipWithError("ticks differ");
        run(state, all, decode);
    });
    benchmark::RegisterBenchmark(("frame_to_tick/simdjson_dom" + name).c_str(), [=](benchmark::State& state) {
        auto& all = frames();
        bench::DomDecoder decoder{all.instruments, market};
        const auto decode = [&](const auto& frame, auto& batch) { return decoder.decode(frame, batch); };
        if (!agrees(all, decode)) return state.SkipWithError("ticks differ");
        run(state, all, decode);
    });
    benchmark::RegisterBenchmark(("frame_to_tick/scan_floor" + name).c_str(), [=](benchmark::State& state) {
        run(state, frames(), [](const feeds::Frame& frame, auto&) {
            unsigned sum = 0;
            for (const char c : frame.bytes) sum += static_cast<unsigned char>(c);
            benchmark::DoNotOptimize(sum);
        });
    });
}

[[maybe_unused]] const bool registered = [] {
    register_case(core::Market::linear, "", "mix");
    for (const auto market : {core::Market::linear, core::Market::spot, core::Market::inverse}) {
        register_case(market, "trade", "trade");
        register_case(market, "bookTicker", "quote");
        register_case(market, "depth", "depth");
    }
    return true;
}();

}  // namespace
