#include "gateways/bitget/codes.hpp"

#include "gateways/bitget/exchange_calls.hpp"

namespace gateways::bitget {

namespace {

using R = Refusal;

constexpr exchange::RefusalRow rows[] = {
    {"22001", "", R::unknown_order},   {"22002", "", R::reduce_only},     {"22034", "", R::min_notional},
    {"22038", "", R::lot_size},        {"25212", "", R::duplicate_id},    {"25227", "", R::reduce_only},
    {"30006", "", R::rate_limited},    {"30014", "", R::clock},           {"40034", "", R::no_market},
    {"40108", "", R::lot_size},        {"40706", "", R::tick_size},       {"40761", "", R::too_many_orders},
    {"40774", "", R::account_mode},    {"40786", "", R::duplicate_id},    {"40808", "price", R::tick_size},
    {"40808", "", R::lot_size},        {"40844", "", R::no_market},       {"40845", "", R::no_market},
    {"40889", "", R::too_many_orders}, {"40890", "", R::too_many_orders}, {"40891", "", R::reduce_only},
    {"40915", "", R::would_trigger},   {"40917", "", R::would_trigger},   {"40921", "", R::max_quantity},
    {"40928", "", R::max_quantity},    {"40939", "", R::reduce_only},     {"41113", "", R::no_market},
    {"41114", "", R::no_market},       {"41117", "", R::price_band},      {"41118", "", R::price_band},
    {"42016", "", R::no_market},       {"43005", "", R::too_many_orders}, {"43006", "", R::lot_size},
    {"43007", "", R::max_quantity},    {"43008", "", R::price_band},      {"43009", "", R::price_band},
    {"43010", "", R::min_notional},    {"43013", "", R::would_trigger},   {"43014", "", R::would_trigger},
    {"43015", "", R::would_trigger},   {"43016", "", R::would_trigger},   {"43023", "", R::reduce_only},
    {"43027", "", R::min_notional},    {"43028", "", R::tick_size},       {"43029", "", R::reduce_only},
    {"43034", "", R::would_trigger},   {"43035", "", R::would_trigger},   {"43037", "", R::min_notional},
    {"43038", "", R::max_quantity},    {"43039", "", R::price_band},      {"43040", "", R::price_band},
    {"43041", "", R::max_quantity},    {"43042", "", R::min_notional},    {"43043", "", R::reduce_only},
    {"43048", "", R::no_market},       {"43051", "", R::max_quantity},    {"43071", "", R::too_many_orders},
    {"43075", "", R::account_mode},    {"43118", "", R::duplicate_id},    {"43119", "", R::no_market},
    {"43120", "", R::no_market},       {"43122", "", R::max_quantity},    {"43128", "", R::too_many_orders},
    {"45003", "", R::reduce_only},     {"45005", "", R::reduce_only},     {"45006", "", R::reduce_only},
    {"45007", "", R::reduce_only},     {"45018", "", R::account_mode},    {"45020", "", R::account_mode},
    {"45021", "", R::account_mode},    {"45031", "", R::already_final},   {"45034", "", R::duplicate_id},
    {"45035", "", R::tick_size},       {"45043", "", R::no_market},       {"45045", "", R::account_mode},
    {"45051", "", R::price_band},      {"45052", "", R::price_band},      {"45060", "", R::would_trigger},
    {"45061", "", R::would_trigger},   {"45062", "", R::would_trigger},   {"45064", "", R::price_band},
    {"45065", "", R::price_band},      {"45066", "", R::price_band},      {"45067", "", R::price_band},
    {"45068", "", R::reduce_only},     {"45103", "", R::max_quantity},    {"45104", "", R::max_quantity},
    {"45109", "", R::account_mode},    {"45110", "", R::min_notional},    {"45111", "", R::lot_size},
    {"45112", "", R::max_quantity},    {"45113", "", R::max_quantity},    {"45114", "", R::min_notional},
    {"45115", "", R::tick_size},       {"45116", "", R::too_many_orders}, {"45118", "", R::too_many_orders},
    {"45119", "", R::no_market},       {"45120", "", R::max_quantity},    {"45121", "", R::price_band},
    {"45122", "", R::would_trigger},   {"45133", "", R::max_quantity},    {"45134", "", R::already_final},
    {"45135", "", R::would_trigger},   {"50060", "", R::duplicate_id},
};

}  // namespace

exchange::CodeMeaning meaning_of(std::string_view code, std::string_view message) noexcept {
    return exchange::meaning_of(rows, code, message, kind_of_code(code, message));
}

}  // namespace gateways::bitget
