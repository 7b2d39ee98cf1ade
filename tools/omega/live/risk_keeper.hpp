#pragma once

#include "core/domain/instrument.hpp"
#include "tools/omega/engine/risk_notes.hpp"
#include "tools/omega/live/risk_memory.hpp"

#include <atomic>
#include <filesystem>
#include <set>
#include <stop_token>
#include <string>
#include <thread>

namespace omega {

/// Keeps RiskMemory in live.state while the engine runs: writes it on a thread of its own whenever something changed (a
/// peak that merely rose at most once a second), and takes up an operator's request to resume.
class RiskKeeper {
public:
    /// Reads what an earlier run left and sets aside what may not be risked. Throws std::runtime_error: the file is
    /// damaged or of another version (it is not touched), or cannot be read.
    RiskKeeper(const std::filesystem::path& state, const core::InstrumentTable& instruments);
    ~RiskKeeper();
    RiskKeeper(const RiskKeeper&) = delete;
    RiskKeeper& operator=(const RiskKeeper&) = delete;

    /// Equity to start with, of what the accounts hold; see RiskMemory::start_equity. Before start().
    double start_equity(double held, double configured);
    /// What this run starts from. Before start().
    [[nodiscard]] const RiskMemory& memory() const noexcept { return memory_; }
    /// Begins to write.
    void start();
    /// Writes the last word and ends the thread.
    void stop();

    [[nodiscard]] RiskNotes& notes() noexcept { return notes_; }
    /// True once after an operator asked to resume. Any thread.
    [[nodiscard]] bool take_resume() noexcept {
        // Relaxed: the flag is all there is to see.
        return resume_.load(std::memory_order_relaxed) && resume_.exchange(false, std::memory_order_relaxed);
    }
    /// Times that the file could not be written. Any thread.
    [[nodiscard]] std::uint64_t failures() const noexcept { return failures_.load(std::memory_order_relaxed); }

private:
    void run(const std::stop_token& stopped);
    void take(const RiskNote& note);
    void write();

    const core::InstrumentTable* instruments_;
    std::filesystem::path file_, request_;
    RiskMemory memory_;  // the writer's, once it runs
    RiskNotes notes_;
    std::set<std::uint16_t> told_;  // plans, since the restore began
    bool urgent_{}, changed_{};
    std::atomic<bool> resume_{};
    std::atomic<std::uint64_t> failures_{};
    std::jthread thread_;
};

/// Leaves the request to end a halt in live.state, where a running engine takes it up within a second and a stopped one
/// at its next start. Throws std::runtime_error: it cannot be written.
void request_resume(const std::filesystem::path& state);

}  // namespace omega
