#include "gateways/live/steps.hpp"

#include <algorithm>

/// Everything that is asked about a whole account.
namespace gateways::live {

using core::Nanoseconds;
using exchange::Call;
using exchange::Value;

namespace {

constexpr core::Market spot = core::Market::spot;

std::string ms_text(Nanoseconds time) {
    return std::to_string(time.count() / 1'000'000);
}

class List {
public:
    explicit List(const Desk& desk) noexcept : desk_{desk} {}
    std::vector<Step> steps{};

    Step& add(Purpose purpose, Call call) {
        steps.push_back(Step{.purpose = purpose, .call = call});
        steps.back().arguments.set_params(Value::object());
        if (const auto rows = page_size(desk_.venue, purpose); rows > 0)
            steps.back().arguments.set("limit", std::to_string(rows));
        return steps.back();
    }
    Step& conditional() {
        auto& step = add(Purpose::open_orders, Call::fetch_open_orders);
        step.conditional = true;
        step.option("trigger", true);
        return step;
    }
    void of(Step& step, const core::Instrument& instrument) {
        step.instrument = instrument.id;
        step.arguments.set("symbol", instrument.name());
    }
    [[nodiscard]] std::size_t count(core::Market market) {
        std::size_t all = 0;
        each_instrument(market, [&](const core::Instrument&) { ++all; });
        return all;
    }
    template <class F>
    void each_instrument(core::Market market, F&& f) {
        for (const auto& [name, id] : desk_.by_name)
            if ((*desk_.instruments)[id].market == market) f((*desk_.instruments)[id]);
    }

private:
    const Desk& desk_;
};

/// The whole span in windows that the venue takes; the last one is open, for its clock may be ahead of what we think.
template <class F>
void each_window(Nanoseconds since, Nanoseconds now, Nanoseconds longest, F&& f) {
    auto from = since;
    for (; from + longest < now; from += longest) f(from, from + longest);
    f(from, Nanoseconds{});
}

void set_window(Step& step, Nanoseconds from, Nanoseconds until) {
    step.from = from;
    step.until = until;
    step.arguments.set("since", ms_text(from));
    if (until.count() > 0) step.option("until", ms_text(until));
}

constexpr Nanoseconds week = std::chrono::hours{24 * 7}, day = std::chrono::hours{24};

void binance(List& list, core::Market market, Nanoseconds since, Nanoseconds now) {
    const bool linear = market != spot;
    const auto typed = [&](Step& step) {
        if (linear) step.option("type", "swap");
    };
    // Asked one by one a few symbols weigh less than all at once: 1 against 40, of spot 6 against 80.
    constexpr std::size_t few = 8;
    if (list.count(market) <= few) {
        list.each_instrument(market, [&](const core::Instrument& instrument) {
            list.of(list.add(Purpose::open_orders, Call::fetch_open_orders), instrument);
            if (linear) list.of(list.conditional(), instrument);
        });
    } else {
        typed(list.add(Purpose::open_orders, Call::fetch_open_orders));
        if (linear) typed(list.conditional());
    }
    // A spot window with both ends is a day at most, one without end is not bounded.
    each_window(since, now, linear ? week : longest_look_back * 2, [&](Nanoseconds from, Nanoseconds until) {
        list.each_instrument(market, [&](const core::Instrument& instrument) {
            auto& step = list.add(Purpose::fills, Call::fetch_my_trades);
            list.of(step, instrument);
            set_window(step, from, until);
        });
    });
    typed(list.add(linear ? Purpose::positions : Purpose::holdings,
                   linear ? Call::fetch_positions : Call::fetch_balance));
}

void bitget(List& list, const Desk& desk, core::Market market, Nanoseconds since, Nanoseconds now) {
    const auto coins = market == spot ? std::vector<std::string>{} : desk.settle_coins();
    if (market == spot) {
        list.add(Purpose::open_orders, Call::fetch_open_orders);
        list.each_instrument(spot, [&](const core::Instrument& one) { list.of(list.conditional(), one); });
    }
    for (const auto& coin : coins) {
        list.add(Purpose::open_orders, Call::fetch_open_orders).option("productType", coin + "-FUTURES");
        for (const auto* plan : {"normal_plan", "profit_loss"}) {
            auto& step = list.conditional();
            step.option("productType", coin + "-FUTURES");
            step.option("planType", plan);
        }
    }
    each_window(since, now, week, [&](Nanoseconds from, Nanoseconds until) {
        list.each_instrument(market, [&](const core::Instrument& instrument) {
            auto& step = list.add(Purpose::fills, Call::fetch_my_trades);
            list.of(step, instrument);
            set_window(step, from, until);
        });
    });
    if (market == spot) list.add(Purpose::holdings, Call::fetch_balance);
    for (const auto& coin : coins)
        list.add(Purpose::positions, Call::fetch_positions).option("productType", coin + "-FUTURES");
}

void bybit(List& list, const Desk& desk, core::Market market, Nanoseconds since, Nanoseconds now) {
    const std::string category{core::name(market)};
    const auto coins = market == spot ? std::vector<std::string>{} : desk.settle_coins();
    const auto typed = [&](Step& step) -> Step& {
        step.option("type", category);
        return step;
    };
    if (market == spot)  // all kinds of orders, stops among them
        typed(list.add(Purpose::open_orders, Call::fetch_open_orders));
    for (const auto& coin : coins)
        typed(list.add(Purpose::open_orders, Call::fetch_open_orders)).option("settleCoin", coin);
    each_window(since, now, week, [&](Nanoseconds from, Nanoseconds until) {
        set_window(typed(list.add(Purpose::fills, Call::fetch_my_trades)), from, until);
    });
    if (market == spot) typed(list.add(Purpose::holdings, Call::fetch_balance));
    for (const auto& coin : coins)
        typed(list.add(Purpose::positions, Call::fetch_positions)).option("settleCoin", coin);
}

void okx(List& list, core::Market market, Nanoseconds since, Nanoseconds now) {
    const auto* type = market == spot ? "spot" : "swap";
    list.add(Purpose::open_orders, Call::fetch_open_orders).option("type", type);
    for (const auto* kind : {"conditional", "oco", "trigger", "move_order_stop"}) {
        auto& step = list.conditional();
        step.option("type", type);
        step.option("ordType", kind);
    }
    auto& fills = list.add(Purpose::fills, Call::fetch_my_trades);
    fills.option("type", type);
    set_window(fills, since, {});
    // The newest three days are told at once, and from an endpoint of its own.
    if (now - since < 2 * day) fills.path = "/api/v5/trade/fills";
    if (market == spot)
        list.add(Purpose::holdings, Call::fetch_balance);
    else
        list.add(Purpose::positions, Call::fetch_positions).option("instType", "SWAP");
}

}  // namespace

std::size_t page_size(core::Venue venue, Purpose purpose) noexcept {
    const bool fills = purpose == Purpose::fills || purpose == Purpose::order_fills;
    const bool list = fills || purpose == Purpose::open_orders || purpose == Purpose::order ||
                      purpose == Purpose::order_to_fills || purpose == Purpose::order_to_cancel;
    if (!list) return 0;
    switch (venue) {
        case core::Venue::binance: return fills ? 1000 : 0;
        case core::Venue::bybit: return fills ? 100 : 50;
        default: return 100;
    }
}

std::vector<Step> account_steps(const Desk& desk, Nanoseconds since, Nanoseconds now) {
    since = since.count() <= 0 ? now - first_look_back : std::max(since, now - longest_look_back);
    List list{desk};
    for (const auto market : desk.markets) {
        switch (desk.venue) {
            case core::Venue::binance: binance(list, market, since, now); break;
            case core::Venue::bitget: bitget(list, desk, market, since, now); break;
            case core::Venue::bybit: bybit(list, desk, market, since, now); break;
            default: okx(list, market, since, now); break;
        }
    }
    // What is held comes last: a fill in between is then one that the stream tells, too.
    std::stable_sort(list.steps.begin(), list.steps.end(),
                     [](const Step& a, const Step& b) { return a.purpose < b.purpose; });
    return std::move(list.steps);
}

Step released_list_step(const Desk& desk, const core::Instrument& instrument) {
    List list{desk};
    auto& step = list.add(Purpose::released, desk.venue == core::Venue::binance ? Call::fetch_orders
                                             : desk.venue == core::Venue::okx   ? Call::fetch_closed_orders
                                                                                : Call::fetch_open_orders);
    list.of(step, instrument);
    step.conditional = true;
    step.option("trigger", true);
    step.arguments.set("limit", "100");
    if (desk.venue == core::Venue::okx) step.option("ordType", "conditional");
    if (desk.venue == core::Venue::bitget) step.path = plan_history(instrument.market);
    return step;
}

std::vector<Step> cut(const Desk& desk, const Step& step, Nanoseconds now) {
    constexpr Nanoseconds ms = std::chrono::milliseconds{1};
    const auto until = step.until.count() > 0 ? step.until : std::max(now, step.from) + ms;
    const auto span = until - step.from;
    if (span < 2 * ms) return {};
    const auto& instrument = (*desk.instruments)[step.instrument];
    // Halves, and of spot never more than a day.
    auto part = std::max(ms, (span / 2 / ms) * ms);
    if (instrument.market == spot) part = std::min(part, day);
    std::vector<Step> all;
    for (auto from = step.from; from < until; from += part) {
        auto one = step;
        const bool last = from + part >= until;
        // both ends belong to a window
        set_window(one, from, last ? step.until : from + part - ms);
        all.push_back(std::move(one));
    }
    return all;
}

}  // namespace gateways::live
