#pragma once

#include "core/domain/instrument.hpp"
#include "feeds/capture/tape.hpp"

#include <filesystem>
#include <span>

namespace feeds::capture {

/// The instruments of a recorded session: a first pass that finds every symbol, its market, and the decimals its prices
/// and quantities really use (the trailing zeros a venue pads with are not precision), with describe()'s rules of the
/// main pairs. Ids are in order of first appearance. Frames that no decoder reads are passed over: the second pass
/// counts them. An instrument that is only named, without one price, keeps the probe's decimals. Errors: those of
/// MergedReader; std::length_error past InstrumentTable::max_instruments; std::invalid_argument for Venue::omega.
[[nodiscard]] core::InstrumentTable discover(core::Venue venue, std::span<const std::filesystem::path> captures);

/// The same of a tape in memory.
[[nodiscard]] core::InstrumentTable discover(core::Venue venue, const Tape& tape);

}  // namespace feeds::capture
