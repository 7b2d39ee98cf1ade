#pragma once

#include <concepts>
#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

namespace core {

/// The cold side's log: one line an event, `time level event key=value key="two words"`. Never called between frame and
/// order bytes. What must not be logged has a type without a formatter (Secret), so it cannot get in here by accident.
enum class LogLevel : std::uint8_t { debug, info, warning, error, off };

struct LogSettings {
    LogLevel level{LogLevel::info};
    std::filesystem::path file{};           ///< "" = standard error
    std::size_t max_file_bytes{64u << 20};  ///< then it is rotated
    std::size_t max_files{8};
};

/// One `key=value`. Takes texts, numbers and booleans, and nothing that merely converts to them.
class LogField {
public:
    using Value = std::variant<std::string_view, std::int64_t, std::uint64_t, double, bool>;

    template <class T>
    requires(std::same_as<T, std::string_view> || std::same_as<T, std::string> ||
             std::same_as<std::decay_t<T>, const char*> || std::same_as<std::decay_t<T>, char*>)
        LogField(std::string_view name, const T& text)
    noexcept : key{name}, value{std::string_view{text}} {}
    template <std::same_as<bool> T>
    LogField(std::string_view name, T flag) noexcept : key{name}, value{flag} {}
    template <std::signed_integral T>
    LogField(std::string_view name, T number) noexcept : key{name}, value{std::int64_t{number}} {}
    template <std::unsigned_integral T>
    requires(!std::same_as<T, bool>) LogField(std::string_view name, T number)
    noexcept : key{name}, value{std::uint64_t{number}} {}
    template <std::floating_point T>
    LogField(std::string_view name, T number) noexcept : key{name}, value{double{number}} {}

    std::string_view key;
    Value value;
};

/// "event key=value …" without time and level. A text with anything but printable characters free of blank, '"', '='
/// and '\' is quoted, control characters are escaped: a venue's message cannot forge a second line.
std::string to_log_text(std::string_view event, std::initializer_list<LogField> fields);

/// Opens the log. Call once at start; before it, warnings and errors go to standard error. Throws std::runtime_error
/// with the path when the file cannot be opened.
void open_log(const LogSettings& settings);

/// Writes one line; any thread. Never throws: a log that cannot be written loses the line.
void log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields = {}) noexcept;

/// Everything logged so far is with the operating system afterwards.
void flush_log() noexcept;

}  // namespace core
