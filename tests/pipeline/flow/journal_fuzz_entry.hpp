#pragma once

#include "pipeline/flow/journal_reader.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace test {

/// A directory in memory for one input, gone afterwards.
struct JournalFolder {
    std::filesystem::path path;
    JournalFolder() {
        const auto root =
            std::filesystem::exists("/dev/shm") ? "/dev/shm" : std::filesystem::temp_directory_path().string();
        std::string name = root + "/omega-journal-XXXXXX";
        path = ::mkdtemp(name.data());
    }
    ~JournalFolder() { std::filesystem::remove_all(path); }
    void put(unsigned segment, std::string_view bytes) const {
        std::string name = "ticks-000000.journal";
        name[11] = static_cast<char>('0' + segment);
        std::ofstream{path / name, std::ios::binary} << bytes;
    }
};

/// The page that begins a first segment, its check right: what random bytes never get past.
inline std::string journal_page() {
    const JournalFolder folder;
    pipeline::TickJournal{{.directory = folder.path, .segment_records = 64}}.close();
    std::ifstream in{folder.path / "ticks-000000.journal", std::ios::binary};
    std::string page(pipeline::segment_header_bytes, '\0');
    in.read(page.data(), static_cast<std::streamsize>(page.size()));
    return page;
}

/// `bytes` as ticks with right seals: whole records, and what is left over as a torn one.
inline std::string sealed_records(std::string_view bytes) {
    std::string records;
    std::uint64_t index = 0;
    while (bytes.size() >= sizeof(core::Tick)) {
        core::Tick tick;
        std::memcpy(static_cast<void*>(&tick), bytes.data(), sizeof tick);
        tick = pipeline::TickSeal::sealed(tick, ++index);
        records.append(reinterpret_cast<const char*>(&tick), sizeof tick);
        bytes.remove_prefix(sizeof tick);
    }
    return records.append(bytes);
}

/// Reads the input as a journal in three ways: as the file itself, behind a right header, and as sealed records that
/// end in a torn one (the second segment then being the raw input). Returns what is wrong, "" if nothing is: reading
/// ends by itself, says how many records were whole, and where in which file it stopped.
inline std::string fuzz_journal(std::string_view bytes) {
    static const std::string page = journal_page();
    const auto whole = bytes.size() / sizeof(core::Tick);
    for (const int way : {0, 1, 2}) {
        const JournalFolder folder;
        const std::string first = way == 0   ? std::string{bytes}
                                  : way == 1 ? page + std::string{bytes}
                                             : page + sealed_records(bytes);
        folder.put(0, first);
        if (way == 2) folder.put(1, bytes);
        std::uint64_t seen = 0;
        pipeline::JournalEnd end;
        try {
            end = pipeline::read_ticks(folder.path, [&](const core::Tick&) { ++seen; });
        } catch (const std::runtime_error&) {
            if (way == 0) continue;  // the only way to refuse
            return "a right header was refused";
        }
        if (seen != end.records) return "told of other records than it gave";
        if (way == 2 && seen != whole) return "lost a record whose seal is right";
        const auto size = std::filesystem::exists(end.file) ? std::filesystem::file_size(end.file) : 0;
        if (end.offset > std::max<std::uint64_t>(size, first.size())) return "stopped behind the end of the file";
    }
    return "";
}

}  // namespace test
