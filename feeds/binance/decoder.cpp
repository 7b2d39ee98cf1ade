#include "feeds/binance/decoder.hpp"

#include "feeds/binance/general.hpp"
#include "feeds/binance/shapes.hpp"

namespace feeds::binance {

Decoder::Decoder(core::InstrumentTable& instruments, bool learn)
    : symbols_{instruments, core::Venue::binance, learn},
      general_{std::make_unique<General>(symbols_, connections_)},
      shapes_{std::make_unique<Shapes>()} {}

Decoder::~Decoder() = default;

core::Result<std::size_t, core::Fault> Decoder::decode(const Frame& frame, Batch& batch) noexcept {
    if (const Shape* shape = shapes_->decode(frame, batch)) [[likely]] {
        connections_.note(frame.connection, shape->instrument, shape->market);
        return batch.ticks().size();
    }
    ++surprises_;
    batch.clear();
    auto decoded = general_->decode(frame, batch);
    if (decoded) shapes_->learn(frame, batch, symbols_);
    return decoded;
}

core::Result<std::size_t, core::Fault> Decoder::decode_general(const Frame& frame, Batch& batch) noexcept {
    batch.clear();
    return general_->decode(frame, batch);
}

}  // namespace feeds::binance
