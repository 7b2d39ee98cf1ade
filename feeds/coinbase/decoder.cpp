#include "feeds/coinbase/decoder.hpp"

#include "feeds/coinbase/scan.hpp"
#include "feeds/json_frame.hpp"

namespace feeds::coinbase {

Decoder::Decoder(core::InstrumentTable& instruments, bool learn)
    : symbols_{instruments, core::Venue::coinbase, learn},
      learn_{learn},
      json_{std::make_unique<JsonFrame>(max_frame_bytes)} {}
Decoder::~Decoder() = default;
Decoder::Decoder(Decoder&&) noexcept = default;

core::Result<std::size_t, core::Fault> Decoder::decode(const Frame& frame, Batch& batch) noexcept {
    if (scan(frame, symbols_, batch)) [[likely]]
        return batch.ticks().size();
    batch.clear();
    return decode_general(frame, batch);
}

}  // namespace feeds::coinbase
