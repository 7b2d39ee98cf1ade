#include "tools/omega/engine/engine.hpp"

#include "core/runtime/clock.hpp"
#include "tools/omega/engine/session_file.hpp"

namespace omega {

namespace {

constexpr std::size_t order_ring = 1024;

/// The key of simulated sessions: public on purpose, so that digests of order bytes can be compared anywhere.
core::Signer simulated_key() {
    return core::Signer{core::Secret{std::string{"omega-sim-secret"}}};
}

pipeline::JournalSettings journal_settings(const Settings& s, const char* stem, const std::string& hash) {
    pipeline::JournalSettings settings{.directory = s.journal, .stem = stem};
    for (std::size_t i = 0; i < settings.session_sha256.size() && i < hash.size(); ++i)
        settings.session_sha256[i] = hash[i];
    return settings;
}

}  // namespace

Engine::Engine(const Settings& configured, const core::InstrumentTable& instruments, Tap* tap, Trace* trace)
    : settings_{effective(configured)},
      instruments_{&instruments},
      ns_per_cycle_{1e9 / core::Clock{}.line().cycles_per_second()},
      wiring_{settings_, instruments},
      latency_{Wiring::stage_names()},
      orders_{order_ring},
      sight_{settings_.bars.timeframes, instruments},
      observer_{orders_, latency_, ns_per_cycle_, tap, trace, &sight_},
      encoder_{instruments, simulated_key()},
      desk_{orders_, encoder_, nullptr, latency_, ns_per_cycle_},
      venue_{settings_.paper, instruments},
      quiet_{settings_.bars, instruments},
      conditions_{settings_.cosmic, settings_.conditions} {
    if (settings_.mode != RunMode::paper) desk_.go_live();
    if (settings_.journal.empty()) return;
    const auto hash = write_session_file(configured, instruments);
    ticks_ = std::make_unique<pipeline::TickJournal>(journal_settings(settings_, "ticks", hash));
    auto orders = journal_settings(settings_, "orders", hash);
    orders.segment_records = 1 << 14;
    order_journal_ = std::make_unique<pipeline::OrderJournal>(orders);
    desk_.keep(order_journal_.get());
}

std::string Engine::digest() const {
    Digest both;
    both.add(observer_.digest().hex());
    both.add(desk_.digest().hex());
    return both.hex();
}

}  // namespace omega
