#include "feeds/synthetic/frame_text.hpp"

#include <algorithm>
#include <string>

namespace feeds::synthetic {

namespace {

std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return text;
}

/// Binance's USD-M frames in combined stream wrappers: bookTicker, trade, depth@0ms and the REST snapshot.
/// Recorded 2024-08.
class BinanceText final : public FrameText {
public:
    explicit BinanceText(const InstrumentSettings& instrument)
        : FrameText{instrument},
          rest_url_{"https://fapi.binance.com/fapi/v1/depth?symbol=" + instrument.symbol + "&limit=1000"} {
        const std::string stream = R"({"stream":")" + lower(instrument.symbol);
        quote_head_ = stream + R"(@bookTicker","data":{"e":"bookTicker","u":)";
        quote_symbol_ = R"(,"s":")" + instrument.symbol + R"(","b":")";
        trade_head_ = stream + R"(@trade","data":{"e":"trade","E":)";
        trade_symbol_ = R"(,"s":")" + instrument.symbol + R"(","t":)";
        depth_head_ = stream + R"(@depth@0ms","data":{"e":"depthUpdate","E":)";
        depth_symbol_ = R"(,"s":")" + instrument.symbol + R"(","U":)";
    }

    std::string_view quote(std::uint64_t update_id, const BookLevel& bid, const BookLevel& ask,
                           std::int64_t time_ms) noexcept override {
        begin();
        text(quote_head_);
        number(update_id);
        text(quote_symbol_);
        price(bid.price);
        text(R"(","B":")");
        quantity(bid.quantity);
        text(R"(","a":")");
        price(ask.price);
        text(R"(","A":")");
        quantity(ask.quantity);
        text(R"(","T":)");
        number(time_ms);
        text(R"(,"E":)");
        number(time_ms);
        text("}}");
        return end();
    }

    std::string_view trade(std::uint64_t trade_id, const BookLevel& traded, bool buyer_is_maker,
                           std::int64_t time_ms) noexcept override {
        begin();
        text(trade_head_);
        number(time_ms);
        text(R"(,"T":)");
        number(time_ms);
        text(trade_symbol_);
        number(trade_id);
        text(R"(,"p":")");
        price(traded.price);
        text(R"(","q":")");
        quantity(traded.quantity);
        text(buyer_is_maker ? std::string_view{R"(","X":"MARKET","m":true}})"}
                            : std::string_view{R"(","X":"MARKET","m":false}})"});
        return end();
    }

    void depth_begin(std::uint64_t first, std::uint64_t last, std::uint64_t previous,
                     std::int64_t time_ms) noexcept override {
        begin();
        text(depth_head_);
        number(time_ms);
        text(R"(,"T":)");
        number(time_ms);
        text(depth_symbol_);
        number(first);
        text(R"(,"u":)");
        number(last);
        text(R"(,"pu":)");
        number(previous);
        text(R"(,"b":[)");
    }
    void depth_asks() noexcept override { text(R"(],"a":[)"); }
    std::string_view depth_end() noexcept override {
        text("]}}");
        return end();
    }

    void make_snapshot(std::uint64_t last_update_id, const BookSide& bids, const BookSide& asks,
                       std::int64_t time_ms) noexcept override {
        begin_snapshot();
        text(R"({"lastUpdateId":)");
        number(last_update_id);
        text(R"(,"E":)");
        number(time_ms);
        text(R"(,"T":)");
        number(time_ms);
        text(R"(,"bids":[)");
        levels(bids);
        text(R"(],"asks":[)");
        levels(asks);
        text("]}");
        end_snapshot();
    }
    bool snapshot_in_stream() const noexcept override { return false; }
    std::string_view snapshot_url() const noexcept override { return rest_url_; }
    std::string_view url() const noexcept override { return "wss://fstream.binance.com/public/stream"; }

private:
    std::string quote_head_, trade_head_, depth_head_, quote_symbol_, trade_symbol_, depth_symbol_, rest_url_;
};

}  // namespace

std::unique_ptr<FrameText> make_binance_text(const InstrumentSettings& instrument) {
    return std::make_unique<BinanceText>(instrument);
}

}  // namespace feeds::synthetic
