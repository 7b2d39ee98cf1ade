#include "feeds/history/candles.hpp"
#include "feeds/history/rows.hpp"

#include <algorithm>
#include <string>

namespace feeds::history {

namespace {

/// Walks the array of arrays. Only what freqtrade writes is understood: numbers, brackets, commas, white space.
class Walker {
public:
    Walker(std::string_view text, const std::filesystem::path& name) : text_{text}, name_{name} {}

    /// Skips white space; true if the next character is `c`, which is then passed.
    bool pass(char c) {
        skip();
        if (at_ == text_.size() || text_[at_] != c) return false;
        ++at_;
        return true;
    }

    void demand(char c, const char* expected) {
        if (!pass(c)) fail(at_ == text_.size() ? core::Error::truncated : core::Error::malformed, expected);
    }

    /// What stands before the next comma, bracket or blank.
    std::string_view word() {
        skip();
        const auto end = std::min(text_.find_first_of(",[] \t\r\n", at_), text_.size());
        const auto found = text_.substr(at_, end - at_);
        at_ = end;
        return found;
    }

    [[nodiscard]] bool at_end() {
        skip();
        return at_ == text_.size();
    }

    [[noreturn]] void fail(core::Error reason, const std::string& expected) {
        const auto place = here();
        throw CandleError{reason, name_, place.line, place.column, expected};
    }

    /// Of the next character that is not white space.
    [[nodiscard]] Place here() {
        skip();
        return {name_, line_, at_ - line_start_ + 1};
    }

private:
    void skip() {
        for (; at_ < text_.size() && std::string_view{" \t\r\n"}.find(text_[at_]) != std::string_view::npos; ++at_)
            if (text_[at_] == '\n') {
                ++line_;
                line_start_ = at_ + 1;
            }
    }

    std::string_view text_;
    const std::filesystem::path& name_;
    std::size_t at_{}, line_start_{};
    std::uint64_t line_{1};
};

constexpr std::array<std::string_view, 5> number_names{"open", "high", "low", "close", "volume"};

Row read_row(Walker& walker) {
    Row row;
    const auto start = walker.here();
    row.line = start.line;
    row.column = start.column;
    walker.demand('[', "'[' of a candle");
    const auto stamp = walker.here();
    row.start = stamp_at(walker.word(), stamp);
    for (std::size_t i = 0; i < number_names.size(); ++i) {
        walker.demand(',', "',' and the candle's next number");
        const auto place = walker.here();
        row.numbers[i] = number_at(walker.word(), number_names[i], place);
    }
    while (walker.pass(',')) walker.word();  // some exporters append further columns
    walker.demand(']', "']' after the candle");
    return row;
}

}  // namespace

Rows read_json(std::string_view text, const std::filesystem::path& name) {
    Rows out;
    Walker walker{text, name};
    walker.demand('[', "'[' of an array of candles");
    if (!walker.pass(']')) {
        do out.rows.push_back(read_row(walker));
        while (walker.pass(','));
        walker.demand(']', "',' or ']' between candles");
    }
    if (!walker.at_end()) walker.fail(core::Error::malformed, "nothing after the array");
    return out;
}

}  // namespace feeds::history
