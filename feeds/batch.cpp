#include "feeds/batch.hpp"

#include <array>

namespace feeds {

std::string_view name(Control control) noexcept {
    static constexpr std::array<std::string_view, 11> names{"none",   "subscribed",  "unsubscribed", "heartbeat",
                                                            "pong",   "status",      "login",        "error",
                                                            "ticker", "instruments", "other"};
    return names[static_cast<std::size_t>(control)];
}

}  // namespace feeds
