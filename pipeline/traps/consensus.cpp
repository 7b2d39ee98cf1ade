#include "pipeline/traps/consensus.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <string_view>

namespace pipeline::traps {

std::string pair_of(const core::Instrument& instrument) {
    constexpr std::array<std::string_view, 6> products{"SWAP", "PERP", "SPBL", "UMCBL", "DMCBL", "CMCBL"};
    std::string pair, word;
    const auto end_word = [&] {
        if (word.rfind("XBT", 0) == 0) word.replace(0, 3, "BTC");
        if (word.rfind("XDG", 0) == 0) word.replace(0, 3, "DOGE");
        if (std::find(products.begin(), products.end(), word) == products.end()) pair += word;
        word.clear();
    };
    for (const char c : instrument.symbol) {
        if (std::isalnum(static_cast<unsigned char>(c)) != 0)
            word += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
        else
            end_word();
    }
    end_word();
    return pair;
}

Consensus::Consensus(const core::InstrumentTable& instruments) : mids_(instruments.size()) {
    std::map<std::string, std::vector<const core::Instrument*>> by_pair;
    for (const core::Instrument& one : instruments) {
        by_pair[pair_of(one)].push_back(&one);
        venues_.push_back(one.venue);
    }
    for (const core::Instrument& one : instruments) {
        first_peer_.push_back(static_cast<std::uint32_t>(peers_.size()));
        const auto& same_pair = by_pair[pair_of(one)];
        std::array<bool, core::venue_count> taken{};
        taken[static_cast<std::size_t>(one.venue)] = true;
        const auto take = [&](bool same_market) {
            for (const core::Instrument* peer : same_pair) {
                bool& venue = taken[static_cast<std::size_t>(peer->venue)];
                if (venue || (same_market && peer->market != one.market)) continue;
                venue = true;
                peers_.push_back(peer->id);
            }
        };
        take(true);
        if (peers_.size() == first_peer_.back()) take(false);
    }
    first_peer_.push_back(static_cast<std::uint32_t>(peers_.size()));
}

void Consensus::forget(core::Venue venue) noexcept {
    for (std::size_t i = 0; i < mids_.size(); ++i)
        if (venues_[i] == venue) mids_[i] = {};
}

Others Consensus::others(core::InstrumentId id, core::Nanoseconds time) const noexcept {
    if (first_peer_[id.value] == first_peer_[id.value + 1U]) return {};
    std::array<double, core::venue_count> fresh{};
    std::uint32_t count = 0;
    for (auto i = first_peer_[id.value]; i < first_peer_[id.value + 1U]; ++i) {
        const Mid& mid = mids_[peers_[i].value];
        if (!core::known(mid.value) || time - mid.time > stale || mid.time - time > stale) continue;
        auto at = count++;
        for (; at > 0 && fresh[at - 1] > mid.value; --at) fresh[at] = fresh[at - 1];
        fresh[at] = mid.value;
    }
    if (count == 0) return {.asked = true};
    return {(fresh[(count - 1) / 2] + fresh[count / 2]) / 2, count, true};
}

}  // namespace pipeline::traps
