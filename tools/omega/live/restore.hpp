#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/tick.hpp"

#include <optional>
#include <vector>

namespace omega {

class Accounts;

/// The newest traded price of each instrument.
class LastPrices {
public:
    void on(const core::Tick& tick) {
        if (!tick.is(core::TickKind::trade)) return;
        if (tick.instrument.value >= prices_.size()) prices_.resize(std::size_t{tick.instrument.value} + 1);
        prices_[tick.instrument.value] = tick.trade.price;
    }
    [[nodiscard]] core::Price of(core::InstrumentId id) const noexcept {
        return id.value < prices_.size() ? prices_[id.value] : core::Price{};
    }

private:
    std::vector<core::Price> prices_;
};

/// What earlier runs left of an instrument, as execution ticks for the pipeline: the orders of ours that still rest,
/// then the position; none where there is neither. A position counts from the venue's average entry price; where the
/// venue says none (spot), from the last trade: its gain then begins with this run. Nothing: such a price is not known
/// yet.
std::optional<std::vector<core::Tick>> restored_state(const Accounts& accounts, const core::Instrument& instrument,
                                                      const LastPrices& prices, core::Nanoseconds now);

}  // namespace omega
