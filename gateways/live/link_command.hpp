#pragma once

#include "gateways/exchange/request.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace gateways::live {

/// What a PrivateLink wants done.
struct LinkCommand {
    enum class Kind : std::uint8_t {
        open,    ///< connect `socket` to the url `text`
        send,    ///< `text` as one text message of `socket`
        close,   ///< drop `socket` at once: `closed` is not told
        request  ///< send `request` over HTTP; what comes of it is told with `tag`
    } kind{};
    std::size_t socket{};
    std::string text{};
    std::uint64_t tag{};
    exchange::WireRequest request{};
};

/// Commands in their order. Their texts keep their memory, so that an order's message costs no allocation.
class CommandQueue {
public:
    explicit CommandQueue(std::size_t commands = 64, std::size_t text = 1024) : text_{text} {
        for (std::size_t i = 0; i < commands; ++i) ring_.push_back(make());
    }

    /// One more, with an empty text to be filled.
    LinkCommand& add(LinkCommand::Kind kind, std::size_t socket) {
        if (count_ == ring_.size()) grow();
        auto& command = *ring_[(head_ + count_++) % ring_.size()];
        command.kind = kind;
        command.socket = socket;
        command.text.clear();
        return command;
    }
    /// The oldest, or nullptr; valid until the next call.
    LinkCommand* next() {
        if (taken_) release();
        if (count_ == 0) return nullptr;
        taken_ = true;
        return ring_[head_].get();
    }

private:
    [[nodiscard]] std::unique_ptr<LinkCommand> make() const {
        auto made = std::make_unique<LinkCommand>();
        made->text.reserve(text_);
        return made;
    }
    /// What was sent held keys and signatures: it does not stay.
    void release() {
        auto& command = *ring_[head_];
        std::fill(command.text.begin(), command.text.end(), '\0');
        command.text.clear();
        if (command.kind == LinkCommand::Kind::request) command.request = {};
        head_ = (head_ + 1) % ring_.size();
        --count_;
        taken_ = false;
    }
    void grow() {
        std::rotate(ring_.begin(), ring_.begin() + static_cast<std::ptrdiff_t>(head_), ring_.end());
        head_ = 0;
        for (auto more = ring_.size(); more > 0; --more) ring_.push_back(make());
    }

    std::vector<std::unique_ptr<LinkCommand>> ring_;
    std::size_t head_{}, count_{}, text_;
    bool taken_{};
};

}  // namespace gateways::live
