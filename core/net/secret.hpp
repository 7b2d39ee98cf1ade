#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace core {

/// A key or password in memory. It cannot be printed (there is no formatter and no stream operator, so a log of one
/// does not compile), is not copied by accident, and its bytes are overwritten when it goes.
class Secret {
public:
    Secret() noexcept = default;
    /// Takes the text over and overwrites where it stood.
    explicit Secret(std::string&& text);
    Secret(Secret&& other) noexcept;
    Secret& operator=(Secret&& other) noexcept;
    Secret(const Secret&) = delete;
    Secret& operator=(const Secret&) = delete;
    ~Secret();

    /// A second one, on purpose.
    [[nodiscard]] Secret copy() const;

    [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
    /// The bytes themselves, for signing and for what is sent to the venue; valid as long as this object.
    [[nodiscard]] std::string_view reveal() const noexcept { return {bytes_.get(), size_}; }

private:
    void wipe() noexcept;
    std::unique_ptr<char[]> bytes_;  // not a std::string: its short text would stay behind in a moved-from object
    std::size_t size_{};
};

}  // namespace core
