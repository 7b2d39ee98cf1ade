#pragma once

#include "core/net/rate_limit.hpp"
#include "gateways/live/account_calls.hpp"
#include "gateways/live/private_link.hpp"
#include "gateways/orders/start_counter.hpp"
#include "tools/venue/simulator.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <filesystem>
#include <functional>
#include <map>
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
    bool dead_man{};
    std::uint32_t budget{100'000};  ///< a minute, half of it for cancels
    std::optional<core::Nanoseconds> lifetime{};
    std::string base{};  ///< of the private link: "" is the venue's own hosts
};

/// One account at a simulated venue and everything of Omega that trades it: OrderLedger on a real file, LiveGateway,
/// PrivateLink, AccountCalls. In virtual time and without sockets, so hours pass in seconds and a run repeats. The
/// outside market stands still but for what a test does to it. `kill` is kill -9: everything in memory is gone, what
/// was on its way is lost, the files stay.
class AccountWorld {
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
    core::Order stop(core::Side side, const char* trigger, std::int64_t count);
    core::OrderId submit(const core::Order& order);
    void cancel(core::OrderId id);

    // ---- what happens at the venue
    void fault(const std::string& yaml);
    std::uint64_t struck(venue::FaultKind kind) { return simulator->faults().struck(kind); }
    void trade(const char* price);  ///< everything up to `price` is taken, and a little more there
    venue::Account& account() { return simulator->engine().account(venue::AccountId{1}); }
    venue::Engine& engine() { return simulator->engine(); }
    /// Orders that reached the engine, whoever sent them; those with a client id of ours.
    std::size_t reached();
    std::size_t ours();
    const venue::Order* there(core::OrderId id);

    // ---- what we believe
    gateways::OrderState state(core::OrderId id) const { return ledger->find(id)->state(); }
    std::int64_t position() const { return ledger->position(instrument.id).units / unit; }  ///< in `unit`s
    std::int64_t position_there();                                                          ///< at the venue
    gateways::Block block() const { return gateway->block(instrument.id); }
    /// Why entries may not leave, in words: for messages of tests.
    std::string doubts() const;
    std::size_t alerts_of(gateways::AlertKind kind) const;
    /// What the pipeline heard of an order: "accepted filled_taker".
    std::string heard(core::OrderId id) const;

    /// Nothing was lost: every order of ours is at the venue once or never was, with the same fills and the same end,
    /// the position and the number of fills are the venue's, the pipeline was told of every fill once.
    ::testing::AssertionResult agree();

    AccountWorldSettings settings;
    OwnFolder folder{};
    core::InstrumentTable table{};
    core::Instrument instrument{};
    venue::ListingId listing{};
    std::int64_t unit{};  ///< quantity units of the least order worth 100 of the quote currency
    core::Nanoseconds now{std::chrono::hours{480'000}};
    core::Nanoseconds flight{std::chrono::milliseconds{5}};  ///< of everything, each way
    core::Nanoseconds http_patience{std::chrono::seconds{2}};
    bool network{true};   ///< false: nothing leaves this machine, and that is known
    bool lost_answers{};  ///< requests arrive, their answers do not: "timeout"
    std::unique_ptr<venue::Simulator> simulator{};
    std::unique_ptr<gateways::OrderLedger> ledger{};
    std::unique_ptr<gateways::LiveGateway> gateway{};
    std::unique_ptr<gateways::live::PrivateLink> link{};
    std::optional<core::RateLedger> budget{};
    gateways::LiveSettings live{};
    std::uint32_t epoch{};
    std::vector<core::Tick> told{};                 ///< all executions, over all lives
    std::vector<gateways::Alert> alerts{};          ///< all of them
    std::vector<gateways::Action> actions{};        ///< all of them
    std::map<std::string, std::size_t> requests{};  ///< by "POST /path", without the query
    std::vector<std::string> errors{};              ///< of calls, in words

private:
    struct Running;  // one call under way

    void step();
    void carry(gateways::Outcome& out);
    void perform(const gateways::Action& action);
    void pump(const std::shared_ptr<Running>& running);
    void finish(const std::shared_ptr<Running>& running);
    void obey();
    void post(core::Nanoseconds delay, std::function<void()> arrive);
    std::optional<venue::HttpReply> send(const gateways::exchange::WireRequest& request);
    void watch_entry();

    std::unique_ptr<gateways::live::AccountCalls> calls_{};
    std::multimap<core::Nanoseconds, std::function<void()>> mail_{};
    std::map<std::size_t, venue::ConnectionId> sockets_{};
    std::map<venue::ConnectionId, std::size_t> owners_{};
    std::unique_ptr<gateways::OrderIds> ids_{};
    std::uint64_t life_{};  // mail of an earlier life is lost
    bool entry_up_{};
};

/// One that runs: connected, reconciled, its gate open.
struct StartedAccount : AccountWorld {
    explicit StartedAccount(const AccountWorldSettings& wanted);
};

/// The dialects that have an account.
inline constexpr core::Venue account_dialects[]{core::Venue::binance, core::Venue::bitget, core::Venue::bybit,
                                                core::Venue::okx};

}  // namespace test
