#include "tools/venue/dialect/dialect.hpp"

#include <stdexcept>

namespace venue {

// A folder each; named here and below, so that a new one touches nothing else.
std::unique_ptr<Dialect> make_bitget(Engine& engine, Outbox& out);
std::unique_ptr<Dialect> make_bybit(Engine& engine, Outbox& out);

std::string_view name(Topic topic) noexcept {
    switch (topic) {
        case Topic::ack: return "ack";
        case Topic::book: return "book";
        case Topic::trade: return "trade";
        case Topic::ticker: return "ticker";
        case Topic::candle: return "candle";
        case Topic::order: return "order";
        case Topic::fill: return "fill";
        case Topic::account: return "account";
        case Topic::pong: return "pong";
        case Topic::other: return "other";
    }
    return "?";
}

// One line a dialect.
std::unique_ptr<Dialect> make_dialect(core::Venue venue, Engine& engine, Outbox& out) {
    switch (venue) {
        case core::Venue::binance: return make_binance(engine, out);
        case core::Venue::bitget: return make_bitget(engine, out);
        case core::Venue::bybit: return make_bybit(engine, out);
        case core::Venue::okx: return make_okx(engine, out);
        default: break;
    }
    throw std::invalid_argument{"venue simulator: no dialect for " + std::string{core::name(venue)} +
                                "; expected binance, bitget, bybit or okx"};
}

bool unified_wallet(core::Venue venue) noexcept {
    return venue == core::Venue::okx || venue == core::Venue::bybit;
}

}  // namespace venue
