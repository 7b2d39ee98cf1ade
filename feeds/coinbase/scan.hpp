#pragma once

#include "feeds/batch.hpp"
#include "feeds/frame.hpp"
#include "feeds/symbols.hpp"

#include <span>

namespace feeds::coinbase {

/// Decodes the frames that come by the thousand from their exact bytes: l2update, match and snapshot of the Exchange,
/// l2_data and market_trades of Advanced Trade. False on any surprise; `batch` then holds remains.
[[nodiscard]] bool scan(const Frame& frame, const Symbols& symbols, Batch& batch) noexcept;

/// Puts the trades of one frame in the order they happened, if the frame lists the newest first.
void oldest_first(std::span<core::Tick> trades) noexcept;

}  // namespace feeds::coinbase
