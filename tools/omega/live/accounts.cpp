#include "tools/omega/live/accounts.hpp"

#include "core/domain/reject_reasons.hpp"
#include "gateways/live/venue_limits.hpp"
#include "gateways/orders/order_facts.hpp"
#include "gateways/orders/start_counter.hpp"
#include "tools/omega/live/account_binding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <utility>

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

/// "BTC/USDT:USDT 0.010" of every venue that trades.
std::vector<AcceptedPosition> accepted_positions(const LiveSettings& settings, const core::InstrumentTable& instruments,
                                                 const std::vector<std::string>& symbols) {
    std::vector<AcceptedPosition> all;
    for (const auto& [name, configured] : settings.venues)
        for (const auto& text : configured.accept) {
            const auto space = text.find(' ');
            const auto venue = core::parse_venue(name);
            const auto one = std::ranges::find_if(instruments, [&](const core::Instrument& instrument) {
                return instrument.venue == venue && symbols[instrument.id.value] == text.substr(0, space);
            });
            auto number = space == std::string::npos ? std::string_view{} : std::string_view{text}.substr(space + 1);
            const bool is_short = number.starts_with('-');
            if (is_short) number.remove_prefix(1);
            const auto quantity = one == instruments.end() ? core::Result<core::Quantity>{core::Error::malformed}
                                                           : core::parse_quantity(number, one->quantity_decimals);
            if (!quantity || !configured.trade)
                throw std::invalid_argument{fmt::format(
                    "venues.{}.accept: {}; expected one of its instruments, a space and the position that the venue "
                    "shows, such as 'BTC/USDT:USDT -0.010', of a venue that trades",
                    name, text)};
            all.push_back({.instrument = one->id, .quantity = is_short ? -*quantity : *quantity});
        }
    return all;
}

}  // namespace

Accounts::Accounts(LiveSettings& settings, RunMode mode, KeyRing& keys, const core::InstrumentTable& instruments,
                   const std::vector<std::string>& symbols)
    : instruments_{&instruments},
      symbols_{symbols},
      accepted_{accepted_positions(settings, instruments, symbols)},
      told_to_accept_(instruments.size()) {
    const auto state = std::filesystem::absolute(settings.state);
    std::error_code failed;
    std::filesystem::create_directories(state, failed);
    if (failed) throw std::runtime_error{fmt::format("live.state {}: {}", state.string(), failed.message())};
    std::uint32_t highest = 0;
    for (const auto& [name, configured] : settings.venues) {
        if (!configured.trade) continue;
        auto line = std::make_unique<Line>();
        line->venue = *core::parse_venue(name);
        for (const auto& instrument : instruments)
            if (instrument.venue == line->venue && std::ranges::count(line->markets, instrument.market) == 0)
                line->markets.push_back(instrument.market);
        line->keys = keys.find(line->venue, configured);
        auto ledger = gateways::live::gateway_settings(line->venue).ledger;
        ledger.outside = settings.adopt_orders ? gateways::OutsidePolicy::adopt : gateways::OutsidePolicy::fence;
        line->ledger = std::make_unique<gateways::OrderLedger>(ledger, instruments);
        line->file = (state / fmt::format("{}.ledger", account_name(name, configured))).string();
        const auto owner =
            AccountIdentity::of(line->venue, world_of(configured, settings.simulation.enabled, mode), line->keys.key);
        const bool bound = check_owner(line->file, owner);
        if (const auto scan = line->ledger->open(line->file); !scan)
            throw std::runtime_error{fmt::format("ledger {}: {}", line->file, why(scan.error()))};
        if (!bound) bind_ledger(line->file, owner);
        if (!bound && line->ledger->has_history())
            tell(line->venue, true,
                 fmt::format("the ledger did not say whose it is; it is {}'s from now on", owner.text()));
        highest = std::max(highest, line->ledger->highest_epoch());
        by_venue_[static_cast<std::size_t>(line->venue)] = line.get();
        lines_.push_back(std::move(line));
    }
    const auto counter = state / "starts";
    const auto epoch = gateways::next_epoch(counter, highest);
    if (!epoch) throw std::runtime_error{fmt::format("start counter {}: {}", counter.string(), why(epoch.error()))};
    settings.epoch = epoch_ = *epoch;
    refused_.reserve(64);
    told_.reserve(64);
}

Accounts::~Accounts() = default;

void Accounts::connect(Net& net, const LiveSettings& settings, RunMode mode, Budgets& budgets) {
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
        line->account =
            std::make_unique<Account>(gateways::live::AccountNet{net.thread, net.tls, net.resolver, net.http}, made,
                                      *instruments_, line->keys, *line->ledger, budgets.of(line->venue));
        line->keys = {};  // the account has its own
    }
}

Departure Accounts::submit(const core::Order& order, core::Nanoseconds now) {
    auto* line = by_venue_[static_cast<std::size_t>(order.venue)];
    if (line == nullptr) [[unlikely]] {
        refuse(order, now);
        return Departure::held_back;
    }
    const auto& counts = line->account->counts();
    const auto by_socket = counts.by_socket, by_rest = counts.by_rest;
    line->account->submit(order, now);
    return counts.by_socket != by_socket ? Departure::written
           : counts.by_rest != by_rest   ? Departure::handed_over
                                         : Departure::held_back;
}

void Accounts::refuse(const core::Order& order, core::Nanoseconds now) {
    refused_.push_back(gateways::refusal_tick(order, core::reject_reason::held_back, now));
}

std::size_t Accounts::poll(core::Clock& clock) {
    std::size_t messages = 0;
    for (auto& line : lines_) messages += line->account->poll(clock);
    if (heart_ != nullptr) heart_->beat();
    return messages;
}

bool Accounts::take_notice(gateways::live::Notice& notice) {
    if (!notices_.empty()) {
        notice = std::move(notices_.front());
        notices_.erase(notices_.begin());
        return true;
    }
    for (auto& line : lines_) {
        auto& notices = line->account->notices();
        if (notices.empty()) continue;
        notice = std::move(notices.front());
        notices.pop_front();
        return true;
    }
    return false;
}

void Accounts::open(core::Venue venue) noexcept {
    if (auto* line = by_venue_[static_cast<std::size_t>(venue)]; line != nullptr) line->account->open();
}

void Accounts::stop(core::Nanoseconds now, core::Nanoseconds limit) noexcept {
    for (auto& line : lines_) line->account->stop(now, limit);
}

bool Accounts::stopped() const noexcept {
    return std::ranges::all_of(lines_, [](const auto& line) { return line->account->stopped(); });
}

bool Accounts::agrees(core::InstrumentId id, core::Nanoseconds now, bool restored) {
    const auto& instrument = (*instruments_)[id];
    auto& account = *by_venue_[static_cast<std::size_t>(instrument.venue)]->account;
    const auto block = account.block(id);
    const auto said = std::ranges::find(accepted_, id, &AcceptedPosition::instrument);
    const auto* mismatch = account.gateway().reconciler().mismatch(id);
    if (said != accepted_.end() && mismatch != nullptr && said->quantity == mismatch->theirs)
        return take_over(*said, *mismatch, now, restored);
    if (block != gateways::Block::position_mismatch) [[likely]] {
        if (block == gateways::Block::none && said != accepted_.end() && !std::exchange(said->told, true))
            tell(instrument.venue, false,
                 fmt::format("{}: venue and ledger agree: {} need not be accepted", instrument.name(),
                             core::to_text(said->quantity, instrument.quantity_decimals)));
        return block == gateways::Block::none;
    }
    // Seen once it may be a fill between two of the venue's answers.
    if (mismatch == nullptr || mismatch->seen < 2 || told_to_accept_[id.value]) return false;
    told_to_accept_[id.value] = true;
    const auto theirs = core::to_text(mismatch->theirs, instrument.quantity_decimals);
    tell(instrument.venue, true,
         fmt::format("{}: the venue holds {}, the ledger {}: it is not traded; if the venue is right, "
                     "--set 'venues.{}.accept=[{} {}]' takes its word",
                     instrument.name(), theirs, core::to_text(mismatch->ours, instrument.quantity_decimals),
                     core::name(instrument.venue), symbols_[id.value], theirs));
    return false;
}

bool Accounts::take_over(AcceptedPosition& said, const gateways::Reconciler::Mismatch& mismatch, core::Nanoseconds now,
                         bool restored) {
    const auto id = said.instrument;
    const auto& instrument = (*instruments_)[id];
    auto& account = *by_venue_[static_cast<std::size_t>(instrument.venue)]->account;
    const auto ours = core::to_text(mismatch.ours, instrument.quantity_decimals);
    const auto theirs = core::to_text(mismatch.theirs, instrument.quantity_decimals);
    // Seen once it may be a fill between two of the venue's answers.
    if (mismatch.seen < 2 || account.block(id) != gateways::Block::position_mismatch) {
        if (!std::exchange(said.told, true))
            tell(instrument.venue, false,
                 fmt::format("{}: the venue holds {}, as accepted, the ledger {}: it takes that over when the venue "
                             "says so once more",
                             instrument.name(), theirs, ours));
        return false;
    }
    if (restored) {
        const auto traded = prices_.of(id), price = traded.units > 0 ? traded : account.entry_price(id);
        if (price.units <= 0) return false;  // nobody knows what it is worth yet
        account.accept(id, price, now);
    } else {
        // What the pipeline would be told of orders given up belongs to what is restored next.
        std::vector<gateways::Effect> untold;
        account.gateway().reconciler().accept(id, now, untold);
    }
    std::erase_if(accepted_, [id](const AcceptedPosition& one) { return one.instrument == id; });  // at one time
    tell(instrument.venue, false,
         fmt::format("{}: its position is {} from now on, as accepted; the ledger had {}", instrument.name(), theirs,
                     ours));
    return account.block(id) == gateways::Block::none;
}

void Accounts::tell(core::Venue venue, bool alert, std::string text) {
    notices_.push_back({.venue = venue, .alert = alert, .text = std::move(text)});
}

}  // namespace omega
