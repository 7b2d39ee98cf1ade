#include "tools/omega/live/risk_memory.hpp"

#include "gateways/orders/fill_memory.hpp"
#include "strategies/command.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <charconv>
#include <string>
#include <string_view>

namespace omega {

using core::Error;
using core::Instrument;
using core::Notional;
using strategies::AccountMemory;
using strategies::AdditionMemory;
using strategies::Command;
using strategies::PlanMemory;

namespace {

constexpr std::string_view title = "omega risk 1\n";

/// Words of one line.
class Words {
public:
    explicit Words(std::string_view line) noexcept : left_{line} {}

    std::string_view next() noexcept {
        const auto end = std::min(left_.find(' '), left_.size());
        const auto word = left_.substr(0, end);
        left_.remove_prefix(std::min(end + 1, left_.size()));
        return word;
    }
    template <class Number>
    bool read(Number& number) noexcept {
        const auto word = next();
        const auto [end, failed] = std::from_chars(word.data(), word.data() + word.size(), number);
        return failed == std::errc{} && !word.empty() && end == word.data() + word.size();
    }
    [[nodiscard]] bool empty() const noexcept { return left_.empty(); }

private:
    std::string_view left_;
};

std::string key_of(const Instrument& instrument) {
    return fmt::format("{} {} {} {}", core::name(instrument.venue), core::name(instrument.market), instrument.symbol,
                       instrument.price_decimals);
}

const Instrument* find(const core::InstrumentTable& instruments, Words& words) {
    const auto venue = words.next(), market = words.next(), symbol = words.next(), decimals = words.next();
    const auto key = fmt::format("{} {} {} {}", venue, market, symbol, decimals);
    for (const auto& instrument : instruments)
        if (key_of(instrument) == key) return &instrument;
    return nullptr;
}

bool read_account(Words& words, RiskMemory& memory) {
    AccountMemory account;
    std::uint64_t bits{};
    if (!words.read(account.peak.units) || !words.read(account.day_start.units) || !words.read(account.day) ||
        !words.read(bits))
        return false;
    account.set_bits(bits);
    memory.account = account;
    return true;
}

bool read_plan(Words& words, const core::InstrumentTable& instruments, RiskMemory& memory) {
    const auto* instrument = find(instruments, words);
    PlanMemory plan{.active = true};
    unsigned side{}, bot{};
    if (!words.read(side) || side > 1 || !words.read(bot) || bot > 255 || !words.read(plan.stop.units) ||
        !words.read(plan.best_gain_bps))
        return false;
    plan.side = static_cast<core::Side>(side);
    plan.bot = static_cast<std::uint8_t>(bot);
    for (auto& target : plan.targets)
        if (!words.read(target.price.units) || !words.read(target.share)) return false;
    if (instrument != nullptr) memory.lines[instrument->id.value].plan = plan;
    return true;
}

bool read_addition(Words& words, const core::InstrumentTable& instruments, RiskMemory& memory) {
    const auto* instrument = find(instruments, words);
    AdditionMemory addition;
    unsigned bot{};
    std::int64_t last{};
    if (!words.read(bot) || bot > 255 || !words.read(addition.added) || !words.read(last)) return false;
    addition.bot = static_cast<std::uint8_t>(bot);
    addition.last = core::Nanoseconds{last};
    if (instrument != nullptr) memory.lines[instrument->id.value].additions.push_back(addition);
    return true;
}

bool write_all(const std::filesystem::path& path, std::string_view text) {
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0) return false;
    bool kept = true;
    while (kept && !text.empty()) {
        const auto written = ::write(file, text.data(), text.size());
        kept = written > 0 || errno == EINTR;
        if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
    }
    kept = kept && ::fsync(file) == 0;
    return ::close(file) == 0 && kept;
}

bool sync_folder(const std::filesystem::path& folder) {
    const int directory = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0) return false;
    const bool kept = ::fsync(directory) == 0;
    ::close(directory);
    return kept;
}

}  // namespace

core::Result<RiskMemory> RiskMemory::load(const std::filesystem::path& file, const core::InstrumentTable& instruments) {
    const int opened = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (opened < 0) {
        if (errno == ENOENT) return RiskMemory{};
        return Error::io;
    }
    constexpr std::size_t most = 1 << 20;
    std::string bytes(most, '\0');
    std::size_t size = 0;
    for (ssize_t got = 1; got > 0 && size < most; size += static_cast<std::size_t>(std::max<ssize_t>(got, 0)))
        got = ::read(opened, bytes.data() + size, most - size);
    ::close(opened);
    const std::string_view text{bytes.data(), size};
    const auto sum = text.rfind("sum ");
    if (size == most || !text.starts_with(title) || sum == std::string_view::npos ||
        text.substr(sum) != fmt::format("sum {:016x}\n", gateways::hash_bytes(text.substr(0, sum), 0)))
        return Error::corrupt;

    RiskMemory memory;
    auto left = text.substr(title.size(), sum - title.size());
    while (!left.empty()) {
        const auto end = left.find('\n');
        Words words{left.substr(0, end)};
        left.remove_prefix(std::min(end, left.size() - 1) + 1);
        const auto what = words.next();
        const bool read = what == "account"    ? read_account(words, memory)
                          : what == "reserve"  ? words.read(memory.reserve.units) && words.read(memory.limit.units)
                          : what == "plan"     ? read_plan(words, instruments, memory)
                          : what == "addition" ? read_addition(words, instruments, memory)
                                               : false;
        if (!read || !words.empty()) return Error::corrupt;
    }
    return memory;
}

bool RiskMemory::save(const std::filesystem::path& file, const core::InstrumentTable& instruments) const {
    std::string text{title};
    if (account)
        text += fmt::format("account {} {} {} {}\n", account->peak.units, account->day_start.units, account->day,
                            account->bits());
    text += fmt::format("reserve {} {}\n", reserve.units, limit.units);
    for (const auto& [id, line] : lines) {
        const auto key = key_of(instruments[core::InstrumentId{id}]);
        const auto& plan = line.plan;
        if (!plan.active) continue;
        text += fmt::format("plan {} {} {} {} {}", key, static_cast<unsigned>(plan.side), plan.bot, plan.stop.units,
                            plan.best_gain_bps);
        for (const auto& target : plan.targets) text += fmt::format(" {} {}", target.price.units, target.share);
        text += '\n';
        for (const auto& addition : line.additions)
            text += fmt::format("addition {} {} {} {}\n", key, addition.bot, addition.added, addition.last.count());
    }
    text += fmt::format("sum {:016x}\n", gateways::hash_bytes(text, 0));
    auto temporary = file;
    temporary += ".new";
    return write_all(temporary, text) && ::rename(temporary.c_str(), file.c_str()) == 0 &&
           sync_folder(file.parent_path());
}

core::Tick command_tick(std::uint16_t code, core::Nanoseconds now) noexcept {
    core::Tick tick;
    tick.venue_time = tick.receive_time = now;
    tick.venue = core::Venue::omega;
    tick.kind = core::TickKind::command;
    tick.code = code;
    tick.command = {};
    return tick;
}

std::vector<core::Tick> RiskMemory::before(const core::InstrumentTable& instruments, core::Nanoseconds now) const {
    std::vector<core::Tick> ticks;
    auto head = command_tick(static_cast<std::uint16_t>(Command::restore_account), now);
    if (account)
        head.command = {.id = account->bits(),
                        .argument = {account->peak.units, account->day_start.units, account->day}};
    ticks.push_back(head);
    for (const auto& [id, line] : lines) {
        const auto& plan = line.plan;
        if (!plan.active) continue;
        const auto leg = [&](std::uint64_t index, core::Price price, double value) {
            auto tick = command_tick(static_cast<std::uint16_t>(Command::restore_plan), now);
            tick.instrument = core::InstrumentId{id};
            tick.venue = instruments[tick.instrument].venue;
            tick.side = plan.side;
            tick.command = {.id = static_cast<std::uint64_t>(plan.bot) << 8 | index,
                            .argument = {price.units, std::bit_cast<std::int64_t>(value), 0}};
            ticks.push_back(tick);
        };
        leg(0, plan.stop, plan.best_gain_bps);
        for (std::size_t i = 0; i < plan.targets.size(); ++i)
            if (plan.targets[i].share > 0) leg(i + 1, plan.targets[i].price, plan.targets[i].share);
    }
    return ticks;
}

std::vector<core::Tick> RiskMemory::after(const Instrument& instrument, core::Nanoseconds now) const {
    std::vector<core::Tick> ticks;
    const auto add = [&](Command code) -> core::Tick& {
        auto& tick = ticks.emplace_back(command_tick(static_cast<std::uint16_t>(code), now));
        tick.instrument = instrument.id;
        tick.venue = instrument.venue;
        return tick;
    };
    if (const auto line = lines.find(instrument.id.value); line != lines.end())
        for (const auto& addition : line->second.additions)
            add(Command::restore_addition).command = {
                .id = addition.bot, .argument = {static_cast<std::int64_t>(addition.added), addition.last.count(), 0}};
    add(Command::instrument_restored);
    return ticks;
}

Notional RiskMemory::start_equity(Notional held, Notional configured) noexcept {
    if (limit != configured) {
        limit = configured;
        reserve = {std::max<std::int64_t>(0, held.units - configured.units)};
    }
    return held - reserve;
}

}  // namespace omega
