#include "core/domain/decimal.hpp"

#include "bench/core/tape.hpp"
#include "core/domain/price.hpp"
#include "core/domain/wide.hpp"

#include <benchmark/benchmark.h>
#if __has_include(<fast_float/fast_float.h>)
#include <fast_float/fast_float.h>
#endif

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <string>
#include <vector>

namespace {

struct Text {
    std::string_view text;
    int decimals;
};

/// Reads one text, which a quote follows: pass or fail.
struct Omega {
    static bool read(const Text& from, std::int64_t& units) noexcept {
        const auto* at = from.text.data();
        return core::scan_decimal(at, from.decimals, units) && *at == '"';
    }
};
struct General {
    static bool read(const Text& from, std::int64_t& units) noexcept {
        const auto parsed = core::parse_decimal(from.text, from.decimals);
        if (parsed) units = *parsed;
        return parsed.has_value();
    }
};

/// To the nearest double and from there to units: what a conventional client does.
bool scaled(double value, int decimals, std::int64_t& units) noexcept {
    units = std::llrint(value * static_cast<double>(core::pow10[static_cast<std::size_t>(decimals)]));
    return true;
}
#if __has_include(<fast_float/fast_float.h>)
struct FastFloat {
    static bool read(const Text& from, std::int64_t& units) noexcept {
        double value{};
        const auto [end, error] = fast_float::from_chars(from.text.data(), from.text.data() + from.text.size(), value);
        return error == std::errc{} && scaled(value, from.decimals, units);
    }
};
#endif
struct FromChars {
    static bool read(const Text& from, std::int64_t& units) noexcept {
        double value{};
        const auto [end, error] = std::from_chars(from.text.data(), from.text.data() + from.text.size(), value);
        return error == std::errc{} && scaled(value, from.decimals, units);
    }
};
struct Strtod {
    static bool read(const Text& from, std::int64_t& units) noexcept {
        return scaled(std::strtod(from.text.data(), nullptr), from.decimals, units);
    }
};

/// Prices and quantities of the depth events alternately, where they stand in the frames.
template <class Reader>
void decimal(benchmark::State& state, const char* tape, int price_decimals, int quantity_decimals) {
    const auto text = bench::inflate(tape);
    std::vector<Text> texts;
    for (const auto& level : bench::levels_of(text)) {
        texts.push_back({level.price, price_decimals});
        texts.push_back({level.quantity, quantity_decimals});
        if (texts.size() == 8192) break;  // in cache: the reading is measured, not the memory
    }
    if (texts.empty()) return state.SkipWithError("no ../shared/data");
    for (auto _ : state)
        for (const auto& one : texts) {
            std::int64_t units{};
            if (!Reader::read(one, units)) return state.SkipWithError("refused a text of the tape");
            benchmark::DoNotOptimize(units);
        }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(texts.size()));
    state.counters["ns/text"] =
        benchmark::Counter(static_cast<double>(state.iterations()) * static_cast<double>(texts.size()),
                           benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

const auto registered = [] {
    const auto add = [](const char* name, const char* file, int price_decimals, int quantity_decimals) {
        const auto one = [&](const char* reader, auto* function) {
            benchmark::RegisterBenchmark((std::string{"decimal/"} + reader + "/" + name).c_str(), function, file,
                                         price_decimals, quantity_decimals);
        };
        one("omega", decimal<Omega>);
        one("omega_general", decimal<General>);
#if __has_include(<fast_float/fast_float.h>)
        one("fast_float", decimal<FastFloat>);
#endif
        one("from_chars", decimal<FromChars>);
        one("strtod", decimal<Strtod>);
    };
    add("usdm_tape", "l2/hftbacktest/usdm_btcusdt_20240808.gz", 2, 3);
    add("spot_tape", "l2/hftbacktest/spot_btcusdt_20240808.gz", 2, 5);
    return true;
}();

}  // namespace
