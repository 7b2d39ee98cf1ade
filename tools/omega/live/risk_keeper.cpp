#include "tools/omega/live/risk_keeper.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <fstream>
#include <stdexcept>
#include <system_error>

namespace omega {

using namespace std::chrono_literals;

namespace {

constexpr auto look = 20ms;
constexpr int looks_a_second = 50;

std::filesystem::path request_in(const std::filesystem::path& state) {
    return state / "resume";
}

}  // namespace

RiskKeeper::RiskKeeper(const std::filesystem::path& state, const core::InstrumentTable& instruments)
    : instruments_{&instruments}, file_{state / "risk"}, request_{request_in(state)} {
    auto loaded = RiskMemory::load(file_, instruments);
    if (!loaded)
        throw std::runtime_error{
            fmt::format("{}: {}; it says whether trading was halted and how high equity was: look at it before it is "
                        "moved away",
                        file_.string(),
                        loaded.error() == core::Error::corrupt ? "damaged, or of another version" : "cannot be read")};
    memory_ = std::move(*loaded);
}

RiskKeeper::~RiskKeeper() {
    stop();
}

double RiskKeeper::start_equity(double held, double configured) {
    const auto units = [](double value) { return core::Notional{std::llround(value * 1e8)}; };
    return memory_.start_equity(units(held), units(configured)).value();
}

void RiskKeeper::start() {
    thread_ = std::jthread{[this](const std::stop_token& stopped) { run(stopped); }};
}

void RiskKeeper::stop() {
    if (!thread_.joinable()) return;
    thread_.request_stop();
    thread_.join();
}

void RiskKeeper::run(const std::stop_token& stopped) {
    for (int looks = 0;; ++looks) {
        const bool last = stopped.stop_requested();
        notes_.drain([this](const RiskNote& note) { take(note); });
        const bool second = looks % looks_a_second == 0;
        if (urgent_ || (changed_ && (second || last))) write();
        std::error_code none;
        if (second && std::filesystem::remove(request_, none)) resume_.store(true, std::memory_order_relaxed);
        if (last) return;
        std::this_thread::sleep_for(look);
    }
}

void RiskKeeper::take(const RiskNote& note) {
    changed_ = true;
    switch (note.kind) {
        case RiskNote::Kind::account: {
            auto before = memory_.account.value_or(strategies::AccountMemory{});
            before.peak = note.account.peak;
            urgent_ |= before != note.account || !memory_.account;
            memory_.account = note.account;
            return;
        }
        case RiskNote::Kind::plan:
            urgent_ = true;
            told_.insert(note.instrument.value);
            if (note.plan.active)
                memory_.lines[note.instrument.value].plan = note.plan;
            else
                memory_.lines.erase(note.instrument.value);
            return;
        case RiskNote::Kind::addition: {
            urgent_ = true;
            auto& additions = memory_.lines[note.instrument.value].additions;
            std::erase_if(additions, [&](const auto& other) { return other.bot == note.addition.bot; });
            additions.push_back(note.addition);
            return;
        }
        case RiskNote::Kind::restored:
            urgent_ = true;
            if (!told_.contains(note.instrument.value)) memory_.lines.erase(note.instrument.value);
            return;
    }
}

void RiskKeeper::write() {
    if (memory_.save(file_, *instruments_))
        urgent_ = changed_ = false;
    else
        failures_.fetch_add(1, std::memory_order_relaxed);  // relaxed: a count; it is tried again with the next look
}

void request_resume(const std::filesystem::path& state) {
    std::ofstream file{request_in(state)};
    file << "resume\n";
    if (!file.flush())
        throw std::runtime_error{fmt::format("live.state: {} cannot be written", request_in(state).string())};
}

}  // namespace omega
