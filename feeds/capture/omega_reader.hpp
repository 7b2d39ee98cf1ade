#pragma once

#include "feeds/capture/byte_source.hpp"
#include "feeds/capture/format.hpp"
#include "feeds/capture/reader.hpp"

#include <array>
#include <string>
#include <vector>

struct ZSTD_DCtx_s;

namespace feeds::capture {

/// Reads what CaptureWriter wrote. A file that ends inside a block (or inside the file header) ends at the last whole
/// block, and dropped_bytes says how much was left; any other difference from what was written is `corrupt`, with the
/// byte where the damaged header or block starts.
class OmegaReader final : public Reader {
public:
    /// Errors (CaptureError): corrupt (header), unknown_message (a version of the future).
    explicit OmegaReader(ByteSource source);
    ~OmegaReader() override;
    OmegaReader(const OmegaReader&) = delete;
    OmegaReader& operator=(const OmegaReader&) = delete;

    bool next(Frame& frame) override;
    [[nodiscard]] Format format() const noexcept override { return Format::omega; }
    [[nodiscard]] std::optional<core::Venue> venue() const noexcept override { return venue_; }
    [[nodiscard]] std::uint64_t dropped_bytes() const noexcept override { return dropped_; }
    [[nodiscard]] std::uint32_t connections() const noexcept override { return max_connections; }

private:
    bool next_block();
    std::size_t read_up_to(void* to, std::size_t size);
    [[noreturn]] void corrupt(const std::string& expected) const;

    ByteSource source_;
    std::optional<core::Venue> venue_;
    ZSTD_DCtx_s* zstd_{};
    std::vector<char> stored_, raw_;
    std::size_t at_{}, raw_size_{};
    std::uint32_t records_left_{};
    std::array<std::string_view, max_connections> urls_{};  ///< into raw_
    std::array<bool, max_connections> known_{};
    std::uint64_t position_{};  ///< of the header or block being read
    std::uint64_t dropped_{};
    bool ended_{};
};

}  // namespace feeds::capture
