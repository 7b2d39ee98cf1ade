#include "feeds/any_feed.hpp"

#include "feeds/with_venue.hpp"

#include <type_traits>
#include <variant>

namespace feeds {

namespace {

/// f(the feed), of whichever venue; nothing of none.
template <class Variant, class F>
void visit_feed(Variant& feed, F&& f) noexcept {
    std::visit(
        [&](auto& held) {
            if constexpr (!std::is_same_v<std::remove_cvref_t<decltype(held)>, std::monostate>) f(held);
        },
        feed);
}

}  // namespace

struct AnyFeed::Feeds {
    std::variant<std::monostate, Feed<binance::Decoder, binance::Synchroniser>,
                 Feed<bitget::Decoder, bitget::Synchroniser>, Feed<bybit::Decoder, bybit::Synchroniser>,
                 Feed<okx::Decoder, okx::Synchroniser>, Feed<coinbase::Decoder, coinbase::Synchroniser>,
                 Feed<kraken::Decoder, kraken::Synchroniser>>
        one;
};

AnyFeed::AnyFeed(core::Venue venue, core::InstrumentTable& instruments, bool learn) : feed_{std::make_unique<Feeds>()} {
    with_venue(venue, [&](auto types) { feed_->one.emplace<typename decltype(types)::Feed>(instruments, learn); });
}
AnyFeed::AnyFeed(AnyFeed&&) noexcept = default;
AnyFeed& AnyFeed::operator=(AnyFeed&&) noexcept = default;
AnyFeed::~AnyFeed() = default;

void AnyFeed::on_frame(const Frame& frame, Sink sink) noexcept {
    visit_feed(feed_->one, [&](auto& feed) { feed.on_frame(frame, sink); });
}

const FeedStats& AnyFeed::stats() const noexcept {
    const FeedStats* stats = nullptr;
    visit_feed(feed_->one, [&](const auto& feed) { stats = &feed.stats(); });
    return *stats;
}

const Batch& AnyFeed::batch() const noexcept {
    const Batch* batch = nullptr;
    visit_feed(feed_->one, [&](const auto& feed) { batch = &feed.batch(); });
    return *batch;
}

bool AnyFeed::book_valid(core::InstrumentId instrument) const noexcept {
    bool valid = false;
    visit_feed(feed_->one, [&](auto& feed) {
        const auto state = feed.synchroniser().state(instrument);
        valid = state != decltype(state)::waiting;
    });
    return valid;
}

bool AnyFeed::needs_snapshot(core::InstrumentId instrument) const noexcept {
    bool needs = false;
    visit_feed(feed_->one, [&](auto& feed) { needs = feed.synchroniser().needs_snapshot(instrument); });
    return needs;
}

}  // namespace feeds
