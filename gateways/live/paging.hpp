#pragma once

#include "gateways/live/steps.hpp"

#include <optional>
#include <string>

/// For the sources of gateways/live alone.
namespace gateways::live {

/// What follows a page of a list.
struct Page {
    std::optional<std::string> next{};  ///< the cursor of the next one; nothing: this was the last
    bool is_list{true};                 ///< the answer holds the list at all
};

/// rows: how many the answer had. Binance does not page.
Page page_of(core::Venue venue, const Step& step, std::size_t rows, const std::string& body);

/// The same step, one page further.
Step on_page(core::Venue venue, const Step& step, const std::string& cursor);

}  // namespace gateways::live
