#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace omega {

/// A running SHA-256: what two runs must agree on. Fed a few times a second, on decisions and orders only.
class Digest {
public:
    Digest();
    ~Digest();
    Digest(const Digest&) = delete;
    Digest& operator=(const Digest&) = delete;

    void add(const void* bytes, std::size_t size) noexcept;
    void add(std::string_view text) noexcept { add(text.data(), text.size()); }
    template <class T>
    void add_value(T value) noexcept {
        add(&value, sizeof value);
    }
    /// Lower-case hex of everything added so far; more may follow.
    [[nodiscard]] std::string hex() const;

private:
    evp_md_ctx_st* context_;
};

}  // namespace omega
