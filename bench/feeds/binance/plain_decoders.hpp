#pragma once

#include "core/domain/instrument.hpp"
#include "feeds/batch.hpp"
#include "feeds/frame.hpp"

#include <simdjson.h>

namespace bench {

/// What one would write with simdjson on-demand today: the stream's name says the kind, members are asked in the order
/// in which they come, levels are iterated in place. Same ticks as the feed's decoder, none of its explanations.
class OnDemandDecoder {
public:
    explicit OnDemandDecoder(const core::InstrumentTable& instruments, core::Market market)
        : instruments_{instruments}, market_{market} {}
    bool decode(const feeds::Frame& frame, feeds::Batch& batch);

private:
    const core::InstrumentTable& instruments_;
    core::Market market_;
    simdjson::ondemand::parser parser_;
};

/// The same on simdjson's DOM.
class DomDecoder {
public:
    explicit DomDecoder(const core::InstrumentTable& instruments, core::Market market)
        : instruments_{instruments}, market_{market} {}
    bool decode(const feeds::Frame& frame, feeds::Batch& batch);

private:
    const core::InstrumentTable& instruments_;
    core::Market market_;
    simdjson::dom::parser parser_;
};

}  // namespace bench
