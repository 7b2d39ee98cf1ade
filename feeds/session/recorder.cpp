#include "feeds/session/recorder.hpp"

#include "core/rings/idle.hpp"
#include "feeds/capture/error.hpp"
#include "feeds/capture/writer.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <mutex>
#include <vector>

namespace feeds {
namespace {

struct Head {
    std::int64_t receive_time;
    std::uint32_t size, connection;
    std::uint32_t url_size;
    FrameOrigin origin;
};

/// Sortable and without colons: "binance-20240808T235415123456789.ocap".
std::string file_name(core::Venue venue, core::Nanoseconds time) {
    std::string text;
    for (const char c : core::to_iso8601(time))
        if ((c >= '0' && c <= '9') || c == 'T') text += c;
    return std::string{core::name(venue)} + '-' + text + ".ocap";
}

}  // namespace

/// Bytes from one thread to one, in a ring: a head, the url, the frame.
struct Recorder::Queue {
    explicit Queue(std::size_t bytes) : capacity{std::bit_ceil(bytes)}, ring{new char[capacity]} {}

    std::size_t capacity;
    std::unique_ptr<char[]> ring;
    alignas(64) std::atomic<std::size_t> end{};  // Release by the producer: a record is whole before it can be seen.
    alignas(
        64) std::atomic<std::size_t> begin{};  // Release by the consumer: a record was read before it is overwritten.

    void put(std::size_t at, const void* from, std::size_t size) noexcept {
        if (size == 0) return;
        const auto first = std::min(size, capacity - (at & (capacity - 1)));
        std::memcpy(ring.get() + (at & (capacity - 1)), from, first);
        std::memcpy(ring.get(), static_cast<const char*>(from) + first, size - first);
    }
    void get(std::size_t at, void* to, std::size_t size) const noexcept {
        if (size == 0) return;
        const auto first = std::min(size, capacity - (at & (capacity - 1)));
        std::memcpy(to, ring.get() + (at & (capacity - 1)), first);
        std::memcpy(static_cast<char*>(to) + first, ring.get(), size - first);
    }
};

/// The files: the one being written, and those kept.
struct Recorder::Shelf {
    const RecorderSettings& settings;
    core::Venue venue;
    std::unique_ptr<capture::CaptureWriter> writer{};
    std::filesystem::path file{};
    core::Nanoseconds begun{}, retry{core::Nanoseconds::min()};
    unsigned failed_files{};  // in a row
    std::atomic<std::uint64_t> taken{}, dropped{}, written{}, bytes{}, files{}, removed{}, failures{};
    mutable std::mutex mutex{};
    std::string problem{};

    void failed(const std::string& why) {
        failures.fetch_add(1, std::memory_order_relaxed);
        writer.reset();
        const std::scoped_lock lock{mutex};
        problem = why;
    }

    void write(const Frame& frame) {
        if (!writer && frame.receive_time < retry) {  // a full disk is not asked for every frame
            dropped.fetch_add(1, std::memory_order_relaxed);
            return;
        }
        try {
            if (writer &&
                (writer->stored_bytes() >= settings.file_bytes || frame.receive_time - begun >= settings.file_time))
                end();
            if (!writer) open(frame.receive_time);
            writer->write(frame);
            if (writer->stored_bytes() > 0) failed_files = 0;
            written.fetch_add(1, std::memory_order_relaxed);
            bytes.fetch_add(frame.bytes.size(), std::memory_order_relaxed);
        } catch (const std::exception& error) {
            dropped.fetch_add(1, std::memory_order_relaxed);
            const bool empty = writer && writer->stored_bytes() == 0;
            failed(error.what());
            std::error_code ignored;
            if (empty) std::filesystem::remove(file, ignored);  // a full disk is not filled with empty files
            retry = frame.receive_time + std::chrono::seconds{1U << std::min(failed_files++, 6U)};
        }
    }
    void open(core::Nanoseconds time) {
        keep_within_budget();
        begun = time;
        file = settings.folder / file_name(venue, time);
        while (std::filesystem::exists(file)) file = settings.folder / file_name(venue, ++time);
        writer = std::make_unique<capture::CaptureWriter>(file, venue);
        files.fetch_add(1, std::memory_order_relaxed);
    }
    void end() {
        auto ended = std::move(writer);
        ended->close();
    }
    void flush() noexcept {
        try {
            if (writer) writer->flush();
        } catch (const std::exception& error) {
            failed(error.what());
        }
    }

    /// Removes the oldest captures of the folder until there is room for another file.
    void keep_within_budget() {
        std::vector<std::filesystem::directory_entry> kept;
        std::uint64_t sum = 0;
        for (const auto& entry : std::filesystem::directory_iterator{settings.folder}) {
            if (entry.path().extension() != ".ocap" || !entry.is_regular_file()) continue;
            kept.push_back(entry);
            sum += entry.file_size();
        }
        std::sort(kept.begin(), kept.end(),
                  [](const auto& a, const auto& b) { return a.last_write_time() < b.last_write_time(); });
        const auto room = settings.budget_bytes > settings.file_bytes ? settings.budget_bytes - settings.file_bytes : 0;
        for (const auto& entry : kept) {
            if (sum <= room) return;
            sum -= entry.file_size();
            if (std::filesystem::remove(entry.path())) removed.fetch_add(1, std::memory_order_relaxed);
        }
    }
};

Recorder::Recorder(RecorderSettings settings, core::Venue venue)
    : settings_{std::move(settings)},
      queue_{std::make_unique<Queue>(settings_.queue_bytes)},
      shelf_{new Shelf{.settings = settings_, .venue = venue}} {
    std::filesystem::create_directories(settings_.folder);
    thread_ = std::thread{[this] { run(); }};
}

Recorder::~Recorder() {
    stop_.store(true, std::memory_order_release);  // what was pushed before is seen by the thread's last round
    thread_.join();
}

bool Recorder::push(const Frame& frame) noexcept {
    const Head head{.receive_time = frame.receive_time.count(),
                    .size = static_cast<std::uint32_t>(frame.bytes.size()),
                    .connection = frame.connection,
                    .url_size = static_cast<std::uint32_t>(frame.url.size()),
                    .origin = frame.origin};
    const auto end = queue_->end.load(std::memory_order_relaxed);  // ours
    const auto size = sizeof head + frame.url.size() + frame.bytes.size();
    if (size > queue_->capacity - (end - queue_->begin.load(std::memory_order_acquire))) {
        shelf_->dropped.fetch_add(1, std::memory_order_relaxed);
        return false;
    }
    queue_->put(end, &head, sizeof head);
    queue_->put(end + sizeof head, frame.url.data(), frame.url.size());
    queue_->put(end + sizeof head + frame.url.size(), frame.bytes.data(), frame.bytes.size());
    queue_->end.store(end + size, std::memory_order_release);
    shelf_->taken.fetch_add(1, std::memory_order_relaxed);
    return true;
}

void Recorder::run() {
    std::vector<char> bytes;
    core::Idle idle{core::IdlePolicy::park};
    for (unsigned empty = 0;;) {
        const bool last = stop_.load(std::memory_order_acquire);
        const auto begin = queue_->begin.load(std::memory_order_relaxed);  // ours
        if (begin == queue_->end.load(std::memory_order_acquire)) {
            if (last) break;
            if (++empty == 1000) shelf_->flush();  // about a second without a frame
            idle(0);
            continue;
        }
        empty = 0;
        Head head;
        queue_->get(begin, &head, sizeof head);
        const auto size = std::size_t{head.url_size} + head.size;
        bytes.resize(std::max(bytes.size(), size + frame_padding));
        queue_->get(begin + sizeof head, bytes.data(), size);
        queue_->begin.store(begin + sizeof head + size, std::memory_order_release);
        shelf_->write({.bytes = {bytes.data() + head.url_size, head.size},
                       .receive_time = core::Nanoseconds{head.receive_time},
                       .connection = head.connection,
                       .origin = head.origin,
                       .url = {bytes.data(), head.url_size},
                       .venue = shelf_->venue});
        idle(1);
    }
    try {
        if (shelf_->writer) shelf_->end();
    } catch (const std::exception& error) {
        shelf_->failed(error.what());
    }
}

Recorder::Counts Recorder::counts() const noexcept {
    const auto of = [](const std::atomic<std::uint64_t>& count) { return count.load(std::memory_order_relaxed); };
    return {of(shelf_->taken), of(shelf_->dropped), of(shelf_->written), of(shelf_->bytes),
            of(shelf_->files), of(shelf_->removed), of(shelf_->failures)};
}

std::string Recorder::problem() const {
    const std::scoped_lock lock{shelf_->mutex};
    return shelf_->problem;
}

}  // namespace feeds
