#pragma once

#include "feeds/session/session.hpp"
#include "tests/feeds/venue_frames.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace test {

/// A session with nothing behind it: events in, ticks and commands out.
struct SessionWorld {
    std::unique_ptr<core::InstrumentTable> table{std::make_unique<core::InstrumentTable>()};
    core::InstrumentId id{};
    std::unique_ptr<feeds::Session> session{};
    core::Nanoseconds now{std::chrono::hours{1}};
    std::vector<std::string> ticks{};     ///< "trade", "level", "gap 0", "resynchronised 0", …
    std::vector<std::string> commands{};  ///< "open …", "send …", "close", "request …"

    explicit SessionWorld(core::Venue venue, const feeds::SessionSettings& settings = {}) {
        id = add_instrument(*table, venue, core::Market::spot, venue == core::Venue::coinbase ? "BTC-USD" : "BTCUSDT",
                            2, 8);
        auto plans = feeds::plan_sessions(venue, feeds::FeedMode::prod, *table, {&id, 1});
        session = std::make_unique<feeds::Session>(plans.front(), settings, *table, 0, 1);
    }

    auto sink() {
        return [this](const core::Tick& tick) {
            if (tick.kind != core::TickKind::session)
                ticks.emplace_back(core::name(tick.kind));
            else
                ticks.push_back(
                    std::string{core::name(static_cast<core::Session>(tick.code))} +
                    (tick.instrument == core::no_instrument ? "" : " " + std::to_string(tick.instrument.value)));
        };
    }
    /// Time passes in steps of 10 ms.
    void pass(core::Nanoseconds time) {
        for (const auto end = now + time; now < end;) {
            now += std::chrono::milliseconds{10};
            session->time(now, sink());
            while (const auto command = session->next_command()) {
                using Kind = feeds::SessionCommand::Kind;
                const char* kind = command->kind == Kind::open    ? "open "
                                   : command->kind == Kind::send  ? "send "
                                   : command->kind == Kind::close ? "close"
                                                                  : "request ";
                commands.push_back(kind + command->text);
            }
        }
    }
    void open() {
        pass(std::chrono::milliseconds{10});
        session->opened(now, sink());
        pass(std::chrono::milliseconds{10});
    }
    void frame(std::string_view text) {
        const Bytes bytes{text};
        session->frame({.bytes = bytes.view(),
                        .receive_time = now,
                        .connection = 0,
                        .origin = feeds::FrameOrigin::socket,
                        .url = session->plan().url},
                       sink());
    }
    void snapshot(std::string_view text, core::Nanoseconds retry_after = {}) {
        const Bytes bytes{text};
        session->snapshot(now, id, bytes.view(), retry_after, sink());
    }
    /// How many commands begin with `what`.
    [[nodiscard]] std::size_t count(std::string_view what) const {
        return static_cast<std::size_t>(std::count_if(commands.begin(), commands.end(),
                                                      [&](const std::string& text) { return text.starts_with(what); }));
    }
    [[nodiscard]] std::size_t ticks_of(std::string_view what) const {
        return static_cast<std::size_t>(std::count(ticks.begin(), ticks.end(), what));
    }
};

/// Frames of Bybit and Binance spot as the venues send them, of BTCUSDT.
inline std::string bybit_ack(const std::string& id, bool success = true) {
    return R"({"success":)" + std::string{success ? "true" : "false"} + R"(,"ret_msg":")" +
           (success ? "subscribe" : "error:handler not found") + R"(","conn_id":"c","req_id":")" + id +
           R"(","op":"subscribe"})";
}
inline std::string bybit_book(const char* type, int u) {
    return R"({"topic":"orderbook.200.BTCUSDT","type":")" + std::string{type} +
           R"(","ts":1672304484978,"data":{"s":"BTCUSDT","b":[["16493.50","0.006"]],"a":[["16611.00","0.029"]],"u":)" +
           std::to_string(u) + R"(,"seq":7961638724},"cts":1672304484976})";
}
inline std::string bybit_trade(const char* id = "20f43950-d8dd-5b31-9112-a178eb6023af") {
    return R"({"topic":"publicTrade.BTCUSDT","type":"snapshot","ts":1672304486868,"data":[{"T":1672304486865,"s":"BTCUSDT","S":"Buy","v":"0.001","p":"16578.50","L":"PlusTick","i":")" +
           std::string{id} + R"(","BT":false}]})";
}
inline std::string binance_depth(int first, int last) {
    return R"({"stream":"btcusdt@depth@100ms","data":{"e":"depthUpdate","E":1700000000000,"s":"BTCUSDT","U":)" +
           std::to_string(first) + R"(,"u":)" + std::to_string(last) +
           R"(,"b":[["50000.00","1.00000000"]],"a":[["50001.00","2.00000000"]]}})";
}
inline std::string binance_snapshot(int id) {
    return R"({"lastUpdateId":)" + std::to_string(id) +
           R"(,"bids":[["50000.00","1.00000000"]],"asks":[["50001.00","2.00000000"]]})";
}

}  // namespace test
