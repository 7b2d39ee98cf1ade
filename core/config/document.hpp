#pragma once

#include "core/config/problem.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace core {

struct Entry;

/// One value of a configuration text, with its place. Nothing is converted yet.
struct Node {
    enum class Kind : std::uint8_t { null, scalar, list, map } kind{};
    bool quoted{};  ///< a scalar that stood in quotes: text, never a number
    int line{}, column{};
    std::string text;            ///< of a scalar
    std::vector<Entry> entries;  ///< of a map or a list, in the order of the text
};

/// A member of a map; of a list too, which leaves `key` alone.
struct Entry {
    Node key, value;
};

/// Bounds of a configuration text. More is refused, before memory is spent on it.
inline constexpr std::size_t max_document_bytes = 1 << 20;
inline constexpr std::size_t max_document_nodes = 100'000;
inline constexpr std::size_t max_document_depth = 16;
inline constexpr std::size_t max_document_keys = 4096;  ///< of one map

/// Reads one YAML document. Refused with its place: bad syntax, a second document, anchors, aliases and tags (a
/// configuration needs none, and they are how small texts become huge ones), a key twice, a key that is not plain text,
/// control characters, and anything past the bounds above. An empty text is an empty map. `name` is the file's name in
/// messages.
std::variant<Node, Problem> read_document(std::string_view text, const std::string& name);

}  // namespace core
