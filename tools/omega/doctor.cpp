#include "tools/omega/doctor.hpp"

#include "tools/omega/doctor_checks.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <ostream>

namespace omega {

std::string_view name(Verdict verdict) noexcept {
    constexpr std::array<std::string_view, 4> names{"ok", "unknown", "warn", "bad"};
    return names[static_cast<std::size_t>(verdict)];
}

const Finding* DoctorReport::find(std::string_view finding) const noexcept {
    const auto at = std::ranges::find(findings, finding, &Finding::name);
    return at == findings.end() ? nullptr : &*at;
}

Verdict DoctorReport::verdict() const noexcept {
    Verdict worst = Verdict::ok;
    for (const auto& finding : findings) worst = std::max(worst, finding.verdict);
    return worst;
}

void say(DoctorReport& report, std::string finding, Verdict verdict, std::string value, std::string advice) {
    report.findings.push_back({std::move(finding), verdict, std::move(value), std::move(advice)});
}

DoctorReport run_doctor(const DoctorOptions& options) {
    DoctorReport report;
    const Probe probe{options.root};
    check_processors(probe, report);
    check_clocks(probe, report);
    check_memory(probe, report);
    check_limits(probe, options, report);
    check_build(probe, report);
    return report;
}

void print(std::ostream& to, const DoctorReport& report) {
    std::array<int, 4> counts{};
    std::size_t widest = 0;
    for (const auto& finding : report.findings) widest = std::max(widest, finding.name.size());
    for (const auto& finding : report.findings) {
        ++counts[static_cast<std::size_t>(finding.verdict)];
        to << fmt::format("{:<7}  {:<{}}  {}\n", name(finding.verdict), finding.name, widest, finding.value);
        if (!finding.advice.empty()) to << fmt::format("{:<7}  {:<{}}  -> {}\n", "", "", widest, finding.advice);
    }
    to << fmt::format("{} ok, {} unknown, {} to improve, {} bad\n", counts[0], counts[1], counts[2], counts[3]);
}

nlohmann::ordered_json to_json(const DoctorReport& report) {
    nlohmann::ordered_json findings = nlohmann::ordered_json::array();
    for (const auto& finding : report.findings)
        findings.push_back({{"name", finding.name},
                            {"verdict", name(finding.verdict)},
                            {"value", finding.value},
                            {"advice", finding.advice}});
    return {{"verdict", name(report.verdict())}, {"findings", std::move(findings)}};
}

}  // namespace omega
