#pragma once

#include "core/domain/price.hpp"
#include "core/domain/result.hpp"
#include "core/domain/time.hpp"
#include "feeds/frame.hpp"

#include <simdjson.h>

#include <new>
#include <string_view>

namespace feeds {

/// One frame read by simdjson on-demand, for the general decoders; include it in sources only.
/// The reading verbs return false and leave the reason in `fault()`. Views point into the frame.
class JsonFrame {
public:
    using Object = simdjson::ondemand::object;
    using Array = simdjson::ondemand::array;
    using Value = simdjson::ondemand::value;

    /// Allocates for frames of up to `capacity` bytes. Throws std::bad_alloc.
    explicit JsonFrame(std::size_t capacity) {
        if (parser_.allocate(capacity) != simdjson::SUCCESS) throw std::bad_alloc{};
    }

    [[nodiscard]] const core::Fault& fault() const noexcept { return fault_; }

    /// Opens a frame that is one JSON object. Precondition: it is followed by frame_padding bytes.
    [[nodiscard]] bool open(std::string_view bytes, Object& root) noexcept {
        bytes_ = bytes;
        fault_ = {};
        failed_ = false;
        if (const auto error =
                parser_.iterate(bytes.data(), bytes.size(), bytes.size() + frame_padding).get(document_)) {
            return fail(reason(error), "", bytes.data() + bytes.size());  // there is no document to ask for a place
        }
        if (const auto error = document_.get_object().get(root)) return fail(error, "");
        return true;
    }

    /// Opens a frame that is one JSON array.
    [[nodiscard]] bool open(std::string_view bytes, Array& root) noexcept {
        bytes_ = bytes;
        fault_ = {};
        failed_ = false;
        if (const auto error =
                parser_.iterate(bytes.data(), bytes.size(), bytes.size() + frame_padding).get(document_)) {
            return fail(reason(error), "", bytes.data() + bytes.size());
        }
        if (const auto error = document_.get_array().get(root)) return fail(error, "");
        return true;
    }
    /// Starts over with an array frame.
    [[nodiscard]] bool again(Array& root) noexcept {
        document_.rewind();
        const auto error = document_.get_array().get(root);
        return error == simdjson::SUCCESS || fail(error, "");
    }

    /// Reads on to the end of the frame: on-demand parsing would not notice what is missing or left over there.
    [[nodiscard]] bool close(Object& root) noexcept {
        auto error = simdjson::SUCCESS;
        while (error == simdjson::SUCCESS)
            error = root.find_field("\x7f").error();  // no such member: walks what is left
        if (error != simdjson::NO_SUCH_FIELD) return fail(error, "");
        return document_.current_location().error() == simdjson::OUT_OF_BOUNDS || fail(core::Error::malformed, "");
    }

    /// The same after a walk over all of an array frame.
    [[nodiscard]] bool close() noexcept {
        return document_.current_location().error() == simdjson::OUT_OF_BOUNDS || fail(core::Error::malformed, "");
    }

    /// A required member, wherever it stands; cheap for those asked for in the order of the frame.
    [[nodiscard]] bool member(Object& from, const char* key, Value& to) noexcept {
        const auto error = look_up(from, key, to);
        return error == simdjson::SUCCESS || fail(error, key);
    }
    /// An optional member: false when absent (then `failed()` is false) or broken. Absence costs a walk over the
    /// object.
    [[nodiscard]] bool optional(Object& from, const char* key, Value& to) noexcept {
        const auto error = look_up(from, key, to);
        if (error == simdjson::NO_SUCH_FIELD) return false;
        return error == simdjson::SUCCESS || fail(error, key);
    }
    /// Calls `read(std::string_view key, Value)`, returning bool, for each member of a fresh object, in order.
    template <class Read>
    [[nodiscard]] bool each_member(Object& from, const char* field, Read&& read) noexcept {
        for (auto entry : from) {
            simdjson::ondemand::raw_json_string raw;
            Value value;
            if (const auto error = entry.key().get(raw)) return fail(error, field);
            if (const auto error = entry.value().get(value)) return fail(error, field);
            if (!read(up_to_quote(raw.raw()), value)) return false;
        }
        return true;
    }
    /// Calls `read(Value)`, returning bool, for each element.
    template <class Read>
    [[nodiscard]] bool each_element(Array array, const char* field, Read&& read) noexcept {
        for (auto element : array) {
            Value value;
            if (const auto error = element.get(value)) return fail(error, field);
            if (!read(value)) return false;
        }
        return true;
    }
    [[nodiscard]] bool failed() const noexcept { return failed_; }

    template <class T>
    [[nodiscard]] bool get(Value value, const char* field, T& to) noexcept {
        const auto error = value.get(to);
        return error == simdjson::SUCCESS || fail(error, field);
    }
    template <class T>
    [[nodiscard]] bool get(Object& from, const char* key, T& to) noexcept {
        Value value;
        return member(from, key, value) && get(value, key, to);
    }

    /// A string's raw bytes up to its first '"': exact for texts without escapes, and no other means anything here.
    [[nodiscard]] bool text(Value value, const char* field, std::string_view& to) noexcept {
        simdjson::ondemand::raw_json_string raw;
        if (const auto error = value.get(raw)) return fail(error, field);
        to = up_to_quote(raw.raw());
        return true;
    }
    [[nodiscard]] bool text(Object& from, const char* key, std::string_view& to) noexcept {
        Value value;
        return member(from, key, value) && text(value, key, to);
    }
    /// "" when the member is absent.
    [[nodiscard]] bool optional_text(Object& from, const char* key, std::string_view& to) noexcept {
        to = {};
        Value value;
        return optional(from, key, value) ? text(value, key, to) : !failed();
    }

    /// A decimal in quotes, exact.
    [[nodiscard]] bool decimal(Value value, const char* field, int decimals, std::int64_t& units,
                               std::string_view& as_text) noexcept {
        if (!text(value, field, as_text)) return false;
        const auto parsed = core::parse_decimal(as_text, decimals);
        if (!parsed) return fail(parsed.error(), field, as_text.data());
        units = *parsed;
        return true;
    }
    [[nodiscard]] bool decimal(Value value, const char* field, int decimals, std::int64_t& units) noexcept {
        std::string_view ignored;
        return decimal(value, field, decimals, units, ignored);
    }
    [[nodiscard]] bool decimal(Object& from, const char* key, int decimals, std::int64_t& units) noexcept {
        Value value;
        return member(from, key, value) && decimal(value, key, decimals, units);
    }
    /// The same of a computed price (a mark), which may be finer than the instrument: digits beyond its decimals are
    /// cut.
    [[nodiscard]] bool cut_decimal(Object& from, const char* key, int decimals, std::int64_t& units) noexcept {
        std::string_view number;
        if (!text(from, key, number)) return false;
        const auto point = number.find('.');
        const auto kept = decimals == 0 ? point : point + 1 + static_cast<std::size_t>(decimals);
        if (point != std::string_view::npos && kept < number.size()) {
            if (number.find_first_not_of("0123456789", point + 1) != std::string_view::npos)
                return fail(core::Error::malformed, key, number.data());
            number = number.substr(0, kept);
        }
        const auto parsed = core::parse_decimal(number, decimals);
        if (!parsed) return fail(parsed.error(), key, number.data());
        units = *parsed;
        return true;
    }
    /// A decimal as a bare JSON number, read from its text, exact. An exponent is malformed.
    [[nodiscard]] bool bare_decimal(Object& from, const char* key, int decimals, std::int64_t& units,
                                    std::string_view& number) noexcept {
        Value value;
        if (!member(from, key, value)) return false;
        number = bare(value);
        if (number.empty() || !(number[0] == '-' || (number[0] >= '0' && number[0] <= '9')))
            return fail(core::Error::wrong_type, key);
        const auto parsed = core::parse_decimal(number, decimals);
        if (!parsed) return fail(parsed.error(), key, number.data());
        units = *parsed;
        return true;
    }

    [[nodiscard]] bool bare_decimal(Object& from, const char* key, int decimals, std::int64_t& units) noexcept {
        std::string_view ignored;
        return bare_decimal(from, key, decimals, units, ignored);
    }

    /// A whole number, bare or in quotes.
    [[nodiscard]] bool integer(Value value, const char* field, std::int64_t& to) noexcept {
        std::string_view digits = bare(value);
        if (!digits.empty() && digits[0] == '"') {
            if (!text(value, field, digits)) return false;
        } else if (digits.empty() || !(digits[0] == '-' || (digits[0] >= '0' && digits[0] <= '9'))) {
            return fail(core::Error::wrong_type, field);
        }
        const bool minus = !digits.empty() && digits[0] == '-';
        const auto parsed = core::parse_decimal(digits.substr(minus ? 1 : 0), 0);
        if (!parsed)
            return fail(parsed.error() == core::Error::too_precise ? core::Error::malformed : parsed.error(), field,
                        digits.data());
        to = minus ? -*parsed : *parsed;
        return true;
    }
    [[nodiscard]] bool integer(Object& from, const char* key, std::int64_t& to) noexcept {
        Value value;
        return member(from, key, value) && integer(value, key, to);
    }
    /// A time as a count of `unit` since the epoch, bare or in quotes. Errors: negative, out_of_range.
    [[nodiscard]] bool time(Value value, const char* field, core::Nanoseconds unit, core::Nanoseconds& to) noexcept {
        std::int64_t count = 0;
        if (!integer(value, field, count)) return false;
        if (count < 0) return fail(core::Error::negative, field);
        std::int64_t ns = 0;
        if (__builtin_mul_overflow(count, unit.count(), &ns)) return fail(core::Error::out_of_range, field);
        to = core::Nanoseconds{ns};
        return true;
    }
    [[nodiscard]] bool milliseconds(Object& from, const char* key, core::Nanoseconds& to) noexcept {
        Value value;
        return member(from, key, value) && time(value, key, std::chrono::milliseconds{1}, to);
    }
    [[nodiscard]] bool optional_milliseconds(Object& from, const char* key, core::Nanoseconds& to) noexcept {
        Value value;
        return optional(from, key, value) ? time(value, key, std::chrono::milliseconds{1}, to) : !failed();
    }

    bool fail(core::Error reason, const char* field, const char* at = nullptr) noexcept {
        std::size_t offset = 0;
        if (at) {
            offset = static_cast<std::size_t>(at - bytes_.data());
        } else if (const char* location = nullptr;
                   document_.current_location().get(location) == simdjson::SUCCESS && location) {
            offset = static_cast<std::size_t>(location - bytes_.data());
        } else {
            offset = bytes_.size();
        }
        fault_ = {reason, static_cast<std::uint32_t>(offset < bytes_.size() ? offset : bytes_.size()), field};
        failed_ = true;
        return false;
    }
    bool fail(simdjson::error_code error, const char* field) noexcept { return fail(reason(error), field); }

private:
    static core::Error reason(simdjson::error_code error) noexcept {
        using core::Error;
        switch (error) {
            case simdjson::CAPACITY: return Error::oversized;
            case simdjson::EMPTY:
            case simdjson::UNCLOSED_STRING:
            case simdjson::INCOMPLETE_ARRAY_OR_OBJECT: return Error::truncated;
            case simdjson::INCORRECT_TYPE: return Error::wrong_type;
            case simdjson::NO_SUCH_FIELD: return Error::missing_field;
            case simdjson::NUMBER_OUT_OF_RANGE: return Error::out_of_range;
            default: return Error::malformed;
        }
    }
    /// simdjson's own find_field_unordered trusts what it has passed before, which a broken frame can abuse: so look
    /// onwards, and then once more from the start, with every check.
    [[nodiscard]] static simdjson::error_code look_up(Object& from, const char* key, Value& to) noexcept {
        const auto onwards = from.find_field(key).get(to);
        if (onwards != simdjson::NO_SUCH_FIELD) return onwards;
        bool any = false;
        if (const auto error = from.reset().get(any)) return error;
        return any ? from.find_field(key).get(to) : simdjson::NO_SUCH_FIELD;
    }
    [[nodiscard]] std::string_view up_to_quote(const char* from) const noexcept {
        const char* const end = bytes_.data() + bytes_.size();
        const char* at = from;
        while (at < end && *at != '"') ++at;
        return {from, static_cast<std::size_t>(at - from)};
    }
    /// A value's raw bytes up to the next structural character, without blanks.
    [[nodiscard]] static std::string_view bare(Value value) noexcept {
        std::string_view token = value.raw_json_token();
        // Only the blanks that JSON allows: any other control character is damage, and stays to be refused.
        while (!token.empty() &&
               (token.back() == ' ' || token.back() == '\t' || token.back() == '\n' || token.back() == '\r'))
            token.remove_suffix(1);
        return token;
    }

    simdjson::ondemand::parser parser_;
    simdjson::ondemand::document document_;
    std::string_view bytes_;
    core::Fault fault_;
    bool failed_{};
};

}  // namespace feeds
