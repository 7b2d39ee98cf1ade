#pragma once

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace omega {

/// How good a fact of the machine is for trading. `unknown`: this machine does not tell (a container, a virtual
/// machine).
enum class Verdict : std::uint8_t { ok, unknown, warn, bad };
std::string_view name(Verdict verdict) noexcept;

/// One fact, and what to do about it.
struct Finding {
    std::string name;  ///< "governor"
    Verdict verdict{};
    std::string value;   ///< "powersave on 8 of 8"
    std::string advice;  ///< "" when there is nothing to do
};

struct DoctorReport {
    std::vector<Finding> findings;

    [[nodiscard]] const Finding* find(std::string_view finding) const noexcept;
    /// The worst verdict of all.
    [[nodiscard]] Verdict verdict() const noexcept;
    /// Of the program: 1 when anything is bad, else 0.
    [[nodiscard]] int exit_code() const noexcept { return verdict() == Verdict::bad ? 1 : 0; }
};

struct DoctorOptions {
    std::filesystem::path root{"/"};     ///< where proc/ and sys/ are looked for
    std::filesystem::path journal{"."};  ///< directory of the journal; it need not exist yet
};

/// Looks at the machine, the limits of this process and how the program was built. Takes about 20 ms (it measures the
/// TSC). Never throws for what it cannot find: that is the verdict `unknown`.
DoctorReport run_doctor(const DoctorOptions& options = {});

void print(std::ostream& to, const DoctorReport& report);
/// {"verdict":"warn","findings":[{"name","verdict","value","advice"}…]}
nlohmann::ordered_json to_json(const DoctorReport& report);

}  // namespace omega
