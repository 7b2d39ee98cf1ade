#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace core {

/// Every time is nanoseconds since the Unix epoch, UTC; every duration is nanoseconds.
using Nanoseconds = std::chrono::nanoseconds;
using namespace std::chrono_literals;

/// A duration as seconds, for statistics.
constexpr double seconds(Nanoseconds t) noexcept {
    return static_cast<double>(t.count()) * 1e-9;
}

/// floor(time/width)·width, aligned to the epoch, also for times before it.
constexpr Nanoseconds floor_to(Nanoseconds time, Nanoseconds width) noexcept {
    const auto rest = time % width;
    return rest.count() < 0 ? time - rest - width : time - rest;
}

/// "2024-08-08T23:54:15.030314667Z", for the cold side.
std::string to_iso8601(Nanoseconds time);

}  // namespace core
