#pragma once

#include "tools/omega/doctor.hpp"
#include "tools/omega/doctor_probe.hpp"

namespace omega {

/// Appends one finding.
void say(DoctorReport& report, std::string finding, Verdict verdict, std::string value, std::string advice = {});

// The groups of findings, in the order in which they are shown. Each appends to the report and throws nothing on
// purpose.
void check_processors(const Probe& probe, DoctorReport& report);  ///< cores, smt, isolated_cpus, governor
void check_clocks(const Probe& probe, DoctorReport& report);      ///< tsc, clock_source, clock
void check_memory(const Probe& probe, DoctorReport& report);      ///< memory, transparent_huge_pages, huge_pages
void check_limits(const Probe& probe, const DoctorOptions& options,
                  DoctorReport& report);                     ///< memlock … container, disk
void check_build(const Probe& probe, DoctorReport& report);  ///< kernel, build, compiler, libraries

}  // namespace omega
