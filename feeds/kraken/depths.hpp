#pragma once

#include "core/domain/instrument.hpp"

#include <cstdint>
#include <vector>

namespace feeds::kraken {

/// The book depth each instrument is subscribed with, as v2's answers to subscriptions say it.
class Depths {
public:
    explicit Depths(std::size_t instruments) : depths_(instruments) {}

    void set(core::InstrumentId id, std::uint16_t depth) {
        if (id.value >= depths_.size()) depths_.resize(std::size_t{id.value} + 1);
        depths_[id.value] = depth;
    }
    /// 0 if it was never said.
    [[nodiscard]] std::uint16_t of(core::InstrumentId id) const noexcept {
        return id.value < depths_.size() ? depths_[id.value] : std::uint16_t{0};
    }

private:
    std::vector<std::uint16_t> depths_;
};

}  // namespace feeds::kraken
