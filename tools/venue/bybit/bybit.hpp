#pragma once

#include "tools/venue/dialect/countdown.hpp"
#include "tools/venue/dialect/dialect.hpp"
#include "tools/venue/dialect/json_params.hpp"
#include "tools/venue/dialect/json_text.hpp"
#include "tools/venue/dialect/rate_limit.hpp"
#include "tools/venue/dialect/text.hpp"

#include <nlohmann/json.hpp>

#include <deque>
#include <map>
#include <string>
#include <vector>

namespace venue {

std::unique_ptr<Dialect> make_bybit(Engine& engine, Outbox& out);

}  // namespace venue

namespace venue::bybit {

using Json = nlohmann::ordered_json;

/// The venue's `retCode` and `retMsg`; most come with HTTP 200.
struct ApiError {
    int code{};
    std::string message{};
    int status{200};
};
using Answer = core::Result<Json, ApiError>;

/// One request with its parameters, whoever carried them.
struct Call {
    Params params{};
    Json body{};  ///< of a POST: an object
    core::Market market{};
    bool listed{true};           ///< false: a category that exists and lists nothing here (inverse, option)
    Account* account{};          ///< of signed calls
    Json info = Json::object();  ///< what goes into retExtInfo
};

/// Bybit v5, unified account: `/v5/…` REST, `/v5/public/{spot,linear}`, `/v5/private` and `/v5/trade` sockets.
/// Source: https://bybit-exchange.github.io/docs/v5, as of 2026-07.
class Bybit final : public Dialect {
public:
    Bybit(Engine& engine, Outbox& out);

    HttpReply http(const HttpRequest& request) override;
    bool open(ConnectionId id, const HttpRequest& upgrade) override;
    void message(ConnectionId id, std::string_view text) override;
    void closed(ConnectionId id) override;
    void timer() override;
    HttpReply refuse(HouseRefusal why) override;
    void expire_keys() override;
    [[nodiscard]] bool subscribes(std::string_view text) const override {
        return text.find("\"subscribe\"") != std::string_view::npos;
    }
    void refuse_subscription(ConnectionId id, std::string_view text) override;

    void on_order(const Account& account, const Order& order, Change change, const Fill* fill) override;
    void on_account(const Account& account, ListingId listing, Cause cause, core::Notional amount) override;
    void on_trade(ListingId listing, const PublicTrade& trade) override;
    void on_level(ListingId listing, core::Side side, core::Price price, core::Quantity quantity,
                  std::uint64_t update_id) override;

private:
    using Handler = Answer (Bybit::*)(Call&);
    struct Route {
        Handler handler;
        bool signed_{};
        bool by_category{true};  ///< asks for a category
        int per_second{50};      ///< of an account
        int spot_per_second{0};  ///< where spot may do more
    };
    static const std::map<std::string, Route, std::less<>>& routes();
    core::Result<Account*, ApiError> verify(const HttpRequest& request) const;
    HttpReply reply(const Answer& answer, const Json& info) const;
    bool read_category(Call& call) const;
    RateWindow& limit_of(const std::string& what, const Call& call, int per_second);

    // market_data.cpp
    Answer server_time(Call& call);
    Answer instruments(Call& call);
    Answer tickers(Call& call);
    Answer order_book(Call& call);
    Answer kline(Call& call);
    Answer recent_trades(Call& call);
    Answer funding_history(Call& call);
    Answer open_interest(Call& call);
    Answer coins(Call& call);
    Json ticker_json(ListingId listing) const;
    // orders.cpp
    Answer create(Call& call);
    Answer amend(Call& call);
    Answer cancel(Call& call);
    Answer cancel_all(Call& call);
    Answer disconnected_cancel_all(Call& call);
    void protect_disconnected(const std::vector<std::pair<AccountId, core::Market>>& gone);
    Answer create_batch(Call& call);
    Answer amend_batch(Call& call);
    Answer cancel_batch(Call& call);
    Answer batch(Call& call, Handler each);
    core::Result<NewOrder, ApiError> read_order(const Call& call) const;
    core::Result<const Order*, ApiError> named(const Call& call) const;
    // stops.cpp
    Answer trading_stop(Call& call);
    ApiError set_stop(const Account& account, ListingId listing, PositionSide side, bool profit,
                      std::string_view trigger, std::string_view limit, std::string_view size, TriggerBy by);
    void flush_presets();
    // queries.cpp
    Answer realtime(Call& call);
    Answer order_history(Call& call);
    Answer executions(Call& call);
    Answer order_list(Call& call, bool history);
    // account.cpp
    Answer query_api(Call& call);
    Answer account_info(Call& call);
    Answer wallet_balance(Call& call);
    Answer fee_rate(Call& call);
    Answer set_margin_mode(Call& call);
    Answer positions(Call& call);
    Answer set_leverage(Call& call);
    Answer switch_mode(Call& call);
    Json wallet_json(const Account& account, std::string_view coins) const;
    Json position_json(const Account& account, ListingId listing, PositionSide side, bool socket) const;
    [[nodiscard]] core::Notional usd_value(const std::string& asset, std::int64_t amount) const;

    // streams.cpp
    enum class Kind : std::uint8_t {
        book,
        trade,
        ticker,
        kline,
        order,
        execution,
        fast_execution,
        position,
        wallet,
        dcp
    };
    struct Topic_ {
        std::string name{};
        Kind kind{};
        std::optional<ListingId> listing{};
        std::optional<core::Market> only{};  ///< of private topics: "order.linear"
        int depth{};
        core::Nanoseconds width{};  ///< of klines
        core::Nanoseconds due{};
        bool opened{};       ///< its snapshot has been sent
        bool changed{true};  ///< something to push since the last time
        Json last{};         ///< what a ticker was
    };
    enum class Role : std::uint8_t { market, account, trade };
    struct Connection {
        Role role{};
        core::Market market{};
        bool listed{true};
        AccountId account{};  ///< who has authenticated
        std::vector<Topic_> topics{};
        core::Nanoseconds last_heard{};
        core::Nanoseconds may_be_silent{std::chrono::minutes{10}};
        std::deque<std::string> request_ids{};  ///< of the newest orders by socket
    };
    /// Of one book and depth: what its subscribers were shown last.
    struct BookFeed {
        std::vector<Book::Shown> bids{}, asks{};
        std::uint64_t update{};
        core::Nanoseconds due{}, sent{};
        bool touched{true};
    };
    static constexpr std::size_t max_argument_text = 21'000;
    core::Result<Topic_, std::string> read_topic(std::string_view name, const Connection& connection) const;
    void subscribe(ConnectionId id, Connection& connection, const Json& request, bool on);
    void push(ConnectionId id, Topic kind, const std::string& topic, const char* type, Json data,
              const Json& extra = Json::object());
    void push_books();
    void push_due(ConnectionId id, Topic_& topic);
    Json book_data(ListingId listing, const BookFeed& feed, const std::vector<Book::Shown>& bids,
                   const std::vector<Book::Shown>& asks) const;
    Json trade_json(ListingId listing, const PublicTrade& trade) const;
    [[nodiscard]] std::string connection_name(ConnectionId id) const { return "omega-sim-" + std::to_string(id); }
    // private_stream.cpp
    void authenticate(ConnectionId id, Connection& connection, const Json& request);
    void trade_request(ConnectionId id, Connection& connection, const Json& request);
    void tell(AccountId account, Kind kind, core::Market market, Topic topic, const Json& data);
    void push_private(ConnectionId id, const Connection& connection, Topic_& topic);

    // json.cpp
    Json order_json(const Order& order) const;
    Json execution_json(const Fill& fill) const;
    [[nodiscard]] std::string order_id(const Order& order) const;
    [[nodiscard]] std::string order_id(ListingId listing, OrderNumber number) const;
    [[nodiscard]] std::string trade_id(ListingId listing, std::uint64_t trade) const;
    [[nodiscard]] const Listing& rules(ListingId listing) const { return engine().market(listing).rules; }
    core::Result<ListingId, ApiError> listing_of(const Call& call) const;
    core::Result<std::vector<ListingId>, ApiError> listings_of(const Call& call) const;

    std::map<ConnectionId, Connection> connections_;
    std::map<std::pair<ListingId, int>, BookFeed> books_;
    std::map<std::pair<std::string, AccountId>, RateWindow> limits_;
    RateWindow address_{600, std::chrono::seconds{5}};
    std::map<OrderNumber, std::string> stop_types_;  ///< of conditional orders
    /// Take-profit and stop-loss that come with an order and are placed once it has filled.
    struct Preset {
        std::string take_profit{}, stop_loss{}, take_profit_limit{}, stop_loss_limit{};
        bool whole{true};  ///< of all of the position
        bool due{};
    };
    std::map<OrderNumber, Preset> presets_;
    std::uint64_t next_message_{1};
    Countdowns<core::Market> disconnected_;
    std::map<std::pair<AccountId, core::Market>, core::Nanoseconds>
        dcp_windows_;  ///< where they are not the usual 10 s
};

// words.cpp: the venue's words for the engine's.
std::string_view side_text(core::Side side) noexcept;
std::string_view category_text(core::Market market) noexcept;
std::string_view time_in_force_text(const NewOrder& order) noexcept;
std::string_view status_text(const Order& order, bool spot) noexcept;
std::string_view reject_reason_text(const Order& order) noexcept;
ApiError error_of(Refusal refusal, const Listing& listing);
inline ApiError bad_parameter(const std::string& what) {
    return {10001, "params error: " + what};
}
/// "1", "60", "D" …: its width; 0 if it is none.
core::Nanoseconds interval_of(std::string_view text) noexcept;
inline std::string time_text(core::Nanoseconds time) {
    return std::to_string(milliseconds(time));
}
/// Ids of contracts look like UUIDs, those of spot are numbers.
std::string uuid_of(std::uint64_t number);
/// The number of either; nullopt for what is no id of here.
std::optional<std::uint64_t> number_of(std::string_view id) noexcept;
/// orderLinkId: empty where the client gave none.
inline std::string link_id(const Order& order) {
    return order.client_id == "omega" + std::to_string(order.number) ? std::string{} : order.client_id;
}
/// Which way a conditional order waits.
constexpr bool rises(const NewOrder& order) noexcept {
    return (order.side == core::Side::buy) == stop_kind(order.kind);
}
constexpr OrderKind conditional_kind(bool stop, bool market) noexcept {
    if (stop) return market ? OrderKind::stop_market : OrderKind::stop_limit;
    return market ? OrderKind::take_profit_market : OrderKind::take_profit_limit;
}
/// positionIdx: 0 one-way, 1 long, 2 short.
constexpr int index_of(PositionSide side) noexcept {
    return side == PositionSide::net ? 0 : side == PositionSide::long_ ? 1 : 2;
}

}  // namespace venue::bybit
