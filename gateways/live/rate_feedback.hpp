#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/time.hpp"
#include "gateways/exchange/request.hpp"
#include "gateways/streams/reading.hpp"

#include <cstdint>
#include <optional>

namespace gateways::live {

/// What an answer says of the request budget.
struct RateFeedback {
    std::optional<std::uint32_t> used_weight{};      ///< of the venue's running minute: RateLedger::observe
    std::optional<core::Nanoseconds> retry_after{};  ///< be silent for so long from now; 0: it said no for how long
    bool banned{};                                   ///< `retry_after` is of a ban: RateLedger::banned, else throttled
    bool everything{};                               ///< of all requests of the address, not of that endpoint's class
    bool orders{};                                   ///< too many new orders, wherever it was said
};

/// Binance: X-MBX-USED-WEIGHT-1M, Retry-After, 429 (of the address, but for -1015), 418, 403 (the firewall). Bybit:
/// retCode 10006 and 429 until X-Bapi-Limit-Reset-Timestamp, 403 for ten minutes. Bitget: 429. OKX: 429, and the codes
/// 50011, 50040 and 50061.
RateFeedback rate_feedback(core::Venue venue, const exchange::Response& response);

/// The same of an answer that came over a private socket.
RateFeedback rate_feedback(core::Venue venue, const streams::Reading& reading) noexcept;

}  // namespace gateways::live
