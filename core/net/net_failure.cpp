#include "core/net/net_failure.hpp"

#include <array>

namespace core {

std::string_view name(NetPhase phase) noexcept {
    static constexpr std::array<std::string_view, 7> names{"resolve", "connect", "tls", "upgrade",
                                                           "write",   "read",    "open"};
    return names[static_cast<std::size_t>(phase)];
}

std::string_view name(NetFault fault) noexcept {
    static constexpr std::array<std::string_view, 11> names{"address",   "unreachable", "tls",    "certificate",
                                                            "timeout",   "closed",      "cut",    "protocol",
                                                            "oversized", "refused",     "overrun"};
    return names[static_cast<std::size_t>(fault)];
}

}  // namespace core
