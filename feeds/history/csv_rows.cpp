#include "feeds/history/candles.hpp"
#include "feeds/history/rows.hpp"

#include <algorithm>
#include <optional>
#include <string>

namespace feeds::history {

namespace {

constexpr std::string_view blanks = " \t\r";

struct Field {
    std::string_view text;
    std::uint64_t column;  // from 1
};

/// Without blanks around it, then without one pair of quotes.
Field trimmed(std::string_view line, std::size_t begin, std::size_t end) {
    while (begin < end && blanks.find(line[begin]) != blanks.npos) ++begin;
    while (begin < end && blanks.find(line[end - 1]) != blanks.npos) --end;
    if (end - begin >= 2 && line[begin] == '"' && line[end - 1] == '"') {
        ++begin;
        --end;
    }
    return {line.substr(begin, end - begin), begin + 1};
}

void split(std::string_view line, char separator, std::vector<Field>& fields) {
    fields.clear();
    for (std::size_t begin = 0;;) {
        const auto end = std::min(line.find(separator, begin), line.size());
        fields.push_back(trimmed(line, begin, end));
        if (end == line.size()) return;
        begin = end + 1;
    }
}

char separator_of(std::string_view line) {
    for (const char c : {',', ';', '\t'})
        if (line.find(c) != line.npos) return c;
    return ',';
}

std::string lower(std::string_view text) {
    std::string out{text};
    for (char& c : out)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
        else if (c == ' ')
            c = '_';
    return out;
}

constexpr std::size_t column_count = 6;
constexpr std::array<std::string_view, column_count> column_names{"timestamp", "open",  "high",
                                                                  "low",       "close", "volume"};
/// Names that a header may use, in the order of preference.
const std::array<std::vector<std::string_view>, column_count> column_words{{
    {"timestamp", "time", "date", "datetime", "open_time", "start", "start_time", "ts", "unix"},
    {"open", "o"},
    {"high", "h"},
    {"low", "l"},
    {"close", "c"},
    {"volume", "vol", "v"},
}};

/// Where each of the six columns stands in the file.
using Order = std::array<std::size_t, column_count>;

Order order_of(const std::vector<Field>& header, std::uint64_t line, const std::filesystem::path& name) {
    Order order{};
    for (std::size_t i = 0; i < column_count; ++i) {
        std::optional<std::size_t> found;
        for (const auto word : column_words[i]) {
            const auto same = [&](const Field& field) { return lower(field.text) == word; };
            const auto at = std::ranges::find_if(header, same);
            if (found || at == header.end()) continue;
            found = static_cast<std::size_t>(at - header.begin());
        }
        if (!found)
            throw CandleError{core::Error::missing_field, name, line, 1,
                              "a column named " + std::string{column_names[i]}};
        order[i] = *found;
    }
    return order;
}

}  // namespace

Rows read_csv(std::string_view text, const std::filesystem::path& name) {
    Rows out;
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
    Order order{0, 1, 2, 3, 4, 5};
    std::size_t fields_needed = column_count;
    char separator = ',';
    bool begun = false;
    std::vector<Field> fields;
    std::uint64_t line_number = 0;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        const auto line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        ++line_number;
        if (line.find_first_not_of(blanks) == line.npos || line.front() == '#') continue;
        if (!begun) {
            begun = true;
            separator = separator_of(line);
            split(line, separator, fields);
            // A header has words where data has times.
            const auto is_time = [](const Field& field) { return read_stamp(field.text).has_value(); };
            if (std::ranges::none_of(fields, is_time)) {
                order = order_of(fields, line_number, name);
                fields_needed = *std::ranges::max_element(order) + 1;
                continue;
            }
            out.columns = Columns::unsaid;
        }
        split(line, separator, fields);
        if (fields.size() < fields_needed)
            throw CandleError{core::Error::truncated, name, line_number, line.size() + 1,
                              std::to_string(fields_needed) + " fields, found " + std::to_string(fields.size())};
        Row row{.line = line_number, .column = 1};
        const auto& stamp = fields[order[0]];
        row.start = stamp_at(stamp.text, {name, line_number, stamp.column});
        for (std::size_t i = 1; i < column_count; ++i) {
            const auto& field = fields[order[i]];
            row.numbers[i - 1] = number_at(field.text, column_names[i], {name, line_number, field.column});
        }
        out.rows.push_back(row);
    }
    return out;
}

}  // namespace feeds::history
