#pragma once

#include "gateways/live/account.hpp"
#include "gateways/orders/ledger.hpp"
#include "gateways/orders/watchdog.hpp"
#include "tools/omega/engine/order_desk.hpp"
#include "tools/omega/live/budgets.hpp"
#include "tools/omega/live/credentials.hpp"
#include "tools/omega/live/net.hpp"
#include "tools/omega/live/restore.hpp"
#include "tools/omega/live/settings.hpp"
#include "tools/omega/settings.hpp"

#include <array>
#include <memory>
#include <string>
#include <vector>

namespace omega {

/// A position that a person saw at the venue and takes for the truth.
struct AcceptedPosition {
    core::InstrumentId instrument{};
    core::Quantity quantity{};  ///< signed
    bool told{};                ///< that it is waited for, or that nothing differs
};

/// The accounts that orders go to: one for each configured venue that trades, each with its own ledger.
class Accounts {
public:
    /// Reads the ledgers and counts this start, which gives `settings.epoch`; nothing is connected yet. A ledger is
    /// bound to its account at the first use. Throws std::runtime_error: a ledger or the counter cannot be used (in use
    /// by another engine, of another account, damaged, full disk), no key; std::invalid_argument: `accept` of a venue
    /// is not understood. `symbols`: unified ones, by instrument.
    Accounts(LiveSettings& settings, RunMode mode, KeyRing& keys, const core::InstrumentTable& instruments,
             const std::vector<std::string>& symbols);
    ~Accounts();
    Accounts(const Accounts&) = delete;
    Accounts& operator=(const Accounts&) = delete;

    /// Begins to connect. Throws std::invalid_argument for what a venue does not offer.
    void connect(Net& net, const LiveSettings& settings, RunMode mode, Budgets& budgets);

    /// Sends an order or cancel to its venue, and says how it left; one without an account is answered as refused.
    Departure submit(const core::Order& order, core::Nanoseconds now);
    /// Answers an order that was not sent.
    void refuse(const core::Order& order, core::Nanoseconds now);
    std::size_t poll(core::Clock& clock);
    /// Beats with every poll from now on. It outlives the accounts.
    void beat(gateways::Heartbeat& heart) noexcept { heart_ = &heart; }
    /// A trade of the market: no stop is put back beyond it.
    void price(const core::Tick& trade) {
        prices_.on(trade);
        if (const auto* line = by_venue_[static_cast<std::size_t>(trade.venue)]; line != nullptr && line->account)
            line->account->price(trade.instrument, trade.trade.price);
    }
    /// Executions of all of them: f(tick).
    template <class F>
    void take_executions(F&& f) {
        for (auto& line : lines_) line->account->take_executions(f);
        told_.swap(refused_);  // f may lead to more of them: those are for the next time
        for (const auto& tick : told_) f(tick);
        told_.clear();
    }
    /// The next thing a person should hear of; false: nothing.
    bool take_notice(gateways::live::Notice& notice);

    /// Entries of the venue may leave, as far as nothing blocks them.
    void open(core::Venue venue) noexcept;
    void stop(core::Nanoseconds now, core::Nanoseconds limit) noexcept;
    [[nodiscard]] bool stopped() const noexcept;
    [[nodiscard]] bool trades(core::Venue venue) const noexcept { return line(venue) != nullptr; }
    /// The instrument was compared with its venue and may be traded. Where the two differ and a person accepted the
    /// position that the venue names, the ledger takes it over once the venue has named it twice; that it is waited
    /// for, done, or not needed is said at once. `restored`: the pipeline knows what was held, so it hears of the
    /// difference, too, as of a fill at the last price.
    bool agrees(core::InstrumentId instrument, core::Nanoseconds now, bool restored);

    struct Line {
        core::Venue venue{};
        std::unique_ptr<gateways::OrderLedger> ledger{};
        std::unique_ptr<gateways::live::Account> account{};
        std::vector<core::Market> markets{};
        std::string file{};
        gateways::exchange::Credentials keys{};
    };
    [[nodiscard]] const std::vector<std::unique_ptr<Line>>& lines() const noexcept { return lines_; }
    /// Of a venue that trades; else nullptr.
    [[nodiscard]] const Line* line(core::Venue venue) const noexcept {
        return by_venue_[static_cast<std::size_t>(venue)];
    }
    [[nodiscard]] bool empty() const noexcept { return lines_.empty(); }
    /// High bits of this run's order ids.
    [[nodiscard]] std::uint32_t epoch() const noexcept { return epoch_; }

private:
    void tell(core::Venue venue, bool alert, std::string text);

    const core::InstrumentTable* instruments_;
    std::vector<std::string> symbols_;
    std::vector<std::unique_ptr<Line>> lines_;
    std::array<Line*, core::venue_count> by_venue_{};
    bool take_over(AcceptedPosition& said, const gateways::Reconciler::Mismatch& mismatch, core::Nanoseconds now,
                   bool restored);

    LastPrices prices_;
    std::vector<AcceptedPosition> accepted_;
    std::vector<bool> told_to_accept_;  // by instrument
    std::vector<core::Tick> refused_, told_;
    std::vector<gateways::live::Notice> notices_;  // of our own, newest last
    std::uint32_t epoch_{};
    gateways::Heartbeat* heart_{};
};

}  // namespace omega
