#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace core {

/// How many insertions, deletions, replacements and swaps of neighbours turn `a` into `b`. Texts longer than 128
/// characters are as far as they are long: they are no typing mistakes.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The word that `given` was most probably meant to be: the nearest within a third of its length, else one with the
/// same last part in another group ("max_position" for "risk.max_position"), else "".
std::string_view nearest(std::string_view given, std::span<const std::string> words);

}  // namespace core
