#pragma once

#include "feeds/capture/reader.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

namespace feeds::capture {

/// The frames of several files of one session as one stream, by receive time; frames of equal time come in the order of
/// the files. Connections are numbered on from file to file: a text capture is one, an Omega capture keeps its ids
/// after those of the files before it. A file whose own times go back keeps its order.
class MergedReader {
public:
    /// Opens every file. Errors: those of open().
    explicit MergedReader(std::span<const std::filesystem::path> files);

    /// As Reader::next. Errors (CaptureError): those of the file it reads.
    bool next(Frame& frame);

    [[nodiscard]] std::uint64_t dropped_bytes() const noexcept;  ///< of all files
    [[nodiscard]] std::uint32_t connections() const noexcept { return connections_; }

private:
    struct Input {
        std::unique_ptr<Reader> reader;
        std::uint32_t first_connection{};
        Frame frame{};
        bool ended{};
    };
    void advance(Input& input);

    std::vector<Input> inputs_;
    Input* last_{};  ///< whose frame was handed out: its view dies when it advances
    std::uint32_t connections_{};
};

}  // namespace feeds::capture
