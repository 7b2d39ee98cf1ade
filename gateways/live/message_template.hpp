#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace gateways::live {

/// What differs from one order to the next.
enum class Blank : std::uint8_t {
    request,  ///< the request's id
    client,   ///< the client order id
    price,    ///< plain decimals, as are the next two
    quantity,
    trigger,
    time,           ///< the venue's time in ms
    deadline,       ///< the time after which the venue shall not carry it out, in ms
    reduce,         ///< a venue's text for reduce-only, or nothing
    reduce_signed,  ///< the same where it is signed
    signature
};
inline constexpr std::size_t blank_count = 10;
inline constexpr std::size_t longest_blank = 64;
using Blanks = std::array<std::string_view, blank_count>;

/// The mark of a blank in a template's text: one byte that no JSON and no query has.
inline std::string mark(Blank blank) {
    return {static_cast<char>(1 + static_cast<int>(blank))};
}

/// A message whose text is known but for its blanks. Writing copies; it neither allocates nor throws.
class MessageTemplate {
public:
    static constexpr std::size_t longest = 2048;  ///< what a message can become, at most

    MessageTemplate() = default;
    /// Throws std::length_error for one that could become too long.
    explicit MessageTemplate(std::string text) : text_{std::move(text)} {
        std::size_t begin = 0, most = text_.size();
        for (std::size_t i = 0; i < text_.size(); ++i) {
            const auto byte = static_cast<unsigned char>(text_[i]);
            if (byte == 0 || byte > blank_count) continue;
            pieces_.push_back({static_cast<std::uint16_t>(begin), static_cast<std::uint16_t>(i - begin),
                               static_cast<Blank>(byte - 1)});
            begin = i + 1;
            most += longest_blank;
        }
        tail_ = begin;
        if (most > longest) throw std::length_error{"an order's message can become too long"};
    }

    [[nodiscard]] bool empty() const noexcept { return text_.empty(); }
    /// What stands before the first blank.
    [[nodiscard]] std::string_view head() const noexcept {
        return std::string_view{text_}.substr(0, pieces_.empty() ? text_.size() : pieces_.front().size);
    }
    /// Writes at most `longest` characters and returns one past the last.
    char* write(char* to, const Blanks& blanks) const noexcept {
        const auto put = [&](std::string_view what) { to = std::copy(what.begin(), what.end(), to); };
        for (const auto& piece : pieces_) {
            put({text_.data() + piece.begin, piece.size});
            put(blanks[static_cast<std::size_t>(piece.blank)]);
        }
        put({text_.data() + tail_, text_.size() - tail_});
        return to;
    }

private:
    struct Piece {
        std::uint16_t begin, size;
        Blank blank;
    };
    std::string text_;
    std::vector<Piece> pieces_;
    std::size_t tail_{};
};

}  // namespace gateways::live
