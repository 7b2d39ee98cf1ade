#pragma once

#include "core/domain/result.hpp"
#include "core/domain/time.hpp"
#include "feeds/conditions/http_get.hpp"

#include <sys/stat.h>

#include <cstdint>
#include <optional>
#include <string>

namespace feeds::conditions {

/// Where an input comes from: a file, an address, or both (the newer arrival counts). Neither: it is never asked.
struct SourceSettings {
    std::string file{};  ///< read again whenever it changes
    std::string url{};   ///< http or https, asked every `poll_s`
    std::uint32_t poll_s{3600};
};

/// Brings the texts of one input to the cold side. It never throws and never gives the same file twice; what fails is
/// tried again after 10 s, then twice as long each time, at most `poll_s`.
class TextSource {
public:
    TextSource(SourceSettings settings, std::size_t max_bytes, std::string ca_file = {});

    using Arrival = core::Result<std::string, core::Fault>;

    /// A changed file's text, or why it could not be read (once a change); nothing while it is as before.
    std::optional<Arrival> poll_file();
    /// What the address gave, when it is due; `now` is any clock that does not go back. Holds up its thread until the
    /// answer or the deadline.
    std::optional<Arrival> poll_url(core::Nanoseconds now);
    /// What became of an answer: unusable is as if it had failed.
    void accept() noexcept { wait_s_ = 0; }
    void reject(core::Nanoseconds now) noexcept;

    [[nodiscard]] const std::string& problem() const noexcept { return problem_; }  ///< the newest, for a person

private:
    struct Stamp {  // what makes a file another one
        ::dev_t device{};
        ::ino_t inode{};
        ::off_t size{-1};
        std::int64_t modified_ns{};
        friend bool operator==(const Stamp&, const Stamp&) = default;
    };

    SourceSettings settings_;
    HttpLimits limits_;
    Stamp stamp_;
    bool missing_{};
    core::Nanoseconds due_{core::Nanoseconds::min()};
    std::uint32_t wait_s_{};
    std::string problem_;
};

}  // namespace feeds::conditions
