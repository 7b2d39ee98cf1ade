#pragma once

#include "gateways/live/link_line.hpp"
#include "gateways/live/news_watch.hpp"
#include "gateways/live/order_entry.hpp"
#include "gateways/live/rate_feedback.hpp"
#include "gateways/orders/live_gateway.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gateways::live {

/// The private sockets of one account at one venue as a pure state machine: it is told what happened and when (any
/// clock that does not go back), gives events, and says what is to be done. It knows no socket, thread or clock, so the
/// same calls give the same commands and events.
///
///   waiting ──time──► opening ──opened──► login ──► subscribing ──all answered──► live ──► leaving
///      ▲   └─► keying ─┘  └── failed, refused, unanswered, lost, silent ──┐         (its successor is live)
///      └──────────────────────────────────────────────────────────────────┘
///
/// Whether the stream is up is said of all lines together: stream_up when every subscription of every line stands,
/// stream_down the moment one does not. Facts (orders, fills, balances) are passed on whenever they come. A frame that
/// could not be read exactly gives stream_down and stream_up at once: facts are missing, so the account is to be
/// compared. Orders and cancels go out with `submit` over the sockets that take them; see README.md for what is judged
/// how. Not for several threads.
class PrivateLink {
public:
    using Command = LinkCommand;

    /// What can be shown of it.
    struct Status {
        struct Line {
            std::string_view name;
            LinkLine::Phase phase{};
            bool stream{}, entry{};
        };
        bool stream_up{}, entry_up{};
        std::string_view trouble;  ///< the newest in words: "login_refused: okx private: Invalid sign (code 60007)"
        std::uint64_t clock_refusals{};  ///< logins refused for their time: LiveGateway::clock().distrust()
        LinkCounts counts{};
        std::vector<Line> lines{};
    };

    /// `instruments` outlives it. Throws std::invalid_argument for what the venue does not offer.
    PrivateLink(PrivateLinkSettings settings, core::Venue venue, const std::vector<core::Market>& markets,
                const core::InstrumentTable& instruments, exchange::Credentials keys);

    /// Sockets are numbered from 0; each logical connection has two.
    [[nodiscard]] std::size_t sockets() const noexcept { return lines_.size() * LinkLine::places; }

    /// `venue_now`: the venue's clock (LiveGateway's), which logins are signed with.
    void opened(std::size_t socket, core::Nanoseconds now, core::Nanoseconds venue_now);
    /// It ended, or could not be opened: `detail` tells why.
    void closed(std::size_t socket, core::Nanoseconds now, std::string_view detail);
    /// A message came.
    void frame(std::size_t socket, std::string_view text, core::Nanoseconds now);
    /// What came of a request: an answer, whatever its status, or none.
    void answered(std::uint64_t tag, const exchange::Expected<exchange::Response>& response, core::Nanoseconds now);
    /// Time passes: what is due is done; every 10 ms or so. `venue_now` 0 or less: not known yet, so nothing is opened.
    void time(core::Nanoseconds now, core::Nanoseconds venue_now);

    /// The oldest thing to be done, or nullptr; valid until the next call.
    Command* next_command() { return shared_->commands.next(); }
    /// What answers over the sockets said of the request budgets, and of which market's line; whoever takes it clears
    /// it.
    struct Limits {
        RateFeedback feedback{};
        core::Market market{};
    };
    std::vector<Limits>& limits() noexcept { return limits_; }
    /// What was learnt, in its order; whoever takes it clears it.
    std::vector<VenueEvent>& events() noexcept { return events_; }

    [[nodiscard]] bool stream_up() const noexcept { return stream_up_; }
    /// Orders may go by socket now, in every market of the account that has one.
    [[nodiscard]] bool entry_up() const noexcept;

    /// Sends a `place` or `cancel`, signed with the action's timestamp, without an allocation. False: nothing was sent,
    /// for no socket of its market is up or takes such an order. The answer comes as an event of source `answer`.
    bool submit(const Action& action, core::Nanoseconds now);
    /// The venue acknowledged an order another way (REST): the stream has to tell of it.
    void expect_news(core::OrderId order, core::Nanoseconds now);

    [[nodiscard]] Status status() const;
    /// A venue's words that hold nothing of the account's keys, listen keys among them, or what stands for them.
    [[nodiscard]] std::string without_keys(std::string_view words) const { return shared_->without_keys(words); }

private:
    [[nodiscard]] LinkLine& line_of(std::size_t socket) noexcept { return lines_[socket / LinkLine::places]; }
    [[nodiscard]] core::Nanoseconds venue_now(core::Nanoseconds now) const noexcept { return now + ahead_; }
    void note_answer(LinkLine& line, const streams::Reading& reading, std::size_t first, core::Nanoseconds now);
    void doubt(core::Nanoseconds now);
    void settle(core::Nanoseconds now);
    void tell(VenueEventKind kind, core::OrderId order, core::Nanoseconds now);

    core::Venue venue_;
    std::unique_ptr<LinkShared> shared_;  // the lines point to it
    std::vector<LinkLine> lines_;
    std::vector<std::unique_ptr<streams::PrivateReader>> readers_;  // by line
    std::vector<core::Market> market_of_;                           // by instrument
    OrderEntry entry_;
    NewsWatch news_;
    std::vector<VenueEvent> events_;
    std::vector<Limits> limits_;
    core::Nanoseconds ahead_{}, look_again_{core::Nanoseconds::min()}, doubt_again_{core::Nanoseconds::min()};
    std::uint32_t requests_{};
    bool time_known_{}, stream_up_{}, doubtful_{};
};

}  // namespace gateways::live
