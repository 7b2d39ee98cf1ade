#pragma once

namespace pipeline {

inline constexpr int min_period = 2, max_period = 4096;

/// The period itself. Throws std::invalid_argument, naming `key`, outside [min_period, max_period].
int checked_period(const char* key, int period);

/// The same for a window of 1 s to 3600 s of one-second buckets.
int checked_seconds(const char* key, int seconds);

}  // namespace pipeline
