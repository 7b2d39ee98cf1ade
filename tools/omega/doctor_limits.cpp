#include "tools/omega/doctor_checks.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/statvfs.h>

#include <sstream>

namespace omega {

namespace {

constexpr std::uint64_t unlimited = ~std::uint64_t{0};
constexpr std::uint64_t gibibyte = std::uint64_t{1} << 30;

/// The soft limit of a line of /proc/self/limits ("Max open files  1024  4096  files"); nullopt if there is none.
std::optional<std::uint64_t> soft_limit(const std::string& limits, std::string_view label) {
    const auto at = limits.find(label);
    if (at == limits.npos) return std::nullopt;
    std::istringstream words{limits.substr(at + label.size())};
    std::string soft;
    words >> soft;
    if (soft == "unlimited") return unlimited;
    const auto value = parse_integer(soft);
    if (!value || *value < 0) return std::nullopt;
    return static_cast<std::uint64_t>(*value);
}

struct Limit {
    const char* finding;
    std::string_view label;
    std::uint64_t wanted;
    bool bytes;
    const char* advice;
};

void limits(const Probe& probe, DoctorReport& report) {
    constexpr Limit wanted[] = {
        {"memlock", "Max locked memory", 256u << 20, true,
         "ulimit -l unlimited (systemd: LimitMEMLOCK=infinity), so that hot pages can be locked"},
        {"nofile", "Max open files", 4096, false, "ulimit -n 65536 (systemd: LimitNOFILE=65536)"},
        {"rtprio", "Max realtime priority", 1, false,
         "ulimit -r 99 (systemd: LimitRTPRIO=99), if hot threads are to be real-time"},
    };
    const auto text = probe.read("proc/self/limits").value_or("");
    for (const auto& limit : wanted) {
        const auto soft = soft_limit(text, limit.label);
        if (!soft) {
            say(report, limit.finding, Verdict::unknown, "unknown");
            continue;
        }
        const bool enough = *soft >= limit.wanted;
        const auto value = *soft == unlimited ? std::string{"unlimited"}
                           : limit.bytes      ? bytes_text(*soft)
                                              : fmt::format("{}", *soft);
        say(report, limit.finding, enough ? Verdict::ok : Verdict::warn, value, enough ? "" : limit.advice);
    }
}

/// Own cgroup of a hierarchy: v2 is the line "0::/path", v1 names controllers ("4:memory:/path").
std::string cgroup_path(const std::string& lines, std::string_view controller) {
    std::istringstream stream{lines};
    for (std::string line; std::getline(stream, line);) {
        const auto first = line.find(':'), second = line.find(':', first + 1);
        if (first == line.npos || second == line.npos) continue;
        if (line.substr(first + 1, second - first - 1) == controller) return line.substr(second + 1);
    }
    return "/";
}

/// The first of the files that there is.
std::string first_of(const Probe& probe, std::initializer_list<std::string> paths) {
    for (const auto& path : paths)
        if (auto text = probe.read(path)) return *text;
    return {};
}

std::string cpu_limit(const Probe& probe, const std::string& groups) {
    const auto v2 = first_of(probe, {"sys/fs/cgroup" + cgroup_path(groups, "") + "/cpu.max", "sys/fs/cgroup/cpu.max"});
    std::istringstream words{v2};
    std::string quota, period;
    words >> quota >> period;
    if (quota.empty()) {
        const auto base = "sys/fs/cgroup/cpu" + cgroup_path(groups, "cpu");
        quota = first_of(probe, {base + "/cpu.cfs_quota_us", "sys/fs/cgroup/cpu/cpu.cfs_quota_us"});
        period = first_of(probe, {base + "/cpu.cfs_period_us", "sys/fs/cgroup/cpu/cpu.cfs_period_us"});
    }
    const auto share = parse_integer(quota), of = parse_integer(period);
    if (!share || !of || *share <= 0 || *of <= 0) return {};
    return fmt::format("{:.2f} CPUs", static_cast<double>(*share) / static_cast<double>(*of));
}

std::string memory_limit(const Probe& probe, const std::string& groups) {
    const auto v1 = "sys/fs/cgroup/memory" + cgroup_path(groups, "memory") + "/memory.limit_in_bytes";
    const auto text = first_of(probe, {"sys/fs/cgroup" + cgroup_path(groups, "") + "/memory.max",
                                       "sys/fs/cgroup/memory.max", v1, "sys/fs/cgroup/memory/memory.limit_in_bytes"});
    const auto bytes = parse_integer(text);
    // v1 writes "no limit" as the largest multiple of a page.
    if (!bytes || *bytes <= 0 || *bytes > (std::int64_t{1} << 60)) return {};
    return bytes_text(static_cast<std::uint64_t>(*bytes)) + " of memory";
}

void container(const Probe& probe, DoctorReport& report) {
    const auto groups = probe.read("proc/self/cgroup");
    const bool marked = probe.exists(".dockerenv") || probe.exists("run/.containerenv");
    if (!groups && !marked) return say(report, "container", Verdict::unknown, "unknown");
    const auto cpus = cpu_limit(probe, groups.value_or("")), memory = memory_limit(probe, groups.value_or(""));
    const std::string where = marked ? "in a container, " : "";
    if (cpus.empty() && memory.empty()) return say(report, "container", Verdict::ok, where + "no limits");
    const auto value = where + "limited to " + cpus + (cpus.empty() || memory.empty() ? "" : ", ") + memory;
    if (cpus.empty()) return say(report, "container", Verdict::ok, value);
    say(report, "container", Verdict::warn, value,
        "a CPU quota stops every thread for the rest of a period once it is used up: give whole CPUs (cpuset) instead");
}

void disk(const DoctorOptions& options, DoctorReport& report) {
    std::error_code error;
    auto place = std::filesystem::absolute(options.journal, error);
    while (!error && !place.empty() && !std::filesystem::exists(place, error) && place != place.root_path())
        place = place.parent_path();
    struct statvfs space {};
    if (error || statvfs(place.c_str(), &space) != 0)
        return say(report, "disk", Verdict::unknown,
                   fmt::format("unknown: {} cannot be looked at", options.journal.string()));
    const auto free = static_cast<std::uint64_t>(space.f_bavail) * space.f_frsize;
    const auto value = fmt::format("{} free at {}", bytes_text(free), place.string());
    if (free < gibibyte)
        say(report, "disk", Verdict::bad, value,
            "the journal stops entries when the disk is full: make room or move journal.directory");
    else if (free < 10 * gibibyte)
        say(report, "disk", Verdict::warn, value,
            "a busy instrument journals some 2 GiB a day: make room or move journal.directory");
    else
        say(report, "disk", Verdict::ok, value);
}

}  // namespace

void check_limits(const Probe& probe, const DoctorOptions& options, DoctorReport& report) {
    limits(probe, report);
    container(probe, report);
    disk(options, report);
}

}  // namespace omega
