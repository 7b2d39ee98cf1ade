#pragma once

#include "gateways/exchange/refusal.hpp"

#include <string_view>

namespace gateways::bitget {

/// What one of Bitget's codes means, of REST and of the sockets.
/// Source: Bitget API documents, "RestAPI Error Codes", "WebSocket Error Codes".
exchange::CodeMeaning meaning_of(std::string_view code, std::string_view message) noexcept;

}  // namespace gateways::bitget
