#pragma once

#include "feeds/batch.hpp"
#include "feeds/frame.hpp"

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <vector>

namespace fuzz {

/// Decodes the input by scanner and by parser and stops the fuzzer if they differ in anything.
template <class Decoder>
void both_ways(Decoder& fast, Decoder& general, const std::uint8_t* data, std::size_t size) {
    static feeds::Batch a, b;
    std::vector<char> bytes(size + feeds::frame_padding, '\0');
    if (size > 0) std::memcpy(bytes.data(), data, size);
    const feeds::Frame frame{.bytes = {bytes.data(), size}, .receive_time = core::Nanoseconds{1}};
    a.clear();
    b.clear();
    const auto first = fast.decode(frame, a);
    const auto second = general.decode_general(frame, b);
    if (first.has_value() != second.has_value() || a.ticks().size() != b.ticks().size() || a.control != b.control ||
        std::memcmp(a.ticks().data(), b.ticks().data(), a.ticks().size_bytes()) != 0)
        std::abort();
}

}  // namespace fuzz
