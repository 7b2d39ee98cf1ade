#pragma once

#include "gateways/streams/fields.hpp"

#include <simdjson.h>

#include <optional>
#include <string_view>

/// For the sources of decoders alone: simdjson's header is heavy.
namespace gateways::streams {

/// One object of a frame. Members that are absent or of another kind read as "" or nothing.
class Row {
public:
    Row() noexcept = default;
    explicit Row(simdjson::dom::element element) noexcept { is_object_ = element.get(object_) == simdjson::SUCCESS; }

    [[nodiscard]] bool is_object() const noexcept { return is_object_; }
    [[nodiscard]] std::string_view text(std::string_view key) const noexcept {
        std::string_view value;
        simdjson::dom::element element;
        if (find(key, element) && element.get(value) == simdjson::SUCCESS) return value;
        return {};
    }
    /// A number, or a text that is one.
    [[nodiscard]] std::optional<std::int64_t> integer(std::string_view key) const noexcept {
        simdjson::dom::element element;
        if (!find(key, element)) return std::nullopt;
        std::int64_t value{};
        if (element.get(value) == simdjson::SUCCESS) return value;
        return whole_number(text(key));
    }
    /// true, or "true"; nothing where the member is neither true nor false.
    [[nodiscard]] std::optional<bool> truth(std::string_view key) const noexcept {
        simdjson::dom::element element;
        if (!find(key, element)) return std::nullopt;
        bool value{};
        if (element.get(value) == simdjson::SUCCESS) return value;
        const auto word = text(key);
        if (word == "true" || word == "false") return word == "true";
        return std::nullopt;
    }
    [[nodiscard]] Row row(std::string_view key) const noexcept {
        simdjson::dom::element element;
        return find(key, element) ? Row{element} : Row{};
    }
    [[nodiscard]] bool contains(std::string_view key) const noexcept {
        simdjson::dom::element element;
        return find(key, element);
    }
    /// Calls `each` with every object of the list; false if there is no list of that name.
    template <class Each>
    bool for_each(std::string_view key, Each&& each) const {
        simdjson::dom::element element;
        simdjson::dom::array list;
        if (!find(key, element) || element.get(list) != simdjson::SUCCESS) return false;
        for (const auto member : list) each(Row{member});
        return true;
    }

private:
    bool find(std::string_view key, simdjson::dom::element& element) const noexcept {
        return is_object_ && object_.at_key(key).get(element) == simdjson::SUCCESS;
    }
    simdjson::dom::object object_;
    bool is_object_{};
};

/// Parses one frame at a time into buffers that are kept; a Row lives until the next.
class FrameParser {
public:
    /// Errors: malformed (no JSON); wrong_type (no object).
    core::Result<Row> parse(std::string_view frame) noexcept {
        simdjson::dom::element document;
        if (parser_.parse(frame.data(), frame.size()).get(document) != simdjson::SUCCESS) return core::Error::malformed;
        const Row row{document};
        if (!row.is_object()) return core::Error::wrong_type;
        return row;
    }

private:
    simdjson::dom::parser parser_;
};

}  // namespace gateways::streams
