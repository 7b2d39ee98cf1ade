#pragma once

#include "feeds/capture/line_reader.hpp"
#include "feeds/capture/reader.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace feeds::capture {

/// "1649290077.519788" (whole seconds and at most nine decimals) as a time; nothing if it is not that.
std::optional<core::Nanoseconds> parse_epoch_seconds(std::string_view text) noexcept;

/// What a line of a cryptofeed capture is.
/// Source: bmoscon/cryptofeed, sample_data; shared data README, section 1.
///   <url> <-> <s>            a connection was opened
///   <url> <- <s>: <json>     sent by the client
///   <url> -> <s>: <json>     answer of a REST request
///   <s>: <json>              received
/// A url alone opens a connection at an unknown time (0); `configuration: …` is the recorder's own note, no frame.
class CryptofeedReader final : public Reader {
public:
    explicit CryptofeedReader(ByteSource source) : lines_{std::move(source)} {}
    bool next(Frame& frame) override;
    [[nodiscard]] Format format() const noexcept override { return Format::cryptofeed; }

private:
    bool read(std::string_view line, Frame& frame);
    [[noreturn]] void fail(const std::string& expected) const;

    LineReader lines_;
    std::string url_;  ///< of the connection
};

/// Lines `<epoch ns> <json>`: combined-stream frames, and REST depth snapshots, which name no stream.
/// Such a file records one symbol, so a snapshot's `url` is made of the symbol of the streams around it
/// ("?symbol=BTCUSDT"): a spot snapshot does not say whose it is. Source: nkaz001/hftbacktest, examples; shared data
/// README, section 2.
class HftbacktestReader final : public Reader {
public:
    explicit HftbacktestReader(ByteSource source) : lines_{std::move(source)} {}
    bool next(Frame& frame) override;
    [[nodiscard]] Format format() const noexcept override { return Format::hftbacktest; }

private:
    LineReader lines_;
    std::string url_;  ///< of snapshots, "" until a stream named its symbol
};

}  // namespace feeds::capture
