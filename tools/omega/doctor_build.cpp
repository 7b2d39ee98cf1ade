#include "tools/omega/doctor_checks.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <simdjson.h>
#include <CLI/Version.hpp>
#include <nlohmann/json.hpp>

namespace omega {

namespace {

void kernel(const Probe& probe, DoctorReport& report) {
    const auto release = probe.read("proc/sys/kernel/osrelease");
    if (!release || release->empty()) return say(report, "kernel", Verdict::unknown, "unknown");
    const auto major = parse_integer(std::string_view{*release}.substr(0, release->find('.')));
    if (!major) return say(report, "kernel", Verdict::unknown, *release);
    say(report, "kernel", *major >= 5 ? Verdict::ok : Verdict::warn, *release,
        *major >= 5 ? "" : "Debian 12 has 6.1; older ones are not tested");
}

void build(DoctorReport& report) {
#ifdef NDEBUG
    constexpr bool checked = false;
#else
    constexpr bool checked = true;
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    constexpr bool sanitized = true;
#else
    constexpr bool sanitized = false;
#endif
    const bool fast = !checked && !sanitized;
    say(report, "build", fast ? Verdict::ok : Verdict::warn,
        fmt::format("{}{}{}", checked ? "assertions on" : "assertions off", sanitized ? ", sanitizers" : "",
#ifdef __AVX512F__
                    ", AVX-512"
#elif defined(__AVX2__)
                    ", AVX2"
#else
                    ""
#endif
                    ),
        fast ? "" : "cmake --preset release for what runs");
}

void libraries(DoctorReport& report) {
    const std::string openssl = OpenSSL_version(OPENSSL_VERSION_STRING);
    say(report, "libraries", Verdict::ok,
        fmt::format("fmt {}.{}.{}, simdjson {}, nlohmann-json {}.{}.{}, yaml-cpp {}, spdlog {}, CLI11 {}, OpenSSL {} "
                    "(built with {})",
                    FMT_VERSION / 10000, FMT_VERSION / 100 % 100, FMT_VERSION % 100,
                    SIMDJSON_STRINGIFY(SIMDJSON_VERSION), NLOHMANN_JSON_VERSION_MAJOR, NLOHMANN_JSON_VERSION_MINOR,
                    NLOHMANN_JSON_VERSION_PATCH, OMEGA_YAML_CPP_VERSION, OMEGA_SPDLOG_VERSION, CLI11_VERSION, openssl,
                    OPENSSL_VERSION_STR));
}

}  // namespace

void check_build(const Probe& probe, DoctorReport& report) {
    kernel(probe, report);
    build(report);
#ifdef __clang__
    say(report, "compiler", Verdict::ok, __VERSION__);
#else
    say(report, "compiler", Verdict::ok, "g++ " __VERSION__);
#endif
    libraries(report);
}

}  // namespace omega
