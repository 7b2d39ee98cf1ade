#include "bench/tools/live/tape_venue.hpp"

#include "bench/core/rings/two_threads.hpp"
#include "tools/venue/server/certificate.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/sha.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <stdexcept>
#include <string_view>
#include <thread>
#include <utility>

namespace bench {
namespace {

core::Nanoseconds steady() {
    return std::chrono::duration_cast<core::Nanoseconds>(std::chrono::steady_clock::now().time_since_epoch());
}

std::string_view field(std::string_view request, std::string_view name) {
    const auto at = request.find(name);
    if (at == std::string_view::npos) return {};
    const auto from = at + name.size();
    return request.substr(from, request.find('\r', from) - from);
}

std::string upgrade_answer(std::string_view request) {
    const auto text = std::string{field(request, "Sec-WebSocket-Key: ")} + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    unsigned char digest[SHA_DIGEST_LENGTH], encoded[32];
    SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest);
    const auto size = static_cast<std::size_t>(EVP_EncodeBlock(encoded, digest, SHA_DIGEST_LENGTH));
    return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
           std::string{reinterpret_cast<const char*>(encoded), size} + "\r\n\r\n";
}

void append_frame(std::string& to, std::string_view payload) {
    const auto size = payload.size();
    const auto bytes = size < 126 ? 0 : size <= 0xffff ? 2 : 8;
    to += '\x81';
    to += static_cast<char>(bytes == 0 ? size : bytes == 2 ? 126 : 127);
    for (int at = bytes - 1; at >= 0; --at) to += static_cast<char>(size >> (8 * at));
    to += payload;
}

struct Client {
    int socket{-1};
    SSL* stream{};
    BIO* encrypted{};  // of the stream
    std::size_t venue{};
    venue::ConnectionId id{};  // 0: HTTP
    std::string received{}, unsent{};
    std::string tape{};
    std::vector<std::uint32_t> sizes{};  // of its messages
    std::size_t played{}, next_size{};
    bool ended{};

    /// As far as the socket takes it.
    void flush() {
        std::size_t done = 0;
        while (done < unsent.size()) {
            const auto count = ::send(socket, unsent.data() + done, unsent.size() - done, MSG_NOSIGNAL);
            if (count < 0) {
                ended = ended || (errno != EAGAIN && errno != EWOULDBLOCK);
                break;
            }
            done += static_cast<std::size_t>(count);
        }
        unsent.erase(0, done);
    }
    void encrypt(std::string_view bytes) {
        SSL_write(stream, bytes.data(), static_cast<int>(bytes.size()));
        const auto size = BIO_ctrl_pending(encrypted), at = unsent.size();
        unsent.resize(at + size);
        BIO_read(encrypted, unsent.data() + at, static_cast<int>(size));
    }
    void send(std::string_view bytes) {
        constexpr std::size_t most = 16'000;
        for (; !bytes.empty(); bytes.remove_prefix(std::min(most, bytes.size()))) encrypt(bytes.substr(0, most));
        flush();
    }
    void message(std::string_view text) {
        std::string frame;
        append_frame(frame, text);
        send(frame);
    }
    /// The next piece of the tape; false when there is none, or the socket is full.
    bool play(std::size_t record_bytes) {
        constexpr std::size_t a_turn = 64 * 1024;
        if (!unsent.empty()) flush();
        while (unsent.size() < a_turn && played < tape.size()) {
            std::size_t size = 0;
            do size += sizes[next_size++];
            while (next_size < sizes.size() && size + sizes[next_size] <= std::min(record_bytes, std::size_t{16'000}));
            encrypt(std::string_view{tape}.substr(played, std::min(size, tape.size() - played)));
            played += size;
        }
        flush();
        return !ended && (played < tape.size() || !unsent.empty());
    }
};

}  // namespace

struct TapeVenue::Impl {
    struct Venue {
        std::unique_ptr<venue::Simulator> simulator;
        int listener{-1};
        std::uint16_t port{};
        core::Nanoseconds now{};
    };
    enum class Do : std::uint8_t { serve, record, wait, play, stop };

    venue::Identity identity{venue::make_identity()};
    SSL_CTX* context{SSL_CTX_new(TLS_server_method())};
    std::vector<Venue> venues;
    std::vector<std::unique_ptr<Client>> clients;
    bool recording{};
    Tape tape{};
    core::Nanoseconds served{steady()};
    std::atomic<Do> command{Do::serve};
    std::uint64_t frames_wanted{};
    std::size_t record_bytes{};
    std::thread thread;

    explicit Impl(const std::vector<venue::SimulatorSettings>& all) {
        trust();
        for (auto settings : all) {
            settings.start =
                std::chrono::duration_cast<core::Nanoseconds>(std::chrono::system_clock::now().time_since_epoch());
            Venue made;
            made.now = settings.start;
            made.simulator = std::make_unique<venue::Simulator>(std::move(settings));
            listen(made);
            venues.push_back(std::move(made));
        }
        for (std::size_t v = 0; v < venues.size(); ++v)
            venues[v].simulator->deliver_to([this, v](venue::Simulator::Outgoing&& out) { deliver(v, out); });
        thread = std::thread{[this] { run(); }};
    }
    ~Impl() {
        command.store(Do::stop);
        thread.join();
        for (auto& client : clients) close(*client);
        for (auto& venue : venues) ::close(venue.listener);
        SSL_CTX_free(context);
    }
    void trust() const {
        BIO* pem = BIO_new_mem_buf(identity.certificate.data(), static_cast<int>(identity.certificate.size()));
        X509* certificate = PEM_read_bio_X509(pem, nullptr, nullptr, nullptr);
        BIO* secret = BIO_new_mem_buf(identity.key.data(), static_cast<int>(identity.key.size()));
        EVP_PKEY* key = PEM_read_bio_PrivateKey(secret, nullptr, nullptr, nullptr);
        if (SSL_CTX_use_certificate(context, certificate) != 1 || SSL_CTX_use_PrivateKey(context, key) != 1)
            throw std::runtime_error{"the bench's certificate was not taken"};
        X509_free(certificate);
        EVP_PKEY_free(key);
        BIO_free(pem);
        BIO_free(secret);
    }
    static void listen(Venue& venue) {
        venue.listener = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        ::sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        ::bind(venue.listener, reinterpret_cast<const ::sockaddr*>(&address), sizeof address);
        ::listen(venue.listener, 64);
        ::socklen_t size = sizeof address;
        ::getsockname(venue.listener, reinterpret_cast<::sockaddr*>(&address), &size);
        venue.port = ntohs(address.sin_port);
    }
    static void close(Client& client) {
        SSL_free(client.stream);
        ::close(client.socket);
        client.socket = -1;
    }

    void deliver(std::size_t of, const venue::Simulator::Outgoing& out) {
        const auto found = std::ranges::find_if(
            clients, [&](const auto& client) { return client->venue == of && client->id == out.to; });
        if (found == clients.end()) return;
        auto& client = **found;
        if (out.close_code != 0) {
            client.ended = true;
        } else if (recording) {
            if (out.topic == venue::Topic::pong) return;
            const auto before = client.tape.size();
            append_frame(client.tape, out.text);
            client.sizes.push_back(static_cast<std::uint32_t>(client.tape.size() - before));
            ++tape.frames;
            tape.bytes += out.text.size();
        } else {
            client.message(out.text);
        }
    }

    // ---- serving

    void welcome(std::size_t of) {
        const int socket = ::accept(venues[of].listener, nullptr, nullptr);
        if (socket < 0) return;
        const int on = 1;
        ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        auto client = std::make_unique<Client>();
        client->socket = socket;
        client->venue = of;
        client->stream = SSL_new(context);
        SSL_set_fd(client->stream, socket);
        if (SSL_accept(client->stream) != 1) return close(*client);  // blocks: the client's cold thread shakes hands
        client->encrypted = BIO_new(BIO_s_mem());
        SSL_set0_wbio(client->stream, client->encrypted);
        ::fcntl(socket, F_SETFL, O_NONBLOCK);
        clients.push_back(std::move(client));
    }
    void read(Client& client) {
        char bytes[16 * 1024];
        if (!client.unsent.empty()) client.flush();
        const int count = SSL_read(client.stream, bytes, sizeof bytes);
        if (count <= 0) {
            const auto why = SSL_get_error(client.stream, count);
            client.ended = client.ended || (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE);
            return;
        }
        client.received.append(bytes, static_cast<std::size_t>(count));
        if (client.id == 0) read_request(client);
        if (client.id != 0) read_frames(client);
    }
    /// GET requests only: snapshots and upgrades.
    void read_request(Client& client) {
        const auto end = client.received.find("\r\n\r\n");
        if (end == std::string::npos) return;
        const auto text = client.received.substr(0, end + 2);
        client.received.erase(0, end + 4);
        const auto target = text.substr(4, text.find(' ', 4) - 4);
        auto& simulator = *venues[client.venue].simulator;
        const auto request = venue::HttpRequest::make("GET", target);
        if (text.find("Sec-WebSocket-Key: ") != std::string::npos) {
            client.id = simulator.open(request);
            if (client.id == 0) client.ended = true;
            return client.send(upgrade_answer(text));
        }
        const auto reply = simulator.http(request);
        client.send("HTTP/1.1 " + std::to_string(reply.status) + " OK\r\nContent-Type: application/json\r\n" +
                    "Content-Length: " + std::to_string(reply.body.size()) + "\r\n\r\n" + reply.body);
    }
    void read_frames(Client& client) {
        for (;;) {  // masked frames below 64 KiB
            auto& bytes = client.received;
            if (bytes.size() < 8) return;
            const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(bytes[at]); };
            const bool wide = (byte(1) & 0x7fU) == 126;
            const std::size_t size = wide ? byte(2) * 256U + byte(3) : byte(1) & 0x7fU, head = wide ? 8 : 6;
            if (bytes.size() < head + size) return;
            for (std::size_t i = 0; i < size; ++i)
                bytes[head + i] = static_cast<char>(bytes[head + i] ^ bytes[head - 4 + i % 4]);
            const auto text = bytes.substr(head, size);
            const bool is_text = (byte(0) & 0x0fU) == 1;
            bytes.erase(0, head + size);
            if (is_text) venues[client.venue].simulator->message(client.id, text);
        }
    }
    void serve() {
        const auto now = steady();
        for (std::size_t v = 0; v < venues.size(); ++v) {
            welcome(v);
            venues[v].simulator->advance(venues[v].now += now - served);
        }
        served = now;
        for (std::size_t i = 0; i < clients.size(); ++i) read(*clients[i]);
        drop_ended();
    }
    void drop_ended() {
        for (auto& client : clients)
            if (client->ended) {
                if (client->id != 0) venues[client->venue].simulator->closed(std::exchange(client->id, 0));
                close(*client);
            }
        std::erase_if(clients, [](const auto& client) { return client->socket < 0; });
    }

    // ---- the tape

    void write_tape() {
        using namespace std::chrono_literals;
        recording = true;
        tape = {};
        for (auto& client : clients) {
            client->tape.clear();
            client->sizes.clear();
            client->played = client->next_size = 0;
        }
        for (core::Nanoseconds silent{}; tape.frames < frames_wanted; silent += 20ms) {
            for (auto& venue : venues) venue.simulator->advance(venue.now += 20ms);
            if (silent < 10s) continue;
            silent = {};
            for (const auto& client : clients)  // so that nobody is cut off for saying nothing
                if (client->id != 0) venues[client->venue].simulator->message(client->id, "ping");
        }
        recording = false;
    }
    void play() {
        for (bool more = true; more && command.load(std::memory_order_relaxed) == Do::play;) {
            more = false;
            for (auto& client : clients) more = client->play(record_bytes) || more;
        }
        served = steady();
    }
    void run() {
        pin_to(1);
        for (;;) {
            // Acquire: pairs with the release of whoever commands, so that what belongs to it is there.
            auto now = command.load(std::memory_order_acquire);
            if (now == Do::stop) return;
            if (now == Do::serve) serve();
            if (now == Do::record) write_tape();
            if (now == Do::play) play();
            // Release: pairs with the acquire in ask(), so that the tape's length is there.
            if (now == Do::record) command.compare_exchange_strong(now, Do::wait, std::memory_order_release);
            if (now == Do::play) command.compare_exchange_strong(now, Do::serve, std::memory_order_release);
        }
    }
};

TapeVenue::TapeVenue(const std::vector<venue::SimulatorSettings>& venues) : impl_{std::make_unique<Impl>(venues)} {}
TapeVenue::~TapeVenue() = default;

std::string TapeVenue::address(std::size_t venue) const {
    return "127.0.0.1:" + std::to_string(impl_->venues[venue].port);
}
const std::string& TapeVenue::authority() const noexcept {
    return impl_->identity.authority;
}
TapeVenue::Tape TapeVenue::record(std::uint64_t frames) {
    impl_->frames_wanted = frames;
    impl_->command.store(Impl::Do::record, std::memory_order_release);
    while (impl_->command.load(std::memory_order_acquire) == Impl::Do::record) std::this_thread::yield();
    return impl_->tape;
}
void TapeVenue::play(std::size_t record_bytes) {
    impl_->record_bytes = record_bytes;
    impl_->command.store(Impl::Do::play, std::memory_order_release);
}

}  // namespace bench
