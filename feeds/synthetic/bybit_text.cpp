#include "feeds/synthetic/frame_text.hpp"

#include <array>
#include <string>

namespace feeds::synthetic {

namespace {

/// Bybit's linear frames, API v5: orderbook.1 (quotes), orderbook.500 (a snapshot, then deltas whose "u" rises by one)
/// and publicTrade. Trade ids are UUIDs whose first 64 bits are the number of the trade.
class BybitText final : public FrameText {
public:
    explicit BybitText(const InstrumentSettings& instrument) : FrameText{instrument}, symbol_{instrument.symbol} {
        quote_head_ = R"({"topic":"orderbook.1.)" + symbol_ + R"(","type":"snapshot","ts":)";
        book_head_ = R"({"topic":"orderbook.500.)" + symbol_ + R"(","type":")";
        data_ = R"(,"data":{"s":")" + symbol_ + R"(","b":[)";
        trade_head_ = R"({"topic":"publicTrade.)" + symbol_ + R"(","type":"snapshot","ts":)";
        trade_symbol_ = R"(,"s":")" + symbol_ + R"(","S":")";
    }

    std::string_view quote(std::uint64_t update_id, const BookLevel& bid, const BookLevel& ask,
                           std::int64_t time_ms) noexcept override {
        begin();
        text(quote_head_);
        number(time_ms);
        text(data_);
        level(bid.price, bid.quantity);
        text(R"(],"a":[)");
        level(ask.price, ask.quantity);
        text(R"(],"u":)");
        number(update_id);
        ending(update_id, time_ms);
        return end();
    }

    std::string_view trade(std::uint64_t trade_id, const BookLevel& traded, bool buyer_is_maker,
                           std::int64_t time_ms) noexcept override {
        begin();
        text(trade_head_);
        number(time_ms);
        text(R"(,"data":[{"T":)");
        number(time_ms);
        text(trade_symbol_);
        text(buyer_is_maker ? "Sell" : "Buy");
        text(R"(","v":")");
        quantity(traded.quantity);
        text(R"(","p":")");
        price(traded.price);
        text(R"(","L":")");
        up_ = traded.price != last_price_ ? traded.price > last_price_ : up_;
        text(traded.price != last_price_ ? (up_ ? "PlusTick" : "MinusTick") : (up_ ? "ZeroPlusTick" : "ZeroMinusTick"));
        last_price_ = traded.price;
        text(R"(","i":")");
        uuid(trade_id);
        text(R"(","BT":false}]})");
        return end();
    }

    void depth_begin(std::uint64_t, std::uint64_t last, std::uint64_t, std::int64_t time_ms) noexcept override {
        begin();
        text(book_head_);
        text(R"(delta","ts":)");
        number(time_ms);
        text(data_);
        last_ = last;
        time_ms_ = time_ms;
    }
    void depth_asks() noexcept override { text(R"(],"a":[)"); }
    std::string_view depth_end() noexcept override {
        text(R"(],"u":)");
        number(++update_);
        ending(last_, time_ms_);
        return end();
    }

    void make_snapshot(std::uint64_t last_update_id, const BookSide& bids, const BookSide& asks,
                       std::int64_t time_ms) noexcept override {
        begin_snapshot();
        text(book_head_);
        text(R"(snapshot","ts":)");
        number(time_ms);
        text(data_);
        levels(bids);
        text(R"(],"a":[)");
        levels(asks);
        text(R"(],"u":)");
        number(++update_);
        ending(last_update_id, time_ms);
        end_snapshot();
    }
    bool snapshot_in_stream() const noexcept override { return true; }
    std::string_view snapshot_url() const noexcept override { return {}; }
    std::string_view url() const noexcept override { return "wss://stream.bybit.com/v5/public/linear"; }

private:
    void ending(std::uint64_t sequence, std::int64_t time_ms) noexcept {
        text(R"(,"seq":)");
        number(sequence);
        text(R"(},"cts":)");
        number(time_ms);
        text("}");
    }
    void uuid(std::uint64_t first_bits) noexcept {
        std::array<char, 36> digits;
        digits.fill('0');
        constexpr std::string_view hex{"0123456789abcdef"};
        std::size_t nibble = 16;
        for (std::size_t at = 18; at-- > 0;) {
            if (at == 8 || at == 13) continue;
            --nibble;
            digits[at] = hex[first_bits >> (4 * (15 - nibble)) & 15];
        }
        for (const std::size_t dash : {8U, 13U, 18U, 23U}) digits[dash] = '-';
        text({digits.data(), digits.size()});
    }

    std::string symbol_, quote_head_, book_head_, data_, trade_head_, trade_symbol_;
    std::uint64_t update_{1'000}, last_{};
    std::int64_t time_ms_{}, last_price_{};
    bool up_{true};
};

}  // namespace

std::unique_ptr<FrameText> make_bybit_text(const InstrumentSettings& instrument) {
    return std::make_unique<BybitText>(instrument);
}

}  // namespace feeds::synthetic
