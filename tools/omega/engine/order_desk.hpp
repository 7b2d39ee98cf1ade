#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/order.hpp"
#include "gateways/binance/order_encoder.hpp"
#include "pipeline/flow/journal.hpp"
#include "tools/omega/engine/digest.hpp"
#include "tools/omega/engine/latency.hpp"
#include "tools/omega/engine/observer.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace omega {

/// What became of an order when it was handed on.
enum class Departure : std::uint8_t {
    written,      ///< its bytes went to the socket: the whole way is timed
    handed_over,  ///< another thread sends it (REST), in its own time
    held_back     ///< it did not leave: gate, block, budget, no account, a cancel that waits
};
inline constexpr std::size_t departure_count = 3;

/// Where approved orders become bytes: journaled first, then encoded and signed, then handed on. One thread.
/// In simulated sessions the bytes are Binance's dialect whatever the venue, signed with a fixed key, and end in the
/// digest. In live ones the venue's account makes the bytes, and the orders themselves are digested.
class OrderDesk {
public:
    OrderDesk(DispatchRing& orders, gateways::binance::OrderEncoder& encoder, pipeline::OrderJournal* journal,
              LatencyBook& latency, double ns_per_cycle) noexcept
        : orders_{&orders}, encoder_{&encoder}, journal_{journal}, latency_{&latency}, ns_per_cycle_{ns_per_cycle} {}

    /// From now on orders are journaled before they are sent.
    void keep(pipeline::OrderJournal* journal) noexcept { journal_ = journal; }
    /// Orders go to venues whose accounts encode them.
    void go_live() noexcept { live_ = true; }

    /// Works off what waits. submit(order, when it leaves us) takes each to its venue and, in live sessions, says how
    /// it left; refuse(order, when) answers one that could not be journaled and was not sent.
    template <class Submit, class Refuse>
    void drain(Submit&& submit, Refuse&& refuse) noexcept {
        // The ring's own look at an empty ring waits a little for the producer; here it is asked after every tick.
        if (orders_->size() == 0) [[likely]]
            return;
        while (Dispatch* dispatch = orders_->front()) {
            const std::uint64_t taken_up = __builtin_ia32_rdtsc();
            if (!keep(dispatch->order)) {
                refuse(dispatch->order, dispatch->receive_time);
            } else if (live_) {
                auto left = Departure::written;  // of a journal's orders, which go nowhere, too
                // On the wire before anything else.
                if constexpr (std::is_same_v<std::invoke_result_t<Submit&, const core::Order&, core::Nanoseconds>,
                                             Departure>)
                    left = submit(dispatch->order, dispatch->receive_time);
                else
                    submit(dispatch->order, dispatch->receive_time);
                account(*dispatch, left, taken_up, __builtin_ia32_rdtsc());
            } else {
                encode(*dispatch, taken_up);
                submit(dispatch->order, dispatch->receive_time);
            }
            orders_->release();
        }
    }

    [[nodiscard]] const Digest& digest() const noexcept { return digest_; }
    /// Orders that were encoded, or of a live session those that left.
    [[nodiscard]] std::uint64_t sent() const noexcept { return sent_; }
    /// Of a live session: orders and cancels by how they left.
    [[nodiscard]] std::uint64_t departed(Departure how) const noexcept {
        return departures_[static_cast<std::size_t>(how)];
    }
    [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; }
    /// Orders that could not be journaled (full disk) and therefore were not sent. What only reduces goes out all the
    /// same: protection is worth more than its record.
    [[nodiscard]] std::uint64_t withheld() const noexcept { return withheld_; }

    [[nodiscard]] std::uint64_t unrecorded() const noexcept { return unrecorded_; }

private:
    bool keep(const core::Order& order) noexcept;
    void encode(const Dispatch& dispatch, std::uint64_t taken_up) noexcept;
    void account(const Dispatch& dispatch, Departure left, std::uint64_t taken_up, std::uint64_t done) noexcept;

    DispatchRing* orders_;
    gateways::binance::OrderEncoder* encoder_;
    pipeline::OrderJournal* journal_;
    LatencyBook* latency_;
    double ns_per_cycle_;
    Digest digest_;
    std::uint64_t sent_{}, bytes_{}, withheld_{}, unrecorded_{};
    std::array<std::uint64_t, departure_count> departures_{};
    bool live_{};
};

}  // namespace omega
