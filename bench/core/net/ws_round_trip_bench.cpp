#include "bench/core/net/echo_server.hpp"
#include "bench/core/rings/two_threads.hpp"
#include "core/net/async_websocket.hpp"
#include "core/net/websocket.hpp"

#include <arpa/inet.h>
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <future>
#include <string>
#include <vector>

namespace {

constexpr std::size_t message_size = 200;

/// The floor: the same bytes over a bare SSL*, which is spun on; no protocol above it.
class OpenSslClient : public bench::EchoClient {
public:
    explicit OpenSslClient(const bench::EchoServer& server) : text_(message_size, 'x') {
        SSL_CTX_load_verify_locations(context_, server.ca_file().c_str(), nullptr);
        SSL_CTX_set_verify(context_, SSL_VERIFY_PEER, nullptr);
        ::sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address.sin_port = htons(server.port());
        ::connect(socket_, reinterpret_cast<const ::sockaddr*>(&address), sizeof address);
        const int on = 1;
        ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        SSL_set_fd(stream_, socket_);
        SSL_connect(stream_);
        ::fcntl(socket_, F_SETFL, O_NONBLOCK);
        round_trip();  // the server tells by the first bytes that this is no WebSocket
    }
    ~OpenSslClient() override {
        SSL_free(stream_);
        SSL_CTX_free(context_);
        ::close(socket_);
    }
    bool round_trip() override {
        if (SSL_write(stream_, text_.data(), static_cast<int>(text_.size())) <= 0) return false;
        std::array<char, 16 * 1024> bytes;
        for (std::size_t got = 0; got < text_.size();) {
            const int count = SSL_read(stream_, bytes.data(), static_cast<int>(bytes.size()));
            if (count > 0) got += static_cast<std::size_t>(count);
        }
        return true;
    }

private:
    SSL_CTX* context_{SSL_CTX_new(TLS_client_method())};
    SSL* stream_{SSL_new(context_)};
    int socket_{::socket(AF_INET, SOCK_STREAM, 0)};
    std::string text_;
};

class OmegaClient : public bench::EchoClient {
public:
    explicit OmegaClient(const bench::EchoServer& server)
        : tls_{{.ca_file = server.ca_file(), .system_authorities = false}},
          socket_{*core::parse_url("wss://127.0.0.1:" + std::to_string(server.port()) + "/"), tls_, resolver_},
          text_(message_size, 'x') {
        while (socket_.poll(clock_, [](const core::WebSocketMessage&) {}) == core::WebSocket::State::opening) continue;
    }
    bool round_trip() override {
        if (!socket_.send(text_)) return false;
        return receive(1);
    }
    bool receive(std::uint64_t messages) {
        while (messages > 0)
            if (socket_.poll(clock_, [&](const core::WebSocketMessage& message) {
                    benchmark::DoNotOptimize(message.bytes.data());
                    --messages;
                }) != core::WebSocket::State::open)
                return false;
        return true;
    }

private:
    core::Clock clock_;
    core::TlsContext tls_;
    core::Resolver resolver_;
    core::WebSocket socket_;
    std::string text_;
};

/// The same session in its asynchronous shape: a cold thread waits in io_context::run, is woken by every message, and
/// answers at once. The loop is closed on that thread, so that no hand-over is counted.
class AsyncClient : public bench::EchoClient {
public:
    explicit AsyncClient(const bench::EchoServer& server)
        : tls_{{.ca_file = server.ca_file(), .system_authorities = false}},
          socket_{thread_,
                  *core::parse_url("wss://127.0.0.1:" + std::to_string(server.port()) + "/"),
                  tls_,
                  resolver_,
                  {},
                  {.opened = [this] { opened_.set_value(); },
                   .message = [this](const core::WebSocketMessage&) { came(); },
                   .closed = [this](const core::NetFailure&) { done_.set_value(false); }}},
          text_(message_size, 'x') {
        opened_.get_future().wait();
    }
    bool round_trip() override {
        std::vector<double> ignored;
        return trips(1, ignored);
    }
    bool trips(int count, std::vector<double>& times_ns) override {
        done_ = {};
        auto done = done_.get_future();
        thread_.post([&, this] {
            times_ = &times_ns;
            left_ = count;
            start_ = bench::now_ns();
            socket_.send(text_);
        });
        return done.get();
    }

private:
    void came() {
        const double now = bench::now_ns();
        times_->push_back(now - start_);
        if (--left_ == 0) return done_.set_value(true);
        start_ = now;
        socket_.send(text_);
    }

    core::TlsContext tls_;
    core::Resolver resolver_;
    std::promise<void> opened_;
    std::promise<bool> done_;
    std::vector<double>* times_{};
    int left_{};
    double start_{};
    core::NetThread thread_;
    core::AsyncWebSocket socket_;
    std::string text_;
};

struct Subject {
    std::unique_ptr<bench::EchoClient> client{};
    std::vector<double> times_ns{};
};
enum Name : std::size_t { openssl_echo, omega, omega_async, beast_poll, io_context, subjects };

/// All subjects against one server, in turns, once for all the benchmarks that report them.
std::array<Subject, subjects>& measured() {
    static std::array<Subject, subjects> all = [] {
        constexpr int rounds = 15, trips = 2000, warm_up = 200;
        std::array<Subject, subjects> made;
        bench::EchoServer server;
        std::thread{[&] {
            bench::pin_to(0);
            const auto add = [&](Name name, auto make) {
                const int before = server.connections();
                made[name].client = make();
                while (server.connections() == before) continue;
            };
            add(openssl_echo, [&] { return std::make_unique<OpenSslClient>(server); });
            add(omega, [&] { return std::make_unique<OmegaClient>(server); });
            add(omega_async, [&] { return std::make_unique<AsyncClient>(server); });
            add(beast_poll, [&] { return bench::beast_poll_client(server, message_size); });
            add(io_context, [&] { return bench::beast_run_client(server, message_size); });
            for (int round = 0; round < rounds; ++round)
                for (std::size_t s = 0; s < subjects; ++s) {
                    server.serve(static_cast<int>(s));
                    std::vector<double> ignored;
                    if (!made[s].client->trips(warm_up, ignored)) std::abort();
                    if (!made[s].client->trips(trips, made[s].times_ns)) std::abort();
                }
            server.serve(-1);
            for (auto& subject : made) {
                subject.client.reset();
                std::sort(subject.times_ns.begin(), subject.times_ns.end());
            }
        }}.join();
        return made;
    }();
    return all;
}

/// A message of 200 bytes there and back over TLS on loopback, the other side spinning on the other core: what every
/// order and its answer pay. Counters: percentiles in ns, and the median over the bare OpenSSL echo's of the same run
/// and over the busy-polled session's.
void ws_round_trip(benchmark::State& state, Name name) {
    const auto& times = measured()[name].times_ns;
    const auto at = [](const std::vector<double>& sorted, double share) {
        return sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))];
    };
    for (auto _ : state) state.SetIterationTime(at(times, 0.5) * 1e-9);
    state.counters["p50_ns"] = at(times, 0.5);
    state.counters["p99_ns"] = at(times, 0.99);
    state.counters["to_omega"] = at(times, 0.5) / at(measured()[omega].times_ns, 0.5);
    state.counters["to_openssl"] = at(times, 0.5) / at(measured()[openssl_echo].times_ns, 0.5);
}
BENCHMARK_CAPTURE(ws_round_trip, openssl_echo, openssl_echo)->UseManualTime()->Iterations(1);
BENCHMARK_CAPTURE(ws_round_trip, omega, omega)->UseManualTime()->Iterations(1);
BENCHMARK_CAPTURE(ws_round_trip, omega_async, omega_async)->UseManualTime()->Iterations(1);
BENCHMARK_CAPTURE(ws_round_trip, beast_poll, beast_poll)->UseManualTime()->Iterations(1);
BENCHMARK_CAPTURE(ws_round_trip, io_context, io_context)->UseManualTime()->Iterations(1);

/// How many frames of 200 bytes one connection takes in a second, sent as fast as one core encrypts them.
void ws_receive(benchmark::State& state) {
    constexpr std::uint64_t frames = 100'000;
    bench::EchoServer server;
    bench::pin_to(0);
    OmegaClient client{server};
    while (server.connections() == 0) continue;
    for (auto _ : state) {
        server.flood(0, frames, message_size);
        if (!client.receive(frames)) state.SkipWithError("closed");
    }
    server.serve(-1);
    state.SetItemsProcessed(static_cast<std::int64_t>(frames) * static_cast<std::int64_t>(state.iterations()));
}
BENCHMARK(ws_receive)->Name("ws_receive/omega")->UseRealTime()->Iterations(5);

}  // namespace
