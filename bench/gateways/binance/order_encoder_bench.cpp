#include "gateways/binance/order_encoder.hpp"

#include <benchmark/benchmark.h>
#include <fmt/compile.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <cstdint>
#include <iterator>
#include <string>
#include <vector>

namespace {

const std::string key = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j";
constexpr core::Nanoseconds sent{1'723'161'255'030'314'667};

/// Limit orders of both sides with prices and quantities of different lengths: none is the same as the last.
std::vector<core::Order> orders_of(core::InstrumentId instrument) {
    std::vector<core::Order> orders(1024);
    for (std::size_t i = 0; i < orders.size(); ++i) {
        auto& order = orders[i];
        order.id = core::OrderId::of(1, i);
        order.instrument = instrument;
        order.venue = core::Venue::binance;
        order.side = i % 2 == 0 ? core::Side::buy : core::Side::sell;
        order.price = {618'003 + static_cast<std::int64_t>(i * 7919 % 10'000)};
        order.quantity = {static_cast<std::int64_t>(1 + i * i % 5'000)};
    }
    return orders;
}

core::InstrumentTable one_instrument() {
    core::InstrumentTable table;
    table.add({.venue = core::Venue::binance,
               .market = core::Market::linear,
               .symbol = "BTCUSDT",
               .price_decimals = 1,
               .quantity_decimals = 3});
    return table;
}

template <class Encode>
void encode_orders(benchmark::State& state, const core::Instrument& instrument, Encode&& encode) {
    const auto orders = orders_of(instrument.id);
    std::size_t i = 0;
    for (auto _ : state) {
        benchmark::DoNotOptimize(encode(orders[i++ % orders.size()]));
        benchmark::ClobberMemory();
    }
}

void omega(benchmark::State& state) {
    const auto table = one_instrument();
    gateways::binance::OrderEncoder encoder{table, core::Signer{core::Secret{std::string{key}}}};
    encode_orders(state, *table.begin(),
                  [&](const core::Order& order) { return encoder.write(order, sent).query.size(); });
}
BENCHMARK(omega)->Name("order_encode/omega");

/// What a conventional client does: prices as doubles, formatted.
std::size_t format(char* to, const core::Instrument& instrument, const core::Order& order) {
    const auto* const end = fmt::format_to(
        to,
        FMT_COMPILE("recvWindow=5000&symbol={}&side={}&type=LIMIT&timeInForce=GTC&quantity={:.{}f}&price={:.{}f}&"
                    "newClientOrderId=o{:016x}&timestamp={}"),
        instrument.symbol, order.side == core::Side::buy ? "BUY" : "SELL", instrument.to_double(order.quantity),
        instrument.quantity_decimals, instrument.to_double(order.price), instrument.price_decimals, order.id.value,
        sent / std::chrono::milliseconds{1});
    return static_cast<std::size_t>(end - to);
}
void fmt_doubles(benchmark::State& state) {
    const auto table = one_instrument();
    std::array<char, 512> text;
    encode_orders(state, *table.begin(), [&](const core::Order& order) {
        const auto size = format(text.data(), *table.begin(), order);
        benchmark::DoNotOptimize(text.data());
        return size;
    });
}
BENCHMARK(fmt_doubles)->Name("order_encode/fmt_doubles");

void omega_signed(benchmark::State& state) {
    const auto table = one_instrument();
    gateways::binance::OrderEncoder encoder{table, core::Signer{core::Secret{std::string{key}}}};
    encode_orders(state, *table.begin(),
                  [&](const core::Order& order) { return encoder.encode(order, sent).query.size(); });
}
BENCHMARK(omega_signed)->Name("order_encode_signed/omega");

void fmt_signed(benchmark::State& state) {
    const auto table = one_instrument();
    std::array<char, 512> text;
    encode_orders(state, *table.begin(), [&](const core::Order& order) {
        const auto size = format(text.data(), *table.begin(), order);
        std::array<unsigned char, 32> digest;
        HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
             reinterpret_cast<const unsigned char*>(text.data()), size, digest.data(), nullptr);
        auto* end = fmt::format_to(text.data() + size, FMT_COMPILE("&signature="));
        for (const auto byte : digest) end = fmt::format_to(end, FMT_COMPILE("{:02x}"), byte);
        benchmark::DoNotOptimize(text.data());
        return static_cast<std::size_t>(end - text.data());
    });
}
BENCHMARK(fmt_signed)->Name("order_encode_signed/fmt_doubles_openssl_oneshot");

}  // namespace
