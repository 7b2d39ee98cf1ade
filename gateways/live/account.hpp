#pragma once

#include "core/net/rate_limit.hpp"
#include "gateways/live/account_calls.hpp"
#include "gateways/live/account_mail.hpp"
#include "gateways/live/account_transport.hpp"
#include "gateways/live/net_sockets.hpp"
#include "gateways/live/private_link.hpp"
#include "gateways/live/request_budget.hpp"
#include "gateways/orders/ledger.hpp"
#include "gateways/orders/live_gateway.hpp"

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace gateways::live {

struct AccountSettings {
    core::Venue venue{};
    std::vector<core::Market> markets{};
    exchange::Environment environment{};
    std::string base{};  ///< "https://127.0.0.1:PORT" in place of the venue's hosts, "" for them
    LiveSettings gateway{};
    PrivateLinkSettings link{};  ///< whose setup is that of the calls, too, with this environment and base
    core::Nanoseconds step{std::chrono::milliseconds{10}};
};

/// Something a person should hear of, in words without secrets.
struct Notice {
    core::Venue venue{};
    bool alert{};  ///< money is at stake
    std::string text{};
};

/// One account at one venue, alive: binds LiveGateway, its ledger, PrivateLink and AccountCalls to a transport. All of
/// it but the messages themselves, which BasicAccount carries.
class AccountDriver {
public:
    AccountDriver(const AccountDriver&) = delete;
    AccountDriver& operator=(const AccountDriver&) = delete;

    /// Executions in their order, each once: calls f(tick). What f brings about waits for the next call, so that this
    /// one ends, whatever f does.
    template <class F>
    void take_executions(F&& f) {
        taken_.swap(executions_);
        for (const auto& tick : taken_) f(tick);
        taken_.clear();
    }
    [[nodiscard]] bool has_executions() const noexcept { return !executions_.empty(); }
    [[nodiscard]] std::deque<Notice>& notices() noexcept { return notices_; }

    /// Entries may leave from now on (as far as nothing blocks them).
    bool open() noexcept { return gateway_.open(); }
    /// A person takes the venue's position of a blocked instrument for the truth; what it differs by reaches the
    /// pipeline as a fill at `price`. False: it does not differ, or only in hedge mode.
    bool accept(core::InstrumentId instrument, core::Price price, core::Nanoseconds now) {
        const bool done = gateway_.accept(instrument, price, now, outcome_);
        work_off(now);
        return done;
    }
    /// The newest price traded, so that no stop is put back beyond it.
    void price(core::InstrumentId instrument, core::Price last) noexcept {
        if (instrument.value < entries_.size()) gateway_.price(instrument, last);
    }

    /// Begins the orderly end, at most `limit` long: it takes until orders and the venue's timers are through.
    void stop(core::Nanoseconds now, core::Nanoseconds limit) noexcept { gateway_.stop(now, limit); }
    [[nodiscard]] bool stopped() const noexcept { return gateway_.gate().state() == GateState::closed; }
    /// Compared with the venue since the start, the stream up, and nothing in doubt: entries of the instrument may
    /// leave.
    [[nodiscard]] Block block(core::InstrumentId instrument) const noexcept { return gateway_.block(instrument); }

    struct Counts {
        std::uint64_t by_socket{}, by_rest{}, rest_requests{}, rest_failures{}, events{};
    };
    [[nodiscard]] const Counts& counts() const noexcept { return counts_; }
    [[nodiscard]] LiveGateway& gateway() noexcept { return gateway_; }
    [[nodiscard]] const LiveGateway& gateway() const noexcept { return gateway_; }
    [[nodiscard]] const OrderLedger& ledger() const noexcept { return *ledger_; }
    [[nodiscard]] PrivateLink::Status link() const { return link_.status(); }
    [[nodiscard]] core::Venue venue() const noexcept { return settings_.venue; }
    /// The venue's own word of a position's average entry price, in price units; 0: it did not say.
    [[nodiscard]] core::Price entry_price(core::InstrumentId instrument) const noexcept {
        return entries_[instrument.value];
    }

protected:
    /// The ledger is open. All references outlive it; `transport` is not used before the constructor is through.
    AccountDriver(AccountTransport& transport, const AccountSettings& settings,
                  const core::InstrumentTable& instruments, const exchange::Credentials& keys, OrderLedger& ledger,
                  core::RateLedger& budget);
    /// Requests under way are nobody's from now on.
    ~AccountDriver();

    /// Hears what came of the sockets.
    struct Ear {
        AccountDriver& account;
        core::Nanoseconds now{};
        void opened(std::size_t socket) const { account.link_.opened(socket, now, account.venue_now(now)); }
        void closed(std::size_t socket, std::string_view why) const { account.link_.closed(socket, now, why); }
        void frame(std::size_t socket, std::string_view text, core::Nanoseconds received) const {
            account.link_.frame(socket, text, received);
        }
    };
    static_assert(SocketEar<Ear>);

    /// Decides about an order: what goes by socket is a command of the link then.
    void decide(const core::Order& order, core::Nanoseconds now);
    /// After `heard` things of the sockets: does what is due. False: nothing happened.
    bool go_on(std::size_t heard, core::Nanoseconds now);
    [[nodiscard]] LinkCommand* next_command() { return link_.next_command(); }
    /// All but the sending of a message.
    void obey(const LinkCommand& command, core::Nanoseconds now);

private:
    void read_answers(core::Nanoseconds now);
    void read_link(core::Nanoseconds now);
    void send_what_waited(core::Nanoseconds now);
    void work_off(core::Nanoseconds now);
    void act(const Action& action, core::Nanoseconds now);
    void send_next(std::unique_ptr<Talking> talking, core::Nanoseconds now);
    void give_up(Talking& talking, core::Nanoseconds now);
    void finish(Talking& talking, core::Nanoseconds now);
    void request(const exchange::WireRequest& wire, std::unique_ptr<Errand> errand, bool urgent = {},
                 core::Nanoseconds within = {});
    void heed_limits(const RateFeedback& feedback, core::RateScope scope, core::Nanoseconds now);
    void take(const VenueEvent& event, core::Nanoseconds now);
    void note_entries(const VenueEvent& event) noexcept;
    void say(bool alert, std::string text);
    [[nodiscard]] core::Nanoseconds venue_now(core::Nanoseconds now);

    AccountTransport* transport_;
    AccountSettings settings_;
    const core::InstrumentTable* instruments_;
    OrderLedger* ledger_;
    RequestBudget budget_;
    AccountCalls calls_;  // before the gateway, which has to know what its questions weigh
    LiveGateway gateway_;
    PrivateLink link_;
    std::vector<std::unique_ptr<Talking>> waiting_;  // for the budget; all others are on their way
    std::shared_ptr<AccountMail> mail_;              // shared with requests under way
    Outcome outcome_;
    std::vector<core::Tick> executions_, taken_;
    std::vector<core::Price> entries_;  // by instrument
    std::deque<Notice> notices_;
    std::string trouble_;
    std::uint64_t clock_refusals_{};
    core::Nanoseconds next_step_{core::Nanoseconds::min()};
    Counts counts_;
    bool entry_up_{}, told_stream_{};
};

/// Holds the sockets while the driver beside it lives.
template <class Sockets>
struct HeldSockets {
    template <class Net>
    explicit HeldSockets(Net& net) : sockets{net} {}
    Sockets sockets;
};

/// The driver on its sockets. Polled by the thread that trades; names, TLS handshakes and REST are dealt with on the
/// cold one, and what answers mean. Orders leave in `submit`, over the WebSocket where it is up, without an allocation
/// or a virtual call.
template <AccountSockets Sockets>
class BasicAccount final : private HeldSockets<Sockets>, public AccountDriver {
public:
    /// The ledger is open. `net` is what the sockets are made of; it, `instruments`, `ledger` and `budget` outlive the
    /// account. Throws std::invalid_argument for what the venue does not offer, a dead-man timer included.
    template <class Net>
    BasicAccount(Net&& net, const AccountSettings& settings, const core::InstrumentTable& instruments,
                 const exchange::Credentials& keys, OrderLedger& ledger, core::RateLedger& budget)
        : HeldSockets<Sockets>{net}, AccountDriver{this->sockets, settings, instruments, keys, ledger, budget} {}

    /// Sends an order or cancel of the risk gate, now. What may not leave is answered among the executions.
    void submit(const core::Order& order, core::Nanoseconds now) {
        decide(order, now);
        obey_link(now);  // an order that took the socket leaves before anything else is looked at
    }
    /// Reads what came and does what is due. Returns how many messages came.
    std::size_t poll(typename Sockets::Clock& clock) {
        const auto now = clock.now();
        const auto heard = this->sockets.poll(clock, Ear{*this, now});
        if (!go_on(heard, now)) [[likely]]
            return 0;
        obey_link(now);
        return heard;
    }

private:
    void obey_link(core::Nanoseconds now) {
        while (auto* command = next_command()) {
            if (command->kind == LinkCommand::Kind::send) [[likely]]
                this->sockets.send(command->socket, command->text);
            else
                obey(*command, now);
        }
    }
};

/// The account that ships.
using Account = BasicAccount<NetSockets>;

}  // namespace gateways::live
