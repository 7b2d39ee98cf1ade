#pragma once

#include "core/domain/result.hpp"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateways::exchange {

/// A JSON value whose numbers keep the exact text they came with: what venues answer, what callers pass and what we
/// send and print. Members of an object keep their order. Cold side: it allocates.
class Value {
public:
    enum class Kind : std::uint8_t { null, boolean, number, text, array, object };

    Value() = default;
    Value(const char* text) : kind_{Kind::text}, text_{text} {}
    Value(std::string_view text) : kind_{Kind::text}, text_{text} {}
    Value(std::string text) : kind_{Kind::text}, text_{std::move(text)} {}
    template <std::same_as<bool> B>
    Value(B truth) : kind_{Kind::boolean}, text_{truth ? "true" : "false"} {}
    template <std::integral I>
    requires(!std::same_as<I, bool> && !std::same_as<I, char>) Value(I number)
        : kind_{Kind::number}, text_{std::to_string(number)} {}

    static Value array() { return Value{Kind::array}; }
    static Value object() { return Value{Kind::object}; }
    static Value number(std::string_view text);  ///< a JSON number by its text

    /// Reads one JSON document. Errors: malformed; oversized (deeper than 64 levels).
    static core::Result<Value> parse(std::string_view json);

    /// Compact JSON, members in their order, numbers as they came.
    [[nodiscard]] std::string write() const;

    [[nodiscard]] Kind kind() const noexcept { return kind_; }
    [[nodiscard]] bool is_null() const noexcept { return kind_ == Kind::null; }
    [[nodiscard]] bool is_text() const noexcept { return kind_ == Kind::text; }
    [[nodiscard]] bool is_number() const noexcept { return kind_ == Kind::number; }
    [[nodiscard]] bool is_array() const noexcept { return kind_ == Kind::array; }
    [[nodiscard]] bool is_object() const noexcept { return kind_ == Kind::object; }
    /// The boolean true, or its text.
    [[nodiscard]] bool is_true() const noexcept { return text_ == "true"; }

    /// A text's characters, a number's digits, "true" or "false"; "" of everything else.
    [[nodiscard]] const std::string& text() const noexcept { return text_; }
    /// A number or text that is a whole number of 64 bits.
    [[nodiscard]] std::optional<std::int64_t> integer() const noexcept;

    [[nodiscard]] std::size_t size() const noexcept { return items_.size(); }
    [[nodiscard]] bool empty() const noexcept { return items_.empty(); }
    /// The elements of an array, or the members' values of an object.
    [[nodiscard]] const std::vector<Value>& items() const noexcept { return items_; }
    /// The members' names of an object, beside items().
    [[nodiscard]] const std::vector<std::string>& keys() const noexcept { return keys_; }

    /// The member of that name, or null: of any kind of value, so that a path can be walked without asking.
    [[nodiscard]] const Value& operator[](std::string_view key) const noexcept;
    [[nodiscard]] const Value& operator[](const char* key) const noexcept { return (*this)[std::string_view{key}]; }
    [[nodiscard]] const Value& at(std::size_t index) const noexcept;  ///< the element, or null
    [[nodiscard]] bool contains(std::string_view key) const noexcept;
    /// The text of the first of these members that has one, else "".
    [[nodiscard]] const std::string& first(std::initializer_list<std::string_view> names) const noexcept;

    /// Sets a member, in its place if there is one, else at the end. Makes an object of a null.
    Value& set(std::string_view key, Value value);
    /// Sets a member unless the text is empty.
    Value& set_known(std::string_view key, std::string_view text);
    void remove(std::string_view key);
    void push(Value value);  ///< appends to an array; makes one of a null
    /// Appends a member without looking for one of that name: of two, operator[] finds the first.
    void append(std::string key, Value value);

    friend bool operator==(const Value&, const Value&) = default;

private:
    explicit Value(Kind kind) : kind_{kind} {}
    [[nodiscard]] std::size_t index_of(std::string_view key) const noexcept;

    Kind kind_{};
    std::string text_;
    std::vector<Value> items_;
    std::vector<std::string> keys_;
};

}  // namespace gateways::exchange
