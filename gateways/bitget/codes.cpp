#include "gateways/bitget/codes.hpp"

#include "gateways/bitget/exchange_calls.hpp"

namespace gateways::bitget {

namespace {

using R = Refusal;

constexpr exchange::RefusalRow rows[] = {
    {"22001", "", R::unknown_order}, {"22002", "", R::reduce_only},  {"22034", "", R::min_notional},
    {"22038", "", R::lot_size},      {"25212", "", R::duplicate_id}, {"25227", "", R::reduce_only},
    {"30006", "", R::rate_limited},  {"30014", "", R::clock},        {"40034", "", R::no_market},
    {"40706", "", R::tick_size},     {"40108", "", R::lot_size},     {"40761", "", R::too_many_orders},
    {"40774", "", R::account_mode},  {"40786", "", R::duplicate_id}, {"40808", "price", R::tick_size},
    {"40808", "", R::lot_size},      {"43118", "", R::duplicate_id}, {"45110", "", R::min_notional},
    {"45111", "", R::lot_size},      {"45113", "", R::max_quantity}, {"45115", "", R::tick_size},
};

}  // namespace

exchange::CodeMeaning meaning_of(std::string_view code, std::string_view message) noexcept {
    auto made = exchange::meaning_of(rows, code, message, kind_of_code(code, message));
    if (made.refusal == R::clock) made.kind = exchange::ErrorKind::nonce;
    if (made.refusal == R::rate_limited) made.kind = exchange::ErrorKind::rate_limited;
    return made;
}

}  // namespace gateways::bitget
