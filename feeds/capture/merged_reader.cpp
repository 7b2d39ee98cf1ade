#include "feeds/capture/merged_reader.hpp"

namespace feeds::capture {

MergedReader::MergedReader(std::span<const std::filesystem::path> files) {
    inputs_.reserve(files.size());
    for (const auto& file : files) {
        inputs_.push_back({.reader = open(file), .first_connection = connections_});
        connections_ += inputs_.back().reader->connections();
    }
    for (auto& input : inputs_) advance(input);
}

void MergedReader::advance(Input& input) {
    input.ended = !input.reader->next(input.frame);
    input.frame.connection += input.first_connection;
}

bool MergedReader::next(Frame& frame) {
    if (last_ != nullptr) advance(*last_);
    last_ = nullptr;
    // A session is a handful of files: looking at each is quicker than a heap.
    for (auto& input : inputs_)
        if (!input.ended && (last_ == nullptr || input.frame.receive_time < last_->frame.receive_time)) last_ = &input;
    if (last_ == nullptr) return false;
    frame = last_->frame;
    return true;
}

std::uint64_t MergedReader::dropped_bytes() const noexcept {
    std::uint64_t dropped = 0;
    for (const auto& input : inputs_) dropped += input.reader->dropped_bytes();
    return dropped;
}

}  // namespace feeds::capture
