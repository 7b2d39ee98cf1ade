#pragma once

#include <memory_resource>
#include <vector>

namespace pipeline {

/// Where an indicator's ring lives. A stage gives all of its rings one arena, so that an instrument's lie side by side.
/// Copying an indicator's state onto another of the same periods allocates nothing and leaves both where they are.
using Memory = std::pmr::memory_resource*;
inline Memory default_memory() noexcept {
    return std::pmr::get_default_resource();
}
using Ring = std::pmr::vector<double>;

}  // namespace pipeline
