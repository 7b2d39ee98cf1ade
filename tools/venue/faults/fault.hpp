#pragma once

#include "core/domain/time.hpp"
#include "core/random/xoshiro.hpp"
#include "tools/venue/dialect/dialect.hpp"

#include <array>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace venue {

/// What goes wrong on purpose.
enum class FaultKind : std::uint8_t {
    drop,               ///< a message is not sent
    delay,              ///< a message, or an HTTP reply, comes `delay` later
    duplicate,          ///< a message is sent twice
    reorder,            ///< a message is sent after the next one of its connection
    gap,                ///< a book message is not sent: its successor does not follow
    corrupt_checksum,   ///< the checksum of a book message is another
    lost_ack,           ///< an order request is carried out, and its answer is lost
    lost_fill,          ///< a fill is not told
    duplicate_fill,     ///< a fill is told twice
    late_fill,          ///< a fill is told `delay` later
    too_many_requests,  ///< HTTP 429
    banned,             ///< HTTP 418 (where the venue has one)
    server_error,       ///< HTTP 5xx, nothing was done
    unknown_outcome,    ///< HTTP 5xx, and the request was carried out
    maintenance,        ///< every request and message is refused
    clock_jump,         ///< the venue's clock goes `delay` ahead (once)
    listen_key_expiry,  ///< listen keys and logins end (once)
    silent_socket,      ///< nothing but pongs is sent
    half_open,          ///< neither sent nor read, and the connection stays
    id_reuse,           ///< the next fill has the trade id of the last one
    slow_reader,        ///< messages of clients are read only when it has passed
    disconnect,         ///< all connections are cut; again and again with `count` and `every`
    refused_subscribe,  ///< a subscription is answered with no
    stale_answer,       ///< a GET is answered as it was the first time since the fault began: a cache that is stuck
    shutdown_notice,    ///< the venue says that it goes down, where it has words for it, and cuts all after `delay`
};
inline constexpr std::size_t fault_kind_count = 25;
std::string_view name(FaultKind kind) noexcept;
std::optional<FaultKind> parse_fault_kind(std::string_view text) noexcept;
std::optional<Topic> parse_topic(std::string_view text) noexcept;

/// One fault of a script.
struct FaultSpec {
    FaultKind kind{};
    std::optional<Topic> topic{};                      ///< of messages; empty: any
    std::string match{};                               ///< only messages, or paths, that hold this text; "": all
    std::int64_t parts_per_million{1'000'000};         ///< how often, of what it concerns
    std::int64_t count{};                              ///< how many times at most; 0: as often as it comes
    core::Nanoseconds after{};                         ///< since the script began
    core::Nanoseconds lasting{};                       ///< 0: for ever
    core::Nanoseconds every{std::chrono::seconds{1}};  ///< between two disconnects
    core::Nanoseconds delay{std::chrono::milliseconds{500}};
};

/// Decides what happens to each message and request. Seeded: the same script and the same traffic have the same faults.
class Faults {
public:
    explicit Faults(std::uint64_t seed = 42) : chance_{seed} {}

    /// Throws std::length_error past `max_specs`.
    void add(const FaultSpec& spec, core::Nanoseconds now);
    void clear() noexcept { active_.clear(); }
    [[nodiscard]] std::size_t size() const noexcept { return active_.size(); }
    static constexpr std::size_t max_specs = 256;

    /// The first fault of these kinds that strikes a message of this topic, or a request of this path, now.
    struct Stroke {
        FaultKind kind;
        core::Nanoseconds delay;
    };
    std::optional<Stroke> strike(core::Nanoseconds now, std::initializer_list<FaultKind> kinds,
                                 std::optional<Topic> topic, std::string_view text);
    /// Is a fault of this kind on now? Takes nothing from its count.
    [[nodiscard]] bool on(core::Nanoseconds now, FaultKind kind) const noexcept;
    /// The same, and counts it as a stroke: something met a state that lasts (half_open, slow_reader).
    bool met(core::Nanoseconds now, FaultKind kind) noexcept;
    /// How often each kind has struck, also of faults that are cleared.
    [[nodiscard]] std::uint64_t struck(FaultKind kind) const noexcept {
        return struck_[static_cast<std::size_t>(kind)];
    }
    /// One fault as it stands, for people and tests.
    struct Standing {
        FaultKind kind;
        std::uint64_t struck;
        std::int64_t left;  ///< strokes it still has; < 0: no end
    };
    [[nodiscard]] std::vector<Standing> standing() const;

private:
    struct Active {
        FaultSpec spec;
        core::Nanoseconds from, until;
        std::int64_t left;  // < 0: endless
        core::Nanoseconds next;
        std::uint64_t struck{};
    };
    [[nodiscard]] static bool due(const Active& one, core::Nanoseconds now) noexcept {
        return one.left != 0 && now >= one.from && now < one.until && now >= one.next;
    }

    core::Xoshiro chance_;
    std::vector<Active> active_;
    std::array<std::uint64_t, fault_kind_count> struck_{};
};

}  // namespace venue
