#pragma once

#include "tools/venue/dialect/depth_feed.hpp"
#include "tools/venue/dialect/dialect.hpp"
#include "tools/venue/dialect/json_params.hpp"
#include "tools/venue/dialect/json_text.hpp"
#include "tools/venue/dialect/rate_limit.hpp"
#include "tools/venue/dialect/text.hpp"

#include <nlohmann/json.hpp>

#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace venue {

std::unique_ptr<Dialect> make_bitget(Engine& engine, Outbox& out);

}  // namespace venue

namespace venue::bitget {

using Json = nlohmann::ordered_json;

/// The venue's `{"code","msg"}` and its HTTP status.
struct ApiError {
    std::string code{};
    std::string message{};
    int status{400};
};
using Answer = core::Result<Json, ApiError>;

/// One request with its parameters, whoever carried them.
struct Call {
    Params params{};  ///< of the query, or the plain values of the body
    Json body{};      ///< of a POST: an object
    core::Market market{};
    Account* account{};  ///< of signed calls
    bool no_product{};   ///< a product type that exists and lists nothing here
};

/// Bitget API v2, classic account: `/api/v2/spot`, `/api/v2/mix` (USDT-FUTURES) and `/v2/ws/public|private`.
/// Source: https://www.bitget.com/api-doc, pages spot/, contract/, common/ (v2).
class Bitget final : public Dialect {
public:
    Bitget(Engine& engine, Outbox& out);

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
    [[nodiscard]] core::Nanoseconds lifetime() const override { return std::chrono::hours{24}; }

    void on_order(const Account& account, const Order& order, Change change, const Fill* fill) override;
    void on_account(const Account& account, ListingId listing, Cause cause, core::Notional amount) override;
    void on_trade(ListingId listing, const PublicTrade& trade) override;
    void on_level(ListingId listing, core::Side side, core::Price price, core::Quantity quantity,
                  std::uint64_t update_id) override;

private:
    using Handler = Answer (Bitget::*)(Call&);
    struct Route {
        Handler handler;
        bool signed_{};
        int per_second{20};  ///< of an address where public, of an account where signed
    };
    static const std::map<std::string, Route, std::less<>>& routes();
    core::Result<Account*, ApiError> verify(const HttpRequest& request) const;
    HttpReply reply(const Answer& answer) const;

    // market_data.cpp
    Answer server_time(Call& call);
    Answer empty_list(Call& call);
    Answer coins(Call& call);
    Answer spot_symbols(Call& call);
    Answer contracts(Call& call);
    Answer tickers(Call& call);
    Answer order_book(Call& call);
    Answer candles(Call& call);
    Answer history_candles(Call& call);
    Answer bars(Call& call, bool finished_only, std::size_t most);
    Answer public_fills(Call& call);
    Answer open_interest(Call& call);
    Answer fund_rate(Call& call);
    Answer fund_rate_history(Call& call);
    Answer funding_time(Call& call);
    Answer symbol_price(Call& call);
    Json ticker_json(ListingId listing, bool socket) const;
    // orders.cpp
    Answer place(Call& call);
    Answer modify(Call& call);
    Answer cancel_replace(Call& call);
    Answer cancel(Call& call);
    Answer cancel_all(Call& call);
    Answer cancel_batch(Call& call);
    Answer place_batch(Call& call);
    Answer close_positions(Call& call);
    core::Result<NewOrder, ApiError> read_order(const Call& call) const;
    core::Result<const Order*, ApiError> submit(const Call& call, const NewOrder& wanted);
    core::Result<const Order*, ApiError> named(const Call& call, const char* number_field = "orderId",
                                               const char* name_field = "clientOid") const;
    core::Result<const Order*, ApiError> replace(const Call& call, const Order& old, NewOrder wanted);
    ApiError apply_margin_mode(const Call& call, ListingId listing);
    void flush_presets();
    // plan_orders.cpp
    Answer place_plan(Call& call);
    Answer place_tpsl(Call& call);
    Answer place_position_tpsl(Call& call);
    Answer modify_plan(Call& call);
    Answer cancel_plan(Call& call);
    Answer cancel_plans(Call& call);
    Answer pending_plans(Call& call);
    Answer plan_history(Call& call);
    Answer plans(Call& call, bool pending);
    // queries.cpp
    Answer order_detail(Call& call);
    Answer open_orders(Call& call);
    Answer order_history(Call& call);
    Answer my_fills(Call& call);
    std::vector<const Order*> chosen(const Call& call, bool open) const;
    Json paged(Json list, const char* name, std::string_view end_id, core::Market market) const;
    // account.cpp
    Answer spot_assets(Call& call);
    Answer futures_account(Call& call);
    Answer futures_accounts(Call& call);
    Answer all_positions(Call& call);
    Answer single_position(Call& call);
    Answer set_leverage(Call& call);
    Answer set_margin_mode(Call& call);
    Answer set_position_mode(Call& call);
    Answer trade_rate(Call& call);
    Json account_json(const Account& account, std::optional<ListingId> listing) const;
    Json position_json(const Account& account, ListingId listing, PositionSide side, bool socket) const;
    Json positions_of(const Account& account, std::optional<ListingId> listing, bool socket) const;

    // streams.cpp
    enum class Kind : std::uint8_t {
        trade,
        ticker,
        candle,
        books,
        top_books,
        orders,
        orders_algo,
        fill,
        positions,
        account
    };
    struct Channel {
        Json arg{};
        Kind kind{};
        core::Market market{};
        std::optional<ListingId> listing{};  ///< none: "default", all of them
        std::size_t levels{};                ///< of books1, books5, books15
        core::Nanoseconds interval{};        ///< between two pushes
        core::Nanoseconds width{};           ///< of candles
        core::Nanoseconds due{};
        bool opened{};       ///< its snapshot has been sent
        bool changed{true};  ///< something to push since the last time
    };
    struct Connection {
        bool private_{};
        AccountId account{};  ///< who has logged in
        std::vector<Channel> channels{};
        core::Nanoseconds last_ping{};
        RateWindow messages{10, std::chrono::seconds{1}};
        RateWindow subscribes{240, std::chrono::hours{1}};
    };
    /// Of one book: what all its subscribers are sent next, and the sequence of the last push.
    struct BookFeed {
        DepthFeed changes{};
        std::uint64_t sequence{};
        core::Nanoseconds due{};
    };
    static constexpr std::size_t max_channels = 1000;
    void answer(ConnectionId id, Connection& connection, const Json& request);
    void subscribe(ConnectionId id, Connection& connection, const Json& arg);
    core::Result<Channel, ApiError> read_channel(const Json& arg, const Connection& connection) const;
    void fail(ConnectionId id, const Json& arg, const ApiError& error);
    void push(ConnectionId id, const Channel& channel, Topic topic, const char* action, Json data);
    void push_due(ConnectionId id, const Connection& connection, Channel& channel);
    void push_books();
    Json book_json(ListingId listing, std::size_t levels) const;
    [[nodiscard]] std::int32_t checksum(ListingId listing) const;
    // user_stream.cpp
    void login(ConnectionId id, Connection& connection, const Json& arg);
    void trade_request(ConnectionId id, Connection& connection, const Json& arg);
    void tell(AccountId account, Kind kind, ListingId listing, Topic topic, const Json& data);
    Json order_event(const Order& order, const Fill* fill) const;
    Json plan_event(const Order& order) const;
    Json fill_event(const Order& order, const Fill& fill) const;
    Json spot_balance(const Account& account, const std::string& asset) const;
    void push_private(ConnectionId id, const Connection& connection, Channel& channel);

    // json.cpp
    Json order_json(const Order& order) const;
    Json spot_order(const Order& order) const;
    Json futures_order(const Order& order) const;
    Json plan_json(const Order& order) const;
    Json fill_json(const Fill& fill) const;
    [[nodiscard]] std::string_view plan_type(const Order& order) const;
    [[nodiscard]] bool reduces(const Order& order) const noexcept;
    [[nodiscard]] std::string_view position_mode(const Account& account) const noexcept {
        return account.hedge ? "hedge_mode" : "one_way_mode";
    }
    [[nodiscard]] const Listing& rules(ListingId listing) const { return engine().market(listing).rules; }
    core::Result<ListingId, ApiError> listing_of(const Call& call) const;
    core::Result<std::vector<ListingId>, ApiError> listings_of(const Call& call) const;

    std::map<ConnectionId, Connection> connections_;
    std::map<ListingId, BookFeed> books_;
    std::map<std::pair<std::string, AccountId>, RateWindow> limits_;
    RateWindow address_{6'000, std::chrono::minutes{1}};
    std::map<OrderNumber, std::string> plan_types_;  ///< of conditional orders
    /// Take-profit and stop-loss that come with an order and are placed once it has filled.
    struct Preset {
        std::string take_profit{}, stop_loss{};
        std::string take_profit_limit{}, stop_loss_limit{};
        bool due{};
    };
    std::map<OrderNumber, Preset> presets_;
};

// words.cpp: the venue's words for the engine's.
std::string_view side_text(core::Side side) noexcept;
std::string_view force_text(TimeInForce in_force) noexcept;
std::string_view status_text(const Order& order, bool spot) noexcept;
std::string_view plan_status_text(const Order& order) noexcept;
std::string_view order_type_text(const Order& order) noexcept;
ApiError error_of(Refusal refusal, const Listing& listing);
inline ApiError missing(std::string_view name) {
    return {"40019", "Parameter " + std::string{name} + " cannot be empty"};
}
/// "1m", "1min", "4H", "1Dutc" …: its width; 0 if it is none.
core::Nanoseconds granularity_of(std::string_view text) noexcept;
/// Conditional orders are of a list of their own until they are released.
constexpr bool is_plan(const Order& order) noexcept {
    return triggered_kind(order.kind) && !order.released;
}
/// What most answers say of an order.
inline Json ids(const Order& order) {
    return {{"orderId", std::to_string(order.number)}, {"clientOid", order.client_id}};
}
inline std::string time_text(core::Nanoseconds time) {
    return std::to_string(milliseconds(time));
}

}  // namespace venue::bitget
