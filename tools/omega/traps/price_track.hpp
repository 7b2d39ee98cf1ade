#pragma once

#include "core/domain/time.hpp"

#include <span>
#include <vector>

namespace omega {

/// The course of a price in bounded memory, for a chart: lowest, highest and last price of columns of equal width,
/// which doubles whenever there are too many of them. Columns without a price do not exist.
class PriceTrack {
public:
    struct Column {
        core::Nanoseconds start{};
        double low{}, high{}, last{};
    };
    static constexpr std::size_t most_columns = 1200;

    void add(core::Nanoseconds time, double low, double high, double last);

    [[nodiscard]] std::span<const Column> columns() const noexcept { return columns_; }
    [[nodiscard]] core::Nanoseconds width() const noexcept { return width_; }

private:
    void widen();

    std::vector<Column> columns_;
    core::Nanoseconds width_{std::chrono::milliseconds{100}};
};

}  // namespace omega
