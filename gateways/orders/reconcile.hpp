#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/time.hpp"
#include "gateways/orders/ledger.hpp"
#include "gateways/orders/venue_event.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace gateways {

/// What a venue answered when it was asked for the whole account. A list counts only if it is complete: every page of
/// it, of every configured instrument of that venue.
struct AccountSnapshot {
    core::Venue venue{};
    core::Nanoseconds asked_at{};         ///< when the first of the requests left; our clock
    core::Nanoseconds fills_until{};      ///< the same, the venue's clock: fills before it are told; 0: not known
    std::vector<VenueEvent> open_orders;  ///< order_update
    std::vector<VenueEvent> fills;        ///< fill: all since the last one seen (Reconciler::fills_since)
    std::vector<VenueEvent> positions;    ///< position; of spot the holding of the base currency
    bool open_orders_complete{}, fills_complete{}, positions_complete{};
};

enum class DifferenceKind : std::uint8_t {
    missing_fill,       ///< the venue has a fill that we have not: book it
    unknown_order,      ///< an order is open there that we do not know: adopt or fence it
    order_moved,        ///< more of an order is filled there than we know
    order_gone,         ///< an order of ours is not open there: ask what became of it
    position_mismatch,  ///< the venue holds another position than our fills add up to: no entries until it is resolved
    hedge_mode          ///< it holds long and short apart: what that adds up to is nobody's position
};
inline constexpr std::size_t difference_kind_count = 6;
std::string_view name(DifferenceKind kind) noexcept;

struct Difference {
    DifferenceKind kind{};
    core::InstrumentId instrument{};
    core::OrderId id{};               ///< of the order concerned; 0: not ours
    std::uint32_t index{};            ///< of the event in its list of the snapshot
    core::Quantity ours{}, theirs{};  ///< filled, or held
};

/// Compares ledger and venue; changes nothing. Linear in the orders of both.
std::vector<Difference> compare(const OrderLedger& ledger, const AccountSnapshot& snapshot,
                                const core::InstrumentTable& instruments);

/// Why entries of an instrument are not allowed.
enum class Block : std::uint8_t {
    none,
    not_reconciled,     ///< not compared with the venue since the start or since the stream came back
    stream_down,        ///< the private stream is gone
    order_doubt,        ///< an order's outcome, or a fill, is unknown
    position_mismatch,  ///< see Reconciler::mismatch
    unlisted,           ///< an instrument nobody configured
    hedge_mode          ///< the account holds long and short of it apart: it has to be in one-way mode
};
inline constexpr std::size_t block_count = 7;
std::string_view name(Block block) noexcept;

struct ReconcileSettings {
    core::Nanoseconds interval{std::chrono::seconds{30}};           ///< between two comparisons when all is well
    core::Nanoseconds retry_first{std::chrono::milliseconds{500}};  ///< after one that failed, doubled up to `interval`
    core::Nanoseconds settle{std::chrono::seconds{2}};     ///< an order younger than this is not missed in a list
    core::Nanoseconds patience{std::chrono::seconds{60}};  ///< without an answer for so long it is asked again
    bool adopt_first_position{};  ///< a ledger that never held anything takes what the venue holds at the first look
};

/// Keeps one venue and the ledger equal: says when to ask, applies what was answered, and blocks what is in doubt.
class Reconciler {
public:
    Reconciler(const ReconcileSettings& settings, core::Venue venue, OrderLedger& ledger,
               const core::InstrumentTable& instruments);

    /// The private stream came up or went down. Up: everything since may be missing, so it is time to compare.
    void stream(bool up, core::Nanoseconds now) noexcept;
    /// Something cannot be explained (a fill that could not be booked, a liquidation): compare now, no entries before.
    void doubt(core::Nanoseconds now) noexcept { stream(stream_up_, now); }
    /// True when a snapshot must be asked for now; then `asked` says that it was, and what time it is at the venue: a
    /// ledger without history begins then.
    [[nodiscard]] bool due(core::Nanoseconds now) const noexcept {
        return now >= next_ && (!asking_ || now - asked_at_ >= settings_.patience);
    }
    void asked(core::Nanoseconds now, core::Nanoseconds venue_now) noexcept;
    /// The snapshot could not be had.
    void failed(core::Nanoseconds now) noexcept;
    /// What the venue answered, into the ledger. Returns the differences there were.
    std::vector<Difference> apply(const AccountSnapshot& snapshot, core::Nanoseconds now, std::vector<Effect>& effects);

    [[nodiscard]] Block block(core::InstrumentId instrument) const noexcept;
    struct Mismatch {
        core::Quantity ours{}, theirs{};
        std::uint32_t seen{};  ///< in how many comparisons in a row
        bool hedged{};         ///< long and short are held apart; `theirs` is their sum
    };
    [[nodiscard]] const Mismatch* mismatch(core::InstrumentId instrument) const noexcept;
    /// A person (or a written policy) takes the venue's position for the truth: the ledger is set to it and the fills
    /// that are missing are given up. False: there is no mismatch, or one of hedge mode, which nobody can accept.
    bool accept(core::InstrumentId instrument, core::Nanoseconds now, std::vector<Effect>& effects);

    /// Fills are asked for from this venue time on; repeated ones do no harm.
    [[nodiscard]] core::Nanoseconds fills_since() const noexcept { return fills_since_; }
    static constexpr core::Nanoseconds overlap = std::chrono::seconds{10}, overlap_at_start = std::chrono::hours{24};
    /// So late a fill may come into the venue's list.
    static constexpr core::Nanoseconds told_within = std::chrono::minutes{10};
    /// By so much our clock and the venue's may differ.
    static constexpr core::Nanoseconds clock_margin = std::chrono::seconds{5};
    /// So often fills that the venue claims are asked for before positions that agree prove that there are none.
    static constexpr std::uint8_t asks_for_fills = 3;

private:
    void note_positions(const std::vector<Difference>& differences, core::Nanoseconds now);
    void give_up_missing(core::Nanoseconds now, std::vector<Effect>& effects);

    ReconcileSettings settings_;
    core::Venue venue_;
    OrderLedger* ledger_;
    const core::InstrumentTable* instruments_;
    std::vector<Mismatch> mismatches_;  // by instrument; seen 0: none
    core::Nanoseconds next_{}, asked_at_{}, fills_since_{};
    core::Nanoseconds began_{};  ///< since then nothing was missed: what was asked for before proves nothing
    std::uint32_t failures_{};
    bool stream_up_{}, reconciled_{}, asking_{}, virgin_;
};

}  // namespace gateways
