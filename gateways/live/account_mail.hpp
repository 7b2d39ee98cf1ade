#pragma once

#include "core/net/hand_back.hpp"
#include "core/net/http_message.hpp"
#include "core/net/rate_limit.hpp"
#include "gateways/exchange/service.hpp"
#include "gateways/live/account_calls.hpp"
#include "gateways/live/rate_feedback.hpp"

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>

/// For the sources of gateways/live alone.
namespace gateways::live {

/// A conversation under way.
struct Talking {
    Action action{};
    Conversation conversation;
    core::Nanoseconds began{}, sent{}, received{};
    core::Nanoseconds not_before{};      ///< its next request waits for the budget until then
    std::optional<Answered> answered{};  ///< its end, as soon as that is known
};

/// A request on its way to the venue and back, and what it is for. It belongs to whoever has it at the time: while it
/// is out, the thread that trades knows nothing of it.
struct Errand {
    std::unique_ptr<Talking> talking{};  ///< nullptr: it was the link's, …
    std::uint64_t tag{};                 ///< … by its number, …
    exchange::Expected<exchange::Response> response{
        exchange::refused(exchange::ErrorKind::network, {})};  ///< … with this
    core::RateScope scope{};
    bool heard{};  ///< the venue answered, whatever it said; of the budget:
    RateFeedback limits{};
    Errand* next{};
};

/// Where answers come in. They are read on the thread that brings them, so that the one that trades finds what they
/// mean: a list of a thousand fills holds no order up.
class AccountMail {
public:
    explicit AccountMail(core::Venue venue) noexcept : venue_{venue} {}

    /// What came of an errand. Any thread; after close() nothing happens.
    void answer(std::unique_ptr<Errand> errand, core::HttpResult result, core::Nanoseconds received);
    /// One that has come, or nullptr. The account's thread.
    std::unique_ptr<Errand> take() noexcept { return came_.take(); }
    /// Waits until nothing is being read: what answers are read with may go then.
    void close() {
        const std::lock_guard nobody_reads{reading_};
        closed_ = true;
    }

private:
    core::Venue venue_;
    std::mutex reading_;  // the thread that trades takes it only to close
    bool closed_{};
    core::HandBack<Errand> came_;
};

}  // namespace gateways::live
