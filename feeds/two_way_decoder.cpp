#include "feeds/two_way_decoder.hpp"

#include "feeds/json_frame.hpp"

namespace feeds {

ParsingDecoder::ParsingDecoder(core::InstrumentTable& instruments, core::Venue venue, bool learn)
    : symbols_{instruments, venue, learn}, json_{std::make_unique<JsonFrame>(max_frame_bytes)} {}
ParsingDecoder::~ParsingDecoder() = default;
ParsingDecoder::ParsingDecoder(ParsingDecoder&&) noexcept = default;

core::Result<std::size_t, core::Fault> ParsingDecoder::parse(const Frame& frame, Batch& batch, Read read) noexcept {
    batch.clear();
    if (frame.bytes.size() > max_frame_bytes)
        return core::Fault{core::Error::oversized, static_cast<std::uint32_t>(max_frame_bytes), ""};
    if (frame.bytes == "pong" || frame.bytes == "ping") {
        batch.control = frame.bytes == "pong" ? Control::pong : Control::heartbeat;
        return std::size_t{0};
    }
    if (!read(*json_, symbols_, frame, batch)) {
        batch.clear();
        return json_->fault();
    }
    return batch.ticks().size();
}

}  // namespace feeds
