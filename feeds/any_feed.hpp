#pragma once

#include "core/domain/function_ref.hpp"
#include "core/domain/instrument.hpp"
#include "core/domain/tick.hpp"
#include "feeds/batch.hpp"
#include "feeds/frame.hpp"
#include "feeds/stats.hpp"

#include <memory>

namespace feeds {

/// The Feed of a venue chosen at run time. It costs a predictable call a frame and one a tick, and in return whoever
/// uses it is compiled once and not once a venue.
class AnyFeed {
public:
    using Sink = core::FunctionRef<void(const core::Tick&)>;

    /// As Feed's; throws std::invalid_argument for Venue::omega.
    AnyFeed(core::Venue venue, core::InstrumentTable& instruments, bool learn = false);
    AnyFeed(AnyFeed&&) noexcept;
    AnyFeed& operator=(AnyFeed&&) noexcept;
    ~AnyFeed();

    /// As Feed's: the ticks of one frame, in order, each valid during the call.
    void on_frame(const Frame& frame, Sink sink) noexcept;
    [[nodiscard]] const FeedStats& stats() const noexcept;
    /// What the newest frame decoded to.
    [[nodiscard]] const Batch& batch() const noexcept;
    /// The instrument's book may be used.
    [[nodiscard]] bool book_valid(core::InstrumentId instrument) const noexcept;
    /// As BookSync's: it cannot become valid by itself.
    [[nodiscard]] bool needs_snapshot(core::InstrumentId instrument) const noexcept;

private:
    struct Feeds;  // one of six
    std::unique_ptr<Feeds> feed_;
};

}  // namespace feeds
