#pragma once

#include "feeds/synthetic/book.hpp"
#include "feeds/synthetic/settings.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace feeds::synthetic {

/// The bytes of Binance's USD-M frames for one instrument, in the venue's own shapes and order of fields (combined
/// stream wrappers; recorded 2024-08). Times are written in ms. Views are valid until the next frame of this object;
/// the snapshot has a buffer of its own.
class FrameText {
public:
    explicit FrameText(const InstrumentSettings& instrument);

    std::string_view quote(std::uint64_t update_id, const BookLevel& bid, const BookLevel& ask,
                           std::int64_t time_ms) noexcept;
    std::string_view trade(std::uint64_t trade_id, const BookLevel& traded, bool buyer_is_maker,
                           std::int64_t time_ms) noexcept;

    /// A depth event: begin, then the changed bids and asks (ascending), each with its new quantity, then end.
    void depth_begin(std::uint64_t first, std::uint64_t last, std::uint64_t previous, std::int64_t time_ms) noexcept;
    void depth_level(std::int64_t price, std::int64_t quantity) noexcept { level(price, quantity); }
    void depth_asks() noexcept;
    std::string_view depth_end() noexcept;

    /// The REST answer, best first on both sides.
    void snapshot(std::uint64_t last_update_id, const BookSide& bids, const BookSide& asks,
                  std::int64_t time_ms) noexcept;
    [[nodiscard]] std::string_view snapshot() const noexcept { return {snapshot_.get(), snapshot_size_}; }
    [[nodiscard]] std::string_view snapshot_url() const noexcept { return url_; }

private:
    void text(std::string_view piece) noexcept;
    void number(std::uint64_t value) noexcept;
    void decimal(std::int64_t units, int decimals, std::int64_t scale) noexcept;
    void price(std::int64_t ticks) noexcept { decimal(ticks * tick_units_, price_decimals_, price_scale_); }
    void quantity(std::int64_t units) noexcept { decimal(units, quantity_decimals_, quantity_scale_); }
    void level(std::int64_t ticks, std::int64_t units) noexcept;

    std::int64_t tick_units_, price_scale_, quantity_scale_;
    int price_decimals_, quantity_decimals_;
    std::string quote_head_, trade_head_, depth_head_, quote_symbol_, trade_symbol_, url_;
    std::unique_ptr<char[]> frame_, snapshot_;
    std::size_t snapshot_size_{};
    char* to_{};
};

}  // namespace feeds::synthetic
