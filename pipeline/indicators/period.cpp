#include "pipeline/indicators/period.hpp"

#include <fmt/core.h>

#include <stdexcept>

namespace pipeline {

int checked_period(const char* key, int period) {
    if (period < min_period || period > max_period)
        throw std::invalid_argument(
            fmt::format("indicators.{}: {} found, {} to {} expected", key, period, min_period, max_period));
    return period;
}

}  // namespace pipeline
