#pragma once

#include "core/net/url.hpp"

#include <sys/socket.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

namespace core {

/// An address to connect to, IPv4 or IPv6, with its port.
struct Address {
    ::sockaddr_storage bytes{};
    ::socklen_t size{};

    [[nodiscard]] bool loopback() const noexcept;  ///< 127.0.0.0/8 or ::1
    [[nodiscard]] const ::sockaddr* get() const noexcept { return reinterpret_cast<const ::sockaddr*>(&bytes); }
};

/// One question after a name. Asked on any thread, answered by a cold one; whoever asked looks whether it is `done`.
struct Lookup {
    std::atomic<bool> done{};  // Release by the answering thread: what follows is written before it can be seen.
    std::vector<Address> found{};
    std::string problem{};  ///< why there is none
};

/// Looks names up without ever holding up who asks: addresses in text at once, what was found lately from memory, all
/// else on a thread of its own. What was found once stays in use when the name service fails later.
class Resolver {
public:
    explicit Resolver(std::chrono::seconds keep = std::chrono::seconds{60});
    ~Resolver();
    Resolver(const Resolver&) = delete;
    Resolver& operator=(const Resolver&) = delete;

    [[nodiscard]] std::shared_ptr<const Lookup> ask(const Endpoint& to);

    struct Cache;

private:
    std::shared_ptr<Cache>
        cache_;  // shared with threads that still wait for the system's resolver, which cannot be stopped
    std::chrono::seconds keep_;
};

}  // namespace core
