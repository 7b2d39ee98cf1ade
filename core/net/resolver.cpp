#include "core/net/resolver.hpp"

#include <netdb.h>
#include <netinet/in.h>

#include <map>
#include <mutex>
#include <system_error>
#include <thread>

namespace core {

struct Resolver::Cache {
    struct Entry {
        std::shared_ptr<Lookup> lookup;
        std::chrono::steady_clock::time_point time;
    };
    std::mutex mutex;  // cold: connections only
    std::map<Endpoint, Entry> good;
};

namespace {

std::string look_up(const Endpoint& to, int flags, std::vector<Address>& found) {
    ::addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_NUMERICSERV | flags;
    ::addrinfo* list = nullptr;
    if (const int error = ::getaddrinfo(to.host.c_str(), to.port.c_str(), &hints, &list); error != 0)
        return ::gai_strerror(error);
    for (const auto* at = list; at != nullptr; at = at->ai_next) {
        if (at->ai_addrlen > sizeof(::sockaddr_storage)) continue;
        Address address;
        std::memcpy(&address.bytes, at->ai_addr, at->ai_addrlen);
        address.size = at->ai_addrlen;
        found.push_back(address);
    }
    ::freeaddrinfo(list);
    return found.empty() ? "no address" : "";
}

std::shared_ptr<Lookup> finished(std::shared_ptr<Lookup> lookup) {
    lookup->done.store(true, std::memory_order_release);
    return lookup;
}

}  // namespace

bool Address::loopback() const noexcept {
    if (bytes.ss_family == AF_INET) {
        ::sockaddr_in v4{};
        std::memcpy(&v4, &bytes, sizeof v4);
        return ntohl(v4.sin_addr.s_addr) >> 24 == 127;
    }
    if (bytes.ss_family != AF_INET6) return false;
    ::sockaddr_in6 v6{};
    std::memcpy(&v6, &bytes, sizeof v6);
    return std::memcmp(&v6.sin6_addr, &in6addr_loopback, sizeof v6.sin6_addr) == 0;
}

Resolver::Resolver(std::chrono::seconds keep) : cache_{std::make_shared<Cache>()}, keep_{keep} {}
Resolver::~Resolver() = default;

std::shared_ptr<const Lookup> Resolver::ask(const Endpoint& to) {
    auto lookup = std::make_shared<Lookup>();
    lookup->problem = look_up(to, AI_NUMERICHOST, lookup->found);
    if (lookup->problem.empty()) return finished(std::move(lookup));
    {
        const std::scoped_lock lock{cache_->mutex};
        const auto known = cache_->good.find(to);
        if (known != cache_->good.end() && std::chrono::steady_clock::now() - known->second.time < keep_)
            return known->second.lookup;
    }
    try {
        std::thread{[lookup, to, cache = cache_] {
            std::vector<Address> found;
            auto problem = look_up(to, AI_ADDRCONFIG, found);
            if (!problem.empty()) {  // a machine with loopback only has no address "configured"
                found.clear();
                problem = look_up(to, 0, found);
            }
            const std::scoped_lock lock{cache->mutex};
            const auto known = cache->good.find(to);
            const bool stale = !problem.empty() && known != cache->good.end();
            lookup->found = stale ? known->second.lookup->found : std::move(found);
            lookup->problem = stale ? std::string{} : std::move(problem);
            lookup->done.store(true, std::memory_order_release);
            if (lookup->problem.empty() && !stale) cache->good[to] = {lookup, std::chrono::steady_clock::now()};
        }}.detach();
    } catch (const std::system_error& error) {
        lookup->problem = error.what();
        return finished(std::move(lookup));
    }
    return lookup;
}

}  // namespace core
