#include "gateways/live/paging.hpp"

#include <algorithm>

namespace gateways::live {

using exchange::Value;

namespace {

bool of_fills(const Step& step) noexcept {
    return step.purpose == Purpose::fills || step.purpose == Purpose::order_fills;
}

/// The list in a Bitget answer: data itself, or a member of it that is null when there is nothing.
const Value* bitget_rows(const Value& data) noexcept {
    static const Value empty = Value::array();
    if (data.is_array()) return &data;
    for (const auto* name : {"entrustedList", "fillList", "orderList", "list"}) {
        if (data[name].is_array()) return &data[name];
        if (data.is_object() && data.contains(name)) return &empty;
    }
    return nullptr;
}

/// Older ones come behind the oldest id of a full page.
Page behind(const Value& rows, std::size_t full, std::initializer_list<std::string_view> ids) {
    Page page;
    if (rows.size() < full || rows.empty()) return page;
    if (const auto& id = rows.at(rows.size() - 1).first(ids); !id.empty()) page.next = id;
    return page;
}

}  // namespace

Page page_of(core::Venue venue, const Step& step, std::size_t rows, const std::string& body) {
    const bool pages =
        page_size(venue, step.purpose) > 0 || (venue == core::Venue::bybit && step.purpose == Purpose::positions);
    if (venue == core::Venue::binance || (!pages && venue != core::Venue::bitget)) return {};
    if (venue == core::Venue::okx && rows < page_size(venue, step.purpose)) return {};
    const auto document = Value::parse(body);
    if (!document) return {.next = {}, .is_list = false};
    switch (venue) {
        case core::Venue::bitget: {
            if (step.purpose == Purpose::positions || step.purpose == Purpose::holdings)
                return {.next = {}, .is_list = (*document)["data"].is_array()};
            const auto* list = bitget_rows((*document)["data"]);
            if (list == nullptr) return {.next = {}, .is_list = false};
            return of_fills(step) ? behind(*list, page_size(venue, step.purpose), {"tradeId"})
                                  : behind(*list, page_size(venue, step.purpose), {"orderId"});
        }
        case core::Venue::bybit: {
            Page page;
            const auto& cursor = (*document)["result"]["nextPageCursor"].text();
            if (rows > 0 && !cursor.empty()) page.next = cursor;
            return page;
        }
        default:
            if (of_fills(step)) return behind((*document)["data"], page_size(venue, step.purpose), {"billId"});
            return step.conditional ? behind((*document)["data"], page_size(venue, step.purpose), {"algoId"})
                                    : behind((*document)["data"], page_size(venue, step.purpose), {"ordId"});
    }
}

Step on_page(core::Venue venue, const Step& step, const std::string& cursor) {
    auto next = step;
    next.cursor = cursor;
    next.option(venue == core::Venue::bitget ? "idLessThan" : venue == core::Venue::bybit ? "cursor" : "after", cursor);
    return next;
}

}  // namespace gateways::live
