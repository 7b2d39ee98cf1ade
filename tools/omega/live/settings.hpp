#pragma once

#include "core/config/schema.hpp"
#include "core/domain/instrument.hpp"
#include "core/domain/time.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace omega {

/// One venue of `venues:`, by its name.
struct VenueSettings {
    std::vector<std::string> instruments{};  ///< unified symbols; see InstrumentText
    bool trade{};                            ///< orders of its instruments go there, in modes testnet and prod
    std::string account{};                   ///< name of its key in keystore or environment; "": the venue's own name
    std::uint32_t redundant{1};              ///< connections that bring the same market data
    std::string websocket{}, rest{};         ///< origins in place of the venue's own
    std::vector<std::string> accept{};       ///< "SYMBOL QUANTITY": positions that a person saw there, taken over once
};

/// The embedded simulator: every venue that trades speaks to it in its own dialect.
struct VenueSimulation {
    bool enabled{};
    std::uint64_t seed{42};
    std::uint32_t pairs{4};  ///< bases against USDT that each venue lists, spot and perpetual
    double events_per_s{20};
    double volatility{1};  ///< scales its swings and noise
    double speed{1};       ///< the market's time per time on the wall
    std::string faults{};  ///< a script of tools/venue, "" for none
};

/// Everything about venues outside this process. Without a venue the synthetic market is traded on paper.
struct LiveSettings {
    std::map<std::string, VenueSettings> venues{};
    VenueSimulation simulation{};
    std::string ca_file{};  ///< PEM of further authorities for all TLS
    /// Folder of ledgers and the start counter, for one running engine. "": default_state, or, where venues are
    /// simulated and their accounts new with every run, a folder that ends with it.
    std::string state{};
    bool adopt_orders{};    ///< orders that others place on the account are left alone, not cancelled
    bool adopt_position{};  ///< a ledger that never held anything takes what the account holds at its first look
    core::Nanoseconds stop_limit{std::chrono::seconds{10}};  ///< to have every order cancelled in the end
    bool keep_stops{true};  ///< … but those that protect a position that is still held
    /// Silence of the engine after which a process beside it cancels its entries; 0: there is none.
    core::Nanoseconds watchdog{std::chrono::seconds{5}};
    bool dead_man{};            ///< the venue cancels everything, stops too, when it hears nothing from us for 30 s
    bool record_enabled{true};  ///< raw captures are kept, …
    std::string record{};       ///< … in this folder; "": record_folder says where
    std::uint32_t record_budget_mb{20'480};
    std::uint32_t epoch{1};  ///< high bits of this run's order ids: counted by itself where orders are real

    [[nodiscard]] bool any() const noexcept { return !venues.empty(); }
};

/// Declares `venues`, `venue_sim`, `net`, `live`, `record` and `run`.
void add_live(core::Schema& schema, LiveSettings& settings);

/// The name of a venue's account: of its key and its ledger.
[[nodiscard]] inline const std::string& account_name(const std::string& venue, const VenueSettings& settings) noexcept {
    return settings.account.empty() ? venue : settings.account;
}

/// The origin is an address of this host, as it is written.
[[nodiscard]] bool is_local(const std::string& origin);

}  // namespace omega
