#pragma once

#include "gateways/bybit/codes.hpp"
#include "gateways/streams/row_reader.hpp"

/// For private_stream.cpp alone.
namespace gateways::bybit {

/// The rows of Bybit's private topics, each with what the venue documents of it.
struct Reader : streams::RowReader {
    explicit Reader(const core::InstrumentTable& table) noexcept : RowReader{table, core::Venue::bybit} {}

    void order(const streams::Row& row);
    void execution(const streams::Row& row);
    void position(const streams::Row& row);
    void wallet(const streams::Row& row);

    std::string_view topic_category{};

private:
    const core::Instrument* instrument_of(const streams::Row& row) noexcept;
    bool identify(const streams::Row& row, VenueEvent& event) noexcept;
};

}  // namespace gateways::bybit
