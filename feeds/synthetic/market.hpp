#pragma once

#include "core/domain/instrument.hpp"
#include "feeds/frame.hpp"
#include "feeds/synthetic/instrument_market.hpp"
#include "feeds/synthetic/settings.hpp"

#include <memory>
#include <span>
#include <vector>

namespace feeds::synthetic {

/// A market that does not exist, as its venues would send it: raw frames of quotes, trades and books in the bytes of
/// Binance USD-M, Bybit and OKX, snapshots included, so that the real codecs and synchronisers are what reads them.
/// Frame::venue says whose each is.
///
/// Seeded and event driven: equal settings give equal bytes and times. Consistent: snapshot and diffs make the book
/// whose top the quotes show, trades take what is shown at the touch, ids have no holes, and the book is never crossed,
/// unless a fault was asked for. After the constructor nothing is allocated for a frame (the truth grows past 16,384
/// traps).
class Market {
public:
    /// Throws std::invalid_argument when a setting makes no market.
    explicit Market(Settings settings);

    /// The next frame in order of receive time; its views hold until the next call, and frame_padding bytes after them
    /// are readable. False past the duration.
    bool next(Frame& frame) noexcept;

    /// The next frame of its kind of this instrument is damaged, or its next depth event held back.
    void inject(Fault fault, std::size_t instrument = 0) noexcept;

    /// Traps whose extreme has been reached, in order of that.
    [[nodiscard]] std::span<const Truth> truth() const noexcept { return truth_; }
    /// Mood of an instrument now.
    [[nodiscard]] Mood mood(std::size_t instrument = 0) const noexcept { return markets_[instrument].mood(); }
    /// The instruments, for a table.
    [[nodiscard]] std::vector<core::Instrument> instruments() const;

private:
    [[nodiscard]] const InstrumentMarket* leader_of(std::size_t index) const noexcept;
    std::size_t earliest() const noexcept;
    std::string_view damaged(std::string_view bytes, Fault fault) noexcept;

    Settings settings_;
    std::vector<Truth> truth_;
    std::vector<InstrumentMarket> markets_;
    std::vector<std::uint8_t> damage_;  // per instrument: 0 none, else 1 + Fault
    std::size_t next_fault_{};
    Chance jitter_;
    core::Nanoseconds end_;
    core::Nanoseconds last_receive_{};
    std::unique_ptr<char[]> damaged_;
};

}  // namespace feeds::synthetic
