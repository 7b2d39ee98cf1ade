#include "tools/omega/doctor_checks.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sched.h>
#include <sys/timex.h>
#include <time.h>
#include <x86intrin.h>

#include <algorithm>
#include <set>
#include <sstream>

namespace omega {

namespace {

std::set<std::string> words(const std::string& text) {
    std::istringstream stream{text};
    return {std::istream_iterator<std::string>{stream}, {}};
}

/// CPUs that this process may run on, from the kernel; 0 if it does not say.
int allowed_cpus() {
    cpu_set_t set;
    CPU_ZERO(&set);
    return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 0;
}

void cores(const Probe& probe, DoctorReport& report) {
    const auto online = parse_cpu_list(probe.read("sys/devices/system/cpu/online").value_or(""));
    const int allowed = allowed_cpus();
    const int count = online && !online->empty() ? static_cast<int>(online->size()) : allowed;
    if (count == 0) return say(report, "cores", Verdict::unknown, "unknown");
    const auto model = probe.table("proc/cpuinfo");
    const auto named = model.find("model name");
    const std::string value = fmt::format("{} online, {} for this process{}", count, allowed,
                                          named == model.end() ? "" : ", " + named->second);
    if (std::min(count, allowed) < 2)
        say(report, "cores", Verdict::warn, value, "topology: fused; a spinning thread leaves nothing for the rest");
    else
        say(report, "cores", Verdict::ok, value);
}

void smt(const Probe& probe, DoctorReport& report) {
    const auto active = probe.read("sys/devices/system/cpu/smt/active");
    if (!active) return say(report, "smt", Verdict::unknown, "unknown");
    if (*active == "1")
        say(report, "smt", Verdict::warn, "two threads share a core",
            "pin hot threads to different cores and leave their siblings idle, or switch SMT off");
    else
        say(report, "smt", Verdict::ok, "off");
}

void isolated(const Probe& probe, DoctorReport& report) {
    const auto isolated_cpus = probe.read("sys/devices/system/cpu/isolated");
    const auto tickless = probe.read("sys/devices/system/cpu/nohz_full").value_or("");
    if (!isolated_cpus) return say(report, "isolated_cpus", Verdict::unknown, "unknown");
    if (isolated_cpus->empty())
        return say(
            report, "isolated_cpus", Verdict::warn, "none",
            "boot with isolcpus=N nohz_full=N rcu_nocbs=N for the CPUs of hot threads, if there are cores to spare");
    const bool quiet = !tickless.empty() && tickless != "(null)";
    say(report, "isolated_cpus", quiet ? Verdict::ok : Verdict::warn,
        fmt::format("{}, nohz_full {}", *isolated_cpus, quiet ? tickless : "none"),
        quiet ? "" : "boot with nohz_full for them too: the timer tick interrupts every few milliseconds");
}

void governor(const Probe& probe, DoctorReport& report) {
    std::set<std::string> kinds;
    const auto online = parse_cpu_list(probe.read("sys/devices/system/cpu/online").value_or(""));
    for (const int cpu : online.value_or(std::vector<int>{}))
        if (auto kind = probe.read(fmt::format("sys/devices/system/cpu/cpu{}/cpufreq/scaling_governor", cpu)))
            kinds.insert(std::move(*kind));
    if (kinds.empty())
        return say(report, "governor", Verdict::unknown, "unknown: the frequency is not managed from here");
    const bool fast = kinds.size() == 1 && *kinds.begin() == "performance";
    say(report, "governor", fast ? Verdict::ok : Verdict::warn, fmt::format("{}", fmt::join(kinds, ", ")),
        fast ? "" : "cpupower frequency-set -g performance");
}

/// Cycles a nanosecond, against the monotonic clock over some 15 ms.
double tsc_ghz() {
    const auto now = [] {
        timespec time{};
        clock_gettime(CLOCK_MONOTONIC, &time);
        return static_cast<double>(time.tv_sec) * 1e9 + static_cast<double>(time.tv_nsec);
    };
    const double start = now();
    const auto first = __rdtsc();
    double end = start;
    while (end < start + 15e6) end = now();
    return static_cast<double>(__rdtsc() - first) / (end - start);
}

void tsc(const Probe& probe, DoctorReport& report) {
    const auto info = probe.table("proc/cpuinfo");
    const auto flags = info.find("flags");
    if (flags == info.end()) return say(report, "tsc", Verdict::unknown, "unknown");
    const auto known = words(flags->second);
    const bool invariant = known.contains("constant_tsc") && known.contains("nonstop_tsc");
    say(report, "tsc", invariant ? Verdict::ok : Verdict::bad,
        fmt::format("{}, {:.3f} GHz", invariant ? "invariant" : "not invariant", tsc_ghz()),
        invariant ? "" : "latencies measured here mean nothing: use another machine or a newer hypervisor");
}

void clock_source(const Probe& probe, DoctorReport& report) {
    const auto source = probe.read("sys/devices/system/clocksource/clocksource0/current_clocksource");
    if (!source || source->empty()) return say(report, "clock_source", Verdict::unknown, "unknown");
    if (*source == "tsc" || *source == "kvm-clock" || *source == "hyperv_clocksource_tsc_page")
        return say(report, "clock_source", Verdict::ok, *source);
    say(report, "clock_source", Verdict::warn, *source,
        "reading the time is a system call here: boot with clocksource=tsc if the TSC is invariant");
}

void clock_offset(DoctorReport& report) {
    constexpr time_t year_2024 = 1'704'067'200;
    if (time(nullptr) < year_2024)
        return say(report, "clock", Verdict::bad, "before 2024",
                   "set it: venues refuse orders whose time is off by seconds");
    timex state{};
    const int result = adjtimex(&state);  // modes 0: reads only
    if (result < 0) return say(report, "clock", Verdict::unknown, "unknown: the kernel does not tell");
    if (result == TIME_ERROR || (state.status & STA_UNSYNC) != 0)
        return say(report, "clock", Verdict::warn, "not synchronised, as far as the kernel knows",
                   "run chrony or another NTP client, unless the host keeps the time");
    const double error_ms = static_cast<double>(state.maxerror) / 1e3;
    say(report, "clock", error_ms > 500 ? Verdict::warn : Verdict::ok,
        fmt::format("synchronised, off by at most {:.1f} ms", error_ms),
        error_ms > 500 ? "check the NTP client's sources" : "");
}

std::optional<std::uint64_t> meminfo_kib(const std::map<std::string, std::string>& info, const std::string& key) {
    const auto at = info.find(key);
    if (at == info.end()) return std::nullopt;
    const auto value = parse_integer(std::string_view{at->second}.substr(0, at->second.find(' ')));
    if (!value || *value < 0) return std::nullopt;
    return static_cast<std::uint64_t>(*value);
}

}  // namespace

void check_processors(const Probe& probe, DoctorReport& report) {
    cores(probe, report);
    smt(probe, report);
    isolated(probe, report);
    governor(probe, report);
}

void check_clocks(const Probe& probe, DoctorReport& report) {
    tsc(probe, report);
    clock_source(probe, report);
    clock_offset(report);
}

void check_memory(const Probe& probe, DoctorReport& report) {
    const auto info = probe.table("proc/meminfo");
    const auto available = meminfo_kib(info, "MemAvailable"), total = meminfo_kib(info, "MemTotal");
    if (!available || !total) {
        say(report, "memory", Verdict::unknown, "unknown");
    } else {
        const bool enough = *available >= 512 * 1024;
        say(report, "memory", enough ? Verdict::ok : Verdict::bad,
            fmt::format("{} available of {}", bytes_text(*available * 1024), bytes_text(*total * 1024)),
            enough ? "" : "the engine needs about 200 MiB and must never be swapped out: free some");
    }

    const auto transparent = probe.read("sys/kernel/mm/transparent_hugepage/enabled");
    if (!transparent)
        say(report, "transparent_huge_pages", Verdict::unknown, "unknown");
    else if (transparent->find("[always]") != std::string::npos)
        say(report, "transparent_huge_pages", Verdict::warn, "always",
            "echo madvise > /sys/kernel/mm/transparent_hugepage/enabled: compaction stalls threads for milliseconds");
    else
        say(report, "transparent_huge_pages", Verdict::ok,
            transparent->find("[madvise]") != std::string::npos ? "madvise" : "never");

    if (const auto pages = meminfo_kib(info, "HugePages_Total"))
        say(report, "huge_pages", Verdict::ok,
            *pages == 0 ? "none reserved, none needed" : fmt::format("{} reserved", *pages));
    else
        say(report, "huge_pages", Verdict::unknown, "unknown");
}

}  // namespace omega
