#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/order.hpp"
#include "gateways/orders/ledger.hpp"

#include <optional>
#include <vector>

namespace gateways {

/// How well a position is covered by stops that rest at the venue. Derived from the ledger at every call: there is no
/// second book of quantities that could be wrong after a partial fill.
struct Protection {
    core::Quantity position{};  ///< signed
    core::Quantity covered{};   ///< what the open reduce-only stops on the other side would close, at most |position|
    core::Quantity stops{};     ///< the sum of those stops: more than |position| while one replaces another
    std::size_t doubtful{};     ///< stops of unknown outcome; not counted as cover

    [[nodiscard]] core::Quantity naked() const noexcept {
        const auto held = position.units < 0 ? -position : position;
        return held - covered;
    }
};

Protection protection(const OrderLedger& ledger, core::InstrumentId instrument) noexcept;

/// The order is a stop that covers (part of) the position held now.
bool guards_position(const OrderLedger& ledger, const TrackedOrder& order) noexcept;

/// The stop that an instrument's naked position needs, at the trigger of the newest stop the ledger knows of this very
/// position (not of one before it): what is placed again when a stop is gone after a restart. The id is 0: the sender
/// gives it. Nothing if the position is covered, a stop's outcome is unknown (it may be there), no stop was ever known
/// (a trigger is not invented), or the market, of which the newest price is `last` (0: not known), is beyond the
/// trigger: that would be no stop but an exit nobody decided.
std::optional<core::Order> missing_stop(const OrderLedger& ledger, core::InstrumentId instrument,
                                        core::Price last = {}) noexcept;

/// Watches that no position stays naked longer than `grace`: strategies replace stops, and a stop needs a round trip.
class ProtectionWatch {
public:
    ProtectionWatch(std::size_t instruments, core::Nanoseconds grace) : since_(instruments), grace_{grace} {}

    /// True from the moment on that the position was naked for `grace`.
    bool naked(const OrderLedger& ledger, core::InstrumentId instrument, core::Nanoseconds now) noexcept;
    /// Since when it was, at the newest look; nothing: it was not.
    [[nodiscard]] const std::optional<core::Nanoseconds>& since(core::InstrumentId instrument) const noexcept {
        return since_[instrument.value];
    }

private:
    std::vector<std::optional<core::Nanoseconds>> since_;
    core::Nanoseconds grace_;
};

}  // namespace gateways
