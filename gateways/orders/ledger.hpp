#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/order.hpp"
#include "core/domain/result.hpp"
#include "core/domain/tick.hpp"
#include "gateways/orders/effect.hpp"
#include "gateways/orders/fill_memory.hpp"
#include "gateways/orders/ledger_compaction.hpp"
#include "gateways/orders/ledger_file.hpp"
#include "gateways/orders/order_index.hpp"
#include "gateways/orders/order_state.hpp"
#include "gateways/orders/venue_event.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

namespace gateways {

/// What to do with orders that this ledger did not create.
enum class OutsidePolicy : std::uint8_t {
    fence,  ///< cancel them: this account is ours alone
    adopt   ///< keep count of them (their fills move the position) and leave them alone
};

struct LedgerSettings {
    std::size_t max_orders{4096};  ///< open and recently settled ones together
    std::size_t remembered_fills{65536};
    OutsidePolicy outside{OutsidePolicy::fence};
    core::Nanoseconds answer_timeout{core::Nanoseconds{1'000'000'000}};  ///< then an order without answer is unknown
    core::Nanoseconds propagation_bound{core::Nanoseconds{10'000'000'000}};  ///< "not found" counts when asked later
    core::Nanoseconds ask_first{core::Nanoseconds{250'000'000}};             ///< then doubled each time …
    core::Nanoseconds ask_longest{core::Nanoseconds{10'000'000'000}};        ///< … up to this
    std::uint32_t assumed_fee_ppm{1000};  ///< of a fill's value, where the value of its fee is not known
};

/// Every order of ours and what became of it. Pure: fed with what we do and what the venue says, it answers with
/// effects (execution ticks for the pipeline, questions to the venue). Facts only grow, so any order, repetition or
/// replay of the same events gives the same ledger; what changes anything is in the file first.
/// One thread. No allocation after construction but in the caller's effects.
class OrderLedger {
public:
    OrderLedger(const LedgerSettings& settings, const core::InstrumentTable& instruments);

    /// Reads the ledger at `path` if there is one, and goes on in a fresh, compacted file in its place. What was on its
    /// way when the process died is unknown now, and asked about by the first due(). Errors: io, full, corrupt (another
    /// build's or no ledger), refused (in use, or an instrument that was open changed its decimals or is gone).
    core::Result<LedgerScan> open(const std::filesystem::path& path);
    /// Rewrites the file with what still matters, and waits for the disk. Error: io, full: the old file stays in use.
    core::Result<bool> compact();
    /// The same without waiting: a thread does that. Records are kept in both files until the new one is in use.
    /// Errors: io, full.
    core::Result<bool> begin_compaction();
    /// One is under way: look at it now and then.
    [[nodiscard]] bool compacting() const noexcept { return compaction_ != nullptr; }
    /// How the one under way ended, once: true, the new file is in use; false, the old one stays.
    std::optional<bool> look_at_compaction() noexcept;
    [[nodiscard]] std::size_t file_bytes() const noexcept { return file_.bytes(); }

    // What we do. Each is recorded before it returns true: then the caller may send.

    /// The ids of each lane grow. Errors: refused (the id was used before, or is no id of ours), full (too many open
    /// orders, or the disk).
    core::Result<bool> create(const core::Order& order, core::Nanoseconds now) noexcept;
    /// It is on the wire now.
    void sent(core::OrderId id) noexcept;
    /// False: no such open order.
    bool cancel_asked(core::OrderId id, core::Nanoseconds now) noexcept;

    /// What the venue says. Appends what follows from it.
    void on(const VenueEvent& event, std::vector<Effect>& effects);
    /// Lets time pass: orders without answer become unknown, and questions that are due are asked.
    void due(core::Nanoseconds now, std::vector<Effect>& effects);

    // What reconciliation settles (see reconcile.hpp).

    /// The position is `quantity` now, whatever the fills say.
    void adjust(core::InstrumentId instrument, core::Quantity quantity, core::Nanoseconds now);
    /// A ledger without history begins at this venue time: fills before it are none of its business.
    void begin_at(core::Nanoseconds venue_time);
    /// Begins to doubt an open order: the venue does not show it.
    void suspect(core::OrderId id, core::Nanoseconds now) noexcept;
    /// The missing fills of an ended order cannot be had: reconciliation has set the position instead.
    void drop(core::OrderId id, core::Nanoseconds now, std::vector<Effect>& effects);

    [[nodiscard]] const TrackedOrder* find(core::OrderId id) const noexcept;
    [[nodiscard]] const TrackedOrder* find(core::Venue venue, const VenueId& venue_order) const noexcept;
    [[nodiscard]] core::Quantity position(core::InstrumentId instrument) const noexcept;
    /// The smallest step of its orders: of spot, fees in the coin leave less than whole ones.
    [[nodiscard]] core::Quantity lot(core::InstrumentId instrument) const noexcept {
        return (*instruments_)[instrument].lot_size;
    }
    /// The order was created after the position before the one that is held now had ended, by the ids of its lane.
    [[nodiscard]] bool of_position(const core::Order& order) const noexcept {
        return order.instrument.value < held_.size() &&
               order.id.value > held_[order.instrument.value].since[lane_of(order.id)];
    }
    /// An outcome, a fill or an overfill of the instrument is in doubt: no entries.
    [[nodiscard]] bool doubtful(core::InstrumentId instrument) const noexcept;
    /// The fill is in the books (or was, and is older than their memory reaches).
    [[nodiscard]] bool booked(const VenueEvent& fill) const noexcept {
        return fills_.ask(FillKey::of(fill)) != FillMemory::Answer::fresh;
    }
    /// Venue time of the newest fill in the books; the epoch if there is none.
    [[nodiscard]] core::Nanoseconds newest_fill() const noexcept { return fills_.newest(); }
    /// Anything was ever ordered, filled or adopted.
    [[nodiscard]] bool has_history() const noexcept {
        return highest_[0] != 0 || highest_[1] != 0 || fills_.size() != 0 || orders_.size() != 0 || adjusted_;
    }
    [[nodiscard]] std::size_t open_orders() const noexcept { return open_; }
    /// The highest epoch among our own ids that were ever seen: a start counter must lie above it.
    [[nodiscard]] std::uint32_t highest_epoch() const noexcept {
        return static_cast<std::uint32_t>(std::max(highest_[0], highest_[1]) >> 40);
    }
    /// What changed but could not be written (full disk): a restart would not know of it.
    [[nodiscard]] std::uint64_t unrecorded() const noexcept { return unrecorded_; }
    /// Fills that could not be booked: of unlisted instruments, or older than the memory of fills reaches.
    [[nodiscard]] std::uint64_t unbooked() const noexcept { return unbooked_; }

    /// Fills that were charged with an assumed fee: in a third currency, or not told.
    [[nodiscard]] std::uint64_t assumed_fees() const noexcept { return assumed_fees_; }

    template <class F>
    void for_each(F&& f) const {  ///< in order of creation
        orders_.for_each(f);
    }
    /// Equal for ledgers that would go on alike: states, quantities, positions. For tests and audits.
    [[nodiscard]] std::uint64_t digest() const noexcept;

private:
    /// What the counters say of an order, before it changes.
    struct Counted {
        bool open, doubtful;
        core::InstrumentId instrument;
    };
    void remember(core::OrderId id) noexcept;
    bool make_room() noexcept;
    void on_order(const VenueEvent& event, std::vector<Effect>& effects);
    TrackedOrder* commit(TrackedOrder* known, const TrackedOrder& next, const VenueEvent& event);
    TrackedOrder* add(const TrackedOrder& order);
    void absorb(TrackedOrder& into, const VenueId& venue_order);
    void move_position(const VenueEvent& fill);
    void book(const TrackedOrder& order, const VenueEvent& event, std::vector<Effect>& effects);
    void tell(TrackedOrder& order, const TrackedOrder& before, const VenueEvent& event, std::vector<Effect>& effects);
    void ask(TrackedOrder& order, core::Nanoseconds now, std::vector<Effect>& effects) const;
    [[nodiscard]] static Counted counted(const TrackedOrder& order) noexcept;
    void count(const Counted& was, const Counted& is) noexcept;
    void replay(const LedgerRecord& record);
    bool translate(core::InstrumentId& id) const noexcept;
    bool learn(const InstrumentRecord& record);
    void after_restart();
    bool record(LedgerRecordKind kind, const void* payload, std::size_t size) noexcept;
    bool write_snapshot(LedgerFile& file) const;
    [[nodiscard]] core::Result<LedgerFile> rewrite() const;

    LedgerSettings settings_;
    const core::InstrumentTable* instruments_;
    OrderIndex orders_;
    FillMemory fills_;
    struct PerInstrument {
        core::Quantity position{};
        core::Int128 owed{};  // fees in the base currency that `position` does not show yet: 1e-18, −unit < owed <= 0
        std::uint32_t doubts{};
        std::array<std::uint64_t, 2> since{};  // by lane: the highest id when the position before ended
    };
    void set_position(PerInstrument& held, core::Quantity quantity) noexcept;
    std::vector<PerInstrument> held_;
    std::size_t open_{};
    std::array<std::uint64_t, 2> highest_{};    // by lane
    std::array<std::uint64_t, 2> forgotten_{};  // by lane: up to this id orders were let go when they were settled
    std::uint64_t unbooked_{}, unrecorded_{}, assumed_fees_{};
    FileLock lock_;
    LedgerFile file_;
    std::unique_ptr<LedgerCompaction> compaction_;
    std::filesystem::path path_;
    bool replaying_{}, unreadable_{}, adjusted_{}, taken_over_{};
    std::vector<core::InstrumentId> translation_;  // while reading: the file's instrument ids to this run's
    std::vector<Effect> ignored_;
};

}  // namespace gateways
