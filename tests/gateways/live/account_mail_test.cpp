// What answers mean is found out on the thread that brings them: the one that trades reads no list of fills.
#include "gateways/live/account_mail.hpp"

#include "tests/allocations/counting_new.hpp"
#include "tests/gateways/live/calls_rig.hpp"

#include <thread>

namespace test {
namespace {

using gateways::live::AccountMail;
using gateways::live::Errand;
using gateways::live::Talking;

std::unique_ptr<Errand> errand_of(const CallsRig& rig, const Action& action) {
    auto errand = std::make_unique<Errand>();
    errand->talking = std::make_unique<Talking>(
        Talking{.action = action, .conversation = rig.calls.begin(action, rig.now), .began = rig.now, .sent = rig.now});
    return errand;
}

/// The venue's answer as HTTP brings it.
core::HttpResult ask(CallsRig& rig, const gateways::exchange::WireRequest& wire) {
    const auto response = rig.send(wire);
    if (!response) return core::NetFailure{.phase = core::NetPhase::read, .unknown_outcome = true, .detail = {}};
    core::HttpAnswer made{.status = response->status, .fields = {}, .body = response->body};
    for (const auto& header : response->headers) made.fields.emplace_back(header.name, header.value);
    return made;
}

TEST(AccountMail, ReadsAListOfFillsOnTheThreadThatBringsIt) {
    for (const auto venue : venues) {
        SCOPED_TRACE(core::name(venue));
        CallsRig rig{venue, {Market::linear}};
        for (int i = 0; i < 150; ++i)  // more than some venues take in so short a time
            (void)rig.place(rig.order(rig.btc(Market::linear), i % 2 == 0 ? Side::buy : Side::sell, 1));
        const auto fills = rig.simulator.engine().account(1).fills.size();
        ASSERT_GE(fills, 50u);
        AccountMail mail{venue};
        auto errand = errand_of(rig, rig.action(ActionKind::ask_account));
        std::uint64_t here = 0, there = 0;
        std::size_t requests = 0;

        while (!errand->talking->answered) {
            const auto wire = errand->talking->conversation.next(rig.now);
            ASSERT_TRUE(wire);
            ASSERT_LT(++requests, 100u);
            auto answer = ask(rig, *wire);
            rig.pass(50ms);
            std::thread{[&] {
                const auto before = allocations();
                mail.answer(std::move(errand), std::move(answer), rig.now);
                there += allocations() - before;
            }}.join();
            const auto before = allocations();
            errand = mail.take();
            here += allocations() - before;
            ASSERT_NE(errand, nullptr);
            EXPECT_TRUE(errand->heard);
            EXPECT_EQ(errand->talking->received, rig.now);
        }

        EXPECT_EQ(here, 0u);
        EXPECT_GT(there, fills);
        ASSERT_TRUE(errand->talking->answered->snapshot);
        EXPECT_TRUE(errand->talking->answered->snapshot->fills_complete);
        EXPECT_EQ(errand->talking->answered->snapshot->fills.size(), fills);
    }
}

TEST(AccountMail, TellsWhatWasNotAnsweredOfAnOrderAsUnknown) {
    CallsRig rig{Venue::okx, {Market::linear}};
    AccountMail mail{Venue::okx};
    auto errand =
        errand_of(rig, rig.action(ActionKind::place, rig.order(rig.btc(Market::linear), Side::buy, 1, 4'000)));
    ASSERT_TRUE(errand->talking->conversation.next(rig.now));

    mail.answer(std::move(errand),
                core::NetFailure{.phase = core::NetPhase::read, .unknown_outcome = true, .detail = {}}, rig.now);
    const auto back = mail.take();

    ASSERT_NE(back, nullptr);
    EXPECT_FALSE(back->heard);
    ASSERT_TRUE(back->talking->answered);
    EXPECT_EQ(words(back->talking->answered->events), "outcome_unknown");
    EXPECT_FALSE(back->talking->answered->not_sent);
}

TEST(AccountMail, TakesNothingMoreOnceItsAccountIsGone) {
    CallsRig rig{Venue::binance, {Market::linear}};
    AccountMail mail{Venue::binance};
    auto errand = errand_of(rig, rig.action(ActionKind::ask_time));
    const auto wire = errand->talking->conversation.next(rig.now);
    ASSERT_TRUE(wire);
    auto answer = ask(rig, *wire);

    mail.close();
    std::thread{[&] { mail.answer(std::move(errand), std::move(answer), rig.now); }}.join();

    EXPECT_EQ(mail.take(), nullptr);
}

}  // namespace
}  // namespace test
