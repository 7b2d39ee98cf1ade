#pragma once

#include "core/domain/price.hpp"
#include "core/domain/tick.hpp"

namespace core {

/// One side of a price-level book: price → quantity, best first.
/// (Interface agreed; the owner of core/book replaces this comment with the implementation's own.)
///
///   explicit Ladder(Side side);
///   void set(Price price, Quantity quantity);   // absolute; 0 removes; removing an absent level is normal
///   void clear() noexcept;
///   bool empty() const noexcept;
///   std::size_t size() const noexcept;          // levels
///   Price best() const noexcept;                // precondition !empty()
///   Quantity best_quantity() const noexcept;
///   Quantity at(Price price) const noexcept;    // 0 if absent
///   template <class F> void walk(F&& f) const;  // f(Price, Quantity) from best to worst while it returns true
class Ladder;

}  // namespace core
