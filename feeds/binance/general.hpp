#pragma once

#include "core/domain/result.hpp"
#include "feeds/batch.hpp"
#include "feeds/binance/fields.hpp"
#include "feeds/binance/markets.hpp"
#include "feeds/frame.hpp"
#include "feeds/symbols.hpp"
#include "feeds/tick_writer.hpp"

#include <simdjson.h>

#include <cstdint>

namespace feeds::binance {

/// Decodes any frame of Binance, members in any order, on simdjson on-demand: what the speculative scanner falls back
/// to and is tested against. Include it in sources only.
class General {
public:
    General(Symbols& symbols, Connections& connections);
    core::Result<std::size_t, core::Fault> decode(const Frame& frame, Batch& batch) noexcept;

private:
    bool document() noexcept;
    bool event() noexcept;
    bool control() noexcept;
    bool trade(Key id) noexcept;
    bool quote(bool futures) noexcept;
    bool depth() noexcept;
    bool kline() noexcept;
    bool mark_price() noexcept;
    bool liquidation() noexcept;
    bool snapshot() noexcept;
    bool levels(simdjson::ondemand::object& book, Key key, core::Side side, LevelWriter& writer) noexcept;

    bool named(Control what) noexcept;
    bool resolve(core::Market market, const Fields& from, Key key) noexcept;
    bool resolve(core::Market market, std::string_view symbol, const char* field) noexcept;
    bool text(const Fields& from, Key key, std::string_view& to) noexcept;
    bool integer(const Fields& from, Key key, std::uint64_t& to) noexcept;
    bool time(const Fields& from, Key key, core::Nanoseconds& to) noexcept;
    bool truth(const Fields& from, Key key, bool& to) noexcept;
    bool price(const Fields& from, Key key, core::Price& to) noexcept;
    bool quantity(const Fields& from, Key key, core::Quantity& to) noexcept;
    bool emit(const core::Tick& tick) noexcept;
    bool finish_book(LevelWriter& writer, core::Nanoseconds time, Key bids, Key asks) noexcept;
    [[nodiscard]] bool is_partial_depth() const noexcept;
    [[nodiscard]] core::Market kline_market(std::string_view symbol) const noexcept;
    bool fail(core::Error reason, const char* field, std::string_view at) noexcept;
    bool fail(simdjson::error_code error, const char* field) noexcept;

    Symbols& symbols_;
    Connections& connections_;
    simdjson::ondemand::parser parser_;
    simdjson::ondemand::document document_;
    Message message_;
    const Frame* frame_{};
    Batch* batch_{};
    const core::Instrument* instrument_{};
    core::Fault fault_;
    bool open_{};  // document_ is
};

}  // namespace feeds::binance
