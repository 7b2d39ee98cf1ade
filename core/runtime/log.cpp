#include "core/runtime/log.hpp"

#include <fmt/format.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <algorithm>
#include <cmath>
#include <iterator>
#include <stdexcept>

namespace core {

namespace {

spdlog::level::level_enum to_spdlog(LogLevel level) noexcept {
    switch (level) {
        case LogLevel::debug: return spdlog::level::debug;
        case LogLevel::info: return spdlog::level::info;
        case LogLevel::warning: return spdlog::level::warn;
        case LogLevel::error: return spdlog::level::err;
        case LogLevel::off: break;
    }
    return spdlog::level::off;
}

std::shared_ptr<spdlog::logger> make(spdlog::sink_ptr sink, LogLevel level) {
    auto logger = std::make_shared<spdlog::logger>("omega", std::move(sink));
    logger->set_pattern("%Y-%m-%dT%H:%M:%S.%fZ %l %v", spdlog::pattern_time_type::utc);
    logger->set_level(to_spdlog(level));
    logger->flush_on(spdlog::level::warn);
    return logger;
}

/// Made at first use, not before main: nothing here can throw where nobody catches.
std::shared_ptr<spdlog::logger>& logger() {
    static auto instance = make(std::make_shared<spdlog::sinks::stderr_sink_mt>(), LogLevel::warning);
    return instance;
}

bool plain(char c) noexcept {
    return c > ' ' && c < 0x7f && c != '"' && c != '=' && c != '\\';
}

void append_text(std::string& line, std::string_view text) {
    if (!text.empty() && std::all_of(text.begin(), text.end(), plain)) {
        line += text;
        return;
    }
    line += '"';
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\')
            (line += '\\') += c;
        else if (c == '\n')
            line += "\\n";
        else if (byte < ' ' || byte == 0x7f)
            fmt::format_to(std::back_inserter(line), "\\x{:02x}", byte);
        else
            line += c;
    }
    line += '"';
}

struct Append {
    std::string& line;
    void operator()(std::string_view text) const { append_text(line, text); }
    void operator()(bool flag) const { line += flag ? "true" : "false"; }
    void operator()(double number) const {
        if (std::isfinite(number))
            fmt::format_to(std::back_inserter(line), "{}", number);
        else
            line += "unknown";
    }
    template <std::integral T>
    void operator()(T number) const {
        fmt::format_to(std::back_inserter(line), "{}", number);
    }
};

}  // namespace

std::string to_log_text(std::string_view event, std::initializer_list<LogField> fields) {
    std::string line{event};
    for (const auto& field : fields) {
        ((line += ' ') += field.key) += '=';
        std::visit(Append{line}, field.value);
    }
    return line;
}

void open_log(const LogSettings& settings) {
    try {
        spdlog::sink_ptr sink;
        if (settings.file.empty())
            sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
        else
            sink = std::make_shared<spdlog::sinks::rotating_file_sink_mt>(settings.file.string(),
                                                                          settings.max_file_bytes, settings.max_files);
        logger() = make(std::move(sink), settings.level);
    } catch (const spdlog::spdlog_ex& problem) {
        throw std::runtime_error(
            fmt::format("log file '{}' cannot be opened: {}", settings.file.string(), problem.what()));
    }
}

void log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) noexcept {
    try {
        auto& to = *logger();
        const auto severity = to_spdlog(level);
        if (level != LogLevel::off && to.should_log(severity)) to.log(severity, "{}", to_log_text(event, fields));
    } catch (...) {
    }
}

void flush_log() noexcept {
    try {
        logger()->flush();
    } catch (...) {
    }
}

}  // namespace core
