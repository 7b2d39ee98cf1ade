#include "gateways/binance/codes.hpp"

#include "gateways/binance/exchange_calls.hpp"

namespace gateways::binance {

namespace {

using R = Refusal;

/// Rows with a text stand before those without.
constexpr exchange::RefusalRow rows[] = {
    {"", "uplicate order", R::duplicate_id},
    {"", "is duplicated", R::duplicate_id},
    {"-1013", "PRICE_FILTER", R::tick_size},
    {"-1013", "LOT_SIZE", R::lot_size},
    {"-1013", "NOTIONAL", R::min_notional},
    {"-1013", "PERCENT_PRICE", R::price_band},
    {"-1013", "MAX_NUM", R::too_many_orders},
    {"-1013", "MAX_POSITION", R::max_quantity},
    {"-1013", "quantity", R::lot_size},
    {"-1013", "price", R::tick_size},
    {"-2010", "immediately match", R::post_only_would_cross},
    {"-2010", "trigger immediately", R::would_trigger},
    {"-2021", "immediately trigger", R::would_trigger},
    {"-2010", "Market is closed", R::no_market},
    {"-1003", "banned", R::banned},
    {"-1121", "", R::no_market},
    {"-2025", "", R::too_many_orders},
    {"-2027", "", R::max_quantity},
    {"-2028", "", R::insufficient_balance},
    {"-4001", "", R::tick_size},
    {"-4002", "", R::price_band},
    {"-4003", "", R::lot_size},
    {"-4004", "", R::lot_size},
    {"-4005", "", R::max_quantity},
    {"-4014", "", R::tick_size},
    {"-4016", "", R::price_band},
    {"-4023", "", R::lot_size},
    {"-4024", "", R::price_band},
    {"-4006", "", R::price_band},
    {"-4007", "", R::price_band},
    {"-4013", "", R::price_band},
    {"-4029", "", R::tick_size},
    {"-4030", "", R::lot_size},
    {"-4045", "", R::too_many_orders},
    {"-4061", "", R::account_mode},
    {"-4062", "", R::reduce_only},
    {"-4116", "", R::duplicate_id},
    {"-4118", "", R::reduce_only},
    {"-4131", "", R::price_band},
    {"-4140", "", R::no_market},
    {"-4141", "", R::no_market},
    {"-4142", "", R::would_trigger},
    {"-4164", "", R::min_notional},
    {"-4183", "", R::price_band},
    {"-4184", "", R::price_band},
    {"-4210", "", R::price_band},
    {"-4211", "", R::price_band},
    {"-5021", "", R::would_not_fill},
    {"-5022", "", R::post_only_would_cross},
    {"-5029", "", R::min_notional},
};

}  // namespace

exchange::CodeMeaning meaning_of(std::string_view code, std::string_view message) noexcept {
    auto made = exchange::meaning_of(rows, code, message, kind_of_code(code, message));
    // Of spot the same code tells of a failed replacement.
    if (code == "-2022" && message.find("educe") != std::string_view::npos) made.refusal = R::reduce_only;
    return made;
}

}  // namespace gateways::binance
