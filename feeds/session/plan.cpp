#include "feeds/session/plan.hpp"

#include "feeds/binance/messages.hpp"
#include "feeds/bitget/subscribe.hpp"
#include "feeds/bybit/subscribe.hpp"
#include "feeds/coinbase/subscribe.hpp"
#include "feeds/kraken/subscribe.hpp"
#include "feeds/okx/subscribe.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <stdexcept>

namespace feeds {
namespace {

using namespace std::chrono_literals;
using core::InstrumentId;
using core::Market;
using core::Venue;
using Ids = std::span<const InstrumentId>;
using Plans = std::vector<SessionPlan>;

struct Request {
    FeedMode mode;
    const core::InstrumentTable& table;
    Ids ids;
    FeedStreams streams;
    const std::optional<FeedHosts>& hosts;

    [[nodiscard]] FeedHosts of(Venue venue, Market market) const {
        return hosts ? *hosts : feed_hosts(venue, market, mode);
    }
};

[[noreturn]] void none(Venue venue, FeedMode mode) {
    throw std::invalid_argument{std::string{core::name(venue)} + " has no market data for mode " +
                                std::string{name(mode)} + " (expected another mode or venue)"};
}

unsigned occurrences(std::string_view text, std::string_view of) {
    unsigned count = 0;
    for (auto at = text.find(of); at != std::string_view::npos; at = text.find(of, at + of.size())) ++count;
    return count;
}

/// Calls f(market, ids) for each market that is asked for, at most `most` instruments at a time.
template <class F>
void by_market(const Request& request, std::size_t most, F&& f) {
    for (const auto market : {Market::spot, Market::linear, Market::inverse}) {
        std::vector<InstrumentId> ids;
        std::copy_if(request.ids.begin(), request.ids.end(), std::back_inserter(ids),
                     [&](InstrumentId id) { return request.table[id].market == market; });
        for (std::size_t at = 0; at < ids.size(); at += most)
            f(market, Ids{ids}.subspan(at, std::min(most, ids.size() - at)));
    }
}

SessionPlan base(Venue venue, const FeedHosts& hosts, Ids ids, const FeedStreams& streams) {
    SessionPlan plan;
    plan.venue = venue;
    plan.url = hosts.websocket;
    plan.rest = hosts.rest;
    plan.instruments.assign(ids.begin(), ids.end());
    plan.streams = streams;
    return plan;
}

/// Streams of one connection; USD-M has its streams under two roots, of which "/market" brings no books.
void plan_binance(const Request& request, Plans& plans) {
    constexpr std::size_t instruments_a_connection = 40;  // at most 5 streams each: 200, far below 1024
    by_market(request, instruments_a_connection, [&](Market market, Ids ids) {
        std::map<std::string, std::vector<std::string>> by_root;
        for (const auto id : ids) {
            const auto names = binance::stream_names(request.table[id], {request.streams.trades,
                                                                         request.streams.quotes,
                                                                         request.streams.books,
                                                                         request.streams.marks,
                                                                         request.streams.marks,
                                                                         {}});
            for (const auto& stream : names) {
                const auto path = binance::combined_paths(market, {&stream, 1}).front();
                by_root[path.substr(0, path.find("/stream"))].push_back(stream);
            }
        }
        for (const auto& [root, streams] : by_root) {
            const bool books = std::any_of(streams.begin(), streams.end(),
                                           [](const auto& stream) { return stream.find("@depth") != stream.npos; });
            auto plan = base(Venue::binance, request.of(Venue::binance, market), ids, request.streams);
            if (market == Market::linear) {  // each root brings some kinds only
                const bool market_root = root == "/market";
                plan.streams.trades = plan.streams.trades && !market_root;
                plan.streams.quotes = plan.streams.quotes && !market_root;
                plan.streams.marks = plan.streams.marks && market_root;
            }
            plan.streams.books = books;
            if (market == Market::spot) plan.streams.marks = false;
            plan.url += root + "/stream?streams=" + streams.front();
            std::uint64_t id = 1;
            for (auto& message : binance::subscribe_messages(streams, 1))
                plan.subscriptions.push_back({std::move(message), id++, 1});
            if (books)
                for (const auto instrument : ids)
                    plan.books.push_back({.instrument = instrument,
                                          .snapshot = binance::snapshot_path(request.table[instrument]),
                                          .weight = market == Market::spot ? 50U : 20U});  // of a limit of 1000
            plan.message_gap = market == Market::spot ? 250ms : 125ms;
            plan.lifetime = 24h;
            plans.push_back(std::move(plan));
        }
    });
}

void plan_bitget(const Request& request, Plans& plans) {
    constexpr std::size_t instruments_a_connection = 16;  // 3 channels each: below the recommended 50
    by_market(request, instruments_a_connection, [&](Market market, Ids ids) {
        auto plan = base(Venue::bitget, request.of(Venue::bitget, market), ids, request.streams);
        plan.url += "/v2/ws/public";
        plan.streams.marks = false;  // only inside its ticker
        std::vector<bitget::Topic> topics;
        for (const auto id : ids) {
            const auto& instrument = request.table[id];
            if (request.streams.trades) topics.push_back(bitget::topic(instrument, "trade"));
            if (request.streams.quotes) topics.push_back(bitget::topic(instrument, "books1"));
            if (!request.streams.books) continue;
            const auto book = bitget::topic(instrument, "books");
            topics.push_back(book);
            auto again = bitget::unsubscribe({&book, 1});
            again.push_back(bitget::subscribe({&book, 1}).front());
            plan.books.push_back({.instrument = id, .again = std::move(again)});
        }
        for (auto& message : bitget::subscribe(topics)) {
            const auto answers = occurrences(message, "\"instId\"");
            plan.subscriptions.push_back({std::move(message), 0, answers});
        }
        plan.ping = bitget::ping;
        plan.ping_every = 25s;
        plan.message_gap = 125ms;  // ten a second at most
        plan.lifetime = 24h;
        plans.push_back(std::move(plan));
    });
}

void plan_bybit(const Request& request, Plans& plans) {
    by_market(request, 100, [&](Market market, Ids ids) {
        auto plan = base(Venue::bybit, request.of(Venue::bybit, market), ids, request.streams);
        plan.url += "/v5/public/" + std::string{core::name(market)};
        plan.streams.quotes = plan.streams.marks =
            false;  // the book brings the one; the other comes in its ticker only
        std::vector<std::string> topics;
        for (const auto id : ids) {
            const auto& instrument = request.table[id];
            if (request.streams.trades) topics.push_back(bybit::topic(instrument, "publicTrade"));
            if (!request.streams.books) continue;
            const auto book = bybit::topic(instrument, "orderbook.200");
            topics.push_back(book);
            auto again = bybit::unsubscribe({&book, 1}, market, 900'000);
            again.push_back(bybit::subscribe({&book, 1}, market, 900'001).front());
            plan.books.push_back({.instrument = id, .again = std::move(again)});
        }
        std::uint64_t id = 1;
        for (auto& message : bybit::subscribe(topics, market, id))
            plan.subscriptions.push_back({std::move(message), id++, 1});
        plan.ping = bybit::ping;
        plan.ping_every = 20s;
        plan.message_gap = 50ms;
        plans.push_back(std::move(plan));
    });
}

void plan_okx(const Request& request, Plans& plans) {
    by_market(request, 100, [&](Market market, Ids ids) {
        auto plan = base(Venue::okx, request.of(Venue::okx, market), ids, request.streams);
        plan.url += "/ws/v5/public";
        plan.streams.marks = request.streams.marks && market != Market::spot;
        std::vector<okx::Topic> topics;
        for (const auto id : ids) {
            const auto& instrument = request.table[id];
            if (request.streams.trades) topics.push_back(okx::topic(instrument, "trades"));
            if (request.streams.quotes) topics.push_back(okx::topic(instrument, "bbo-tbt"));
            if (plan.streams.marks) topics.push_back(okx::topic(instrument, "mark-price"));
            if (!request.streams.books) continue;
            const auto book = okx::topic(instrument, "books");
            topics.push_back(book);
            auto again = okx::unsubscribe({&book, 1}, 900'000);
            again.push_back(okx::subscribe({&book, 1}, 900'001).front());
            plan.books.push_back({.instrument = id, .again = std::move(again)});
        }
        std::uint64_t id = 1;
        for (auto& message : okx::subscribe(topics, id)) {
            const auto answers = occurrences(message, "\"instId\"");
            plan.subscriptions.push_back({std::move(message), id++, answers});
        }
        plan.ping = okx::ping;
        plan.ping_every = 20s;
        plan.message_gap = 100ms;
        plans.push_back(std::move(plan));
    });
}

void plan_coinbase(const Request& request, Plans& plans) {
    by_market(request, 20, [&](Market market, Ids ids) {
        if (market != Market::spot) throw std::invalid_argument{"coinbase: only spot market data (expected spot)"};
        auto plan = base(Venue::coinbase, request.of(Venue::coinbase, market), ids, request.streams);
        plan.streams.quotes = plan.streams.marks = false;
        plan.streams.trades = plan.streams.books = true;  // its messages name both
        std::vector<std::string_view> products;
        for (const auto id : ids) {
            products.emplace_back(request.table[id].symbol);
            plan.books.push_back({.instrument = id});
        }
        if (request.mode == FeedMode::testnet)
            plan.subscriptions.push_back({coinbase::subscribe_exchange(products), 0, 1});
        else
            for (auto& message : coinbase::subscribe_advanced(products))
                plan.subscriptions.push_back({std::move(message), 0, 1});
        plan.message_gap = 125ms;  // eight a second; all within the first five seconds
        plans.push_back(std::move(plan));
    });
}

void plan_kraken(const Request& request, Plans& plans) {
    constexpr int depth = 100;
    by_market(request, 50, [&](Market market, Ids ids) {
        if (market != Market::spot) throw std::invalid_argument{"kraken: only spot market data (expected spot)"};
        auto plan = base(Venue::kraken, request.of(Venue::kraken, market), ids, request.streams);
        plan.url += "/v2";
        plan.streams.quotes = plan.streams.marks = false;
        std::vector<std::string_view> symbols;
        for (const auto id : ids) symbols.emplace_back(request.table[id].symbol);
        const auto each = static_cast<unsigned>(symbols.size());
        if (request.streams.books) plan.subscriptions.push_back({kraken::subscribe_book(symbols, depth, 1), 1, each});
        if (request.streams.trades) plan.subscriptions.push_back({kraken::subscribe("trade", symbols, 2), 2, each});
        if (request.streams.books)
            for (const auto id : ids) {
                const std::string_view symbol = request.table[id].symbol;
                plan.books.push_back({.instrument = id,
                                      .again = {R"({"method":"unsubscribe","params":{"channel":"book","symbol":[")" +
                                                    std::string{symbol} + R"("],"depth":)" + std::to_string(depth) +
                                                    R"(},"req_id":900000})",
                                                kraken::subscribe_book({&symbol, 1}, depth, 900'001)}});
            }
        plan.ping = kraken::ping(900'002);
        plan.ping_every = 25s;
        plan.message_gap = 100ms;
        plans.push_back(std::move(plan));
    });
}

FeedHosts binance_hosts(Market market, FeedMode mode) {
    if (market == Market::spot) {
        if (mode == FeedMode::prod) return {"wss://stream.binance.com:9443", "https://api.binance.com"};
        if (mode == FeedMode::testnet) return {"wss://stream.testnet.binance.vision", "https://testnet.binance.vision"};
        return {"wss://demo-stream.binance.com", "https://demo-api.binance.com"};
    }
    if (market == Market::linear) {
        if (mode == FeedMode::prod) return {"wss://fstream.binance.com", "https://fapi.binance.com"};
        if (mode == FeedMode::testnet) return {"wss://fstream.binancefuture.com", "https://testnet.binancefuture.com"};
        return {"wss://fstream.binancefuture.com", "https://demo-fapi.binance.com"};
    }
    if (mode != FeedMode::prod) none(Venue::binance, mode);
    return {"wss://dstream.binance.com", "https://dapi.binance.com"};
}

}  // namespace

std::string_view name(FeedMode mode) noexcept {
    static constexpr std::array<std::string_view, 3> names{"prod", "testnet", "demo"};
    return names[static_cast<std::size_t>(mode)];
}

FeedHosts feed_hosts(Venue venue, Market market, FeedMode mode) {
    switch (venue) {
        case Venue::binance: return binance_hosts(market, mode);
        case Venue::bitget:
            if (mode == FeedMode::testnet) none(venue, mode);
            return {mode == FeedMode::demo ? "wss://wspap.bitget.com" : "wss://ws.bitget.com",
                    "https://api.bitget.com"};
        case Venue::bybit:
            if (mode == FeedMode::testnet) return {"wss://stream-testnet.bybit.com", "https://api-testnet.bybit.com"};
            return {"wss://stream.bybit.com",
                    mode == FeedMode::demo ? "https://api-demo.bybit.com" : "https://api.bybit.com"};
        case Venue::okx:
            if (mode == FeedMode::testnet) none(venue, mode);
            return {mode == FeedMode::demo ? "wss://wspap.okx.com:8443" : "wss://ws.okx.com:8443",
                    "https://www.okx.com"};
        case Venue::coinbase:
            if (mode == FeedMode::demo) none(venue, mode);
            if (mode == FeedMode::testnet)
                return {"wss://ws-feed-public.sandbox.exchange.coinbase.com", "https://api.exchange.coinbase.com"};
            return {"wss://advanced-trade-ws.coinbase.com", "https://api.coinbase.com"};
        case Venue::kraken:
            if (mode != FeedMode::prod) none(venue, mode);
            return {"wss://ws.kraken.com", "https://api.kraken.com"};
        case Venue::omega: break;
    }
    none(venue, mode);
}

std::vector<SessionPlan> plan_sessions(Venue venue, FeedMode mode, const core::InstrumentTable& table, Ids instruments,
                                       const FeedStreams& streams, const std::optional<FeedHosts>& hosts) {
    for (const auto id : instruments)
        if (table[id].venue != venue)
            throw std::invalid_argument{table[id].name() + " is no instrument of " + std::string{core::name(venue)}};
    const Request request{mode, table, instruments, streams, hosts};
    Plans plans;
    switch (venue) {
        case Venue::binance: plan_binance(request, plans); break;
        case Venue::bitget: plan_bitget(request, plans); break;
        case Venue::bybit: plan_bybit(request, plans); break;
        case Venue::okx: plan_okx(request, plans); break;
        case Venue::coinbase: plan_coinbase(request, plans); break;
        case Venue::kraken: plan_kraken(request, plans); break;
        case Venue::omega: none(venue, mode);
    }
    return plans;
}

}  // namespace feeds
