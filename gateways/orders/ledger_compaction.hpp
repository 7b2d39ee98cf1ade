#pragma once

#include "gateways/orders/ledger_file.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <thread>

namespace gateways {

/// A rewritten ledger on its way into the old one's place. Waiting for the disk takes milliseconds, and so does letting
/// go of a large file: a thread of its own does both. Until the new one is taken its owner appends every record to both
/// files, so that whichever has the name when the process dies holds everything.
class LedgerCompaction {
public:
    enum class State : std::uint8_t {
        writing,  ///< the old file has the name, or the new one since just now
        placed,   ///< the new file has the name and is on the disk: take it
        failed,   ///< the old file stays
        over      ///< nothing is left to do: this may go without waiting
    };

    /// Begins. Throws std::system_error when no thread can be had.
    LedgerCompaction(LedgerFile next, const std::filesystem::path& place);
    /// Waits for its thread.
    ~LedgerCompaction();
    LedgerCompaction(const LedgerCompaction&) = delete;
    LedgerCompaction& operator=(const LedgerCompaction&) = delete;

    bool append(LedgerRecordKind kind, const void* payload, std::size_t size) noexcept {
        return next_.append(kind, payload, size);
    }
    [[nodiscard]] State state() const noexcept { return state_.load(std::memory_order_acquire); }
    /// The new file, against the old one. Precondition: placed, and not yet taken.
    [[nodiscard]] LedgerFile take(LedgerFile old) noexcept;

private:
    void work(int file, const std::filesystem::path& from, const std::filesystem::path& to) noexcept;

    LedgerFile next_, old_;
    // Release by the thread that changes it: pairs with the acquire in state() and in work(), so that the file is in
    // its place, and `old_` written, before the other side goes on.
    std::atomic<State> state_{State::writing};
    std::atomic<bool> taken_{};
    std::jthread thread_;  // last: it uses what is above
};

}  // namespace gateways
