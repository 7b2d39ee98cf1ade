#pragma once

#include "core/domain/instrument.hpp"
#include "gateways/exchange/service.hpp"
#include "gateways/live/line_plan.hpp"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// For the sources of gateways/live alone.
namespace gateways::live {

/// What all conversations with one venue have in common: its Service, the configured instruments by the names the
/// Service uses for them, the keys.
struct Desk {
    core::Venue venue{};
    std::vector<core::Market> markets{};  ///< in use, each once
    const core::InstrumentTable* instruments{};
    AccountSetup setup{};
    exchange::Credentials keys{};
    std::unique_ptr<exchange::Service> service{};
    exchange::MarketTable table{};                                     ///< symbols are Instrument::name()
    std::map<std::string, core::InstrumentId, std::less<>> by_name{};  ///< instruments in use

    [[nodiscard]] bool uses(core::Market market) const noexcept;
    /// The instrument in use of a unified symbol, or nullptr.
    [[nodiscard]] const core::Instrument* find(std::string_view symbol) const noexcept;
    /// The one of an id if it is in use, or nullptr.
    [[nodiscard]] const core::Instrument* find(core::InstrumentId id) const noexcept;
    /// The currency that spot holds, contracts settle in.
    [[nodiscard]] const exchange::Market& market(const core::Instrument& instrument) const;
    /// Currencies that the linear instruments in use settle in, each once.
    [[nodiscard]] std::vector<std::string> settle_coins() const;
    /// Orders that wait for a price are kept apart from the others: other endpoints, other ids.
    [[nodiscard]] bool keeps_conditionals_apart(core::Market market) const noexcept;
};

/// Throws as AccountCalls.
std::shared_ptr<const Desk> make_desk(core::Venue venue, const std::vector<core::Market>& markets,
                                      const core::InstrumentTable& instruments, AccountSetup setup,
                                      exchange::Credentials keys);

}  // namespace gateways::live
