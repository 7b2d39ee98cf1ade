#pragma once

#include "core/domain/instrument.hpp"
#include "feeds/batch.hpp"
#include "feeds/frame.hpp"
#include "feeds/stats.hpp"

#include <utility>

namespace feeds {

/// One venue's frames into ticks that may be used: decoder, book synchroniser and counters. What a session thread, a
/// replay and `omega decode` all run.
///
/// Decoder:       Decoder(core::InstrumentTable&, bool learn); Result<size_t, Fault> decode(const Frame&, Batch&)
/// noexcept Synchroniser:  Synchroniser(std::size_t instruments); on_batch, on_opened, on_closed, on_fault as in
/// BookSync
///
/// `instruments` must outlive the feed. With `learn`, unknown symbols are added to it (discovery; decimals are probes).
template <class Decoder, class Synchroniser>
class Feed {
public:
    explicit Feed(core::InstrumentTable& instruments, bool learn = false)
        : decoder_{instruments, learn}, synchroniser_{instruments.size()} {}

    /// Decodes one frame and hands the ticks that may be applied to `sink`, `void(const core::Tick&)`, in order. The
    /// tick is valid during the call. Refused frames are counted; the stream goes on.
    template <class Sink>
    void on_frame(const Frame& frame, Sink&& sink) noexcept {
        const auto pass = [&](const core::Tick& tick) {
            stats_.count(tick.kind);
            sink(tick);
        };
        if (frame.origin == FrameOrigin::sent) return;
        if (frame.origin == FrameOrigin::opened) return synchroniser_.on_opened(frame, stats_, pass);
        if (frame.origin == FrameOrigin::closed) return synchroniser_.on_closed(frame, stats_, pass);
        ++stats_.frames;
        batch_.clear();
        const auto decoded = decoder_.decode(frame, batch_);
        if (!decoded) [[unlikely]] {
            stats_.count(decoded.error(), frame);
            return synchroniser_.on_fault(frame, decoded.error(), stats_, pass);
        }
        if (batch_.control != Control::none) [[unlikely]]
            stats_.count(batch_.control);
        synchroniser_.on_batch(frame, batch_, stats_, pass);
    }

    [[nodiscard]] const FeedStats& stats() const noexcept { return stats_; }
    [[nodiscard]] Decoder& decoder() noexcept { return decoder_; }
    [[nodiscard]] Synchroniser& synchroniser() noexcept { return synchroniser_; }
    /// What the newest frame decoded to.
    [[nodiscard]] const Batch& batch() const noexcept { return batch_; }

private:
    Decoder decoder_;
    Synchroniser synchroniser_;
    Batch batch_{};
    FeedStats stats_{};
};

}  // namespace feeds
