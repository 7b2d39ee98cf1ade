#include "core/net/http_client.hpp"

#include <cassert>
#include <chrono>
#include <deque>
#include <future>
#include <list>
#include <map>

namespace core {
namespace {

struct Job {
    HttpRequest request;
    HttpClient::Handler handler;
    NetThread::Time deadline, begin_by;
    bool repeated{};
};

}  // namespace

struct HttpClient::Impl : std::enable_shared_from_this<HttpClient::Impl> {
    struct Pool;

    /// A connection of a pool and the job it does.
    struct Worker : NetThread::Task, std::enable_shared_from_this<Worker> {
        std::weak_ptr<Impl> client;
        Pool& pool;
        HttpConnection connection;
        std::optional<Job> job;

        Worker(std::weak_ptr<Impl> owner, Pool& in, const Endpoint& to, const Impl& impl)
            : client{std::move(owner)}, pool{in}, connection{to, impl.tls, impl.resolver, impl.settings} {}

        void begin(Job next, NetThread::Time now) {
            next.request.deadline = std::chrono::ceil<std::chrono::milliseconds>(next.deadline - now);
            // What is left of it, never 0: that would be no bound. Whoever feeds has looked that it is not over.
            if (next.request.begin_within.count() > 0)
                next.request.begin_within = std::chrono::ceil<std::chrono::milliseconds>(next.begin_by - now);
            connection.start(next.request, now);
            job.emplace(std::move(next));
        }

        std::optional<NetThread::Wait> step(NetThread::Time now) override {
            const auto owner = client.lock();
            if (!owner || owner->stopped) return std::nullopt;
            for (;;) {
                const auto state = connection.step(now);
                if (state == HttpConnection::State::done) {
                    finish(*owner, now);
                    if (owner->stopped) return std::nullopt;
                    continue;
                }
                if (state == HttpConnection::State::idle && owner->feed(*this, now)) continue;
                if (state == HttpConnection::State::closed) {
                    owner->remove(*this, now);
                    return std::nullopt;
                }
                break;
            }
            const auto wait = connection.wait();
            auto until = wait.until;
            if (connection.wire().state() != Wire::State::open)  // nothing tells when a name was found
                until = std::min(until, now + std::chrono::milliseconds{2});
            return NetThread::Wait{.descriptor = wait.descriptor, .write = wait.write, .until = until};
        }

        void finish(Impl& owner, NetThread::Time now) {
            const bool stale = connection.was_stale();
            auto result = connection.take();
            auto done = std::move(*job);
            job.reset();
            const bool harmless = done.request.method == "GET" || done.request.method == "HEAD";
            if (!result && stale && harmless && !done.repeated && now < done.deadline) {
                done.repeated = true;
                return owner.enqueue(pool, std::move(done), now);
            }
            if (done.handler) done.handler(std::move(result));
        }
    };

    struct Pool {
        Endpoint to;
        std::deque<Job> waiting{}, urgent{};
        std::list<std::shared_ptr<Worker>> workers{};
    };

    NetThread& thread;
    const TlsContext& tls;
    Resolver& resolver;
    HttpSettings settings;
    std::map<Endpoint, Pool> pools{};
    bool stopped{};

    Impl(NetThread& t, const TlsContext& c, Resolver& r, const HttpSettings& s)
        : thread{t}, tls{c}, resolver{r}, settings{s} {}

    void enqueue(const Endpoint& to, Job job, NetThread::Time now) {
        auto& pool = pools.try_emplace(to, Pool{.to = to}).first->second;
        enqueue(pool, std::move(job), now);
    }

    void enqueue(Pool& pool, Job job, NetThread::Time now) {
        const bool urgent = job.request.urgent;
        (urgent ? pool.urgent : pool.waiting).push_back(std::move(job));
        if (!urgent && !may_begin_ordinary(pool)) return;
        for (const auto& worker : pool.workers) {
            if (worker->job || worker->connection.state() != HttpConnection::State::idle) continue;
            const bool alive = worker->connection.step(now) == HttpConnection::State::idle;
            if (alive) feed(*worker, now);
            thread.wake(worker);  // an ended one is let go
            if (alive) return;
        }
        if (pool.workers.size() < most_workers(urgent)) hire(pool, now);
    }

    [[nodiscard]] std::size_t most_workers(bool urgent) const noexcept {
        return settings.connections_a_host + (urgent ? settings.urgent_a_host : 0);
    }
    /// Only so many connections are for everything, however many there are.
    [[nodiscard]] bool may_begin_ordinary(const Pool& pool) const noexcept {
        std::size_t busy = 0;
        for (const auto& worker : pool.workers) busy += worker->job && !worker->job->request.urgent ? 1U : 0U;
        return busy < settings.connections_a_host;
    }

    void hire(Pool& pool, NetThread::Time now) {
        auto worker = std::make_shared<Worker>(weak_from_this(), pool, pool.to, *this);
        pool.workers.push_back(worker);
        feed(*worker, now);
        thread.wake(worker);
    }

    /// Gives an idle connection the next request; those that waited too long fail where they stand.
    bool feed(Worker& worker, NetThread::Time now) {
        auto& pool = worker.pool;
        while (!pool.urgent.empty() || (!pool.waiting.empty() && may_begin_ordinary(pool))) {
            auto& queue = pool.urgent.empty() ? pool.waiting : pool.urgent;
            auto job = std::move(queue.front());
            queue.pop_front();
            if (now < job.begin_by) {
                worker.begin(std::move(job), now);
                return true;
            }
            if (job.handler)
                job.handler(NetFailure{.phase = NetPhase::connect,
                                       .fault = NetFault::timeout,
                                       .unknown_outcome = false,
                                       .code = 0,
                                       .detail = "no connection became free in time"});
        }
        return false;
    }

    void remove(const Worker& worker, NetThread::Time now) {
        auto& pool = worker.pool;
        pool.workers.remove_if([&](const auto& other) { return other.get() == &worker; });
        if (stopped) return;
        const bool ordinary = !pool.waiting.empty() && may_begin_ordinary(pool);
        if ((!pool.urgent.empty() || ordinary) && pool.workers.size() < most_workers(!pool.urgent.empty()))
            hire(pool, now);
    }
};

HttpClient::HttpClient(NetThread& thread, const TlsContext& tls, Resolver& resolver, const HttpSettings& settings)
    : thread_{thread}, impl_{std::make_shared<Impl>(thread, tls, resolver, settings)} {}

HttpClient::~HttpClient() {
    const auto stop = [](Impl& impl) {
        impl.stopped = true;
        for (auto& [to, pool] : impl.pools)
            for (const auto& worker : pool.workers) impl.thread.wake(worker);
    };
    if (thread_.is_current()) {
        stop(*impl_);
        return;
    }
    auto stopped = std::make_shared<std::promise<void>>();
    auto done = stopped->get_future();
    thread_.post([&, stopped] {
        stop(*impl_);
        stopped->set_value();
    });
    done.wait();
}

void HttpClient::send(const Endpoint& to, HttpRequest request, Handler handler) {
    const auto now = std::chrono::steady_clock::now();
    const auto deadline = now + request.deadline;
    const auto within = request.begin_within;
    const auto begin_by = within.count() > 0 ? std::min(deadline, now + within) : deadline;
    thread_.post([impl = impl_, to, job = Job{std::move(request), std::move(handler), deadline, begin_by}]() mutable {
        if (!impl->stopped) impl->enqueue(to, std::move(job), std::chrono::steady_clock::now());
    });
}

HttpResult HttpClient::ask(const Endpoint& to, HttpRequest request) {
    assert(!thread_.is_current());
    auto answered = std::make_shared<std::promise<HttpResult>>();
    auto result = answered->get_future();
    send(to, std::move(request), [answered](HttpResult answer) { answered->set_value(std::move(answer)); });
    return result.get();
}

}  // namespace core
