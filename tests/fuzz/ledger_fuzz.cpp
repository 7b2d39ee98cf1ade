#include "gateways/orders/ledger.hpp"

#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>

/// libFuzzer target: any bytes are read as a ledger file, bare and behind a real header and a real record.
///   cmake --preset fuzz && cmake --build build/fuzz --target ledger_fuzz
///   build/fuzz/ledger_fuzz -max_total_time=60 -max_len=4096
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const std::string begin = [] {
        std::string name = "/tmp/omega-ledger-XXXXXX";
        ::close(::mkstemp(name.data()));
        auto file = gateways::LedgerFile::create(name);
        const core::Order order{};
        if (!file || !file->append(gateways::LedgerRecordKind::created, &order, sizeof order)) std::abort();
        *file = gateways::LedgerFile{};
        const auto bytes = gateways::read_ledger_file(name);
        ::unlink(name.c_str());
        if (!bytes) std::abort();
        return std::string{bytes->begin(), bytes->end()};
    }();
    const std::string_view bytes{reinterpret_cast<const char*>(data), size};
    std::uint64_t seen = 0;
    const auto count = [&](const gateways::LedgerRecord&) { ++seen; };
    (void)gateways::scan_ledger(bytes, count);
    seen = 0;
    const auto scan = gateways::scan_ledger(begin + std::string{bytes}, count);
    if (!scan || scan->records != seen || seen == 0 || scan->bytes > begin.size() + size) std::abort();
    return 0;
}
