#pragma once

#include "core/net/backoff.hpp"
#include "core/net/rotation.hpp"
#include "gateways/exchange/service.hpp"
#include "gateways/live/line_plan.hpp"
#include "gateways/live/link_command.hpp"
#include "gateways/streams/request_id.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateways::live {

/// A link's patience.
struct PrivateLinkSettings {
    core::BackoffSettings reconnect{};
    /// After a refused login, listen key or subscription: asking often makes it no better, and gets one banned.
    core::BackoffSettings refused{.first = std::chrono::seconds{5}, .longest = std::chrono::minutes{5}};
    core::Nanoseconds opening{std::chrono::seconds{15}};      ///< from `open` to `opened`
    core::Nanoseconds answer{std::chrono::seconds{5}};        ///< a login, and all subscriptions together
    core::Nanoseconds key_answer{std::chrono::seconds{10}};   ///< a request about a listen key
    core::Nanoseconds order_answer{std::chrono::seconds{5}};  ///< an order's; later its socket is judged dead
    core::Nanoseconds pong{std::chrono::seconds{10}};         ///< from a ping to any sign of life
    core::Nanoseconds news{std::chrono::seconds{10}};  ///< from the acknowledgement of an order to the stream's news
    core::Nanoseconds key_renewal{std::chrono::minutes{30}};  ///< the venue ends a listen key after 60
    core::RotationSettings rotation{};                        ///< `lifetime` is the venue's, not this one
    AccountSetup setup{};
    std::uint64_t seed{1};  ///< of the waits
};

/// What is wrong, or was, with a line.
enum class LinkTrouble : std::uint8_t {
    none,
    open_failed,              ///< no connection could be opened
    lost,                     ///< an open one ended
    login_refused,            ///< the venue said no
    login_unanswered,         ///< it said nothing in time
    subscription_refused,     ///< the venue said no
    subscription_unanswered,  ///< it said nothing in time
    pong_missing,             ///< no sign of life after a ping
    news_missing,             ///< an order was acknowledged, and the stream does not tell of it
    order_unanswered,         ///< an order's answer did not come
    key_refused,              ///< no listen key was given
    key_failed,               ///< a request about one was not answered
    ended,                    ///< the venue ended the stream: its key expired, or it says so
    unreadable                ///< a frame or row that could not be read exactly: facts are missing
};
inline constexpr std::size_t link_trouble_count = 14;
std::string_view name(LinkTrouble trouble) noexcept;

struct LinkCounts {
    std::uint64_t opened{}, rotated{}, pings{}, keys{}, keys_kept{};
    std::uint64_t frames{}, events{}, foreign{}, unknown{};  ///< `unknown`: frames of no known kind
    std::uint64_t orders{}, answers{};                       ///< by socket
    std::array<std::uint64_t, link_trouble_count> troubles{};
    [[nodiscard]] std::uint64_t of(LinkTrouble trouble) const noexcept {
        return troubles[static_cast<std::size_t>(trouble)];
    }
};

/// What the lines of a link share.
struct LinkShared {
    PrivateLinkSettings settings{};
    exchange::Credentials keys{};
    CommandQueue commands{};
    LinkCounts counts{};
    std::string trouble{};
    std::uint64_t clock_refusals{}, next_tag{1};

    /// The listen keys that there are: whoever has one reads the account's events.
    std::vector<std::string> listen_keys{};

    /// A venue's words that hold nothing of the keys, or what stands for them.
    [[nodiscard]] std::string without_keys(std::string_view words) const;
    /// Counts it and says it in words, without anything of the keys.
    void tell(LinkTrouble what, std::string_view line, std::string_view detail);
};

/// One logical connection: opened, logged in, subscribed, kept alive, renewed, replaced before the venue cuts it. It
/// has two places, sockets `first` and `first + 1`: the present one and its successor. Pure, told the time.
class LinkLine {
public:
    enum class Phase : std::uint8_t { waiting, keying, opening, login, subscribing, live, leaving };
    static constexpr std::size_t places = 2;

    /// `shared` outlives it.
    LinkLine(LinePlan plan, LinkShared& shared, std::size_t first, std::uint64_t seed);

    void opened(std::size_t place, core::Nanoseconds now, core::Nanoseconds venue_now);
    void closed(std::size_t place, core::Nanoseconds now, std::string_view detail);
    /// Any frame came at this place: `reading` says what it was.
    void heard(std::size_t place, const streams::Reading& reading, core::Nanoseconds now, core::Nanoseconds venue_now);
    /// True when the tag was that of this line's question about its listen key.
    bool answered(std::uint64_t tag, const exchange::Expected<exchange::Response>& response, core::Nanoseconds now);
    /// What is due is done. `can_sign`: the venue's time is known.
    void time(core::Nanoseconds now, bool can_sign);
    /// It is dead, whatever its sockets say.
    void drop(core::Nanoseconds now, LinkTrouble why, std::string_view detail);

    /// The present place is live: all its subscriptions stand.
    [[nodiscard]] bool up() const noexcept { return places_[present_].phase == Phase::live; }
    [[nodiscard]] Phase phase() const noexcept { return places_[present_].phase; }
    [[nodiscard]] bool listens(std::size_t place) const noexcept { return places_[place].phase >= Phase::login; }
    [[nodiscard]] const LinePlan& plan() const noexcept { return plan_; }

    // Orders: what was asked and is not answered.
    [[nodiscard]] bool takes_orders(core::Nanoseconds now) const noexcept {
        if (!up() || asked_.size() >= most_asked) return false;
        const auto most = plan_.most_orders;
        return most == 0 || sent_ < most || now - sent_at_[(sent_ - most) % sent_at_.size()] > std::chrono::seconds{1};
    }
    /// A request goes out now; returns its socket. Precondition: takes_orders().
    std::size_t ask(core::OrderId order, std::string_view request, core::Nanoseconds now) noexcept;
    /// The answer came. False: nothing of that id is awaited.
    bool answer(std::string_view request) noexcept;
    /// Orders whose answers were lost with the socket that was asked, whether the line is up or not. Empties the list.
    std::vector<core::OrderId> take_lost() { return std::exchange(lost_, {}); }

private:
    struct Place {
        Phase phase{};
        core::Nanoseconds opened{}, due{}, next_ping{}, pong_until{};
        unsigned answers{};
    };
    struct Asked {
        std::array<char, streams::request_id_length> request;
        core::OrderId order;
        core::Nanoseconds until;
        std::size_t place;
    };
    struct Key {
        std::string text{};
        core::Nanoseconds renew{}, ends{}, until{};
        std::uint64_t tag{};  // of the question under way, 0: none
        exchange::Method asked{};
    };
    static constexpr std::size_t most_asked = 64;

    void begin(std::size_t place, core::Nanoseconds now);
    void open(std::size_t place, core::Nanoseconds now);
    void logged_in(std::size_t place, core::Nanoseconds now, core::Nanoseconds venue_now);
    void stands(std::size_t place, core::Nanoseconds now);
    void end(std::size_t place, core::Nanoseconds now, LinkTrouble why, std::string_view detail, bool close = true);
    void end_all(core::Nanoseconds now, LinkTrouble why, std::string_view detail);
    void succeed(core::Nanoseconds now);
    void leave(std::size_t place, core::Nanoseconds now);
    void rotate_now(core::Nanoseconds now);
    void look(std::size_t place, core::Nanoseconds now);
    [[nodiscard]] bool login_is_gone(Refusal refusal) const noexcept;
    void look_at_key(core::Nanoseconds now);
    void ask_key(exchange::Method method, core::Nanoseconds now);
    void key_failed(const exchange::ApiError& error, core::Nanoseconds now);
    void send(std::size_t place, std::string_view text);
    [[nodiscard]] core::Rotation rotation() noexcept;
    [[nodiscard]] std::size_t other() const noexcept { return 1 - present_; }

    LinePlan plan_;
    LinkShared* shared_;
    std::size_t first_, present_{};
    core::Backoff reconnect_, refused_;
    std::uint64_t seed_;
    core::Rotation rotation_;
    std::array<Place, places> places_{};
    Key key_{};
    core::Nanoseconds retry_{core::Nanoseconds::min()};
    std::vector<Asked> asked_;
    std::array<core::Nanoseconds, 16> sent_at_{};  // of the newest orders; most_orders is less
    std::uint64_t sent_{};
    std::vector<core::OrderId> lost_;
};

}  // namespace gateways::live
