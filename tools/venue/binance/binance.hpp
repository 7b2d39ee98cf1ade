#pragma once

#include "tools/venue/dialect/countdown.hpp"
#include "tools/venue/dialect/depth_feed.hpp"
#include "tools/venue/dialect/dialect.hpp"
#include "tools/venue/dialect/json_text.hpp"
#include "tools/venue/dialect/rate_limit.hpp"
#include "tools/venue/dialect/text.hpp"

#include <nlohmann/json.hpp>

#include <map>
#include <set>
#include <string>
#include <vector>

namespace venue::binance {

using Json = nlohmann::ordered_json;

/// The venue's `{"code","msg"}` and its HTTP status.
struct ApiError {
    int code{};
    std::string message{};
    int status{400};
};
using Answer = core::Result<Json, ApiError>;

/// One request with its parameters, whoever carried them.
struct Call {
    Params params{};
    core::Market market{};
    Account* account{};  ///< of signed calls
};

/// Binance Spot and USD-M Futures on one port: `/api`, `/sapi`, `/fapi` REST, `/ws` and `/stream` (spot), `/public`,
/// `/market` and `/private` (USD-M) streams, `/ws-api/v3` and `/ws-fapi/v1`.
/// Source: binance-spot-api-docs and the USD-M documentation, as /fapi/v1 and /api/v3 of 2026-07.
class Binance final : public Dialect {
public:
    Binance(Engine& engine, Outbox& out);

    HttpReply http(const HttpRequest& request) override;
    bool open(ConnectionId id, const HttpRequest& upgrade) override;
    void message(ConnectionId id, std::string_view text) override;
    void closed(ConnectionId id) override;
    void timer() override;
    HttpReply refuse(HouseRefusal why) override;
    void expire_keys() override;
    [[nodiscard]] bool subscribes(std::string_view text) const override;
    void refuse_subscription(ConnectionId id, std::string_view text) override;
    void tell_shutdown() override;
    [[nodiscard]] core::Nanoseconds lifetime() const override { return std::chrono::hours{24}; }
    [[nodiscard]] core::Nanoseconds ping_interval() const override { return std::chrono::seconds{20}; }

    void on_order(const Account& account, const Order& order, Change change, const Fill* fill) override;
    void on_account(const Account& account, ListingId listing, Cause cause, core::Notional amount) override;
    void on_trade(ListingId listing, const PublicTrade& trade) override;
    void on_level(ListingId listing, core::Side side, core::Price price, core::Quantity quantity,
                  std::uint64_t update_id) override;

private:
    using Handler = Answer (Binance::*)(Call&);
    enum class Security : std::uint8_t { none, key, signed_ };
    struct Route {
        Handler handler;
        Security security{};
        int weight{1};
        bool counts_order{};  // against the ORDERS limits
    };
    static const std::map<std::string, Route, std::less<>>& routes();
    static const std::map<std::string, Route, std::less<>>& methods(core::Market market);

    // Who asks.
    core::Result<Account*, ApiError> authenticate(std::string_view key);
    core::Result<Account*, ApiError> verify(std::string_view key, std::string_view payload, const Params& params);
    HttpReply reply(const Answer& answer, core::Market market);
    void rate_headers(HttpReply& reply, core::Market market);

    // market_data.cpp
    Answer empty_object(Call& call);
    Answer empty_list(Call& call);
    Answer server_time(Call& call);
    Answer exchange_info(Call& call);
    Answer no_instruments(Call& call);
    Answer depth(Call& call);
    Answer trades(Call& call);
    Answer agg_trades(Call& call);
    Answer klines(Call& call);
    Answer ticker_24h(Call& call);
    Answer ticker_price(Call& call);
    Answer ticker_book(Call& call);
    Answer premium_index(Call& call);
    Answer funding_rate(Call& call);
    Answer open_interest(Call& call);
    Answer open_interest_history(Call& call);
    Answer coins(Call& call);
    // orders.cpp
    Answer place(Call& call);
    Answer test_order(Call& call);
    Answer place_batch(Call& call);
    Answer place_algo(Call& call);
    Answer cancel(Call& call);
    Answer cancel_batch(Call& call);
    Answer cancel_algo(Call& call);
    Answer cancel_all(Call& call);
    Answer cancel_all_algo(Call& call);
    Answer countdown_cancel_all(Call& call);
    void cancel_working(AccountId account, ListingId listing);
    Answer cancel_replace(Call& call);
    Answer modify(Call& call);
    Answer amend_keep_priority(Call& call);
    Answer query(Call& call);
    Answer query_algo(Call& call);
    Answer open_orders(Call& call);
    Answer open_algo_orders(Call& call);
    Answer all_algo_orders(Call& call);
    Answer all_orders(Call& call);
    Answer my_trades(Call& call);
    core::Result<NewOrder, ApiError> read_order(const Call& call, bool algo) const;
    core::Result<const Order*, ApiError> submit(Call& call, const NewOrder& wanted);
    core::Result<const Order*, ApiError> named(const Call& call, bool algo);
    // account.cpp
    Answer spot_account(Call& call);
    Answer futures_account(Call& call);
    Answer futures_balance(Call& call);
    Answer position_risk(Call& call);
    Answer leverage_bracket(Call& call);
    Answer set_leverage(Call& call);
    Answer set_margin_type(Call& call);
    Answer get_dual_side(Call& call);
    Answer set_dual_side(Call& call);
    Answer symbol_config(Call& call);
    Answer commission_rate(Call& call);
    Answer new_listen_key(Call& call);
    Answer keep_listen_key(Call& call);
    Answer end_listen_key(Call& call);
    Json asset_of(const Account& account) const;
    Json position_of(const Account& account, ListingId listing, PositionSide side) const;

    // streams.cpp
    enum class Kind : std::uint8_t {
        trade,
        agg_trade,
        book_ticker,
        partial_depth,
        diff_depth,
        kline,
        ticker,
        mini_ticker,
        mark_price,
        force_order  ///< of liquidations: its trades are not told apart
    };
    struct Stream {
        std::string name;
        ListingId listing{};
        Kind kind{};
        std::size_t levels{};          // of partial depth
        core::Nanoseconds interval{};  // of klines: their width; else how often it is pushed
        std::string interval_text{};
        core::Nanoseconds due{};
        core::Nanoseconds bar{};  // of klines: start of the newest one that was pushed
    };
    enum class Role : std::uint8_t { streams, user, api };
    struct Connection {
        Role role{};
        core::Market market{};
        bool combined{};
        std::vector<Stream> streams{};
        AccountId account{};  // of a user stream
        std::string listen_key{};
        std::map<std::uint64_t, AccountId> subscriptions{};  // user data over the WebSocket API
        std::uint64_t next_subscription{};
        AccountId session{};  // logged on
    };
    static constexpr std::size_t max_streams = 1024;
    bool subscribe(ConnectionId id, Connection& connection, std::string_view name);
    std::optional<Stream> parse_stream(std::string_view name, core::Market market) const;
    void stream_message(ConnectionId id, Connection& connection, std::string_view text);
    void push(ConnectionId id, const Connection& connection, const std::string& stream, Topic topic, const Json& data);
    void push_due(ConnectionId id, Connection& connection, Stream& stream);
    void push_diff_depth();
    Json trade_event(ListingId listing, const PublicTrade& trade, bool aggregate) const;
    Json kline_event(const Stream& stream, const Candle& bar, bool closed) const;
    Json ticker_event(ListingId listing, bool mini) const;
    Json book_ticker_event(ListingId listing) const;
    Json mark_price_event(ListingId listing) const;

    // ws_api.cpp
    void api_message(ConnectionId id, Connection& connection, std::string_view text);
    Answer api_method(Connection& connection, const std::string& method, Call& call);

    // user_stream.cpp
    void tell_spot(AccountId account, Topic topic, const Json& event);
    void tell_futures(AccountId account, Topic topic, const Json& event);
    Json execution_report(const Order& order, Change change, const Fill* fill) const;
    Json order_trade_update(const Order& order, Change change, const Fill* fill) const;
    Json algo_update(const Order& order, Change change) const;

    // json.cpp
    Json spot_order(const Order& order) const;
    Json futures_order(const Order& order) const;
    Json algo_order(const Order& order) const;
    Json order_json(const Order& order) const;
    [[nodiscard]] const Listing& rules(ListingId listing) const { return engine().market(listing).rules; }
    core::Result<ListingId, ApiError> listing_of(const Call& call) const;
    /// The symbols a call is about: the one it names, or all of its market.
    core::Result<std::vector<ListingId>, ApiError> listings_of(const Call& call) const;

    std::map<ConnectionId, Connection> connections_;
    struct ListenKey {
        AccountId account{};
        core::Nanoseconds ends{};
    };
    std::map<std::string, ListenKey, std::less<>> listen_keys_;
    std::map<std::pair<ListingId, std::int64_t>, DepthFeed> depth_;  // by listing and interval in ms
    std::map<std::pair<ListingId, std::int64_t>, core::Nanoseconds> depth_due_;
    std::set<ListingId> touched_;  // best prices may have changed
    RateWindow spot_weight_{6'000, std::chrono::minutes{1}}, futures_weight_{2'400, std::chrono::minutes{1}};
    RateWindow spot_orders_{100, std::chrono::seconds{10}}, futures_orders_{300, std::chrono::seconds{10}};
    std::uint64_t next_listen_key_{1};
    Countdowns<ListingId> countdowns_;
};

// words.cpp: the venue's words for the engine's.
std::string_view side_text(core::Side side) noexcept;
std::string_view type_text(const Order& order, bool spot) noexcept;
std::string_view status_text(const Order& order) noexcept;
std::string_view time_in_force_text(const NewOrder& order, bool spot) noexcept;
std::string_view position_side_text(PositionSide side) noexcept;
ApiError error_of(Refusal refusal, const Listing& listing);
/// "1m", "4h", "1d" …: its width; 0 if it is none.
core::Nanoseconds interval_of(std::string_view text) noexcept;

}  // namespace venue::binance
