#pragma once

#include "bench/tools/probe.hpp"
#include "bench/tools/twin_book_stage.hpp"
#include "feeds/binance/feed.hpp"
#include "gateways/binance/order_encoder.hpp"
#include "pipeline/flow/sequencer.hpp"
#include "tools/omega/wiring.hpp"

#include <fmt/compile.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <string>
#include <string_view>

namespace bench {

inline const std::string signing_key = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j";

/// Orders into signed bytes by Omega's encoder.
class OmegaEncoder {
public:
    explicit OmegaEncoder(const core::InstrumentTable& instruments)
        : encoder_{instruments, core::Signer{core::Secret{std::string{signing_key}}}} {}
    std::string_view encode(const core::Order& order) noexcept { return encoder_.encode(order, order.time).query; }

private:
    gateways::binance::OrderEncoder encoder_;
};

/// What a conventional client does: numbers as doubles, formatted, one-shot HMAC, formatted hex.
class TwinEncoder {
public:
    explicit TwinEncoder(const core::InstrumentTable& instruments) : instruments_{&instruments} {}
    std::string_view encode(const core::Order& order) {
        const auto& instrument = (*instruments_)[order.instrument];
        auto* end = fmt::format_to(
            text_.data(),
            fmt::runtime("recvWindow=5000&symbol={}&side={}&type=LIMIT&timeInForce=IOC&quantity={:.{}f}&price={:.{}f}"
                         "&newClientOrderId=o{:016x}&timestamp={}"),
            instrument.symbol, order.side == core::Side::buy ? "BUY" : "SELL", instrument.to_double(order.quantity),
            instrument.quantity_decimals, instrument.to_double(order.price), instrument.price_decimals, order.id.value,
            order.time / std::chrono::milliseconds{1});
        std::array<unsigned char, 32> digest;
        HMAC(EVP_sha256(), signing_key.data(), static_cast<int>(signing_key.size()),
             reinterpret_cast<const unsigned char*>(text_.data()), static_cast<std::size_t>(end - text_.data()),
             digest.data(), nullptr);
        end = fmt::format_to(end, FMT_COMPILE("&signature="));
        for (const auto byte : digest) end = fmt::format_to(end, FMT_COMPILE("{:02x}"), byte);
        return {text_.data(), static_cast<std::size_t>(end - text_.data())};
    }

private:
    const core::InstrumentTable* instruments_;
    std::array<char, 512> text_;
};

/// The general parser alone: simdjson on-demand on every frame.
class SimdjsonDecoder {
public:
    explicit SimdjsonDecoder(core::InstrumentTable& instruments, bool learn = false) : decoder_{instruments, learn} {}
    core::Result<std::size_t, core::Fault> decode(const feeds::Frame& frame, feeds::Batch& batch) noexcept {
        return decoder_.decode_general(frame, batch);
    }

private:
    feeds::binance::Decoder decoder_;
};

/// How Omega goes from a frame to an order, and how it is conventionally done. The stages between are the same.
struct OmegaWay {
    using Feed = feeds::binance::Feed;
    using Book = pipeline::BookStage;
    using Encoder = OmegaEncoder;
};
struct TwinWay {
    using Feed = feeds::Feed<SimdjsonDecoder, feeds::binance::Synchroniser>;
    using Book = TwinBookStage;
    using Encoder = TwinEncoder;
};

/// Limits that never stop the probe.
inline omega::Settings open_settings() {
    omega::Settings s;
    s.start_equity = 1e9;
    auto& r = s.risk;
    r.max_book_age_ms = 600'000;
    r.price_band_bps = 10'000;
    r.max_order_notional = r.max_position = 10;
    r.max_exposure = 100;
    r.max_trade_risk = .5;
    r.max_leverage = 125;
    r.max_open_orders = 200;
    r.orders_per_s = r.orders_burst = r.orders_per_min = 1e12;
    r.cooldown_s = 0;
    return s;
}

/// Everything behind the decoder of one way: sequencer and journal, the program's stages with the probe, the encoder.
template <class Way>
class Stages {
public:
    using Chain = pipeline::Chain<typename Way::Book, pipeline::BarStage, pipeline::IndicatorStage,
                                  pipeline::FibonacciStage, pipeline::TrapStage, pipeline::TrendStage,
                                  pipeline::AiStage, pipeline::CosmicStage, Probe, strategies::RiskStage>;

    Stages(const omega::Settings& settings, const core::InstrumentTable& instruments, std::uint32_t every)
        : wiring_{settings, instruments},
          book_{settings.book, instruments},
          probe_{wiring_.bots, instruments, every},
          chain_{book_,         wiring_.bars,   wiring_.indicators, wiring_.fibonacci,
                 wiring_.traps, wiring_.trends, wiring_.ai,         wiring_.cosmic,
                 probe_,        wiring_.risk},
          encoder_{instruments} {}

    /// The tick, numbered, through every stage; the orders it led to.
    const strategies::Orders& on(pipeline::Sequencer& sequencer, const core::Tick& tick) noexcept {
        sequencer.open(slot_, tick, {});
        chain_.on(slot_);
        return slot_.template get<strategies::Orders>();
    }
    /// The same of a tick that is numbered already.
    const strategies::Orders& on(const core::Tick& tick) noexcept {
        slot_.tick = tick;
        chain_.on(slot_);
        return slot_.template get<strategies::Orders>();
    }
    std::string_view encode(const core::Order& order) { return encoder_.encode(order); }

private:
    omega::Wiring wiring_;
    typename Way::Book book_;
    Probe probe_;
    Chain chain_;
    typename Chain::slot_type slot_{};
    typename Way::Encoder encoder_;
};

/// The report that an immediate-or-cancel order met nothing: what keeps the list of working orders short.
inline core::Tick expired(const core::Order& order, core::Nanoseconds now) noexcept {
    core::Tick tick;
    tick.venue_time = order.time;
    tick.receive_time = now;
    tick.instrument = order.instrument;
    tick.venue = order.venue;
    tick.kind = core::TickKind::execution;
    tick.side = order.side;
    tick.code = static_cast<std::uint16_t>(core::Execution::expired);
    tick.execution = {order.id.value, {}, order.quantity, {}};
    return tick;
}

}  // namespace bench
