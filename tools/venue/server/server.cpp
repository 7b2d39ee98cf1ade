// Beast and Asio's sockets are compiled here and nowhere else in this library, but for TLS.
#include "tools/venue/server/server.hpp"

#include "tools/venue/server/certificate.hpp"
#include "tools/venue/server/connections.hpp"
#include "tools/venue/server/tls_tunnel.hpp"

#include <unistd.h>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>

#include <chrono>
#include <fstream>
#include <future>
#include <stdexcept>
#include <thread>

namespace venue {

using tcp = asio::ip::tcp;

namespace {

constexpr auto tick = std::chrono::milliseconds{10};

core::Nanoseconds wall() {
    return std::chrono::duration_cast<core::Nanoseconds>(std::chrono::system_clock::now().time_since_epoch());
}

}  // namespace

struct Server::State {
    State(ServerSettings of_server, SimulatorSettings of_simulator)
        : settings{std::move(of_server)}, simulator{with_start(std::move(of_simulator))} {}

    static SimulatorSettings with_start(SimulatorSettings made) {
        made.start = wall();
        return made;
    }
    /// The wall's time as it was at the start, and a steady clock from there: it never goes back.
    [[nodiscard]] core::Nanoseconds now() const {
        return simulator.settings().start +
               std::chrono::duration_cast<core::Nanoseconds>(std::chrono::steady_clock::now() - steady_start);
    }
    /// A machine too slow for the market's speed plays less of the market and still serves its clients.
    void catch_up() { simulator.advance(now(), 5 * tick); }

    void bind();
    void accept();
    void on_tick();
    void deliver(Simulator::Outgoing&& out);

    // Before the simulator, which plays its warm-up while the clock runs.
    std::chrono::steady_clock::time_point steady_start{std::chrono::steady_clock::now()};
    ServerSettings settings;
    Simulator simulator;
    // Before what runs in it: connections end with the io_context and count themselves out here.
    std::size_t connections{};
    asio::io_context io{1};
    std::unique_ptr<TlsTunnels> tls;
    tcp::acceptor acceptor{io};
    asio::steady_timer timer{io};
    std::string authority;
    std::uint16_t port{};
    std::map<ConnectionId, std::shared_ptr<Socket>> sockets;
    std::vector<int> parked;
    core::Nanoseconds next_ping{};
    std::thread thread;
    bool stopping{};
};

void Server::State::bind() {
    Failure failed;
    const auto address = asio::ip::make_address(settings.host, failed);
    if (failed) throw std::runtime_error{"venue simulator: --listen " + settings.host + ": expected an IP address"};
    const tcp::endpoint where{address, settings.port};
    acceptor.open(where.protocol());
    acceptor.set_option(asio::socket_base::reuse_address{true});
    acceptor.bind(where, failed);
    if (failed)
        throw std::runtime_error{"venue simulator: cannot listen on " + settings.host + ":" +
                                 std::to_string(settings.port) + ": " + failed.message()};
    acceptor.listen();
    port = acceptor.local_endpoint().port();
    if (!settings.tls) return;
    const auto identity = make_identity();
    authority = identity.authority;
    tls = std::make_unique<TlsTunnels>(identity);
    if (settings.ca_out.empty()) return;
    std::ofstream out{settings.ca_out, std::ios::trunc};
    out << identity.authority << std::flush;
    if (!out) throw std::runtime_error{"venue simulator: cannot write " + settings.ca_out.string()};
}

void Server::State::accept() {
    acceptor.async_accept([this](Failure failed, tcp::socket socket) {
        if (stopping) return;
        if (!failed && connections < settings.max_connections) {
            Failure ignored;
            socket.set_option(tcp::no_delay{true}, ignored);
            const bool loopback = socket.remote_endpoint(ignored).address().is_loopback();
            asio::generic::stream_protocol::socket plain{io};
            if (tls)
                plain = tls->near_end(std::move(socket), ignored);
            else
                plain = std::move(socket);
            if (plain.is_open())
                std::make_shared<HttpConnection<State>>(this, Stream{std::move(plain)}, loopback)->start();
        }
        accept();
    });
}

void Server::State::deliver(Simulator::Outgoing&& out) {
    const auto found = sockets.find(out.to);
    if (found == sockets.end()) return;
    const auto socket = found->second;  // it may take itself off the list
    if (out.close_code != 0)
        socket->close(out.close_code, out.text);
    else
        socket->send(std::move(out.text));
}

void Server::State::on_tick() {
    timer.expires_after(tick);
    timer.async_wait([this](Failure failed) {
        if (failed || stopping) return;
        catch_up();
        const auto sockets_now = sockets;
        if (simulator.half_open()) {
            for (const auto& [id, socket] : sockets_now) {
                parked.push_back(socket->park());
                simulator.closed(id);
                sockets.erase(id);
            }
        } else {
            for (const int descriptor : parked) ::close(descriptor);
            parked.clear();
            if (simulator.reading())
                for (const auto& [id, socket] : sockets_now) socket->resume();
            if (const auto every = simulator.ping_interval(); every.count() > 0 && now() >= next_ping) {
                next_ping = now() + every;
                for (const auto& [id, socket] : sockets_now) socket->ping();
            }
        }
        on_tick();
    });
}

Server::Server(ServerSettings settings, SimulatorSettings simulator)
    : state_{std::make_unique<State>(std::move(settings), std::move(simulator))} {
    state_->bind();
    state_->simulator.deliver_to([state = state_.get()](Simulator::Outgoing&& out) { state->deliver(std::move(out)); });
}

Server::~Server() {
    stop();
}

void Server::start() {
    state_->next_ping = state_->now() + state_->simulator.ping_interval();
    state_->accept();
    state_->on_tick();
    state_->thread = std::thread{[state = state_.get()] { state->io.run(); }};
}

void Server::stop() noexcept {
    if (!state_->thread.joinable()) return;
    asio::post(state_->io, [state = state_.get()] {
        state->stopping = true;
        Failure ignored;
        state->acceptor.close(ignored);
        state->timer.cancel();
        state->io.stop();
    });
    state_->thread.join();
    for (const int descriptor : state_->parked) ::close(descriptor);
    state_->parked.clear();
}

std::uint16_t Server::port() const noexcept {
    return state_->port;
}
std::string Server::address() const {
    return state_->settings.host + ":" + std::to_string(state_->port);
}
const std::string& Server::authority() const noexcept {
    return state_->authority;
}

void Server::with(const std::function<void(Simulator&)>& f) {
    std::promise<void> done;
    asio::post(state_->io, [&] {
        state_->catch_up();
        f(state_->simulator);
        done.set_value();
    });
    done.get_future().wait();
}

}  // namespace venue
