#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/tick.hpp"

#include <array>
#include <cassert>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace feeds {

/// What a frame was when it carried no market data.
enum class Control : std::uint8_t {
    none,
    subscribed,
    unsubscribed,
    heartbeat,
    pong,
    status,
    login,
    error,
    ticker,
    instruments,
    other
};
std::string_view name(Control control) noexcept;

/// What a frame's levels are, for the book synchroniser. No venue here packs two book events into one frame.
struct BookEvent {
    enum class Kind : std::uint8_t { none, snapshot, update } kind{};
    bool rest{};               ///< the snapshot came by REST and must be bridged
    std::uint64_t first{};     ///< Binance U; OKX/Bitget: 0
    std::uint64_t last{};      ///< Binance u / lastUpdateId, Bybit u, OKX seqId, Bitget seq
    std::uint64_t previous{};  ///< Binance pu, OKX prevSeqId, Bitget pseq
    bool has_previous{};
    bool has_checksum{};
    std::uint32_t checksum{};  ///< as bits, whatever the venue's signedness
    core::InstrumentId instrument{};
    std::uint16_t depth{};  ///< Kraken: levels a side the subscription holds, 0 if not said
};

/// The venue's own text of a level, into the frame: venues with a checksum over text (Bitget, OKX, Kraken) fill it.
struct LevelText {
    std::string_view price, quantity;
};

/// What one frame decoded to: ticks in the order of the frame. Reused for every frame; allocates only in its
/// constructor.
class Batch {
public:
    static constexpr std::size_t capacity = std::size_t{1}
                                            << 17;  ///< a full Coinbase book; pages never filled stay untouched

    Control control{};
    std::uint64_t control_id{};  ///< request id an ack answers, 0 if none
    BookEvent book{};
    std::uint64_t connection_sequence{};  ///< Coinbase Advanced Trade numbers every message of a connection
    bool has_connection_sequence{};

    Batch() : ticks_{allocate<core::Tick>()}, texts_{allocate<LevelText>()} {}
    void clear() noexcept {
        size_ = 0;
        control = Control::none;
        control_id = 0;
        book = BookEvent{};
        connection_sequence = 0;
        has_connection_sequence = false;
    }
    [[nodiscard]] bool full() const noexcept { return size_ == capacity; }
    /// The next tick to fill in place; it counts after `commit()`. Precondition: !full(). Contents are left over:
    /// assign every field.
    [[nodiscard]] core::Tick& claim() noexcept {
        assert(!full());
        return ticks_[size_];
    }
    void commit() noexcept { ++size_; }
    /// texts()[i] belongs to ticks()[i]; filled only by decoders of checksummed books, valid while the frame is.
    [[nodiscard]] std::span<LevelText> texts() noexcept { return {texts_.get(), capacity}; }
    [[nodiscard]] std::span<core::Tick> ticks() noexcept { return {ticks_.get(), size_}; }
    [[nodiscard]] std::span<const core::Tick> ticks() const noexcept { return {ticks_.get(), size_}; }

private:
    struct Free {
        void operator()(core::Tick* p) const noexcept { std::allocator<core::Tick>{}.deallocate(p, capacity); }
        void operator()(LevelText* p) const noexcept { std::allocator<LevelText>{}.deallocate(p, capacity); }
    };
    template <class T>
    static std::unique_ptr<T[], Free> allocate() {
        return std::unique_ptr<T[], Free>{std::allocator<T>{}.allocate(capacity)};
    }

    std::unique_ptr<core::Tick[], Free> ticks_;
    std::unique_ptr<LevelText[], Free> texts_;
    std::size_t size_{};
};

}  // namespace feeds
