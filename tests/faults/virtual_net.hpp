#pragma once

#include "gateways/live/account_transport.hpp"
#include "tools/venue/simulator.hpp"

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace test {

class VirtualSockets;

/// A simulated venue and the way there, in virtual time and without sockets: hours pass in seconds, and a run repeats.
class VirtualNet {
public:
    explicit VirtualNet(venue::SimulatorSettings settings);
    VirtualNet(const VirtualNet&) = delete;
    VirtualNet& operator=(const VirtualNet&) = delete;

    /// Time goes on; what is due arrives.
    void advance(core::Nanoseconds to);
    void later(core::Nanoseconds delay, std::function<void()> what) { mail_.emplace(now + delay, std::move(what)); }

    /// Faults of the venue from now on; returns the number of the last of them, for strokes().
    std::size_t fault(const std::string& yaml);
    /// How often a fault has struck: all of a kind, or one of them.
    [[nodiscard]] std::uint64_t struck(venue::FaultKind kind) { return simulator.faults().struck(kind); }
    [[nodiscard]] std::uint64_t strokes(std::size_t fault) { return simulator.faults().standing().at(fault).struck; }

    core::Nanoseconds now;
    core::Nanoseconds flight{std::chrono::milliseconds{5}};  ///< of everything, each way
    core::Nanoseconds http_patience{std::chrono::seconds{2}};
    bool network{true};   ///< false: nothing leaves this machine, and that is known
    bool lost_answers{};  ///< requests arrive, their answers do not: "timeout"
    /// A socket breaks as soon as a message has left for which this is true. Optional.
    std::function<bool(std::string_view)> cut_after{};
    std::map<std::string, std::size_t> requests{};  ///< by "POST /path", without the query
    std::size_t opened{};                           ///< sockets that were asked for, over all lives
    venue::Simulator simulator;

private:
    friend class VirtualSockets;
    void request(const core::HttpRequest& request, const gateways::live::AccountTransport::Answer& answer);

    std::multimap<core::Nanoseconds, std::function<void()>> mail_;
    VirtualSockets* sockets_{};  // of the one account that lives
};

/// An account's transport over a VirtualNet. When it goes, what has left arrives all the same, and then the ends of its
/// connections: as of a process that was killed.
class VirtualSockets final : public gateways::live::AccountTransport {
public:
    struct Clock {
        core::Nanoseconds time{};
        [[nodiscard]] core::Nanoseconds now() const noexcept { return time; }
    };

    explicit VirtualSockets(VirtualNet& net);
    ~VirtualSockets() override;

    void open(std::size_t socket, const core::Url& url) override;
    void close(std::size_t socket) override;
    void ask(const core::Endpoint& to, core::HttpRequest request, Answer answer) override;
    void send(std::size_t socket, std::string_view text);

    template <gateways::live::SocketEar Ear>
    std::size_t poll(Clock&, const Ear& ear) {
        std::size_t heard = 0;
        for (; !came_.empty(); came_.pop_front()) {
            auto& news = came_.front();
            const auto place = places_.find(news.socket);
            if (place == places_.end() || place->second != news.connection) continue;  // left meanwhile
            ++heard;
            if (news.kind == News::opened) ear.opened(news.socket);
            if (news.kind == News::frame) {
                const auto size = news.text.size();
                news.text.append(padding, '\0');
                ear.frame(news.socket, {news.text.data(), size}, net_->now);
            }
            if (news.kind == News::closed) {
                places_.erase(place);
                ear.closed(news.socket, news.text);
            }
        }
        return heard;
    }

private:
    friend class VirtualNet;
    using Connection = std::pair<std::size_t, venue::ConnectionId>;  // the how manieth that was opened; the venue's id
    struct News {
        enum Kind : std::uint8_t { opened, frame, closed } kind{};
        std::size_t socket{};
        Connection connection{};
        std::string text{};
    };
    static constexpr std::size_t padding = 64;  // readable bytes behind a message, as behind a WebSocket's

    void arrived(const venue::Simulator::Outgoing& letter);
    void tell(News::Kind kind, std::size_t socket, const Connection& connection, std::string text = {});

    VirtualNet* net_;
    std::map<std::size_t, Connection> places_;
    std::deque<News> came_;
};
static_assert(gateways::live::AccountSockets<VirtualSockets>);

}  // namespace test
