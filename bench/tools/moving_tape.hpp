#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/time.hpp"
#include "feeds/frame.hpp"

#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace bench {

/// A recorded session in memory that can be played over and over: before every further pass its clocks go on (the
/// venue's in the frames' text, "E" and "T", and the receive times), and a reconnect begins it, as in a live run.
class MovingTape {
public:
    /// Reads a recording of ../shared/data; empty() where it is absent.
    explicit MovingTape(const std::string& name);

    [[nodiscard]] bool empty() const noexcept { return frames_.empty(); }
    [[nodiscard]] std::size_t size() const noexcept { return frames_.size(); }
    [[nodiscard]] auto begin() const noexcept { return frames_.begin(); }
    [[nodiscard]] auto end() const noexcept { return frames_.end(); }
    [[nodiscard]] const core::InstrumentTable& instruments() const noexcept { return instruments_; }
    /// The frame that says that the connection was opened anew: what a pass begins with.
    [[nodiscard]] feeds::Frame opened() const noexcept;

    /// Makes the next pass follow the last.
    void advance() noexcept;

private:
    std::set<std::string> urls_;
    std::string text_;                  ///< every frame, padded
    std::vector<feeds::Frame> frames_;  ///< views into text_
    std::vector<char*> stamps_;         ///< the thirteen digits of every venue time
    core::InstrumentTable instruments_;
    std::int64_t span_ms_{};
};

}  // namespace bench
