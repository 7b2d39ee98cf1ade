#pragma once

#include "core/domain/result.hpp"
#include "feeds/batch.hpp"
#include "feeds/frame.hpp"
#include "feeds/symbols.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>

namespace feeds {

class JsonFrame;

/// What every decoder that reads its venue both ways holds: the symbols and the parser.
class ParsingDecoder {
public:
    /// How many frames `decode` had to hand to the general parser: all but those of the usual shapes.
    [[nodiscard]] std::uint64_t handed_on() const noexcept { return handed_on_; }

protected:
    /// Reads a whole frame, a JSON object, into the batch; false leaves the reason in `json.fault()`.
    using Read = bool (*)(JsonFrame& json, Symbols& symbols, const Frame& frame, Batch& batch) noexcept;

    ParsingDecoder(core::InstrumentTable& instruments, core::Venue venue, bool learn);
    ~ParsingDecoder();
    ParsingDecoder(ParsingDecoder&&) noexcept;

    /// Clears the batch, refuses frames that are too large, names the bare words `ping` and `pong`, and leaves all else
    /// to `read`.
    core::Result<std::size_t, core::Fault> parse(const Frame& frame, Batch& batch, Read read) noexcept;

    Symbols symbols_;
    std::uint64_t handed_on_{};

private:
    std::unique_ptr<JsonFrame> json_;
};

/// A venue's decoder from its dialect:
///   venue   whose frames these are
///   scan    reads the frames that come by the thousand byte by byte, as the venue writes them; false on any surprise,
///           and on everything else. The batch may then hold remains
///   read    reads every frame by the general JSON parser (ParsingDecoder::Read)
/// Both give the same ticks for the same bytes: tests and fuzzers hold them to it.
template <class Dialect>
class TwoWayDecoder : public ParsingDecoder {
public:
    /// `instruments` must outlive the decoder. With `learn`, unknown symbols are added to it with probe decimals.
    explicit TwoWayDecoder(core::InstrumentTable& instruments, bool learn = false)
        : ParsingDecoder{instruments, Dialect::venue, learn} {}

    /// The number of ticks appended to the cleared `batch`, by scanner, or on any surprise by decode_general.
    core::Result<std::size_t, core::Fault> decode(const Frame& frame, Batch& batch) noexcept {
        batch.clear();
        if (frame.origin == FrameOrigin::socket && frame.bytes.size() <= max_frame_bytes &&
            Dialect::scan(symbols_, frame, batch)) [[likely]]
            return batch.ticks().size();
        ++handed_on_;
        return decode_general(frame, batch);
    }

    /// The same ticks by the general JSON parser.
    core::Result<std::size_t, core::Fault> decode_general(const Frame& frame, Batch& batch) noexcept {
        return parse(frame, batch, &Dialect::read);
    }
};

}  // namespace feeds
