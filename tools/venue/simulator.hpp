#pragma once

#include "tools/venue/dialect/dialect.hpp"
#include "tools/venue/engine/engine.hpp"
#include "tools/venue/faults/script.hpp"
#include "tools/venue/market/source.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace venue {

/// An account of the simulator and what it owns at the start.
struct AccountSettings {
    std::string key{"omega-sim-key"}, secret{"omega-sim-secret"}, passphrase{"omega-sim-pass"};
    std::map<std::string, std::int64_t> spot{{"USDT", 100'000'00000000}, {"BTC", 2'00000000}, {"ETH", 20'00000000}};
    std::map<std::string, std::int64_t> margin{{"USDT", 100'000'00000000}};  ///< added to `spot` in one wallet
};

struct SimulatorSettings {
    core::Venue dialect{core::Venue::binance};
    std::vector<Listing> listings{};  ///< empty: usual_listings(dialect, pairs)
    std::size_t pairs{4};
    std::vector<AccountSettings> accounts{AccountSettings{}};
    SourceSettings source{};
    FaultScript faults{};
    EngineSettings engine{};
    core::Nanoseconds start{};                        ///< the venue's time at the start
    bool control{true};                               ///< the /sim/ paths, for clients of this machine
    std::optional<core::Nanoseconds> lifetime{};      ///< of a connection; empty: the venue's (24 h, or none)
    core::Nanoseconds step{Dialect::timer_interval};  ///< between two looks at the clock: tests of hours take longer
};

/// A venue without sockets: requests, messages and time go in, replies and messages come out. Deterministic: equal
/// settings and equal calls give equal bytes. Not for several threads.
class Simulator final : private Outbox {
public:
    /// What its owner does for it. `close_code` 0: nothing to close, `text` is a message.
    struct Outgoing {
        ConnectionId to{};
        std::string text{};
        std::uint16_t close_code{};
        Topic topic{};
    };
    using Deliver = std::function<void(Outgoing&&)>;

    /// Plays the market's warm-up. Throws what make_dialect and make_source throw.
    explicit Simulator(SimulatorSettings settings);
    ~Simulator() override;

    /// Who takes messages; called inside the functions below.
    void deliver_to(Deliver deliver) { deliver_ = std::move(deliver); }

    /// Time goes on (never back): market, timers, delayed messages. `now` is the owner's clock; the venue's may be
    /// ahead of it. Of the market no more than `market` of time is played (before its speed), the rest never happens.
    void advance(core::Nanoseconds now, core::Nanoseconds market = core::Nanoseconds::max());
    HttpReply http(const HttpRequest& request);
    /// A WebSocket wants to be opened; 0: refused (404), else its id.
    ConnectionId open(const HttpRequest& upgrade);
    void message(ConnectionId id, std::string_view text);
    void closed(ConnectionId id);

    /// Sockets are neither read nor written, pings neither sent nor answered.
    [[nodiscard]] bool half_open() const { return faults_.on(now_, FaultKind::half_open); }
    /// Sockets are not read; a message that comes all the same waits.
    [[nodiscard]] bool reading() const { return !half_open() && !faults_.on(now_, FaultKind::slow_reader); }
    [[nodiscard]] core::Nanoseconds ping_interval() const { return dialect_->ping_interval(); }

    [[nodiscard]] Engine& engine() noexcept { return engine_; }
    [[nodiscard]] Feeder& feeder() noexcept { return *feeder_; }
    [[nodiscard]] Faults& faults() noexcept { return faults_; }
    /// From now on.
    void add_fault(const FaultSpec& spec) { faults_.add(spec, now_); }
    [[nodiscard]] const SimulatorSettings& settings() const noexcept { return settings_; }
    /// Connections whose lifetime was over.
    [[nodiscard]] std::uint64_t worn_out() const noexcept { return worn_out_; }
    [[nodiscard]] std::size_t connections() const noexcept { return connections_.size(); }
    /// Connections there were so far.
    [[nodiscard]] std::uint64_t opened() const noexcept { return next_connection_ - 1; }
    /// The venue's clock jumps ahead of its owner's.
    void jump(core::Nanoseconds ahead) noexcept { ahead_ += ahead; }

private:
    void send(ConnectionId to, Topic topic, std::string text) override;
    void close(ConnectionId which, std::uint16_t code, std::string reason) override;
    void leave(ConnectionId to, Topic topic, std::string text);
    void later(core::Nanoseconds delay, ConnectionId to, Topic topic, std::string text);
    void house_faults();
    void cut_all(const char* reason);
    void cut_worn_out();
    void read_what_waited();
    void forget_ended();
    HttpReply with_faults(const HttpRequest& request);
    HttpReply answer(const HttpRequest& request);

    SimulatorSettings settings_;
    Engine engine_;
    std::unique_ptr<Dialect> dialect_;
    std::unique_ptr<Feeder> feeder_;
    Faults faults_;
    Deliver deliver_;
    core::Nanoseconds now_{}, ahead_{}, next_timer_{};
    ConnectionId next_connection_{1};
    std::map<ConnectionId, core::Nanoseconds> connections_;  // and when each was opened
    std::uint64_t worn_out_{};
    std::optional<core::Nanoseconds> shutdown_{};  // announced for then
    bool delivering_{};
    std::vector<ConnectionId> ended_;  // while something was delivered to them: whoever sends goes through its own list
    std::vector<std::pair<ConnectionId, std::string>> unread_;   // what clients sent while nothing is read
    std::map<std::string, HttpReply, std::less<>> stuck_cache_;  // by target
    struct Waiting {
        ConnectionId to;
        Topic topic;
        std::string text;
    };
    std::multimap<core::Nanoseconds, Waiting> delayed_;
    std::map<ConnectionId, Waiting> held_;  // to leave after the next one of their connection
    static constexpr std::size_t max_delayed = 100'000, max_cached = 64;
};

/// The /sim/ paths: move the market, force a fill, liquidate, inject faults, turn the clock. See README.md.
HttpReply control(Simulator& simulator, const HttpRequest& request);

}  // namespace venue
