#include "pipeline/indicators/period.hpp"

#include <fmt/core.h>

#include <stdexcept>

namespace pipeline {

namespace {

int within(const char* key, int value, int least, int most) {
    if (value < least || value > most)
        throw std::invalid_argument(fmt::format("indicators.{}: {} found, {} to {} expected", key, value, least, most));
    return value;
}

}  // namespace

int checked_period(const char* key, int period) {
    return within(key, period, min_period, max_period);
}

int checked_seconds(const char* key, int seconds) {
    return within(key, seconds, 1, 3600);
}

}  // namespace pipeline
