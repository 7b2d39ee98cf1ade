#include "bench/tools/moving_tape.hpp"

#include "feeds/capture/discover.hpp"
#include "feeds/capture/tape.hpp"

#include <charconv>
#include <filesystem>
#include <string_view>

namespace bench {
namespace {

constexpr std::size_t stamp_digits = 13;  // milliseconds of Unix time, from 2001 to 2286

bool is_stamp(std::string_view text, std::size_t at) noexcept {
    if (at + stamp_digits >= text.size()) return false;
    for (std::size_t i = 0; i < stamp_digits; ++i)
        if (text[at + i] < '0' || text[at + i] > '9') return false;
    return text[at + stamp_digits] < '0' || text[at + stamp_digits] > '9';
}

}  // namespace

MovingTape::MovingTape(const std::string& name) {
    const auto path = std::filesystem::path{OMEGA_SHARED_DATA} / name;
    if (!std::filesystem::exists(path)) return;
    const auto tape = feeds::capture::load_into_memory({&path, 1});
    instruments_ = feeds::capture::discover(core::Venue::binance, tape);

    text_.reserve(tape.bytes() + tape.size() * feeds::frame_padding);
    for (feeds::Frame frame : tape) {
        const auto at = text_.size();
        text_.append(frame.bytes).append(feeds::frame_padding, '\0');
        frame.bytes = {text_.data() + at, frame.bytes.size()};
        frame.url = *urls_.emplace(frame.url).first;
        frames_.push_back(frame);
        for (const std::string_view key : {"\"E\":", "\"T\":"})
            for (auto found = frame.bytes.find(key); found != std::string_view::npos;
                 found = frame.bytes.find(key, found + 1))
                if (is_stamp(frame.bytes, found + key.size()))
                    stamps_.push_back(text_.data() + at + found + key.size());
    }
    const auto span = frames_.back().receive_time - frames_.front().receive_time;
    span_ms_ = span / std::chrono::milliseconds{1} + 1000;
}

feeds::Frame MovingTape::opened() const noexcept {
    return {.receive_time = frames_.front().receive_time,
            .connection = frames_.front().connection,
            .origin = feeds::FrameOrigin::opened};
}

void MovingTape::advance() noexcept {
    for (auto& frame : frames_) frame.receive_time += std::chrono::milliseconds{span_ms_};
    for (char* const digits : stamps_) {
        std::int64_t ms{};
        std::from_chars(digits, digits + stamp_digits, ms);
        std::to_chars(digits, digits + stamp_digits, ms + span_ms_);
    }
}

}  // namespace bench
