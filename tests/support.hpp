#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

namespace test {

/// A file of the shared recordings, e.g. shared("l2/hftbacktest/usdm_btcusdt_20240808.gz").
inline std::filesystem::path shared(const std::string& name) {
    return std::filesystem::path{OMEGA_SHARED_DATA} / name;
}

}  // namespace test

/// Leaves the test when the shared recordings are not beside this checkout.
#define NEEDS_SHARED_DATA() \
    if (!std::filesystem::exists(OMEGA_SHARED_DATA)) GTEST_SKIP() << "skipped: no ../shared/data"
