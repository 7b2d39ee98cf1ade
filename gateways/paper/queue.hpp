#pragma once

#include "core/domain/price.hpp"
#include "gateways/paper/settings.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace gateways::paper {

/// First in, first out, in one growing ring: allocates only past its high-water mark.
template <class T>
class Fifo {
public:
    explicit Fifo(std::size_t reserve = 256) : items_(reserve) {}
    [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
    [[nodiscard]] const T& front() const noexcept { return items_[head_]; }
    void push(const T& item) {
        if (size_ == items_.size()) {
            std::rotate(items_.begin(), items_.begin() + static_cast<std::ptrdiff_t>(head_), items_.end());
            head_ = 0;
            items_.resize(items_.size() * 2);
        }
        items_[(head_ + size_++) % items_.size()] = item;
    }
    void pop() noexcept {
        head_ = (head_ + 1) % items_.size();
        --size_;
    }

private:
    std::vector<T> items_;
    std::size_t head_{}, size_{};
};

/// Our place in the queue at a price: how much is ahead of us, of what is displayed.
struct QueuePlace {
    core::Quantity ahead{}, displayed{};
    core::Quantity traded{};  ///< at the price since the display last changed: not a cancellation

    /// A trade of `quantity` at our price. Returns what of it reaches us.
    core::Quantity on_trade(core::Quantity quantity) noexcept {
        traded = traded + quantity;
        const auto passed = quantity - ahead;
        ahead = {std::max<std::int64_t>(0, ahead.units - quantity.units)};
        return {std::max<std::int64_t>(0, passed.units)};
    }

    /// The display at our price is now `shown`.
    void on_display(core::Quantity shown, QueueModel model, double power) noexcept {
        const auto cancelled = displayed.units - shown.units - traded.units;
        if (model == QueueModel::probabilistic && cancelled > 0 && displayed.units > 0) {
            const auto front = static_cast<double>(ahead.units);
            const auto back = static_cast<double>(std::max<std::int64_t>(0, displayed.units - ahead.units));
            const double f = std::pow(front, power), b = std::pow(back, power);
            const double from_behind = f + b > 0 ? b / (f + b) : 0;
            const double gone_ahead = (1 - from_behind) * static_cast<double>(cancelled);
            ahead = {std::max<std::int64_t>(0, ahead.units - static_cast<std::int64_t>(std::floor(gone_ahead)))};
        }
        ahead = std::min(ahead, shown);
        displayed = shown;
        traded = {};
    }
};

}  // namespace gateways::paper
