#include "tools/omega/doctor.hpp"

#include "tools/omega/doctor_probe.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <sstream>

using namespace omega;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

namespace {

/// A made-up machine: files below a directory of its own.
class Machine : public testing::Test {
protected:
    std::filesystem::path root =
        std::filesystem::path{testing::TempDir()} /
        ("doctor_" + std::string{testing::UnitTest::GetInstance()->current_test_info()->name()});

    void SetUp() override {
        std::filesystem::remove_all(root);
        std::filesystem::create_directories(root);
    }
    void TearDown() override { std::filesystem::remove_all(root); }

    void file(const std::string& path, const std::string& text) const {
        std::filesystem::create_directories((root / path).parent_path());
        std::ofstream{root / path} << text << '\n';
    }
    [[nodiscard]] DoctorReport report() const { return run_doctor({.root = root, .journal = root / "not" / "yet"}); }
    [[nodiscard]] Finding finding(const std::string& name) const {
        const auto all = report();
        const auto* found = all.find(name);
        return found == nullptr ? Finding{} : *found;
    }
};

void expect(const Finding& finding, Verdict verdict, const std::string& value, bool advised) {
    EXPECT_EQ(finding.verdict, verdict) << finding.name << ": " << finding.value;
    EXPECT_THAT(finding.value, HasSubstr(value));
    EXPECT_EQ(!finding.advice.empty(), advised) << finding.name;
}

}  // namespace

using Doctor = Machine;

TEST_F(Doctor, SaysUnknownOnAMachineThatTellsNothing) {
    for (const auto* name :
         {"smt", "isolated_cpus", "governor", "tsc", "clock_source", "memory", "transparent_huge_pages", "huge_pages",
          "memlock", "nofile", "rtprio", "container", "kernel"})
        expect(finding(name), Verdict::unknown, "unknown", false);
    EXPECT_NE(report().verdict(), Verdict::bad);
    EXPECT_EQ(report().exit_code(), report().verdict() == Verdict::bad ? 1 : 0);
}

TEST_F(Doctor, PraisesAMachineThatIsReady) {
    file("sys/devices/system/cpu/online", "0-7");
    file("sys/devices/system/cpu/smt/active", "0");
    file("sys/devices/system/cpu/isolated", "2-7");
    file("sys/devices/system/cpu/nohz_full", "2-7");
    for (int cpu = 0; cpu < 8; ++cpu)
        file("sys/devices/system/cpu/cpu" + std::to_string(cpu) + "/cpufreq/scaling_governor", "performance");
    file("proc/cpuinfo", "processor : 0\nmodel name : Fast One\nflags : fpu constant_tsc nonstop_tsc");
    file("sys/devices/system/clocksource/clocksource0/current_clocksource", "tsc");
    file("proc/meminfo", "MemTotal: 16777216 kB\nMemAvailable: 8388608 kB\nHugePages_Total: 64");
    file("sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never");
    file("proc/self/limits",
         "Limit  Soft Limit  Hard Limit  Units\nMax locked memory  unlimited  unlimited  bytes\n"
         "Max open files  65536  65536  files\nMax realtime priority  99  99");
    file("proc/self/cgroup", "0::/");
    file("proc/sys/kernel/osrelease", "6.1.0-18-amd64");

    expect(finding("cores"), finding("cores").verdict, "8 online", finding("cores").verdict == Verdict::warn);
    EXPECT_THAT(finding("cores").value, HasSubstr("Fast One"));
    expect(finding("smt"), Verdict::ok, "off", false);
    expect(finding("isolated_cpus"), Verdict::ok, "2-7", false);
    expect(finding("governor"), Verdict::ok, "performance", false);
    expect(finding("tsc"), Verdict::ok, "invariant, ", false);
    expect(finding("clock_source"), Verdict::ok, "tsc", false);
    expect(finding("memory"), Verdict::ok, "8.0 GiB available of 16.0 GiB", false);
    expect(finding("transparent_huge_pages"), Verdict::ok, "madvise", false);
    expect(finding("huge_pages"), Verdict::ok, "64 reserved", false);
    expect(finding("memlock"), Verdict::ok, "unlimited", false);
    expect(finding("nofile"), Verdict::ok, "65536", false);
    expect(finding("rtprio"), Verdict::ok, "99", false);
    expect(finding("container"), Verdict::ok, "no limits", false);
    expect(finding("kernel"), Verdict::ok, "6.1.0", false);
}

TEST_F(Doctor, AdvisesWhereAMachineIsNotReady) {
    file("sys/devices/system/cpu/online", "0-1");
    file("sys/devices/system/cpu/smt/active", "1");
    file("sys/devices/system/cpu/isolated", "");
    file("sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "performance");
    file("sys/devices/system/cpu/cpu1/cpufreq/scaling_governor", "powersave");
    file("proc/cpuinfo", "flags : fpu constant_tsc");
    file("sys/devices/system/clocksource/clocksource0/current_clocksource", "hpet");
    file("proc/meminfo", "MemTotal: 1048576 kB\nMemAvailable: 1024 kB\nHugePages_Total: 0");
    file("sys/kernel/mm/transparent_hugepage/enabled", "[always] madvise never");
    file("proc/self/limits",
         "Max locked memory  8388608  8388608  bytes\nMax open files  1024  4096  files\nMax realtime priority  0  0");
    file("proc/sys/kernel/osrelease", "4.19.0");

    expect(finding("smt"), Verdict::warn, "share a core", true);
    expect(finding("isolated_cpus"), Verdict::warn, "none", true);
    expect(finding("governor"), Verdict::warn, "performance, powersave", true);
    expect(finding("tsc"), Verdict::bad, "not invariant", true);
    expect(finding("clock_source"), Verdict::warn, "hpet", true);
    expect(finding("memory"), Verdict::bad, "1.0 MiB available", true);
    expect(finding("transparent_huge_pages"), Verdict::warn, "always", true);
    expect(finding("huge_pages"), Verdict::ok, "none", false);
    expect(finding("memlock"), Verdict::warn, "8.0 MiB", true);
    expect(finding("nofile"), Verdict::warn, "1024", true);
    expect(finding("rtprio"), Verdict::warn, "0", true);
    expect(finding("kernel"), Verdict::warn, "4.19", true);
    EXPECT_EQ(report().verdict(), Verdict::bad);
    EXPECT_EQ(report().exit_code(), 1);
}

TEST_F(Doctor, ReadsTheLimitsOfAContainerOfEitherKind) {
    file("proc/self/cgroup", "0::/box");
    file("sys/fs/cgroup/box/cpu.max", "150000 100000");
    file("sys/fs/cgroup/box/memory.max", "536870912");
    file(".dockerenv", "");
    expect(finding("container"), Verdict::warn, "in a container, limited to 1.50 CPUs, 512.0 MiB of memory", true);

    file("sys/fs/cgroup/box/cpu.max", "max 100000");
    expect(finding("container"), Verdict::ok, "limited to 512.0 MiB of memory", false);

    std::filesystem::remove_all(root);
    file("proc/self/cgroup", "4:memory:/a\n1:cpu:/b");
    file("sys/fs/cgroup/cpu/b/cpu.cfs_quota_us", "50000");
    file("sys/fs/cgroup/cpu/b/cpu.cfs_period_us", "100000");
    file("sys/fs/cgroup/memory/a/memory.limit_in_bytes", "9223372036854771712");
    expect(finding("container"), Verdict::warn, "limited to 0.50 CPUs", true);
}

TEST_F(Doctor, LooksAtTheDiskOfADirectoryThatIsNotThereYet) {
    EXPECT_THAT(finding("disk").value, HasSubstr("free at " + root.string()));
}

TEST_F(Doctor, SurvivesFilesThatAreNotWhatTheyShouldBe) {
    for (const auto* path :
         {"sys/devices/system/cpu/online", "proc/cpuinfo", "proc/meminfo", "proc/self/limits", "proc/self/cgroup",
          "proc/sys/kernel/osrelease", "sys/fs/cgroup/cpu.max", "sys/fs/cgroup/memory.max"})
        file(path, std::string("\x00\xff:=:\n-1-:,9999999999999999999999\nMax open files -5\n0::/../../..", 60));
    EXPECT_EQ(finding("nofile").verdict, Verdict::unknown);
    EXPECT_EQ(finding("memory").verdict, Verdict::unknown);
    EXPECT_GT(report().findings.size(), 15U);
}

TEST(DoctorHere, FindsSomethingOfEveryGroup) {
    const auto report = run_doctor();
    for (const auto* name : {"cores", "smt", "isolated_cpus", "governor", "tsc", "clock_source", "clock", "memory",
                             "transparent_huge_pages", "huge_pages", "memlock", "nofile", "rtprio", "container", "disk",
                             "kernel", "build", "compiler", "libraries"})
        EXPECT_NE(report.find(name), nullptr) << name;
    EXPECT_EQ(report.find("nothing"), nullptr);
    for (const auto& finding : report.findings) {
        EXPECT_FALSE(finding.value.empty()) << finding.name;
        // Whoever is told that something is wrong is told what to do.
        EXPECT_EQ(finding.verdict >= Verdict::warn, !finding.advice.empty()) << finding.name;
    }
    EXPECT_THAT(report.find("libraries")->value, HasSubstr("simdjson 3."));
}

TEST(DoctorReport, PrintsForPeopleAndForPrograms) {
    const DoctorReport report{
        {{"cores", Verdict::ok, "8 online", ""}, {"governor", Verdict::warn, "powersave", "make it fast"}}};

    std::ostringstream text;
    print(text, report);
    EXPECT_EQ(text.str(),
              "ok       cores     8 online\n"
              "warn     governor  powersave\n"
              "                   -> make it fast\n"
              "1 ok, 0 unknown, 1 to improve, 0 bad\n");

    EXPECT_EQ(to_json(report).dump(),
              R"({"verdict":"warn","findings":[{"name":"cores","verdict":"ok","value":"8 online","advice":""},)"
              R"({"name":"governor","verdict":"warn","value":"powersave","advice":"make it fast"}]})");
}

TEST(ParseCpuList, ReadsRangesAndRefusesTheRest) {
    EXPECT_THAT(*parse_cpu_list("0-2,5,7-8"), ElementsAre(0, 1, 2, 5, 7, 8));
    EXPECT_THAT(*parse_cpu_list(""), IsEmpty());
    for (const auto* text : {"a", "1-", "-1", "3-1", "1,,2", "0-99999999"})
        EXPECT_EQ(parse_cpu_list(text), std::nullopt) << text;
}

TEST(BytesText, PicksAUnit) {
    EXPECT_EQ(bytes_text(0), "0 B");
    EXPECT_EQ(bytes_text(1536), "1.5 KiB");
    EXPECT_EQ(bytes_text(std::uint64_t{3} << 40), "3.0 TiB");
}
