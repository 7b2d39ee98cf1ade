#include "pipeline/traps/reporter.hpp"

namespace pipeline::traps {

bool Reporter::report(const Finding& finding) noexcept {
    // Written so that an unknown confidence is refused, too.
    if (!(finding.confidence >= settings_.min_confidence)) {
        ++counters_.below_confidence[static_cast<std::size_t>(finding.kind)];
        return false;
    }
    emit(finding);
    return true;
}

void Reporter::emit(const Finding& finding) noexcept {
    const TrapKindRow& row = row_of(finding.kind);
    const double price = finding.price / senses_.units_per_quote;
    const double ratio_boost = row.boosted ? senses_.levels.boost(price) : 0;
    const double volume_z = closing_ ? senses_.measures.closed_volume_z() : senses_.measures.volume_z();
    const double confidence = boosted(finding.confidence, ratio_boost, volume_z);
    const Expect expect = expectation(finding.kind, finding.sign);
    const auto ticket =
        senses_.emission.admit({finding.kind, expect, time_, confidence, finding.bar_s}, settings_, counters_);
    if (!ticket.emit) return;

    if (traps_.count == traps_.events.size()) {
        ++counters_.overflow;
    } else {
        TrapEvent& event = traps_.events[traps_.count++];
        event.id = ticket.id;
        event.time = time_;
        event.price = price;
        event.confidence = confidence;
        event.impact = finding.impact;
        event.threshold_bps = senses_.face.threshold_bps;
        event.hf_multiplier = senses_.face.hf_multiplier;
        event.boost = confidence - finding.confidence;
        event.evidence = finding.evidence;
        event.instrument = senses_.id;
        event.venue = senses_.venue;
        event.kind = finding.kind;
        event.expect = expect;
        event.severity = severity(confidence, finding.impact);
        event.revision = ticket.revision;
        event.confirmed = confidence >= settings_.confirmed_confidence;
        event.notable = confidence > settings_.notify_confidence;
    }

    emitted_ = true;
    if (expect == Expect::up) senses_.up.note(ticket.id, time_, confidence);
    if (expect == Expect::down) senses_.down.note(ticket.id, time_, confidence);
    // The lower threshold must not keep its own mode alive: only what T at multiplier 1 would have shown counts.
    if (finding.calm && ticket.revision == 0) senses_.high_frequency.note(time_, confidence);
    evaluate(finding.calm && row.sharp && confidence > .7);
}

void Reporter::evaluate(bool sharp) noexcept {
    const Measures& measures = senses_.measures;
    const auto move = [&](std::uint32_t seconds) {
        return closing_ ? measures.closed_move(seconds) : measures.open_move(seconds);
    };
    senses_.high_frequency.evaluate(time_, {.move60 = move(60),
                                            .move300 = move(300),
                                            .sigma60 = measures.sigma60(),
                                            .sigma300 = measures.sigma300(),
                                            .sharp_event = sharp,
                                            .schumann_hz = schumann_hz_});
    senses_.refresh(time_);
}

}  // namespace pipeline::traps
