#include "pipeline/traps/measures.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace pipeline::traps {
namespace {

constexpr std::uint32_t longest_fixed_window = 300;  // σ(300) and the five-minute move of the high-frequency mode
constexpr std::uint32_t least_volume_buckets = 20;

std::uint64_t ring_capacity(const TrapSettings& settings) noexcept {
    return std::bit_ceil(std::max({settings.pump_window_s, 3 * settings.move_window_s, longest_fixed_window}) +
                         std::uint32_t{2});
}

bool flat(const Second& second) noexcept {
    return second.high == second.low && second.low == second.close;
}

double flow(double buy, double sell) noexcept {
    const double volume = buy + sell;
    return volume > 0 ? (buy - sell) / volume : core::unknown;
}

}  // namespace

Measures::Measures(const TrapSettings& settings)
    : move_seconds_{settings.move_window_s},
      pump_seconds_{settings.pump_window_s},
      settled_{std::max({pump_seconds_ + 1, longest_fixed_window + 1, move_seconds_ * (settings.volume_window + 1),
                         settings.regime.bucket_s * 101, settings.stealth.window_s + 60})},
      mask_{ring_capacity(settings) - 1},
      ring_(mask_ + 1),
      moved_{mask_ + 1},
      traded_{mask_ + 1},
      returned_{mask_ + 1},
      volumes_(settings.volume_window) {}

void Measures::trade(double price, double quantity, core::Side aggressor) noexcept {
    if (!open_traded_) {  // the carried price was the empty second's, not this one's
        has_price_ = open_traded_ = true;
        open_ = {price, price, price, 0, 0};
        live_ = before_;
        live_.add(price, price);
    } else if (price > open_.high || price < open_.low) {
        open_.high = std::max(open_.high, price);
        open_.low = std::min(open_.low, price);
        live_ = before_;
        live_.add(open_.high, open_.low);
    }
    open_.close = price;
    (aggressor == core::Side::buy ? open_.buy : open_.sell) += quantity;
}

void Measures::close(const Second& second, std::int64_t index) noexcept {
    double squared = core::unknown;
    bool moved = true;
    if (closed_ > 0) {
        const Second& before = back(0).second;
        const double change = second.close == before.close ? 0 : std::log(second.close / before.close);
        squared = change * change;
        moved = second.close != before.close || !flat(second) || !flat(before);
    }
    ring_[closed_ & mask_] = {second, squared};
    moved_.set(closed_, moved);
    traded_.set(closed_, second.buy != 0 || second.sell != 0);
    returned_.set(closed_, squared != 0);
    ++closed_;
    has_price_ = true;
    open_ = {second.close, second.close, second.close, 0, 0};
    open_traded_ = false;

    bucket_volume_ += second.volume();
    ++bucket_seconds_;
    bucket_closed_ = (index + 1) % move_seconds_ == 0;
    if (bucket_closed_) close_bucket();

    sigma60_ = sigma(60);
    sigma300_ = sigma(300);
    prepare_open_second();
}

void Measures::skip_to(std::int64_t index) noexcept {
    bucket_seconds_ = static_cast<std::uint32_t>((index + 1) % move_seconds_);
    bucket_closed_ = false;
}

void Measures::clear() noexcept {
    closed_ = 0;
    has_price_ = open_traded_ = bucket_closed_ = false;
    open_ = {};
    before_ = live_ = {};
    volume_before_ = buy_before_ = sell_before_ = 0;
    sigma60_ = sigma300_ = core::unknown;
    bucket_volume_ = 0;
    bucket_seconds_ = volume_count_ = volume_next_ = move_count_ = 0;
    volume_mean_ = volume_std_ = bucket_close_ = core::unknown;
}

void Measures::close_bucket() noexcept {
    const double close = back(0).second.close;
    if (core::known(bucket_close_)) {
        moves_ = {moves_[1], moves_[2], core::bps(close, bucket_close_)};
        ++move_count_;
    }
    bucket_close_ = close;

    // A bucket that began before the tape or inside a gap would look like a quiet one: it does not count.
    if (bucket_seconds_ == move_seconds_) {
        volumes_[volume_next_] = bucket_volume_;
        volume_next_ = volume_next_ + 1 == volumes_.size() ? 0 : volume_next_ + 1;
        volume_count_ = std::min(volume_count_ + 1, static_cast<std::uint32_t>(volumes_.size()));
    }
    bucket_volume_ = 0;
    bucket_seconds_ = 0;
    if (volume_count_ < least_volume_buckets) return;

    // Oldest first, so that the sum does not depend on where in the ring the tape stands. The ring fills from its
    // front: before it is full, its oldest stands there.
    const auto oldest = volume_count_ == volumes_.size() ? volume_next_ : 0;
    const auto each_volume = [&](auto&& f) {
        for (std::uint32_t i = oldest; i < volume_count_; ++i) f(volumes_[i]);
        for (std::uint32_t i = 0; i < oldest; ++i) f(volumes_[i]);
    };
    double sum = 0, squares = 0;
    each_volume([&](double volume) { sum += volume; });
    volume_mean_ = sum / volume_count_;
    each_volume([&](double volume) { squares += (volume - volume_mean_) * (volume - volume_mean_); });
    volume_std_ = std::sqrt(squares / volume_count_);
}

void Measures::prepare_open_second() noexcept {
    before_ = extremes(move_seconds_ - 1);
    live_ = before_;
    live_.add(open_.high, open_.low);
    volume_before_ = buy_before_ = sell_before_ = 0;
    each(traded_, move_seconds_ - 1, [&](const Row& row) { volume_before_ += row.second.volume(); });
    each(traded_, pump_seconds_ - 1, [&](const Row& row) {
        buy_before_ += row.second.buy;
        sell_before_ += row.second.sell;
    });
}

Extremes Measures::extremes(std::uint32_t seconds) const noexcept {
    Extremes found;
    each_mover(seconds, [&](const Second& second) { found.add(second.high, second.low); });
    return found;
}

double Measures::sigma(std::uint32_t seconds) const noexcept {
    if (closed_ < seconds + 1) return core::unknown;
    double sum = 0;
    each(returned_, seconds, [&](const Row& row) { sum += row.squared_return; });
    return std::sqrt(sum / seconds);
}

Run Measures::run_w() const noexcept {
    return moving_window_full() ? live_.run() : Run{};
}

Run Measures::closed_run(std::uint32_t seconds) const noexcept {
    return closed_ >= seconds ? extremes(seconds).run() : Run{};
}

bool Measures::closed_move_may_reach(std::uint32_t seconds, double bps) const noexcept {
    if (closed_ < seconds) return false;
    double hi = back(0).second.high, lo = back(0).second.low;
    each_mover(seconds, [&](const Second& second) {
        hi = std::max(hi, second.high);
        lo = std::min(lo, second.low);
    });
    return (hi - lo) * 1e4 >= bps * lo;
}

double Measures::z_of(double volume) const noexcept {
    if (!(volume_std_ > 0)) return core::unknown;
    return (volume - volume_mean_) / volume_std_;
}

double Measures::volume_z() const noexcept {
    return moving_window_full() ? z_of(volume_before_ + open_.volume()) : core::unknown;
}

double Measures::closed_volume_z() const noexcept {
    if (closed_ < move_seconds_) return core::unknown;
    double volume = 0;
    each(traded_, move_seconds_, [&](const Row& row) { volume += row.second.volume(); });
    return z_of(volume);
}

double Measures::flow_p() const noexcept {
    return flow(buy_before_ + open_.buy, sell_before_ + open_.sell);
}

double Measures::closed_flow(std::uint32_t seconds) const noexcept {
    double buy = 0, sell = 0;
    each(traded_, seconds, [&](const Row& row) {
        buy += row.second.buy;
        sell += row.second.sell;
    });
    return flow(buy, sell);
}

double Measures::closed_move(std::uint32_t seconds) const noexcept {
    if (closed_ < seconds + std::uint64_t{1}) return core::unknown;
    return std::abs(core::bps(back(0).second.close, back(seconds).second.close));
}

double Measures::open_move(std::uint32_t seconds) const noexcept {
    if (closed_ < seconds) return core::unknown;
    return std::abs(core::bps(open_.close, back(seconds - std::uint64_t{1}).second.close));
}

bool Measures::last_moves(std::array<double, 3>& moves) const noexcept {
    if (move_count_ < 3) return false;
    moves = moves_;
    return true;
}

}  // namespace pipeline::traps
