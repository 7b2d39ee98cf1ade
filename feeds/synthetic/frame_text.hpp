#pragma once

#include "feeds/synthetic/book.hpp"
#include "feeds/synthetic/settings.hpp"

#include <cstdint>
#include <memory>
#include <string_view>

namespace feeds::synthetic {

/// One venue's bytes for one instrument, in the venue's own shapes and order of fields. Times are written in ms. Views
/// are valid until the next frame of this object; the snapshot has a buffer of its own. An empty view: this venue has
/// no such frame.
class FrameText {
public:
    virtual ~FrameText() = default;

    virtual std::string_view quote(std::uint64_t update_id, const BookLevel& bid, const BookLevel& ask,
                                   std::int64_t time_ms) noexcept = 0;
    virtual std::string_view trade(std::uint64_t trade_id, const BookLevel& traded, bool buyer_is_maker,
                                   std::int64_t time_ms) noexcept = 0;

    /// A depth event: begin, then the changed bids and asks (ascending), each with its new quantity, then end.
    virtual void depth_begin(std::uint64_t first, std::uint64_t last, std::uint64_t previous,
                             std::int64_t time_ms) noexcept = 0;
    void depth_level(std::int64_t price, std::int64_t quantity) noexcept { level(price, quantity); }
    virtual void depth_asks() noexcept = 0;
    virtual std::string_view depth_end() noexcept = 0;

    /// The whole book, best first on both sides: a REST answer, or an event of the stream.
    virtual void make_snapshot(std::uint64_t last_update_id, const BookSide& bids, const BookSide& asks,
                               std::int64_t time_ms) noexcept = 0;
    [[nodiscard]] std::string_view snapshot() const noexcept { return {snapshot_.get(), snapshot_size_}; }
    [[nodiscard]] virtual bool snapshot_in_stream() const noexcept = 0;
    [[nodiscard]] virtual std::string_view snapshot_url() const noexcept = 0;  ///< of a REST answer
    [[nodiscard]] virtual std::string_view url() const noexcept = 0;           ///< of the socket

protected:
    explicit FrameText(const InstrumentSettings& instrument);

    /// What follows is written into the frame, or into the snapshot.
    void begin() noexcept { to_ = frame_.get(); }
    void begin_snapshot() noexcept { to_ = snapshot_.get(); }
    [[nodiscard]] std::string_view end() const noexcept {
        return {frame_.get(), static_cast<std::size_t>(to_ - frame_.get())};
    }
    void end_snapshot() noexcept { snapshot_size_ = static_cast<std::size_t>(to_ - snapshot_.get()); }

    void text(std::string_view piece) noexcept;
    void number(std::uint64_t value) noexcept;
    void number(std::int64_t value) noexcept { number(static_cast<std::uint64_t>(value)); }
    void price(std::int64_t ticks) noexcept { decimal(ticks * tick_units_, price_decimals_, price_scale_); }
    void quantity(std::int64_t units) noexcept { decimal(units, quantity_decimals_, quantity_scale_); }
    void level(std::int64_t ticks,
               std::int64_t units) noexcept;     ///< `["price","quantity"]`, a comma before all but one
    void levels(const BookSide& side) noexcept;  ///< all, best first

private:
    void decimal(std::int64_t units, int decimals, std::int64_t scale) noexcept;

    std::int64_t tick_units_, price_scale_, quantity_scale_;
    int price_decimals_, quantity_decimals_;
    std::unique_ptr<char[]> frame_, snapshot_;
    std::size_t snapshot_size_{};
    char* to_{};
};

/// The dialect of an instrument's venue. Throws std::invalid_argument for one that is not spoken here.
std::unique_ptr<FrameText> make_text(const InstrumentSettings& instrument);

/// The dialects, a file each.
std::unique_ptr<FrameText> make_binance_text(const InstrumentSettings& instrument);
std::unique_ptr<FrameText> make_bybit_text(const InstrumentSettings& instrument);
std::unique_ptr<FrameText> make_okx_text(const InstrumentSettings& instrument);

}  // namespace feeds::synthetic
