#pragma once

#include "gateways/live/account_calls.hpp"
#include "gateways/live/paging.hpp"
#include "gateways/live/reading.hpp"
#include "gateways/live/verdict.hpp"

#include <array>
#include <deque>
#include <set>
#include <string>
#include <utility>

/// For the sources of gateways/live alone.
namespace gateways::live {

/// The lists of an account, each whole or not.
enum class Part : std::uint8_t { open_orders, fills, positions };

/// One conversation: the steps ahead, the one that waits for its answer, and what is known so far.
struct Talk {
    Talk(std::shared_ptr<const Desk> of, const Action& what, core::Nanoseconds now);

    const exchange::Request* upcoming(core::Nanoseconds now);
    std::optional<exchange::WireRequest> next(core::Nanoseconds now);
    void answer(const exchange::Expected<exchange::Response>& response, core::Nanoseconds sent,
                core::Nanoseconds received);
    void abandon(core::Nanoseconds now);
    Answered take();
    [[nodiscard]] bool done() const noexcept { return !waiting_ && !built_ && steps_.empty(); }

private:
    using Result = exchange::Expected<exchange::Unified>;

    void plan();
    [[nodiscard]] core::Nanoseconds venue_time(core::Nanoseconds now) const noexcept;
    Result read(const exchange::Response& response) const;
    void understood(exchange::Unified&& result, const exchange::Response& response);
    void failed(const exchange::ApiError& error);

    // talk.cpp: orders
    void placed(const exchange::Order& order);
    void place_failed(const exchange::ApiError& error);
    void cancelled(const exchange::Order& order);
    void cancel_failed(const exchange::ApiError& error);
    void refuse_cancel(Refusal refusal, std::int32_t code);
    void asked(const exchange::Unified& result, const exchange::Response& response);
    void found(const exchange::Order& order);
    void gone();
    void released_is_gone();
    void go_on_with(const exchange::Order& order);
    void fills_of_order(const std::vector<exchange::Trade>& trades, const exchange::Response& response);
    void listed_to_cancel(const std::vector<exchange::Order>& orders, const exchange::Response& response);

    // talk_account.cpp: the whole account
    void open_orders(const std::vector<exchange::Order>& orders, const exchange::Response& response);
    void fills(const std::vector<exchange::Trade>& trades, const exchange::Response& response);
    void name_released(const std::vector<exchange::Order>& orders);
    void ask_for_released(core::InstrumentId instrument);
    void positions(const std::vector<exchange::Position>& positions, const exchange::Response& response);
    void holdings(const exchange::Balances& balances, const exchange::Response& response);
    void account_part_failed(const exchange::ApiError& error);
    void incomplete(Part part, const char* why);
    void incomplete(Part part, core::Error error);
    [[nodiscard]] bool follow(const Page& page, Part part);

    VenueEvent about_order(VenueEventKind kind, EventSource source) const;
    void say(VenueEvent event) { result_.events.push_back(event); }
    void note(exchange::ApiError error);
    void end() { steps_.clear(); }
    [[nodiscard]] bool is_mine(const exchange::Order& order) const;
    [[nodiscard]] Origin origin(EventSource source) const { return {*desk_, source, received_}; }

    std::shared_ptr<const Desk> desk_;
    Action action_;
    core::Nanoseconds began_, received_{};
    const core::Instrument* instrument_{};  ///< of the order
    std::deque<Step> steps_;
    Step step_;  ///< the newest one
    exchange::Request request_;
    bool waiting_{}, built_{}, tried_released_{};  // built_: `request_` is that of `step_`, and has not left
    std::size_t sent_{};
    std::string conditional_id_;  ///< the venue's, of the conditional order whose released one is asked for, …
    std::optional<core::Nanoseconds> conditional_time_;  ///< … and when it last changed, by the venue's clock
    Answered result_;

    AccountSnapshot account_;
    std::array<bool, 3> whole_{true, true, true}, began_part_{};
    std::set<std::uint16_t> asked_released_;                ///< instruments
    std::set<std::pair<std::uint16_t, std::string>> seen_;  ///< fills and open orders, so that none is told twice
};

}  // namespace gateways::live
