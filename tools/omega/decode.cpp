#include "tools/omega/decode.hpp"

#include "feeds/any_feed.hpp"
#include "feeds/capture/discover.hpp"
#include "feeds/capture/error.hpp"
#include "feeds/capture/merged_reader.hpp"
#include "feeds/capture/venue_of.hpp"
#include "tools/omega/decode_summary.hpp"
#include "tools/omega/tick_json.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <iostream>
#include <memory>
#include <ostream>
#include <string>

namespace omega {

namespace {

constexpr int done = 0, found_a_problem = 1, unreadable_input = 2;
constexpr std::size_t flush_at = std::size_t{64} << 10;

/// Says what was wrong with a session that could be read; true if anything was.
bool tell_problems(const feeds::FeedStats& stats, std::uint64_t dropped_bytes, std::ostream& err) {
    bool problem = false;
    const auto tell = [&](const std::string& text) {
        err << "omega decode: " << text << '\n';
        problem = true;
    };
    if (const auto faulted = stats.faulted(); faulted > 0) {
        const auto& last = stats.faults[(faulted - 1) % feeds::FeedStats::faults_kept];
        tell(fmt::format("{} of {} frames refused; the last: {}{}{} at byte {} of the frame received at {}", faulted,
                         stats.frames, core::name(last.fault.reason), *last.fault.field != '\0' ? ", field " : "",
                         last.fault.field, last.fault.offset, last.receive_time.count()));
    }
    if (stats.sequence_breaks > 0)
        tell(fmt::format("{} breaks in the venue's numbering: the recording lost frames", stats.sequence_breaks));
    if (stats.checksums.matched != stats.checksums.checked)
        tell(fmt::format("{} of {} checksums do not match", stats.checksums.checked - stats.checksums.matched,
                         stats.checksums.checked));
    if (dropped_bytes > 0)
        tell(fmt::format("{} bytes of an unfinished last block dropped: the recorder was cut off", dropped_bytes));
    return problem;
}

int decode(const DecodeOptions& options, std::ostream& out, std::ostream& err) {
    feeds::capture::MergedReader reader{options.files};
    const auto venue = options.venue ? *options.venue : feeds::capture::venue_of(options.files);
    auto instruments = feeds::capture::discover(venue, options.files);
    feeds::AnyFeed feed{venue, instruments};
    feeds::Frame frame;
    if (options.summary) {
        DecodedBooks books{instruments.size()};
        while (reader.next(frame)) feed.on_frame(frame, [&](const core::Tick& tick) { books.on(tick); });
        out << summary_json(feed.stats(), instruments, books, options.book_levels, reader.dropped_bytes());
    } else {
        const TickJson json{instruments};
        fmt::memory_buffer lines;
        const auto flush = [&] {
            out.write(lines.data(), static_cast<std::streamsize>(lines.size()));
            lines.clear();
        };
        while (out && reader.next(frame)) {
            feed.on_frame(frame, [&](const core::Tick& tick) { json.append(lines, tick); });
            if (lines.size() >= flush_at) flush();
        }
        flush();
    }
    out.flush();
    const bool problem = tell_problems(feed.stats(), reader.dropped_bytes(), err);
    if (!out) {
        err << "omega decode: the output could not be written\n";
        return found_a_problem;
    }
    return problem ? found_a_problem : done;
}

}  // namespace

int decode_command(const DecodeOptions& options, std::ostream& out, std::ostream& err) {
    try {
        return decode(options, out, err);
    } catch (const feeds::capture::CaptureError& error) {
        err << "omega decode: " << error.what() << '\n';
    } catch (const std::logic_error& error) {  // a venue without a feed, more instruments than a table holds
        err << "omega decode: " << error.what() << '\n';
    }
    return unreadable_input;
}

void add_decode(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<DecodeOptions>();
    auto venue = std::make_shared<std::string>();
    auto* verb = app.add_subcommand("decode", "Print recorded frames as normalised ticks, one JSON object a line");
    verb->footer("Example: omega decode --venue binance usdm_btcusdt_20240808.gz --summary --book 5");
    verb->add_option("--venue", *venue,
                     "binance, bitget, bybit, okx, coinbase or kraken; told by the captures where absent")
        ->check([](const std::string& text) {
            const auto parsed = core::parse_venue(text);
            return parsed && *parsed != core::Venue::omega
                       ? std::string{}
                       : "unknown venue " + text + ": expected binance, bitget, bybit, okx, coinbase or kraken";
        });
    verb->add_option("files", options->files, "captures of one session: plain, .gz or .zst")->required();
    auto* summary = verb->add_flag("--summary", options->summary, "one object: counts, checksums and the final books");
    verb->add_option("--book", options->book_levels, "levels a side in the summary's books (10)")->needs(summary);
    verb->add_flag("--json")->description("as always here");
    verb->callback([options, venue, &exit_code] {
        if (!venue->empty()) options->venue = core::parse_venue(*venue);
        exit_code = decode_command(*options, std::cout, std::cerr);
    });
}

}  // namespace omega
