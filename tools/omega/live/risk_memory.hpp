#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/result.hpp"
#include "core/domain/tick.hpp"
#include "strategies/risk/memory.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <vector>

namespace omega {

/// What risk and bots must know after a restart: the file `risk` in live.state, version 1; instruments by venue, market
/// and symbol, so that another order of them in the configuration changes nothing.
struct RiskMemory {
    struct Line {
        strategies::PlanMemory plan{};
        std::vector<strategies::AdditionMemory> additions{};  ///< one a bot that added
    };
    std::optional<strategies::AccountMemory> account{};
    std::map<std::uint16_t, Line> lines{};  ///< by instrument
    /// What the accounts held beyond `start_equity` when this memory began, in 1e-8 of the quote currency: it is not
    /// risked, and stays out of every later start's equity, too.
    core::Notional reserve{};
    core::Notional limit{};  ///< the start_equity that `reserve` belongs to

    /// Errors: corrupt (not such a file, or of another version), refused (it cannot be read).
    /// A missing file is an empty memory. Plans of instruments that the table does not have are left out.
    static core::Result<RiskMemory> load(const std::filesystem::path& file, const core::InstrumentTable& instruments);
    /// Replaces the file in one step: temporary, fsync, rename, fsync of the folder. False: it could not.
    [[nodiscard]] bool save(const std::filesystem::path& file, const core::InstrumentTable& instruments) const;

    /// As ticks for the pipeline, all at `now`. `before`: the account and the plans, which come before the executions
    /// that restore. `after`: what follows the executions of one instrument, however late they come: its additions, and
    /// that it is restored. The restore as a whole ends with Command::restored.
    [[nodiscard]] std::vector<core::Tick> before(const core::InstrumentTable& instruments, core::Nanoseconds now) const;
    [[nodiscard]] std::vector<core::Tick> after(const core::Instrument& instrument, core::Nanoseconds now) const;

    /// How much of `held` may be risked, at most `configured` at the first start; keeps what it set aside.
    core::Notional start_equity(core::Notional held, core::Notional configured) noexcept;
};

/// A command tick of the engine's own.
core::Tick command_tick(std::uint16_t code, core::Nanoseconds now) noexcept;

}  // namespace omega
