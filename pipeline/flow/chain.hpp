#pragma once

#include "core/domain/tick.hpp"
#include "pipeline/flow/slot.hpp"

#include <concepts>
#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>

namespace pipeline {

namespace detail {

template <class... Types>
struct List {
    static constexpr std::size_t size = sizeof...(Types);
    template <class T>
    static constexpr bool has = (std::is_same_v<T, Types> || ...);
};

/// Splits `const A&, const B&, Out&` into what a stage reads and what it writes.
template <class Reads, class... Arguments>
struct Signature;
template <class... Reads, class Out>
struct Signature<List<Reads...>, Out&> {
    static_assert(!std::is_const_v<Out>, "a stage's last parameter is the section it writes");
    using reads = List<Reads...>;
    using writes = Out;
};
template <class... Reads, class Next, class... Rest>
requires(sizeof...(Rest) > 0) struct Signature<List<Reads...>, const Next&, Rest...>
    : Signature<List<Reads..., Next>, Rest...> {
};

template <class Member>
struct On;
template <class Stage, class... Arguments>
struct On<void (Stage::*)(const core::Tick&, Arguments...) noexcept> : Signature<List<>, Arguments...> {};
template <class Stage, class... Arguments>
struct On<void (Stage::*)(const core::Tick&, Arguments...) const noexcept> : Signature<List<>, Arguments...> {};

template <class Stage>
using on_t = On<decltype(&Stage::on)>;

}  // namespace detail

/// A stage: `void on(const Tick&, const A&, const B&, Out&) noexcept`. The signature is the data flow: it reads
/// sections A and B of the tick's slot and writes section Out.
template <class S>
concept Stage = requires {
    typename detail::on_t<S>::writes;
};

/// A stage with `static constexpr bool follows_inner_levels = true` is called on the inner levels of a book event, too.
/// The others see a book only when it is whole: an event of fifty levels is one call to them.
template <class S>
concept FollowsInnerLevels = requires {
    requires S::follows_inner_levels;
};

/// A stage with `void prefetch(core::InstrumentId) const noexcept` is told the tick's instrument before the first stage
/// works on it, when it is another than the tick before had, to ask for what it keeps of it: over many instruments the
/// stages then wait for memory together and not one after another.
template <class S>
concept Prefetches = requires(const S& stage, core::InstrumentId id) {
    { stage.prefetch(id) }
    noexcept;
};

/// Binds stages to the sections of one slot by type, in order. It does not compile if a stage writes a section twice or
/// reads one that no earlier stage writes. On an inner level the sections of the stages that are not called are those
/// of an earlier tick: nobody may read them.
template <Stage... Stages>
class Chain {
    template <class S>
    using writes_of = typename detail::on_t<S>::writes;

    template <class Written, class... Rest>
    struct InOrder : std::true_type {};
    template <class... Written, class First, class... Rest>
    struct InOrder<detail::List<Written...>, First, Rest...> {
        template <class... Reads>
        static constexpr bool all(detail::List<Reads...>) {
            return (detail::List<Written...>::template has<Reads> && ...);
        }
        static_assert(all(typename detail::on_t<First>::reads{}),
                      "a stage reads a section that no earlier stage writes");
        static_assert(!detail::List<Written...>::template has<writes_of<First>>,
                      "a stage writes a section that is already written");
        static constexpr bool value = InOrder<detail::List<Written..., writes_of<First>>, Rest...>::value;
    };
    static_assert(InOrder<detail::List<>, Stages...>::value);
    static_assert(sizeof...(Stages) <= max_stages);

public:
    using slot_type = Slot<writes_of<Stages>...>;
    static constexpr std::size_t size = sizeof...(Stages);

    explicit Chain(Stages&... stages) noexcept : stages_{stages...} {}

    /// Every stage that the tick concerns, in order.
    void on(slot_type& slot) noexcept { run(slot, std::make_index_sequence<size>{}); }

    /// Stages [from, to), for a thread that runs only those.
    void on(slot_type& slot, std::size_t from, std::size_t to) noexcept {
        run_some(slot, from, to, std::make_index_sequence<size>{});
    }

private:
    template <class S, class... Reads>
    static void call(S& stage, slot_type& slot, detail::List<Reads...>) noexcept {
        stage.on(slot.tick, std::as_const(slot).template get<Reads>()..., slot.template get<writes_of<S>>());
    }
    template <std::size_t i>
    void step(slot_type& slot, bool whole) noexcept {
        using S = std::tuple_element_t<i, std::tuple<Stages...>>;
        if (FollowsInnerLevels<S> || whole) call(std::get<i>(stages_), slot, typename detail::on_t<S>::reads{});
        if (whole && slot.stamps.taken) slot.stamps.after[i] = __builtin_ia32_rdtsc();
    }
    template <std::size_t i>
    void prefetch(core::InstrumentId id) const noexcept {
        if constexpr (Prefetches<std::tuple_element_t<i, std::tuple<Stages...>>>) std::get<i>(stages_).prefetch(id);
    }
    template <std::size_t... i>
    void run(slot_type& slot, std::index_sequence<i...>) noexcept {
        if (slot.tick.instrument != warm_) [[unlikely]] {
            warm_ = slot.tick.instrument;
            (prefetch<i>(warm_), ...);
        }
        if (slot.tick.whole()) {
            (step<i>(slot, true), ...);
        } else {
            (step<i>(slot, false), ...);
        }
    }
    template <std::size_t... i>
    void run_some(slot_type& slot, std::size_t from, std::size_t to, std::index_sequence<i...>) noexcept {
        const bool whole = slot.tick.whole();
        ((i >= from && i < to ? step<i>(slot, whole) : void()), ...);
    }

    std::tuple<Stages&...> stages_;
    core::InstrumentId warm_{core::no_instrument};  ///< what the caches were last asked for
};

template <class... Stages>
Chain(Stages&...) -> Chain<Stages...>;

}  // namespace pipeline
