#include "feeds/conditions/text_source.hpp"

#include <algorithm>
#include <cstring>
#include <fstream>

namespace feeds::conditions {
namespace {

core::Error reason(HttpError error) noexcept {
    switch (error) {
        case HttpError::bad_url: return core::Error::malformed;
        case HttpError::oversized: return core::Error::oversized;
        case HttpError::status: return core::Error::refused;
        case HttpError::protocol: return core::Error::truncated;
        default: return core::Error::io;
    }
}

constexpr std::uint32_t first_wait_s = 10;

}  // namespace

TextSource::TextSource(SourceSettings settings, std::size_t max_bytes, std::string ca_file)
    : settings_{std::move(settings)} {
    limits_.max_bytes = max_bytes;
    limits_.ca_file = std::move(ca_file);
}

std::optional<TextSource::Arrival> TextSource::poll_file() {
    if (settings_.file.empty()) return std::nullopt;
    struct ::stat found {};
    if (::stat(settings_.file.c_str(), &found) != 0 || !S_ISREG(found.st_mode)) {
        if (missing_) return std::nullopt;
        missing_ = true;
        stamp_ = {};
        problem_ = settings_.file + ": cannot be read";
        return Arrival{core::Fault{.reason = core::Error::io, .field = "file"}};
    }
    const Stamp stamp{.device = found.st_dev,
                      .inode = found.st_ino,
                      .size = found.st_size,
                      .modified_ns = found.st_mtim.tv_sec * 1'000'000'000 + found.st_mtim.tv_nsec};
    if (stamp == stamp_) return std::nullopt;
    stamp_ = stamp;
    missing_ = false;
    std::ifstream in{settings_.file, std::ios::binary};
    std::string text(std::min<std::size_t>(static_cast<std::size_t>(found.st_size), limits_.max_bytes) + 1, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(in.gcount()));
    if (in.bad() || !in.is_open()) {
        problem_ = settings_.file + ": cannot be read";
        return Arrival{core::Fault{.reason = core::Error::io, .field = "file"}};
    }
    if (text.size() > limits_.max_bytes) {
        problem_ = settings_.file + ": larger than " + std::to_string(limits_.max_bytes) + " bytes";
        return Arrival{core::Fault{.reason = core::Error::oversized, .field = "file"}};
    }
    return Arrival{std::move(text)};
}

std::optional<TextSource::Arrival> TextSource::poll_url(core::Nanoseconds now) {
    if (settings_.url.empty() || now < due_) return std::nullopt;
    auto answer = http_get(settings_.url, limits_);
    if (answer) {
        due_ = now + std::chrono::seconds{settings_.poll_s};
        return Arrival{std::move(*answer)};
    }
    reject(now);
    problem_ = settings_.url + ": " + std::string{name(answer.error().error)} + " (" + answer.error().detail + ")";
    return Arrival{core::Fault{.reason = reason(answer.error().error), .field = "url"}};
}

void TextSource::reject(core::Nanoseconds now) noexcept {
    wait_s_ = std::min(wait_s_ == 0 ? first_wait_s : wait_s_ * 2, std::max(settings_.poll_s, 1U));
    due_ = now + std::chrono::seconds{wait_s_};
}

}  // namespace feeds::conditions
