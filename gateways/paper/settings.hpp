#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace gateways::paper {

/// How cancellations ahead of a resting order count.
/// conservative:  they do not, until the displayed quantity is smaller than our place in it.
/// probabilistic: a share of them does, by the power law of hftbacktest: (1 − b/(b + a)), b = behind^n, a = ahead^n.
enum class QueueModel : std::uint8_t { conservative, probabilistic };

/// Keys `paper.*`.
struct Settings {
    double entry_latency_us{2000};           ///< order leaving us → order at the matching engine
    double response_latency_us{2000};        ///< matching engine → report back with us
    std::vector<double> entry_samples_us{};  ///< measured latencies, drawn from instead when given
    std::vector<double> response_samples_us{};
    QueueModel queue{QueueModel::conservative};
    double queue_power{3};  ///< n of the power law
    double spot_maker_fee_bps{10}, spot_taker_fee_bps{10};
    double contract_maker_fee_bps{2}, contract_taker_fee_bps{5};
    std::uint64_t seed{42};                    ///< of the latency draws
    std::size_t max_working{256};              ///< more resting orders are rejected
    std::size_t window{std::size_t{1} << 14};  ///< price steps a side kept in the ladder's array
};

}  // namespace gateways::paper
