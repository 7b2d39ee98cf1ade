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

namespace venue::okx {

using Json = nlohmann::ordered_json;

/// The venue's code and words, and the HTTP status they come with.
struct ApiError {
    std::string code;
    std::string message;
    int status{200};
};
/// What stands in `data`. Order calls carry their own codes in it; `outer` is then "1" (all failed) or "2" (some).
struct Data {
    Json data;
    std::string outer{"0"};
};
using Answer = core::Result<Data, ApiError>;

/// One request: parameters of its query, or its JSON body.
struct Call {
    Params params{};
    Json body{};
    Account* account{};  ///< of signed calls
};

/// OKX v5: spot and USDT-margined swaps in one account. REST `/api/v5`, sockets `/ws/v5/{public,private,business}`.
/// Source: https://www.okx.com/docs-v5/en/ of 2025-08. The checksum of books is sent, as documented; the live venue
/// has sent 0 since 2026, which clients must take, too.
class Okx final : public Dialect {
public:
    Okx(Engine& engine, Outbox& out) : Dialect{engine, out} {}

    HttpReply http(const HttpRequest& request) override;
    bool open(ConnectionId id, const HttpRequest& upgrade) override;
    void message(ConnectionId id, std::string_view text) override;
    void closed(ConnectionId id) override { connections_.erase(id); }
    void timer() override;
    HttpReply refuse(HouseRefusal why) override;
    void expire_keys() override;
    [[nodiscard]] bool subscribes(std::string_view text) const override {
        return text.find("\"subscribe\"") != std::string_view::npos;
    }
    void refuse_subscription(ConnectionId id, std::string_view text) override;
    void tell_shutdown() override;

    void on_order(const Account& account, const Order& order, Change change, const Fill* fill) override;
    void on_account(const Account& account, ListingId listing, Cause cause, core::Notional amount) override;
    void on_trade(ListingId listing, const PublicTrade& trade) override;
    void on_level(ListingId listing, core::Side side, core::Price price, core::Quantity quantity,
                  std::uint64_t update_id) override;

private:
    using Handler = Answer (Okx::*)(Call&);
    struct Route {
        Handler handler;
        bool is_signed{};
        int per_2s{20};
    };
    static const std::map<std::string, Route, std::less<>>& routes();
    core::Result<Account*, ApiError> verify(const HttpRequest& request);
    HttpReply reply(const Answer& answer);

    // market_data.cpp
    Answer time(Call& call);
    Answer instruments(Call& call);
    Answer books(Call& call);
    Answer tickers(Call& call);
    Answer candles(Call& call);
    Answer trades(Call& call);
    Answer funding_rate(Call& call);
    Answer funding_history(Call& call);
    Answer open_interest(Call& call);
    Answer mark_price(Call& call);
    Answer nothing(Call& call);
    Json ticker(ListingId id) const;
    Json instrument(ListingId id) const;
    Json candle(const Listing& listing, const Candle& bar, core::Nanoseconds width) const;
    Json funding(ListingId id) const;
    Json interest(ListingId id) const;
    Json trade(ListingId id, const PublicTrade& one) const;
    /// The listings of instId, or of instType.
    core::Result<std::vector<ListingId>, ApiError> chosen(const Params& params) const;

    // trade.cpp
    Answer place(Call& call);
    Answer place_batch(Call& call);
    Answer cancel(Call& call);
    Answer cancel_batch(Call& call);
    Answer amend(Call& call);
    Answer amend_batch(Call& call);
    Answer place_algo(Call& call);
    Answer cancel_algos(Call& call);
    Answer close_position(Call& call);
    Answer cancel_all_after(Call& call);
    Answer order_details(Call& call);
    Answer orders_pending(Call& call);
    Answer orders_history(Call& call);
    Answer algo_details(Call& call);
    Answer algos_pending(Call& call);
    Answer algos_history(Call& call);
    Answer fills(Call& call);
    using One = core::Result<const Order*, ApiError>;
    One place_one(Account& account, const Json& body, bool algo);
    One cancel_one(Account& account, const Json& body);
    One amend_one(Account& account, const Json& body);
    core::Result<NewOrder, ApiError> read_order(Account& account, const Json& body, bool algo);
    const Order* named(const Account& account, const Json& body) const;
    Answer each(Call& call, One (Okx::*one)(Account&, const Json&));
    One place_plain(Account& account, const Json& body) { return place_one(account, body, false); }
    static Json result_of(const One& one, const Json& body);
    Json order_json(const Order& order, const Fill* fill = nullptr);
    Json algo_json(const Order& order);
    Json fill_json(const Fill& fill) const;

    // account.cpp
    Answer balance(Call& call);
    Answer positions(Call& call);
    Answer config(Call& call);
    Answer set_leverage(Call& call);
    Answer leverage_info(Call& call);
    Answer set_position_mode(Call& call);
    Answer trade_fee(Call& call);
    Json balance_json(const Account& account) const;
    Json position_json(const Account& account, ListingId listing, PositionSide side) const;
    void tell(AccountId account, std::string_view channel, ListingId listing, Topic topic, const Json& data);

    // streams.cpp
    struct Subscription {
        std::string key;  // the arg as text: what makes it the same
        Json arg;
        std::string channel;
        std::optional<ListingId> listing{};
        std::uint64_t seq{};  // of books: of the last message
        core::Nanoseconds due{};
        core::Nanoseconds width{};  // of candles
        core::Nanoseconds bar{};    // of candles: start of the newest one that was pushed
    };
    struct Connection {
        std::string path{};
        AccountId account{};
        std::vector<Subscription> subscriptions{};
        std::string id{};
        core::Nanoseconds active{};  // the last time something was said on it
    };
    static constexpr std::size_t max_subscriptions = 480;
    void login(ConnectionId id, Connection& connection, const Json& args, const Json& request_id);
    void subscribe(ConnectionId id, Connection& connection, const Json& arg, const Json& request_id);
    void trade_operation(ConnectionId id, Connection& connection, const std::string& op, const Json& request);
    void send(ConnectionId id, Topic topic, std::string text);
    void error(ConnectionId id, const Json& request_id, const char* code, const std::string& message);
    void push(ConnectionId id, const Subscription& to, Topic topic, Json data);
    void begin(ConnectionId id, Connection& connection, Subscription& subscription);
    void push_book(ConnectionId id, Subscription& subscription, const DepthFeed::Event* changes);
    void push_due(ConnectionId id, Subscription& subscription);
    Json book_side(ListingId listing, core::Side side, std::size_t count) const;
    std::int32_t checksum(ListingId listing) const;

    [[nodiscard]] const Listing& rules(ListingId listing) const { return engine().market(listing).rules; }

    std::map<ConnectionId, Connection> connections_;
    std::map<ListingId, DepthFeed> depth_;
    core::Nanoseconds next_depth_{};
    std::set<ListingId> touched_;
    std::map<std::string, RateWindow> limits_;
    std::uint64_t connection_count_{};
    Countdowns<bool> countdowns_;  // of all orders
    core::Nanoseconds looked_{};
    void cut_silent();
};

// words.cpp
std::string_view side_text(core::Side side) noexcept;
std::string_view state_text(const Order& order) noexcept;
std::string_view type_text(const Order& order) noexcept;
std::string_view position_side_text(PositionSide side) noexcept;
ApiError error_of(Refusal refusal, const Listing& listing);
/// "1m", "4H", "1Dutc" …: its width; 0 if it is none.
core::Nanoseconds bar_of(std::string_view text) noexcept;
std::string time_text(core::Nanoseconds time);
/// Prices and quantities as the venue writes them, without trailing zeros; a price that is 0 may be no price at all.
std::string px(const Listing& listing, core::Price price);
std::string px_if_any(const Listing& listing, core::Price price);
std::string sz(const Listing& listing, core::Quantity quantity);
/// A field of a JSON object as text: strings and numbers; "" if it is neither or absent.
std::string field(const Json& object, std::string_view name);

}  // namespace venue::okx
