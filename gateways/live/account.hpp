#pragma once

#include "core/net/hand_back.hpp"
#include "core/net/http_client.hpp"
#include "core/net/rate_limit.hpp"
#include "core/net/socket_opening.hpp"
#include "core/runtime/clock.hpp"
#include "gateways/live/account_calls.hpp"
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

/// What a live account stands on. All outlive it; one of each serves a whole program.
struct AccountNet {
    core::NetThread& thread;
    const core::TlsContext& tls;
    core::Resolver& resolver;
    core::HttpClient& http;
};

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

/// One account at one venue, alive: binds LiveGateway, its ledger, PrivateLink and AccountCalls to sockets and HTTP.
/// Polled by the thread that trades; names, TLS handshakes and REST are dealt with on the cold one. Orders leave in
/// `submit`, over the WebSocket where it is up, without an allocation.
class Account {
public:
    /// The ledger is open. `instruments` and `ledger` outlive it. Throws std::invalid_argument for what the venue does
    /// not offer, a dead-man timer included.
    Account(const AccountNet& net, const AccountSettings& settings, const core::InstrumentTable& instruments,
            const exchange::Credentials& keys, OrderLedger& ledger, core::RateLedger& budget);
    ~Account();
    Account(const Account&) = delete;
    Account& operator=(const Account&) = delete;

    /// Sends an order or cancel of the risk gate, now. What may not leave is answered among the executions.
    void submit(const core::Order& order, core::Nanoseconds now);
    /// Reads what came and does what is due. Returns how many messages came.
    std::size_t poll(core::Clock& clock);
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

private:
    struct Answer {
        std::uint64_t tag{};
        bool of_link{};
        core::RateScope scope{};
        exchange::Expected<exchange::Response> response;
        core::Nanoseconds received{};
        Answer* next{};
    };
    struct Talking {  // a conversation under way
        std::uint64_t tag{};
        Action action{};
        Conversation conversation;
        core::Nanoseconds began{}, sent{}, received{};
        core::Nanoseconds not_before{};  // its next request waits for the budget; 0: it waits for nothing, or an answer
    };
    struct Errand {  // what a request is for
        std::uint64_t tag{};
        bool of_link{}, urgent{};
        core::Nanoseconds within{};  // it begins within this or never; 0: whenever
    };
    struct Socket {
        std::unique_ptr<core::SocketOpening> opening{};
        std::unique_ptr<core::WebSocket> socket{};
    };

    std::size_t read_sockets(core::Clock& clock, core::Nanoseconds now);
    void read_answers(core::Nanoseconds now);
    void read_link(core::Nanoseconds now);
    void obey_link(core::Nanoseconds now);
    void work_off(core::Nanoseconds now);
    void act(const Action& action, core::Nanoseconds now);
    void send_next(Talking& talking, core::Nanoseconds now);
    void give_up(Talking& talking, core::Nanoseconds now);
    void finish(Talking& talking, core::Nanoseconds now);
    void request(const exchange::WireRequest& wire, const Errand& errand);
    void request_of_link(const exchange::WireRequest& wire, std::uint64_t tag, core::Nanoseconds now);
    void heed_limits(const RateFeedback& feedback, core::RateScope scope, core::Nanoseconds now);
    void take(const VenueEvent& event, core::Nanoseconds now);
    void note_entries(const VenueEvent& event) noexcept;
    void say(bool alert, std::string text);
    [[nodiscard]] core::Nanoseconds venue_now(core::Nanoseconds now);

    AccountNet net_;
    AccountSettings settings_;
    const core::InstrumentTable* instruments_;
    OrderLedger* ledger_;
    RequestBudget budget_;
    AccountCalls calls_;  // before the gateway, which has to know what its questions weigh
    LiveGateway gateway_;
    PrivateLink link_;
    std::vector<Socket> sockets_;
    std::vector<std::unique_ptr<Talking>> talking_;
    std::shared_ptr<core::HandBack<Answer>> inbox_;  // shared with requests under way
    Outcome outcome_;
    std::vector<core::Tick> executions_, taken_;
    std::vector<core::Price> entries_;  // by instrument
    std::deque<Notice> notices_;
    std::string trouble_;
    std::uint64_t next_tag_{1}, clock_refusals_{};
    core::Nanoseconds next_step_{core::Nanoseconds::min()};
    Counts counts_;
    bool entry_up_{}, told_stream_{};
};

}  // namespace gateways::live
