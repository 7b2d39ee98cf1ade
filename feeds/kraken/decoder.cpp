#include "feeds/kraken/decoder.hpp"

#include "feeds/json_frame.hpp"
#include "feeds/kraken/general.hpp"
#include "feeds/kraken/scan.hpp"

namespace feeds::kraken {

Decoder::Decoder(core::InstrumentTable& instruments, bool learn)
    : symbols_{instruments, core::Venue::kraken, learn},
      learn_{learn},
      depths_{instruments.size()},
      json_{std::make_unique<JsonFrame>(max_frame_bytes)} {}
Decoder::~Decoder() = default;
Decoder::Decoder(Decoder&&) noexcept = default;

core::Result<std::size_t, core::Fault> Decoder::decode(const Frame& frame, Batch& batch) noexcept {
    if (scan(frame, symbols_, depths_, batch)) [[likely]]
        return batch.ticks().size();
    batch.clear();
    return decode_general(frame, batch);
}

core::Result<std::size_t, core::Fault> Decoder::decode_general(const Frame& frame, Batch& batch) noexcept {
    if (frame.bytes.size() > max_frame_bytes) return core::Fault{core::Error::oversized, 0, ""};
    // The only REST answers a recording holds are lists of pairs; books come by the stream.
    if (frame.origin == FrameOrigin::rest) {
        batch.control = Control::instruments;
        return std::size_t{0};
    }
    General general{*json_, symbols_, depths_, frame, batch, learn_};
    const auto start = frame.bytes.find_first_not_of(" \t\r\n");
    const bool array = start != std::string_view::npos && frame.bytes[start] == '[';
    if (array ? read_v1(general) : read_object(general)) return batch.ticks().size();
    const auto fault = json_->fault();
    batch.clear();
    return fault;
}

}  // namespace feeds::kraken
