#include "tools/omega/live/accounts.hpp"

#include "gateways/live/venue_limits.hpp"
#include "gateways/orders/start_counter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <stdexcept>

namespace omega {

using gateways::live::Account;

namespace {

std::string why(core::Error error) {
    switch (error) {
        case core::Error::refused: return "another engine uses it, or what it holds does not fit the instruments";
        case core::Error::corrupt:
            return "damaged, or of another build: it is not touched; look at it before it is moved away";
        case core::Error::full: return "the disk is full";
        default: return std::string{core::name(error)};
    }
}

}  // namespace

Accounts::Accounts(LiveSettings& settings, const core::InstrumentTable& instruments) : instruments_{&instruments} {
    const std::filesystem::path state{settings.state};
    std::error_code failed;
    std::filesystem::create_directories(state, failed);
    if (failed) throw std::runtime_error{fmt::format("live.state {}: {}", settings.state, failed.message())};
    std::uint32_t highest = 0;
    for (const auto& [name, configured] : settings.venues) {
        if (!configured.trade) continue;
        auto line = std::make_unique<Line>();
        line->venue = *core::parse_venue(name);
        for (const auto& instrument : instruments)
            if (instrument.venue == line->venue && std::ranges::count(line->markets, instrument.market) == 0)
                line->markets.push_back(instrument.market);
        auto ledger = gateways::live::gateway_settings(line->venue).ledger;
        ledger.outside = settings.adopt_orders ? gateways::OutsidePolicy::adopt : gateways::OutsidePolicy::fence;
        line->ledger = std::make_unique<gateways::OrderLedger>(ledger, instruments);
        line->file =
            (state / fmt::format("{}.ledger", configured.account.empty() ? name : configured.account)).string();
        if (const auto scan = line->ledger->open(line->file); !scan)
            throw std::runtime_error{fmt::format("ledger {}: {}", line->file, why(scan.error()))};
        highest = std::max(highest, line->ledger->highest_epoch());
        by_venue_[static_cast<std::size_t>(line->venue)] = line.get();
        lines_.push_back(std::move(line));
    }
    const auto counter = state / "starts";
    const auto epoch = gateways::next_epoch(counter, highest);
    if (!epoch) throw std::runtime_error{fmt::format("start counter {}: {}", counter.string(), why(epoch.error()))};
    settings.epoch = epoch_ = *epoch;
    refused_.reserve(64);
}

Accounts::~Accounts() = default;

void Accounts::connect(Net& net, const LiveSettings& settings, RunMode mode, KeyRing& keys, Budgets& budgets) {
    for (auto& line : lines_) {
        const auto& configured = settings.venues.at(std::string{core::name(line->venue)});
        gateways::live::AccountSettings made;
        made.venue = line->venue;
        made.markets = line->markets;
        made.environment = mode == RunMode::testnet && configured.rest.empty()
                               ? gateways::exchange::Environment::testnet
                               : gateways::exchange::Environment::live;
        made.base = configured.rest;
        made.gateway = gateways::live::gateway_settings(line->venue);
        made.gateway.epoch = settings.epoch;
        made.gateway.stop_keeps_protection = settings.keep_stops;
        made.gateway.reconcile.adopt_first_position = settings.adopt_position;
        made.gateway.dead_man = settings.dead_man;
        made.link.setup = {.environment = made.environment, .base = made.base};
        made.link.seed = settings.epoch;
        line->account = std::make_unique<Account>(
            gateways::live::AccountNet{net.thread, net.tls, net.resolver, net.http}, made, *instruments_,
            keys.find(line->venue, configured), *line->ledger, budgets.of(line->venue));
    }
}

void Accounts::submit(const core::Order& order, core::Nanoseconds now) {
    if (auto* line = by_venue_[static_cast<std::size_t>(order.venue)]; line != nullptr) [[likely]]
        return line->account->submit(order, now);
    refuse(order, now);
}

void Accounts::refuse(const core::Order& order, core::Nanoseconds now) {
    core::Tick tick;
    tick.venue_time = tick.receive_time = now;
    tick.instrument = order.instrument;
    tick.venue = order.venue;
    tick.kind = core::TickKind::execution;
    tick.side = order.side;
    tick.code = static_cast<std::uint16_t>(static_cast<unsigned>(core::Execution::rejected) |
                                           static_cast<unsigned>(core::RejectReason::no_market) << 8);
    tick.execution = {.order_id = order.id.value, .price = {}, .quantity = order.quantity, .fee = {}};
    refused_.push_back(tick);
}

std::size_t Accounts::poll(core::Clock& clock) {
    std::size_t messages = 0;
    for (auto& line : lines_) messages += line->account->poll(clock);
    return messages;
}

bool Accounts::take_notice(gateways::live::Notice& notice) {
    for (auto& line : lines_) {
        auto& notices = line->account->notices();
        if (notices.empty()) continue;
        notice = std::move(notices.front());
        notices.pop_front();
        return true;
    }
    return false;
}

void Accounts::open() noexcept {
    for (auto& line : lines_) line->account->open();
}

void Accounts::stop(core::Nanoseconds now, core::Nanoseconds limit) noexcept {
    for (auto& line : lines_) line->account->stop(now, limit);
}

bool Accounts::stopped() const noexcept {
    return std::ranges::all_of(lines_, [](const auto& line) { return line->account->stopped(); });
}

bool Accounts::reconciled() const noexcept {
    return std::ranges::all_of(lines_, [this](const auto& line) {
        return std::ranges::all_of(*instruments_, [&](const core::Instrument& instrument) {
            return instrument.venue != line->venue || line->account->block(instrument.id) == gateways::Block::none;
        });
    });
}

}  // namespace omega
