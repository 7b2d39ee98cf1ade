#pragma once

#include "core/domain/tick.hpp"

namespace core {

/// Does the tick say that something was missed? A gap or a lost venue; or `connected` of one instrument: a connection
/// that fed it was away, though not the one of its book.
constexpr bool tells_of_loss(const Tick& tick) noexcept {
    if (!tick.is(TickKind::session)) return false;
    const auto what = static_cast<Session>(tick.code);
    return what == Session::gap || what == Session::disconnected ||
           (what == Session::connected && tick.instrument != no_instrument);
}

}  // namespace core
