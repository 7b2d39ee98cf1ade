#pragma once

#include "gateways/okx/codes.hpp"
#include "gateways/streams/row_reader.hpp"

/// For private_stream.cpp alone.
namespace gateways::okx {

/// The rows of OKX's private channels, each with what the venue documents of it.
struct Reader : streams::RowReader {
    explicit Reader(const core::InstrumentTable& table) noexcept : RowReader{table, core::Venue::okx} {}

    void order(const streams::Row& row);
    void algo_order(const streams::Row& row);
    void fill(const streams::Row& row);
    void position(const streams::Row& row);
    void account(const streams::Row& row);
    void balance_and_position(const streams::Row& row);

private:
    const core::Instrument* instrument_of(const streams::Row& row) noexcept;
    bool identify(const streams::Row& row, VenueEvent& event) noexcept;
    bool trade_of(const streams::Row& row, const core::Instrument& instrument, VenueEvent& event) noexcept;
    void end(const streams::Row& row, VenueEvent& event, core::Quantity filled);
};

}  // namespace gateways::okx
