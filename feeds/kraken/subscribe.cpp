#include "feeds/kraken/subscribe.hpp"

#include "feeds/subscriptions.hpp"

namespace feeds::kraken {

namespace {

std::string quoted_list(std::span<const std::string_view> texts) {
    std::string list = "[";
    for (const auto text : texts) {
        if (list.size() > 1) list += ',';
        list += json_text(text);
    }
    return list + "]";
}

std::string method(std::string_view channel, std::span<const std::string_view> symbols, const std::string& settings,
                   std::uint64_t request_id) {
    return R"({"method":"subscribe","params":{"channel":")" + std::string{channel} + R"(","symbol":)" +
           quoted_list(symbols) + settings + R"(,"snapshot":true},"req_id":)" + std::to_string(request_id) + "}";
}

}  // namespace

std::string subscribe_book(std::span<const std::string_view> symbols, int depth, std::uint64_t request_id) {
    return method("book", symbols, ",\"depth\":" + std::to_string(depth), request_id);
}

std::string subscribe(std::string_view channel, std::span<const std::string_view> symbols, std::uint64_t request_id) {
    return method(channel, symbols, "", request_id);
}

std::string ping(std::uint64_t request_id) {
    return R"({"method":"ping","req_id":)" + std::to_string(request_id) + "}";
}

std::string subscribe_v1(std::string_view channel, std::span<const std::string_view> pairs, int depth) {
    std::string settings = R"({"name":")" + std::string{channel} + '"';
    if (depth > 0) settings += ",\"depth\":" + std::to_string(depth);
    return R"({"event":"subscribe","pair":)" + quoted_list(pairs) + R"(,"subscription":)" + settings + "}}";
}

}  // namespace feeds::kraken
