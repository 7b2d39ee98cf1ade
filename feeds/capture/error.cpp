#include "feeds/capture/error.hpp"

#include <utility>

namespace feeds::capture {

CaptureError::CaptureError(core::Error reason, std::filesystem::path file, std::uint64_t position,
                           const std::string& expected, const std::string& advice)
    : std::runtime_error{file.string() + ": " + std::string{core::name(reason)} + " at byte " +
                         std::to_string(position) + ": " + expected + "; " + advice},
      reason_{reason},
      file_{std::move(file)},
      position_{position} {}

}  // namespace feeds::capture
