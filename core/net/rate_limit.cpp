#include "core/net/rate_limit.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cassert>
#include <new>
#include <type_traits>
#include <utility>

namespace core {

namespace {

constexpr std::size_t parts = 17;  // sixteen cover the window, the seventeenth is the one under way
using Cell = std::atomic<std::uint64_t>;
static_assert(Cell::is_always_lock_free);

/// Number of the part in the high 40 bits, weight in the low 24: both change in one step. With 32 bits the parts of a
/// second of time of day began anew in 2029, and every later one would have looked old.
constexpr std::uint32_t most_weight = (1U << 24) - 1;
constexpr std::uint64_t packed(std::uint64_t part, std::uint32_t weight) noexcept {
    return part << 24 | std::min(weight, most_weight);
}
constexpr std::uint64_t part_of(std::uint64_t cell) noexcept {
    return cell >> 24;
}
constexpr std::uint32_t weight_of(std::uint64_t cell) noexcept {
    return static_cast<std::uint32_t>(cell) & most_weight;
}

constexpr std::uint64_t magic = 0x33455441524d4f00;  // and a new number with every change of the layout

std::uint64_t fingerprint(const RateRules& rules) noexcept {
    std::uint64_t hash = magic;
    for (std::size_t i = 0; i < rules.count; ++i)
        for (const auto value :
             {static_cast<std::uint64_t>(rules.windows[i].length.count()),
              static_cast<std::uint64_t>(rules.windows[i].limit), static_cast<std::uint64_t>(rules.windows[i].reserve),
              static_cast<std::uint64_t>(rules.windows[i].scopes)})
            hash = (hash ^ value) * 0x100000001b3 ^ hash >> 29;
    return hash | 1;
}

void raise(std::atomic<std::int64_t>& to, std::int64_t value) noexcept {
    // Relaxed: the number itself is all the news, nothing else is published with it.
    auto held = to.load(std::memory_order_relaxed);
    while (held < value && !to.compare_exchange_weak(held, value, std::memory_order_relaxed)) {
    }
}

}  // namespace

/// All zeros is a ledger of which nothing is used, so a new file needs no writer that could die half-way.
struct RateLedger::Shared {
    std::atomic<std::uint64_t> rules;  // 0 until the first process says by which it counts
    std::atomic<std::int64_t> banned_until;
    struct Throttle {
        std::atomic<std::int64_t> until, last;
        std::atomic<std::uint32_t> times;
    };
    std::array<Throttle, rate_scope_count + 1> throttles;  // by scope; the last one is of everything
    std::array<std::array<Cell, parts>, RateRules::max_windows> cells;
};

namespace {

constexpr std::size_t of_everything = rate_scope_count;

bool counts(const RateWindow& window, RateScope scope) noexcept {
    return (window.scopes & bit(scope)) != 0;
}

std::uint64_t part_at(const RateWindow& window, Nanoseconds now) noexcept {
    return static_cast<std::uint64_t>(now.count() / (window.length.count() / 16)) + parts;  // never below `parts`
}

/// Adds to the part under way. Sequentially consistent, as the sum below: of two takers that both add and then both
/// look, at least one sees the other's weight, so together they never get more than the limit.
void add(std::array<Cell, parts>& cells, std::uint64_t part, std::uint32_t weight) noexcept {
    auto& cell = cells[part % parts];
    auto held = cell.load(std::memory_order_seq_cst);
    for (;;) {
        // A cell of a later part: another process looked at the clock after us. It counts there.
        const auto next = part_of(held) < part
                              ? packed(part, weight)
                              : packed(part_of(held), weight > most_weight ? most_weight : weight_of(held) + weight);
        if (cell.compare_exchange_weak(held, next, std::memory_order_seq_cst)) return;
    }
}

void take_back(std::array<Cell, parts>& cells, std::uint64_t part, std::uint32_t weight) noexcept {
    auto& cell = cells[part % parts];
    auto held = cell.load(std::memory_order_seq_cst);
    while (part_of(held) >= part && weight_of(held) > 0) {
        const auto next = packed(part_of(held), weight_of(held) - std::min(weight, weight_of(held)));
        if (cell.compare_exchange_weak(held, next, std::memory_order_seq_cst)) return;
    }
}

std::uint64_t sum(const std::array<Cell, parts>& cells, std::uint64_t part) noexcept {
    std::uint64_t total = 0;
    for (const auto& cell : cells) {
        const auto held = cell.load(std::memory_order_seq_cst);
        if (part_of(held) + parts > part) total += weight_of(held);
    }
    return total;
}

}  // namespace

std::string_view name(RateRefusal refusal) noexcept {
    static constexpr std::array<std::string_view, 4> names{"none", "window", "back_off", "banned"};
    const auto index = static_cast<std::size_t>(refusal);
    return index < names.size() ? names[index] : "?";
}

Result<RateLedger> RateLedger::anonymous(const RateRules& rules) {
    void* memory = ::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return Error::io;
    return RateLedger{static_cast<Shared*>(memory), rules};
}

Result<RateLedger> RateLedger::open(const std::filesystem::path& path, const RateRules& rules) {
    static_assert(std::is_trivially_destructible_v<Shared> && std::is_standard_layout_v<Shared>);
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0) return Error::io;
    struct stat status {};
    Result<RateLedger> result = Error::io;
    if (::fstat(file, &status) == 0) {
        const auto size = static_cast<std::size_t>(status.st_size);
        if (status.st_uid != ::geteuid() || (status.st_mode & 077) != 0) {
            result = Error::refused;
        } else if (size != 0 && size != sizeof(Shared)) {
            result = Error::corrupt;
        } else if (::ftruncate(file, sizeof(Shared)) == 0) {  // by whoever comes first; zeros are a valid ledger
            void* memory = ::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
            if (memory != MAP_FAILED) {
                RateLedger made{static_cast<Shared*>(memory), rules};
                std::uint64_t theirs = 0;
                const auto mine = fingerprint(rules);
                if (made.shared_->rules.compare_exchange_strong(theirs, mine, std::memory_order_relaxed) ||
                    theirs == mine)
                    result = std::move(made);
                else
                    result = Error::refused;
            }
        }
    }
    ::close(file);
    return result;
}

RateLedger::RateLedger(RateLedger&& other) noexcept
    : shared_{std::exchange(other.shared_, nullptr)}, rules_{other.rules_} {}

RateLedger& RateLedger::operator=(RateLedger&& other) noexcept {
    std::swap(shared_, other.shared_);
    std::swap(rules_, other.rules_);
    return *this;
}

RateLedger::~RateLedger() {
    if (shared_ != nullptr) ::munmap(static_cast<void*>(shared_), sizeof(Shared));
}

RateAnswer RateLedger::take(std::uint32_t weight, RateUse use, Nanoseconds now, RateScope scope) noexcept {
    if (const Nanoseconds until{shared_->banned_until.load(std::memory_order_relaxed)}; now < until)
        return {.refusal = RateRefusal::banned, .until = until};
    for (const auto of : {of_everything, static_cast<std::size_t>(scope)}) {
        if (of != of_everything && use == RateUse::cancel) continue;
        if (const Nanoseconds until{shared_->throttles[of].until.load(std::memory_order_relaxed)}; now < until)
            return {.refusal = RateRefusal::back_off, .until = until};
    }
    if (weight == 0) return {};
    for (std::size_t i = 0; i < rules_.count; ++i) {
        const auto& window = rules_.windows[i];
        if (!counts(window, scope)) continue;
        const auto part = part_at(window, now);
        add(shared_->cells[i], part, weight);
        const auto room = use == RateUse::cancel ? window.limit : window.limit - std::min(window.limit, window.reserve);
        if (sum(shared_->cells[i], part) <= room) continue;
        for (std::size_t j = 0; j <= i; ++j)
            if (counts(rules_.windows[j], scope)) take_back(shared_->cells[j], part_at(rules_.windows[j], now), weight);
        return {.refusal = RateRefusal::window, .until = now + window.length / 16};
    }
    return {};
}

void RateLedger::give_back(std::uint32_t weight, Nanoseconds now, RateScope scope) noexcept {
    for (std::size_t i = 0; i < rules_.count; ++i)
        if (counts(rules_.windows[i], scope)) take_back(shared_->cells[i], part_at(rules_.windows[i], now), weight);
}

void RateLedger::observe(std::size_t window, std::uint32_t used, Nanoseconds now) noexcept {
    assert(window < rules_.count);
    const auto part = part_at(rules_.windows[window], now);
    const auto ours = sum(shared_->cells[window], part);
    if (used > ours) add(shared_->cells[window], part, static_cast<std::uint32_t>(used - ours));
}

/// How long to be silent, and counts it.
Nanoseconds RateLedger::pause(std::size_t of, Nanoseconds retry_after, Nanoseconds now) noexcept {
    auto& throttle = shared_->throttles[of];
    const Nanoseconds last{throttle.last.load(std::memory_order_relaxed)};
    if (now - last > 60s) throttle.times.store(0, std::memory_order_relaxed);
    const auto before = throttle.times.fetch_add(1, std::memory_order_relaxed);
    raise(throttle.last, now.count());
    return retry_after.count() > 0 ? retry_after : 1s * (1 << std::min<std::uint32_t>(before, 6));
}

void RateLedger::throttled(Nanoseconds retry_after, Nanoseconds now) noexcept {
    const auto wait = pause(of_everything, retry_after, now);
    raise(shared_->throttles[of_everything].until, (now + wait).count());
}

void RateLedger::throttled(Nanoseconds retry_after, Nanoseconds now, RateScope scope) noexcept {
    const auto of = static_cast<std::size_t>(scope);
    const auto wait = pause(of, retry_after, now);
    raise(shared_->throttles[of].until, (now + wait).count());
}

std::optional<std::size_t> RateLedger::window_of(RateScope scope) const noexcept {
    for (std::size_t i = 0; i < rules_.count; ++i)
        if (counts(rules_.windows[i], scope)) return i;
    return std::nullopt;
}

void RateLedger::banned(Nanoseconds until_after, Nanoseconds now) noexcept {
    raise(shared_->banned_until, (now + (until_after.count() > 0 ? until_after : Nanoseconds{10min})).count());
}

std::uint32_t RateLedger::used(std::size_t window, Nanoseconds now) const noexcept {
    return static_cast<std::uint32_t>(
        std::min<std::uint64_t>(sum(shared_->cells[window], part_at(rules_.windows[window], now)), UINT32_MAX));
}

}  // namespace core
