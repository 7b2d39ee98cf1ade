#pragma once

#include "core/domain/order.hpp"
#include "core/domain/result.hpp"
#include "core/domain/tick.hpp"
#include "pipeline/flow/journal.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace pipeline {

/// Why and where reading a journal stopped before its end.
struct JournalEnd {
    enum class Kind : std::uint8_t { whole, torn, corrupt } kind{};
    std::uint64_t records{};     ///< intact records before it
    std::filesystem::path file;  ///< segment it stopped in
    std::uint64_t offset{};      ///< byte offset in that file
    std::string reason;          ///< in words, "" when whole
};

/// Reads the segments `<stem>-NNNNNN.journal` of a directory in order, up to the last whole record. A tail that was
/// cut anywhere or never written is `torn` (normal after a kill); a record that fails its check is `corrupt`.
class JournalReader {
public:
    /// Throws std::runtime_error when the directory holds no readable first segment (path, expected, what to do).
    explicit JournalReader(const std::filesystem::path& directory, std::string stem = "ticks");
    ~JournalReader();
    JournalReader(const JournalReader&) = delete;
    JournalReader& operator=(const JournalReader&) = delete;

    [[nodiscard]] const SegmentHeader& header() const noexcept { return header_; }

    /// The next record's 64 bytes and its index, or nullptr at the end. Valid until the next call.
    const void* next() noexcept;
    [[nodiscard]] std::uint64_t index() const noexcept { return index_; }
    /// The caller found the record `next` gave damaged: reading stops there.
    void reject(core::Error why) noexcept;
    [[nodiscard]] const JournalEnd& end() const noexcept { return end_; }

private:
    bool open(std::uint32_t segment);
    void unmap() noexcept;
    void stop(JournalEnd::Kind kind, std::string reason);

    std::filesystem::path directory_;
    std::string stem_;
    SegmentHeader header_{};
    const std::byte* data_{};
    std::size_t size_{}, position_{};
    std::uint32_t segment_{};
    std::uint64_t index_{};
    bool done_{};
    JournalEnd end_{};
};

/// Calls f(tick) for every intact tick of a journal and returns how it ended.
template <class F>
JournalEnd read_ticks(const std::filesystem::path& directory, F&& f) {
    JournalReader reader{directory};
    while (const void* record = reader.next()) {
        const auto tick = TickSeal::opened(*static_cast<const core::Tick*>(record), reader.index());
        if (!tick) {
            reader.reject(tick.error());
            break;
        }
        f(*tick);
    }
    return reader.end();
}

/// The same for the journal of orders ("orders-NNNNNN.journal").
template <class F>
JournalEnd read_orders(const std::filesystem::path& directory, F&& f) {
    JournalReader reader{directory, "orders"};
    while (const void* record = reader.next()) {
        const auto order = OrderSeal::opened(*static_cast<const core::Order*>(record), reader.index());
        if (!order) {
            reader.reject(order.error());
            break;
        }
        f(*order);
    }
    return reader.end();
}

}  // namespace pipeline
