#include "feeds/synthetic/frame_text.hpp"

#include <string>

namespace feeds::synthetic {

namespace {

/// OKX's frames, API v5, of what a third opinion on a price needs: bbo-tbt (quotes) and trades. No book is sent.
class OkxText final : public FrameText {
public:
    explicit OkxText(const InstrumentSettings& instrument) : FrameText{instrument} {
        const auto head = [&](const char* channel) {
            return std::string{R"({"arg":{"channel":")"} + channel + R"(","instId":")" + instrument.symbol +
                   R"("},"data":[{)";
        };
        quote_head_ = head("bbo-tbt") + R"("asks":[)";
        trade_head_ = head("trades") + R"("instId":")" + instrument.symbol + R"(","tradeId":")";
    }

    std::string_view quote(std::uint64_t update_id, const BookLevel& bid, const BookLevel& ask,
                           std::int64_t time_ms) noexcept override {
        begin();
        text(quote_head_);
        best(ask);
        text(R"(],"bids":[)");
        best(bid);
        text(R"(],"ts":")");
        number(time_ms);
        text(R"(","seqId":)");
        number(update_id);
        text("}]}");
        return end();
    }

    std::string_view trade(std::uint64_t trade_id, const BookLevel& traded, bool buyer_is_maker,
                           std::int64_t time_ms) noexcept override {
        begin();
        text(trade_head_);
        number(trade_id);
        text(R"(","px":")");
        price(traded.price);
        text(R"(","sz":")");
        quantity(traded.quantity);
        text(R"(","side":")");
        text(buyer_is_maker ? "sell" : "buy");
        text(R"(","ts":")");
        number(time_ms);
        text(R"(","count":"1"}]})");
        return end();
    }

    void depth_begin(std::uint64_t, std::uint64_t, std::uint64_t, std::int64_t) noexcept override {
        begin();
        text("[");
    }
    void depth_asks() noexcept override {}
    std::string_view depth_end() noexcept override { return {}; }
    void make_snapshot(std::uint64_t, const BookSide&, const BookSide&, std::int64_t) noexcept override {
        begin_snapshot();
        end_snapshot();
    }
    bool snapshot_in_stream() const noexcept override { return true; }
    std::string_view snapshot_url() const noexcept override { return {}; }
    std::string_view url() const noexcept override { return "wss://ws.okx.com:8443/ws/v5/public"; }

private:
    void best(const BookLevel& level) noexcept {
        text(R"([")");
        price(level.price);
        text(R"(",")");
        quantity(level.quantity);
        text(R"(","0","1"])");
    }

    std::string quote_head_, trade_head_;
};

}  // namespace

std::unique_ptr<FrameText> make_okx_text(const InstrumentSettings& instrument) {
    return std::make_unique<OkxText>(instrument);
}

}  // namespace feeds::synthetic
