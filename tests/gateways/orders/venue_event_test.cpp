#include "gateways/orders/venue_event.hpp"

#include "core/domain/reject_reasons.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

using namespace gateways;

TEST(ShortText, HoldsAUuidAndRefusesWhatItWouldHaveToCut) {
    const auto id = VenueId::of("c0e1b9b4-9d3c-4f3a-8d7f-3f1d9f6f1a2b");
    ASSERT_TRUE(id);
    EXPECT_EQ(id->view(), "c0e1b9b4-9d3c-4f3a-8d7f-3f1d9f6f1a2b");
    EXPECT_EQ(VenueId::of(std::string(39, 'x'))->view(), std::string(39, 'x'));
    EXPECT_EQ(VenueId::of(std::string(40, 'x')), core::Error::oversized);
    EXPECT_TRUE(VenueId{}.empty());
    EXPECT_NE(*VenueId::of("12"), *VenueId::of("120"));
}

TEST(VenueEvent, EveryWordHasItsOwnName) {
    std::set<std::string_view> kinds, refusals;
    for (std::size_t i = 0; i < venue_event_kind_count; ++i) kinds.insert(name(static_cast<VenueEventKind>(i)));
    for (std::size_t i = 0; i < refusal_count; ++i) refusals.insert(name(static_cast<Refusal>(i)));

    EXPECT_EQ(kinds.size(), venue_event_kind_count);
    EXPECT_EQ(refusals.size(), refusal_count);
    EXPECT_EQ(kinds.count("?") + refusals.count("?"), 0u);
    EXPECT_EQ(name(VenueEventKind::stream_down), "stream_down");
    EXPECT_EQ(name(Refusal::unavailable), "unavailable");
    EXPECT_EQ(name(VenueStatus::expired), "expired");
    EXPECT_EQ(name(OrderOrigin::settlement), "settlement");
    EXPECT_EQ(name(EventSource::query), "query");
}

TEST(VenueEvent, KnowsWhatSpeaksOfAnOrder) {
    VenueEvent event;
    event.kind = VenueEventKind::outcome_unknown;
    EXPECT_TRUE(event.of_order());
    event.kind = VenueEventKind::balance;
    EXPECT_FALSE(event.of_order());
}

TEST(VenueEvent, StrategiesNeverSeeADuplicateIdAsAFailure) {
    EXPECT_EQ(to_reject_reason(Refusal::duplicate_id), core::RejectReason::duplicate_id);
    EXPECT_EQ(to_reject_reason(Refusal::already_final), core::RejectReason::unknown_order);
    EXPECT_EQ(to_reject_reason(Refusal::clock), core::reject_reason::held_back);
    EXPECT_TRUE(final(VenueStatus::filled));
    EXPECT_FALSE(final(VenueStatus::partially_filled));
}
