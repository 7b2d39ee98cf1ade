#pragma once

#include "core/domain/time.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <vector>

namespace core {

/// Judges a session by its data, stream by stream: a socket that answers pings and brings no trades is dead. Pure:
/// times come from its owner, any clock that does not go back.
class Liveness {
public:
    /// Adds a stream that is never silent for longer; 0: it may be silent for ever. Returns its index.
    std::size_t watch(Nanoseconds longest_silence) {
        streams_.push_back({longest_silence, 0ns});
        return streams_.size() - 1;
    }
    /// From now on the stream may be silent for so long. Its owner found that it is quiet, not dead.
    void allow(std::size_t stream, Nanoseconds longest_silence) noexcept {
        streams_[stream].longest_silence = longest_silence;
        checked_until_ = 0ns;
    }
    [[nodiscard]] Nanoseconds allowed(std::size_t stream) const noexcept { return streams_[stream].longest_silence; }
    /// A session begins: silence counts from here.
    void started(Nanoseconds now) noexcept {
        for (auto& stream : streams_) stream.seen = now;
        checked_until_ = 0ns;
    }
    /// Data of a stream came.
    void seen(std::size_t stream, Nanoseconds now) noexcept { streams_[stream].seen = now; }

    /// A stream that has been silent for too long. Looks at the streams only when one of them can be.
    [[nodiscard]] std::optional<std::size_t> silent(Nanoseconds now) noexcept {
        if (now < checked_until_) return std::nullopt;
        auto next = Nanoseconds::max();
        for (std::size_t i = 0; i < streams_.size(); ++i) {
            const auto& [longest, seen] = streams_[i];
            if (longest == 0ns) continue;
            if (now - seen > longest) return i;
            next = std::min(next, seen + longest);
        }
        checked_until_ = next;
        return std::nullopt;
    }
    [[nodiscard]] Nanoseconds last_seen(std::size_t stream) const noexcept { return streams_[stream].seen; }
    [[nodiscard]] std::size_t size() const noexcept { return streams_.size(); }

private:
    struct Stream {
        Nanoseconds longest_silence, seen;
    };
    std::vector<Stream> streams_;
    Nanoseconds checked_until_{};
};

}  // namespace core
