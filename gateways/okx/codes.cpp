#include "gateways/okx/codes.hpp"

#include <algorithm>
#include <iterator>

namespace gateways::okx {

namespace {

using enum exchange::ErrorKind;
using R = Refusal;

/// Sorted by code. `unknown_outcome`: the venue does not say whether it was done, so the order has to be asked for.
constexpr Code rows[] = {
    {50000, bad_request, R::malformed},
    {50001, maintenance, R::unavailable},
    {50002, bad_request, R::malformed},
    {50004, unknown_outcome, R::unavailable},  // "does not mean that the request was successful or failed"
    {50005, maintenance, R::unavailable},
    {50006, bad_request, R::malformed},
    {50007, permission, R::permission},
    {50008, authentication, R::credentials},
    {50009, permission, R::permission},
    {50010, authentication, R::credentials},
    {50011, rate_limited, R::rate_limited},
    {50012, permission, R::permission},
    {50013, maintenance, R::unavailable},
    {50014, bad_request, R::malformed},
    {50015, bad_request, R::malformed},
    {50016, bad_request, R::malformed},
    {50024, bad_request, R::malformed},
    {50026, unknown_outcome, R::unavailable},
    {50027, permission, R::permission},
    {50030, permission, R::permission},
    {50040, rate_limited, R::rate_limited},
    {50061, rate_limited, R::rate_limited},
    {50100, permission, R::permission},
    {50101, authentication, R::credentials},  // a key of the other environment: live or demo
    {50102, nonce, R::clock},
    {50103, authentication, R::credentials},
    {50104, authentication, R::credentials},
    {50105, authentication, R::credentials},
    {50106, authentication, R::credentials},
    {50107, authentication, R::credentials},
    {50110, permission, R::permission},
    {50111, authentication, R::credentials},
    {50112, nonce, R::clock},
    {50113, authentication, R::credentials},
    {50114, authentication, R::credentials},
    {50115, bad_request, R::malformed},
    {50119, authentication, R::credentials},
    {50120, permission, R::permission},
    {51000, bad_request, R::malformed},
    {51001, bad_request, R::no_market},
    {51004, invalid_order, R::max_quantity},
    {51005, invalid_order, R::max_quantity},
    {51006, invalid_order, R::price_band},
    {51008, insufficient_funds, R::insufficient_balance},
    {51009, permission, R::permission},
    {51010, permission, R::account_mode},
    {51016, invalid_order, R::duplicate_id},
    {51020, invalid_order, R::lot_size},
    {51021, invalid_order, R::no_market},
    {51022, invalid_order, R::no_market},
    {51023, invalid_order, R::reduce_only},
    {51024, permission, R::permission},
    {51025, invalid_order, R::too_many_orders},
    {51026, bad_request, R::no_market},
    {51027, invalid_order, R::no_market},
    {51028, invalid_order, R::no_market},
    {51029, invalid_order, R::no_market},
    {51119, insufficient_funds, R::insufficient_balance},
    {51120, invalid_order, R::lot_size},
    {51121, invalid_order, R::lot_size},
    {51127, insufficient_funds, R::insufficient_balance},
    {51131, insufficient_funds, R::insufficient_balance},
    {51169, invalid_order, R::reduce_only},
    {51170, invalid_order, R::reduce_only},
    {51201, invalid_order, R::max_quantity},
    {51202, invalid_order, R::max_quantity},
    {51400, order_not_found, R::already_final},  // "filled, canceled or does not exist"
    {51401, order_not_found, R::already_final},
    {51402, order_not_found, R::already_final},
    {51503, order_not_found, R::already_final},
    {51509, order_not_found, R::already_final},
    {51510, order_not_found, R::already_final},
    {51603, order_not_found, R::unknown_order},
    {59000, invalid_order, R::account_mode},
    {60004, nonce, R::clock},
    {60005, authentication, R::credentials},
    {60006, nonce, R::clock},
    {60007, authentication, R::credentials},
    {60008, bad_request, R::malformed},
    {60009, authentication, R::credentials},
    {60011, authentication, R::credentials},
    {60012, bad_request, R::malformed},
    {60014, rate_limited, R::rate_limited},
    {60018, bad_request, R::malformed},
    {60024, authentication, R::credentials},
};
static_assert(std::is_sorted(std::begin(rows), std::end(rows),
                             [](const Code& a, const Code& b) { return a.code < b.code; }));

}  // namespace

Code meaning_of(std::int64_t code) noexcept {
    const auto* found = std::lower_bound(std::begin(rows), std::end(rows), code,
                                         [](const Code& row, std::int64_t wanted) { return row.code < wanted; });
    if (found != std::end(rows) && found->code == code) return *found;
    return {.code = code >= 0 && code <= 999'999'999 ? static_cast<std::int32_t>(code) : 0,
            .kind = code >= 51'000 && code < 52'000 ? invalid_order : other,
            .refusal = R::other};
}

}  // namespace gateways::okx
