#pragma once

#include "gateways/live/account.hpp"
#include "gateways/orders/ledger.hpp"
#include "tools/omega/live/budgets.hpp"
#include "tools/omega/live/credentials.hpp"
#include "tools/omega/live/net.hpp"
#include "tools/omega/live/settings.hpp"
#include "tools/omega/settings.hpp"

#include <array>
#include <memory>
#include <string>
#include <vector>

namespace omega {

/// The accounts that orders go to: one for each configured venue that trades, each with its own ledger.
class Accounts {
public:
    /// Reads the ledgers and counts this start, which gives `settings.epoch`; nothing is connected yet. Throws
    /// std::runtime_error: a ledger or the counter cannot be used (in use by another engine, damaged, full disk).
    Accounts(LiveSettings& settings, const core::InstrumentTable& instruments);
    ~Accounts();
    Accounts(const Accounts&) = delete;
    Accounts& operator=(const Accounts&) = delete;

    /// Begins to connect. Throws std::invalid_argument and std::runtime_error: no key, a key that nobody may use.
    void connect(Net& net, const LiveSettings& settings, RunMode mode, KeyRing& keys, Budgets& budgets);

    /// Sends an order or cancel to its venue; one without an account is answered as refused.
    void submit(const core::Order& order, core::Nanoseconds now);
    /// Answers an order that was not sent.
    void refuse(const core::Order& order, core::Nanoseconds now);
    std::size_t poll(core::Clock& clock);
    /// A trade of the market: no stop is put back beyond it.
    void price(const core::Tick& trade) noexcept {
        if (const auto* line = by_venue_[static_cast<std::size_t>(trade.venue)]; line != nullptr && line->account)
            line->account->price(trade.instrument, trade.trade.price);
    }
    /// Executions of all of them: f(tick).
    template <class F>
    void take_executions(F&& f) {
        for (auto& line : lines_) line->account->take_executions(f);
        for (std::size_t i = 0; i < refused_.size(); ++i) f(refused_[i]);
        refused_.clear();
    }
    /// The next thing a person should hear of; false: nothing.
    bool take_notice(gateways::live::Notice& notice);

    void open() noexcept;
    void stop(core::Nanoseconds now, core::Nanoseconds limit) noexcept;
    [[nodiscard]] bool stopped() const noexcept;
    /// Every account was compared with its venue and every instrument of theirs may be traded.
    [[nodiscard]] bool reconciled() const noexcept;

    struct Line {
        core::Venue venue{};
        std::unique_ptr<gateways::OrderLedger> ledger{};
        std::unique_ptr<gateways::live::Account> account{};
        std::vector<core::Market> markets{};
        std::string file{};
    };
    [[nodiscard]] const std::vector<std::unique_ptr<Line>>& lines() const noexcept { return lines_; }
    [[nodiscard]] bool empty() const noexcept { return lines_.empty(); }
    /// High bits of this run's order ids.
    [[nodiscard]] std::uint32_t epoch() const noexcept { return epoch_; }

private:
    const core::InstrumentTable* instruments_;
    std::vector<std::unique_ptr<Line>> lines_;
    std::array<Line*, core::venue_count> by_venue_{};
    std::vector<core::Tick> refused_;
    std::uint32_t epoch_{};
};

}  // namespace omega
