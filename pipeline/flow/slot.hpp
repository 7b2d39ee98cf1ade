#pragma once

#include "core/domain/tick.hpp"

#include <array>
#include <cstdint>
#include <tuple>

namespace pipeline {

inline constexpr std::size_t max_stages = 12;

/// Cycle stamps of one tick's way, taken only when `taken`: the raw material of the latency waterfall.
struct Stamps {
    bool taken{};
    std::uint64_t received{};                       ///< before the frame was decoded
    std::uint64_t decoded{};                        ///< when the tick was handed to the sequencer
    std::uint64_t opened{};                         ///< numbered and journaled
    std::array<std::uint64_t, max_stages> after{};  ///< after each stage
};

/// A tick's dossier: the tick and one section per stage, each on its own cache lines, worked on in place. Slots are
/// reused, so a stage resets what its section says is new on every tick.
template <class... Sections>
struct Slot {
    core::Tick tick;
    alignas(64) Stamps stamps;

    template <class Section>
    [[nodiscard]] Section& get() noexcept {
        return std::get<Held<Section>>(sections_).value;
    }
    template <class Section>
    [[nodiscard]] const Section& get() const noexcept {
        return std::get<Held<Section>>(sections_).value;
    }

private:
    template <class Section>
    struct alignas(64) Held {
        Section value{};
    };
    std::tuple<Held<Sections>...> sections_;
};

}  // namespace pipeline
