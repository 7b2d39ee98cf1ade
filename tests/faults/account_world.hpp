#pragma once

#include "gateways/live/account.hpp"
#include "gateways/orders/start_counter.hpp"
#include "tests/faults/virtual_net.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace test {

/// A folder of this test's own, gone with it.
class OwnFolder {
public:
    OwnFolder();
    ~OwnFolder() { std::filesystem::remove_all(path_); }
    OwnFolder(const OwnFolder&) = delete;
    OwnFolder& operator=(const OwnFolder&) = delete;
    [[nodiscard]] std::filesystem::path operator/(std::string_view name) const { return path_ / name; }

private:
    std::filesystem::path path_;
};

/// What a world is made of.
struct AccountWorldSettings {
    core::Venue venue{core::Venue::bybit};
    core::Market market{core::Market::linear};
    bool websocket_entry{true};
    gateways::OutsidePolicy outside{gateways::OutsidePolicy::fence};
    core::Nanoseconds step{std::chrono::milliseconds{10}};
};

/// One account at a simulated venue, traded by what ships: gateways::live::Account on an OrderLedger with a real file
/// and the venue's own budgets. The outside market stands still but for what a test does to it; of spot the account
/// begins without coins. `kill` is kill -9: everything in memory is gone, what was on its way is lost, the files stay.
class AccountWorld : public VirtualNet {
public:
    explicit AccountWorld(const AccountWorldSettings& settings = {});
    ~AccountWorld();

    // ---- the life of the process
    void start();  ///< opens the ledger, counts the epoch, connects; the gate is open
    void kill();
    /// Runs until entries may leave; false after a minute.
    bool ready();
    void pass(core::Nanoseconds time);
    bool until(core::Nanoseconds time, const std::function<bool()>& enough);

    // ---- what a strategy does; quantities count `unit`s
    core::Order limit(core::Side side, const char* price, std::int64_t count);
    core::Order market(core::Side side, std::int64_t count, bool reduce_only = false);
    /// A stop for all that the ledger says we hold: of spot a fee may have taken a little of it.
    core::Order stop(core::Side side, const char* trigger);
    core::OrderId submit(const core::Order& order);
    void cancel(core::OrderId id);

    // ---- what happens at the venue
    void trade(const char* price);  ///< everything up to `price` is taken, and a little more there
    /// Somebody else's order.
    void outside(core::Side side, const char* price, std::int64_t count);
    venue::Account& owner() { return simulator.engine().account(venue::AccountId{1}); }
    venue::Engine& engine() { return simulator.engine(); }
    /// Orders that reached the engine, whoever sent them; those with a client id of ours.
    std::size_t reached();
    std::size_t ours();
    const venue::Order* there(core::OrderId id);
    /// What is held there, and what open stops there would close, in quantity units. Of spot whole lots.
    core::Quantity held_there();
    core::Quantity stops_there();

    // ---- what we believe
    gateways::OrderState state(core::OrderId id) const { return ledger->find(id)->state(); }
    core::Quantity held() const { return ledger->position(instrument.id); }
    std::int64_t position() const { return in_units(held()); }        ///< in `unit`s, to the nearest
    std::int64_t position_there() { return in_units(held_there()); }  ///< at the venue
    gateways::Block block() const { return account->block(instrument.id); }
    bool stream_up() const { return account->link().stream_up; }
    /// Why entries may not leave, in words: for messages of tests.
    std::string doubts() const;
    std::size_t alerts_of(gateways::AlertKind kind) const;
    /// Notices that hold these words.
    std::size_t said(std::string_view words) const;
    /// What the pipeline heard of an order: "accepted filled_taker".
    std::string heard(core::OrderId id) const;

    /// Nothing was lost: every order of ours is at the venue once or never was, with the same fills and the same end,
    /// the position is the venue's, the pipeline was told of every fill once.
    ::testing::AssertionResult agree();

    AccountWorldSettings settings;
    OwnFolder folder{};
    core::InstrumentTable table{};
    core::Instrument instrument{};
    venue::ListingId listing{};
    std::int64_t unit{};  ///< quantity units of the least order worth 100 of the quote currency
    std::unique_ptr<gateways::OrderLedger> ledger{};
    std::unique_ptr<gateways::live::BasicAccount<VirtualSockets>> account{};
    std::uint32_t epoch{};
    std::vector<core::Tick> told{};                 ///< all executions, over all lives
    std::vector<gateways::live::Notice> notices{};  ///< all of them

private:
    void step();
    void collect();
    core::Price price(const char* text) const;
    std::int64_t in_units(core::Quantity quantity) const;

    core::RateLedger budget_;  // the host's: it outlives the process
    std::unique_ptr<gateways::OrderIds> ids_{};
    VirtualSockets::Clock clock_{};
};

/// One that runs: connected, reconciled, its gate open.
struct StartedAccount : AccountWorld {
    explicit StartedAccount(const AccountWorldSettings& wanted);
};

/// A venue and a market of it.
struct Place {
    core::Venue venue{};
    core::Market market{};
    [[nodiscard]] bool spot() const noexcept { return market == core::Market::spot; }
    [[nodiscard]] std::string name() const {
        return std::string{core::name(venue)} + " " + std::string{core::name(market)};
    }
    /// The usual world there.
    operator AccountWorldSettings() const { return {.venue = venue, .market = market}; }  // NOLINT: it is one
};

/// The dialects that have an account of contracts, …
inline constexpr core::Venue account_dialects[]{core::Venue::binance, core::Venue::bitget, core::Venue::bybit,
                                                core::Venue::okx};
/// … and those, with accounts of coins (at Bitget a market order that buys coins names money: we send none).
inline constexpr Place account_places[]{
    {core::Venue::binance, core::Market::linear}, {core::Venue::bitget, core::Market::linear},
    {core::Venue::bybit, core::Market::linear},   {core::Venue::okx, core::Market::linear},
    {core::Venue::binance, core::Market::spot},   {core::Venue::bybit, core::Market::spot},
    {core::Venue::okx, core::Market::spot},
};

}  // namespace test
