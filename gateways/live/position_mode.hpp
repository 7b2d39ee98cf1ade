#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/time.hpp"
#include "gateways/exchange/service.hpp"

#include <functional>
#include <optional>
#include <string_view>

namespace gateways::live {

/// The question whether an account trades this contract in hedge mode: long and short beside each other, where an order
/// of ours would open the other side instead of closing ours. `settle`: the currency it settles in, "USDT".
/// Sources: Binance GET /fapi|dapi/v1/positionSide/dual; OKX GET /api/v5/account/config, `posMode`; Bybit GET
/// /v5/position/list of one symbol, `positionIdx` 0 of one-way mode; Bitget GET /api/v2/mix/account/account, `posMode`.
exchange::Request position_mode_request(const core::Instrument& contract, std::string_view settle);

/// The venue's answer to it; nothing: it does not say.
std::optional<bool> hedged_in(core::Venue venue, const exchange::Value& answer) noexcept;

/// Asks. Errors: network, and `other` with the venue's words where it did not say.
exchange::Expected<bool> in_hedge_mode(const exchange::Service& service, const core::Instrument& contract,
                                       std::string_view settle, const exchange::Credentials& keys,
                                       const std::function<core::Nanoseconds()>& clock,
                                       exchange::Environment environment, const exchange::Transport& transport);

}  // namespace gateways::live
