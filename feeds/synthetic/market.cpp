#include "feeds/synthetic/market.hpp"

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace feeds::synthetic {

namespace {

/// Frames other than depth are far shorter.
constexpr std::size_t damaged_bytes = 1024;

void check(const Settings& settings) {
    const auto refuse = [](const char* what) { throw std::invalid_argument{what}; };
    if (settings.instruments.empty()) refuse("synthetic market: expected at least one instrument");
    if (!(settings.events_per_s > 0 && settings.events_per_s <= 1e6))
        refuse("synthetic market: expected events_per_s above 0 and at most 1e6");
    if (!(settings.volatility >= 0 && settings.volatility <= 10))
        refuse("synthetic market: expected volatility from 0 to 10");
    if (!(settings.traps_per_h >= 0 && settings.traps_per_h <= 3600))
        refuse("synthetic market: expected traps_per_h from 0 to 3600");
    if (!(settings.wildness >= 0 && settings.wildness <= 1)) refuse("synthetic market: expected wildness from 0 to 1");
    for (const auto& kind : settings.kinds)
        if (find_planter(kind, "") == nullptr) refuse("synthetic market: one of `kinds` cannot be planted");
    if (settings.depth_interval < std::chrono::milliseconds{1})
        refuse("synthetic market: expected a depth interval of at least 1 ms");
    if (settings.latency.count() < 0 || settings.jitter.count() < 0)
        refuse("synthetic market: expected latency and jitter of at least 0");
    for (const auto& instrument : settings.instruments)
        if (instrument.symbol.empty() || instrument.symbol.size() > core::InstrumentTable::max_symbol ||
            !(instrument.start_price > 0) || instrument.tick_units < 1 || instrument.usual_quantity < 1 ||
            instrument.price_decimals < 0 || instrument.price_decimals > 8 || instrument.quantity_decimals < 0 ||
            instrument.quantity_decimals > 8)
            refuse("synthetic market: an instrument has an impossible symbol, price, tick or quantity");
    // A book of 220 levels a side and a day of swings need room below the price.
    for (const auto& instrument : settings.instruments)
        if (!(start_ticks(instrument) >= 2'000 && start_ticks(instrument) <= 1e12))
            refuse("synthetic market: expected a start price of 2,000 to 1e12 ticks");
    for (std::size_t index = 0; index < settings.instruments.size(); ++index) {
        const auto& instrument = settings.instruments[index];
        const bool follower = instrument.follows != InstrumentSettings::itself;
        if (follower &&
            (instrument.follows >= index || !(instrument.basis_bps >= -1'000 && instrument.basis_bps <= 1'000) ||
             !(instrument.basis_noise_bps >= 0 && instrument.basis_noise_bps <= 100)))
            refuse("synthetic market: an instrument follows one that is not before it, or at an impossible basis");
    }
    for (const auto& trap : settings.traps)
        if (trap.kind == "cross_venue_divergence" && trap.instrument < settings.instruments.size() &&
            !on_several_venues(settings, trap.instrument))
            refuse("synthetic market: a divergence is planned for a pair that is on one venue");
    for (const auto& trap : settings.traps)
        if (trap.instrument >= settings.instruments.size() || find_planter(trap.kind, trap.expect) == nullptr)
            refuse(
                "synthetic market: a planned trap is of no kind that can be planted, or of an instrument that is not "
                "there");
    for (const auto& fault : settings.faults)
        if (fault.instrument >= settings.instruments.size())
            refuse("synthetic market: a fault names an instrument that is not there");
}

}  // namespace

Market::Market(Settings settings)
    : settings_{std::move(settings)},
      jitter_{settings_.seed + core::fnv1a("jitter")},
      end_{settings_.duration.count() > 0 ? settings_.start + settings_.duration : core::Nanoseconds::max()},
      damaged_{std::make_unique<char[]>(damaged_bytes + frame_padding)} {
    check(settings_);
    truth_.reserve(16'384);
    markets_.reserve(settings_.instruments.size());
    for (std::size_t index = 0; index < settings_.instruments.size(); ++index)
        markets_.emplace_back(settings_, index, leader_of(index), truth_);
    damage_.assign(markets_.size(), 0);
    std::ranges::stable_sort(settings_.faults, {}, &PlannedFault::after);
}

const InstrumentMarket* Market::leader_of(std::size_t index) const noexcept {
    const std::size_t leader = settings_.instruments[index].follows;
    return leader == InstrumentSettings::itself ? nullptr : &markets_[leader];
}

std::size_t Market::earliest() const noexcept {
    std::size_t best = 0;
    for (std::size_t i = 1; i < markets_.size(); ++i)
        if (markets_[i].next_time() < markets_[best].next_time()) best = i;
    return best;
}

bool Market::next(Frame& frame) noexcept {
    for (;;) {
        const std::size_t index = earliest();
        const core::Nanoseconds time = markets_[index].next_time();
        if (time >= end_) return false;
        while (next_fault_ < settings_.faults.size() && settings_.start + settings_.faults[next_fault_].after <= time) {
            inject(settings_.faults[next_fault_].fault, settings_.faults[next_fault_].instrument);
            ++next_fault_;
        }

        const auto made = markets_[index].produce();
        if (made.bytes.empty()) continue;
        const core::Nanoseconds lag{
            static_cast<std::int64_t>(jitter_.below(static_cast<std::uint64_t>(settings_.jitter.count()) + 1))};
        last_receive_ = std::max(last_receive_ + core::Nanoseconds{1}, made.event_time + settings_.latency + lag);
        const FrameText& text = markets_[index].text();
        const core::Venue venue = markets_[index].venue();
        frame = {made.bytes,
                 last_receive_,
                 static_cast<std::uint32_t>(venue),
                 made.rest ? FrameOrigin::rest : FrameOrigin::socket,
                 made.rest ? text.snapshot_url() : text.url(),
                 venue};
        if (damage_[index] != 0 && !made.depth && !made.rest)
            frame.bytes = damaged(made.bytes, static_cast<Fault>(std::exchange(damage_[index], std::uint8_t{0}) - 1));
        return true;
    }
}

void Market::inject(Fault fault, std::size_t instrument) noexcept {
    if (fault == Fault::gap)
        markets_[instrument].skip_next_depth();
    else
        damage_[instrument] = static_cast<std::uint8_t>(1 + static_cast<int>(fault));
}

std::string_view Market::damaged(std::string_view bytes, Fault fault) noexcept {
    const std::size_t size = std::min(bytes.size(), damaged_bytes);
    std::memcpy(damaged_.get(), bytes.data(), size);
    if (fault == Fault::truncated) return {damaged_.get(), size / 2};
    damaged_[size / 2] = '\x01';
    return {damaged_.get(), size};
}

std::vector<core::Instrument> Market::instruments() const {
    std::vector<core::Instrument> all;
    for (const auto& settings : settings_.instruments) all.push_back(instrument(settings));
    return all;
}

}  // namespace feeds::synthetic
