#pragma once

#include "gateways/live/private_link.hpp"

#include <algorithm>
#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace test {

/// Any bytes as what a venue's sockets bring: the first says which account, then each line is an event. "0f…" is a
/// frame on socket 0, "1c…" the end of socket 1, "a…" the answer to the newest request, "s" submits an order, "t" lets
/// a second pass; anything else is a frame on socket 0. What the link wants opened is open at once.
/// Returns what is wrong, "" if nothing: stream_up and stream_down take turns and agree with stream_up(); only sockets
/// that are open are written to or closed; commands stay few; nothing of the keys is shown.
inline std::string fuzz_link(std::string_view bytes) {
    using namespace gateways;
    using core::Market;
    using core::Venue;
    using live::PrivateLink;
    struct Setup {
        Venue venue;
        std::vector<Market> markets;
    };
    static const std::vector<Setup> setups{{Venue::binance, {Market::spot, Market::linear}},
                                           {Venue::bitget, {Market::spot, Market::linear}},
                                           {Venue::bybit, {Market::spot, Market::linear}},
                                           {Venue::okx, {Market::spot, Market::linear}}};
    static const auto table = [] {
        core::InstrumentTable made;
        for (const auto& setup : setups)
            for (const auto market : setup.markets)
                for (const auto* symbol : {"BTCUSDT", "BTC-USDT", "BTC-USDT-SWAP"})
                    made.add({.venue = setup.venue,
                              .market = market,
                              .symbol = symbol,
                              .price_decimals = 4,
                              .quantity_decimals = 6});
        return made;
    }();
    constexpr core::Nanoseconds ahead = std::chrono::hours{480'000};
    if (bytes.empty()) return {};
    const auto& setup = setups[static_cast<unsigned char>(bytes.front()) % setups.size()];
    bytes.remove_prefix(1);

    live::PrivateLinkSettings settings;
    settings.setup.bitget_entry = true;
    exchange::Credentials keys;
    keys.key = core::Secret{std::string{"the-key"}};
    keys.secret = core::Secret{std::string{"the-secret"}};
    keys.passphrase = core::Secret{std::string{"the-passphrase"}};
    PrivateLink link{std::move(settings), setup.venue, setup.markets, table, std::move(keys)};

    core::Nanoseconds now{};
    std::set<std::size_t> open;
    std::uint64_t tag = 0;
    std::uint64_t orders = 0;
    bool up = false;
    std::string wrong;
    const auto follow = [&] {
        std::size_t commands = 0;
        while (auto* command = link.next_command()) {
            if (++commands > 200) return void(wrong = "commands without end");
            if (command->socket >= link.sockets()) return void(wrong = "a socket that is none");
            switch (command->kind) {
                case live::LinkCommand::Kind::open: {
                    if (!open.insert(command->socket).second) return void(wrong = "opened what is open");
                    const auto socket = command->socket;
                    link.opened(socket, now, now + ahead);
                    break;
                }
                case live::LinkCommand::Kind::send:
                    if (!open.contains(command->socket)) return void(wrong = "wrote to what is closed");
                    break;
                case live::LinkCommand::Kind::close:
                    if (open.erase(command->socket) == 0) return void(wrong = "closed what is closed");
                    break;
                case live::LinkCommand::Kind::request: tag = command->tag; break;
            }
        }
        for (const auto& event : link.events()) {
            if (event.kind != VenueEventKind::stream_up && event.kind != VenueEventKind::stream_down) continue;
            if ((event.kind == VenueEventKind::stream_up) == up) return void(wrong = "up and down do not take turns");
            up = !up;
        }
        link.events().clear();
        if (up != link.stream_up()) wrong = "the events say otherwise than stream_up()";
        const auto status = link.status();
        for (const auto* secret : {"the-key", "the-secret", "the-passphrase"})
            if (status.trouble.find(secret) != status.trouble.npos) wrong = "a key is shown";
    };

    link.time(now, now + ahead);
    follow();
    for (std::size_t lines = 0; lines < 400 && !bytes.empty() && wrong.empty(); ++lines) {
        const auto end = std::min(bytes.find('\n'), bytes.size());
        auto line = bytes.substr(0, end);
        bytes.remove_prefix(std::min(end + 1, bytes.size()));
        const auto frame = [&](std::size_t socket, std::string_view text) {
            std::string padded{text};
            padded.resize(text.size() + 64);
            if (open.contains(socket)) link.frame(socket, std::string_view{padded}.substr(0, text.size()), now);
        };
        if (line.size() >= 2 && line[0] >= '0' && line[0] <= '9' && (line[1] == 'f' || line[1] == 'c')) {
            const auto socket = static_cast<std::size_t>(line[0] - '0') % link.sockets();
            if (line[1] == 'f')
                frame(socket, line.substr(2));
            else if (open.erase(socket) != 0)
                link.closed(socket, now, line.substr(2));
        } else if (line == "t") {
            now += std::chrono::seconds{1};
        } else if (line == "s") {
            Action action;
            action.kind = orders % 3 == 2 ? ActionKind::cancel : ActionKind::place;
            action.order.id = core::OrderId::of(1, ++orders / 2 + 1);
            for (const auto& instrument : table)
                if (instrument.venue == setup.venue) action.order.instrument = instrument.id;
            action.order.price = core::Price{1};
            action.order.quantity = core::Quantity{1};
            action.timestamp = now + ahead;
            (void)link.submit(action, now);
        } else if (line.starts_with('a')) {
            link.answered(tag, exchange::Response{.status = 200, .headers = {}, .body = std::string{line.substr(1)}},
                          now);
        } else {
            frame(0, line);
        }
        follow();
        now += std::chrono::milliseconds{20};
        link.time(now, now + ahead);
        if (wrong.empty()) follow();
    }
    return wrong;
}

}  // namespace test
