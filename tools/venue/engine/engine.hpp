#pragma once

#include "core/domain/result.hpp"
#include "tools/venue/engine/book.hpp"
#include "tools/venue/engine/candles.hpp"
#include "tools/venue/engine/listener.hpp"

#include <deque>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace venue {

struct EngineSettings {
    std::size_t max_open_orders{200};     ///< per account
    std::size_t max_kept_orders{20'000};  ///< finished ones beyond this are forgotten, oldest first
    core::Nanoseconds funding_interval{std::chrono::hours{8}};
    OrderNumber first_order{100'000'001};
    std::uint64_t first_trade{1'000'001};
};

/// New price, quantity or trigger of an order; what is empty stays.
struct Amendment {
    std::optional<core::Price> price{};
    std::optional<core::Quantity> quantity{};
    std::optional<core::Price> trigger{};
};

/// What a listing's market looks like now.
struct MarketState {
    Listing rules;
    Book book;
    Candles candles;
    std::deque<PublicTrade> trades;  ///< the newest, oldest first
    core::Price last{};              ///< of the newest trade; 0 before the first
    std::uint64_t update_id{1'000};  ///< of the newest book change
    std::uint64_t open_interest{};   ///< quantity units of all long positions of our accounts
    core::Nanoseconds next_funding{};
    struct PastFunding {
        core::Nanoseconds time;
        Rate rate;
        core::Price mark;
    };
    std::deque<PastFunding> funding_history;  ///< oldest first, the newest max_trades
    static constexpr std::size_t max_trades = 1'000;

    /// Middle of the book, else the last trade, else 0. Exact to a price unit, rounded down.
    [[nodiscard]] core::Price mark() const;
};

/// The matching engine of a simulated venue, behind every dialect: books, orders, fills, balances, positions, margin,
/// funding and liquidation of its accounts, in whole numbers, driven by events that carry their time. The outside
/// market comes in as ticks. Deterministic: equal calls give equal answers and equal calls of the listener.
///
/// Not for several threads. Listings keep their ids, accounts their addresses.
class Engine {
public:
    /// Throws std::invalid_argument when a spot listing's units do not fit money's 1e-8.
    Engine(EngineSettings settings, std::vector<Listing> listings);
    ~Engine();
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    /// Who hears; one, and it must outlive the calls. nullptr: nobody.
    void listen(Listener* listener) noexcept { listener_ = listener; }

    // Time and the outside market.
    [[nodiscard]] core::Nanoseconds now() const noexcept { return now_; }
    /// Time goes on to `now` (never back): funding is exchanged when it is due, minutes begin.
    void advance(core::Nanoseconds now);
    /// Follows a trade, level or session tick of a listing, its price and quantity in the listing's units.
    void on_tick(ListingId listing, const core::Tick& tick);
    /// Somebody else's order: takes what it can and shows the rest in the book. `price` 0: at the market, no rest.
    void outside_order(ListingId listing, core::Side side, core::Price price, core::Quantity quantity);
    /// Somebody else's order empties the book up to `price` and trades there: the market is moved.
    void move_market(ListingId listing, core::Price price, core::Quantity quantity);
    void set_funding(ListingId listing, Rate rate) { market(listing).rules.funding = rate; }
    /// The next fill repeats the trade id of the last one.
    void reuse_next_trade_id() noexcept { reuse_trade_id_ = true; }

    // Accounts.
    Account& add_account(Credentials credentials, bool unified);
    [[nodiscard]] Account* account(std::string_view key) noexcept;
    [[nodiscard]] Account& account(AccountId id) noexcept { return *accounts_[id - 1]; }
    /// Adds (or, negative, takes) 1e-8 of an asset. `derivatives`: of the margin wallet.
    void deposit(AccountId id, const std::string& asset, std::int64_t amount, bool derivatives);
    Refusal set_leverage(AccountId id, ListingId listing, int leverage);
    Refusal set_isolated(AccountId id, ListingId listing, bool isolated);
    Refusal set_hedge(AccountId id, bool hedge);
    /// Closes what the account holds of a listing as the venue does it when margin is gone.
    void liquidate(AccountId id, ListingId listing);

    // Orders. The returned pointer holds until the next call.
    core::Result<const Order*, Refusal> submit(AccountId id, NewOrder wanted);
    /// What submit would refuse it for, none if nothing.
    [[nodiscard]] Refusal test(AccountId id, const NewOrder& wanted) const;
    /// A post-only order that takes, a fill-or-kill that finds too little and a trigger already passed are accepted by
    /// `submit` (and end at once, or trade at once); a venue that refuses them asks these before.
    [[nodiscard]] bool would_take(const NewOrder& wanted) const;
    [[nodiscard]] bool fillable(AccountId id, const NewOrder& wanted) const;
    [[nodiscard]] bool would_trigger(const NewOrder& wanted) const;
    Refusal cancel(AccountId id, OrderNumber number);
    core::Result<const Order*, Refusal> amend(AccountId id, OrderNumber number, const Amendment& change);
    /// All live orders, of one listing or of all; returns their numbers.
    std::vector<OrderNumber> cancel_all(AccountId id, std::optional<ListingId> listing);
    [[nodiscard]] const Order* order(OrderNumber number) const noexcept;
    /// By client id, the newest of that name; nullptr if it is unknown or another account's.
    [[nodiscard]] const Order* order(const Account& account, std::string_view client_id) const noexcept;
    /// All orders kept of an account, oldest first.
    [[nodiscard]] std::vector<const Order*> orders(AccountId id) const;

    // What there is to see.
    [[nodiscard]] ListingId listings() const noexcept { return static_cast<ListingId>(markets_.size()); }
    [[nodiscard]] MarketState& market(ListingId listing) noexcept { return *markets_[listing]; }
    [[nodiscard]] const MarketState& market(ListingId listing) const noexcept { return *markets_[listing]; }
    /// The listing of a venue's symbol; of one kind of market, where both have the same symbol.
    [[nodiscard]] std::optional<ListingId> find(std::string_view symbol, std::optional<core::Market> kind) const;

    // Margin, in 1e-8 of the quote currency.
    /// What a position has gained at the mark.
    [[nodiscard]] core::Notional unrealised(const Account& account, ListingId listing, const Position& position) const;
    [[nodiscard]] core::Notional unrealised(const Account& account) const;
    /// Notional at the mark, never negative.
    [[nodiscard]] core::Notional notional(ListingId listing, core::Quantity quantity) const;
    [[nodiscard]] core::Notional position_margin(const Account& account, ListingId listing,
                                                 const Position& position) const;
    [[nodiscard]] core::Notional maintenance(ListingId listing, const Position& position) const;
    /// Margin that open orders hold back.
    [[nodiscard]] core::Notional order_margin(const Account& account) const;
    /// Wallet of the margin asset and gains, less all margins.
    [[nodiscard]] core::Notional available_margin(const Account& account) const;
    /// Price at which the position's margin is gone with everything else as it is; 0: none.
    [[nodiscard]] core::Price liquidation_price(const Account& account, ListingId listing,
                                                const Position& position) const;

private:
    Refusal check(const Account& account, const NewOrder& wanted) const;
    Refusal check_price(const Listing& rules, const NewOrder& wanted) const;
    Refusal check_funds(const Account& account, const NewOrder& wanted) const;
    Refusal check_reduction(const Account& account, const NewOrder& wanted) const;
    [[nodiscard]] core::Quantity reducible(const Account& account, const NewOrder& order) const;
    [[nodiscard]] bool reduces(const NewOrder& order) const noexcept;
    [[nodiscard]] bool holds_nothing_yet(const NewOrder& order) const noexcept;
    [[nodiscard]] core::Quantity affordable(ListingId listing, core::Notional budget) const;
    [[nodiscard]] core::Notional margin_of(const Account& account, const Order& order) const;
    void execute(Order& order);
    void settle_remainder(Order& order);
    void apply(Order& taker, const std::vector<Book::Match>& matches);
    void apply_outside(ListingId listing, core::Side taker, const std::vector<Book::Match>& matches);
    void fill(Order& order, core::Price price, core::Quantity quantity, bool maker, std::uint64_t trade);
    void fill_spot(Account& account, Order& order, Fill& fill);
    void fill_linear(Account& account, Order& order, Fill& fill);
    std::uint64_t print(ListingId listing, core::Side aggressor, core::Price price, core::Quantity quantity);
    void lock(Order& order);
    void unlock(Order& order);
    void finish(Order& order, OrderState state, Change change, Refusal reason);
    void tell(const Order& order, Change change, const Fill* fill = nullptr);
    void tell_account(const Account& account, ListingId listing, Cause cause, core::Notional amount = {});
    /// After everything: triggers, liquidations, changes of the book told.
    void settle(ListingId listing);
    bool trigger(ListingId listing);
    void check_liquidations();
    void publish(ListingId listing);
    void exchange_funding(ListingId listing);
    void forget();
    Order& mutable_order(OrderNumber number) { return orders_.find(number)->second; }

    EngineSettings settings_;
    Listener* listener_{};
    core::Nanoseconds now_{};
    std::vector<std::unique_ptr<MarketState>> markets_;
    std::vector<std::unique_ptr<Account>> accounts_;
    std::map<OrderNumber, Order> orders_;
    std::deque<OrderNumber> finished_;
    std::vector<std::vector<OrderNumber>> waiting_;  // per listing: triggered orders not yet released
    OrderNumber next_order_;
    std::uint64_t next_trade_;
    bool reuse_trade_id_{};
    bool liquidating_{};
    bool settling_{};
};

/// `amount` × rate, away from zero when positive: what is paid is never rounded in the payer's favour.
[[nodiscard]] std::int64_t share(std::int64_t amount, Rate rate) noexcept;
/// A quantity of the listing's base in 1e-8 of it.
[[nodiscard]] std::int64_t base_amount(const Listing& listing, core::Quantity quantity) noexcept;

}  // namespace venue
