#include "gateways/bybit/codes.hpp"

#include <algorithm>
#include <iterator>

namespace gateways::bybit {

namespace {

using enum exchange::ErrorKind;
using R = Refusal;

/// Sorted by code. `unknown_outcome`: the venue does not say whether it was done, so the order has to be asked for.
constexpr Code rows[] = {
    {429, rate_limited, R::rate_limited},
    {10000, unknown_outcome, R::unavailable},  // server timeout
    {10001, bad_request, R::malformed},
    {10002, nonce, R::clock},
    {10003, authentication, R::credentials},
    {10004, authentication, R::credentials},
    {10005, permission, R::permission},
    {10006, rate_limited, R::rate_limited},
    {10007, authentication, R::credentials},
    {10008, permission, R::permission},
    {10009, banned, R::banned},
    {10010, permission, R::permission},
    {10014, unknown_outcome, R::duplicate_id},  // the first of two equal requests may have been carried out
    {10016, unknown_outcome, R::unavailable},
    {10017, bad_request, R::malformed},
    {10018, rate_limited, R::rate_limited},
    {10027, permission, R::permission},
    {10028, permission, R::account_mode},
    {10029, bad_request, R::no_market},
    {10404, bad_request, R::malformed},
    {10429, rate_limited, R::rate_limited},
    {20001, other, R::other},  // a second login of one connection
    {20003, rate_limited, R::rate_limited},
    {20006, bad_request, R::malformed},  // a reqId used twice
    {33004, authentication, R::credentials},
    {100028, permission, R::account_mode},
    {110001, order_not_found, R::unknown_order},
    {110003, invalid_order, R::price_band},
    {110004, insufficient_funds, R::insufficient_balance},
    {110005, invalid_order, R::other},
    {110006, insufficient_funds, R::insufficient_balance},
    {110007, insufficient_funds, R::insufficient_balance},
    {110008, order_not_found, R::already_final},
    {110009, invalid_order, R::too_many_orders},
    {110010, order_not_found, R::already_final},
    {110011, invalid_order, R::insufficient_balance},
    {110012, insufficient_funds, R::insufficient_balance},
    {110013, invalid_order, R::account_mode},
    {110014, insufficient_funds, R::insufficient_balance},
    {110015, invalid_order, R::account_mode},
    {110016, invalid_order, R::max_quantity},
    {110017, invalid_order, R::reduce_only},
    {110018, bad_request, R::malformed},
    {110019, bad_request, R::malformed},
    {110020, invalid_order, R::too_many_orders},
    {110021, invalid_order, R::max_quantity},
    {110022, invalid_order, R::max_quantity},
    {110023, invalid_order, R::reduce_only},
    {110024, invalid_order, R::account_mode},
    {110025, other, R::account_mode},  // 110025, 110026, 110043: it already is as was asked
    {110026, other, R::account_mode},
    {110028, invalid_order, R::account_mode},
    {110029, invalid_order, R::account_mode},
    {110030, invalid_order, R::duplicate_id},
    {110031, bad_request, R::malformed},
    {110032, invalid_order, R::malformed},
    {110034, invalid_order, R::reduce_only},
    {110036, invalid_order, R::account_mode},
    {110037, bad_request, R::no_market},
    {110038, invalid_order, R::account_mode},
    {110040, invalid_order, R::insufficient_balance},
    {110042, invalid_order, R::reduce_only},
    {110043, other, R::account_mode},
    {110044, insufficient_funds, R::insufficient_balance},
    {110045, insufficient_funds, R::insufficient_balance},
    {110046, invalid_order, R::insufficient_balance},
    {110049, invalid_order, R::tick_size},
    {110050, bad_request, R::malformed},
    {110051, insufficient_funds, R::insufficient_balance},
    {110052, insufficient_funds, R::insufficient_balance},
    {110053, insufficient_funds, R::insufficient_balance},
    {110057, bad_request, R::malformed},
    {110058, invalid_order, R::reduce_only},
    {110059, invalid_order, R::other},
    {110060, invalid_order, R::too_many_orders},
    {110062, invalid_order, R::no_market},
    {110063, invalid_order, R::lot_size},
    {110065, invalid_order, R::no_market},
    {110066, permission, R::account_mode},
    {110067, permission, R::permission},
    {110068, permission, R::permission},
    {110069, permission, R::permission},
    {110071, bad_request, R::no_market},
    {110072, invalid_order, R::duplicate_id},
    {110090, invalid_order, R::max_quantity},
    {110092, invalid_order, R::would_trigger},  // "expect Rising, but trigger_price <= current"
    {110093, invalid_order, R::would_trigger},
    {110094, invalid_order, R::min_notional},
    {170001, unknown_outcome, R::unavailable},  // internal error
    {170005, rate_limited, R::rate_limited},
    {170007, unknown_outcome, R::unavailable},
    {170032, unknown_outcome, R::unavailable},  // network error
    {170033, insufficient_funds, R::insufficient_balance},
    {170034, insufficient_funds, R::insufficient_balance},
    {170035, unknown_outcome, R::unavailable},  // "submitted to the system for processing"
    {170036, permission, R::permission},
    {170037, permission, R::permission},
    {170105, bad_request, R::malformed},
    {170115, bad_request, R::malformed},
    {170116, bad_request, R::malformed},
    {170117, bad_request, R::malformed},
    {170121, bad_request, R::no_market},
    {170124, invalid_order, R::max_quantity},
    {170130, bad_request, R::malformed},
    {170131, insufficient_funds, R::insufficient_balance},
    {170132, invalid_order, R::price_band},
    {170133, invalid_order, R::price_band},
    {170134, invalid_order, R::tick_size},
    {170135, invalid_order, R::max_quantity},
    {170136, invalid_order, R::lot_size},
    {170137, invalid_order, R::lot_size},
    {170139, order_not_found, R::already_final},
    {170140, invalid_order, R::min_notional},
    {170141, invalid_order, R::duplicate_id},
    {170142, order_not_found, R::already_final},
    {170143, order_not_found, R::unknown_order},
    {170146, unknown_outcome, R::unavailable},
    {170147, unknown_outcome, R::unavailable},
    {170148, invalid_order, R::lot_size},
    {170149, unknown_outcome, R::unavailable},  // "create order failed" does not say that there is none
    {170150, unknown_outcome, R::unavailable},
    {170151, invalid_order, R::no_market},
    {170157, invalid_order, R::no_market},
    {170159, invalid_order, R::no_market},
    {170190, order_not_found, R::already_final},
    {170192, invalid_order, R::price_band},
    {170193, invalid_order, R::price_band},
    {170194, invalid_order, R::price_band},
    {170197, invalid_order, R::max_quantity},
    {170198, invalid_order, R::max_quantity},
    {170199, invalid_order, R::max_quantity},
    {170200, invalid_order, R::max_quantity},
    {170201, permission, R::permission},
    {170202, bad_request, R::malformed},
    {170203, bad_request, R::malformed},
    {170204, invalid_order, R::price_band},
    {170206, invalid_order, R::price_band},
    {170210, invalid_order, R::other},
    {170213, order_not_found, R::unknown_order},
    {170217, invalid_order, R::account_mode},
    {170218, invalid_order, R::post_only_would_cross},
    {170221, bad_request, R::no_market},
    {170222, rate_limited, R::rate_limited},
    {170223, permission, R::permission},
    {170224, permission, R::permission},
    {170226, permission, R::permission},
    {170228, invalid_order, R::max_quantity},
    {170229, invalid_order, R::max_quantity},
    {170234, unknown_outcome, R::unavailable},  // system error
    {170241, permission, R::permission},
};
static_assert(std::is_sorted(std::begin(rows), std::end(rows),
                             [](const Code& a, const Code& b) { return a.code < b.code; }));

}  // namespace

Code meaning_of(std::int64_t code) noexcept {
    const auto* found = std::lower_bound(std::begin(rows), std::end(rows), code,
                                         [](const Code& row, std::int64_t wanted) { return row.code < wanted; });
    if (found != std::end(rows) && found->code == code) return *found;
    return {.code = code >= 0 && code <= 999'999'999 ? static_cast<std::int32_t>(code) : 0,
            .kind = other,
            .refusal = R::other};
}

exchange::ErrorKind family_of(std::int64_t code) noexcept {
    const auto kind = meaning_of(code).kind;
    const bool of_orders = (code >= 110'000 && code < 111'000) || (code >= 170'000 && code < 171'000);
    return kind == other && of_orders && code != 110'025 && code != 110'026 && code != 110'043 ? invalid_order : kind;
}

Refusal refusal_of_reason(std::string_view reason) noexcept {
    constexpr std::pair<std::string_view, Refusal> reasons[] = {
        {"EC_PostOnlyWillTakeLiquidity", R::post_only_would_cross},
        {"EC_NoImmediateQtyToFill", R::would_not_fill},
        {"EC_NoEnoughQtyToFill", R::would_not_fill},
        {"EC_CancelForNoFullFill", R::would_not_fill},
        {"EC_DuplicatedClOrdID", R::duplicate_id},
        {"EC_OrigClOrdIDDoesNotExist", R::unknown_order},
        {"EC_OrderNotExist", R::unknown_order},
        {"EC_TooLateToCancel", R::already_final},
        {"EC_LimitOrderInvalidPrice", R::tick_size},
        {"EC_InvalidPriceScale", R::tick_size},
        {"EC_QtyCannotBeZero", R::lot_size},
        {"EC_EcInvalidQty", R::lot_size},
        {"EC_InvalidAmount", R::min_notional},
        {"EC_InvalidSymbolStatus", R::no_market},
        {"EC_SecurityStatusFail", R::no_market},
        {"EC_InCallAuctionStatus", R::no_market},
        {"EC_ReachRiskPriceLimit", R::price_band},
        {"EC_ReachMarketPriceLimit", R::price_band},
    };
    for (const auto& [text, refusal] : reasons)
        if (text == reason) return refusal;
    return R::other;
}

}  // namespace gateways::bybit
