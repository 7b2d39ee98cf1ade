#include "gateways/orders/ledger.hpp"
#include "gateways/orders/order_facts.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace gateways {

using core::Error;

namespace {

InstrumentRecord describe(const core::Instrument& instrument) {
    InstrumentRecord record;
    record.id = instrument.id;
    record.price_decimals = static_cast<std::uint8_t>(instrument.price_decimals);
    record.quantity_decimals = static_cast<std::uint8_t>(instrument.quantity_decimals);
    const auto name = instrument.name();
    record.name_size = static_cast<std::uint8_t>(std::min(name.size(), record.name.size()));
    std::memcpy(record.name.data(), name.data(), record.name_size);
    return record;
}

}  // namespace

core::Result<LedgerScan> OrderLedger::open(const std::filesystem::path& path) {
    path_ = path;
    auto lock_path = path;
    auto lock = FileLock::take(lock_path += ".lock");
    if (!lock) return lock.error();
    lock_ = std::move(*lock);
    LedgerScan scan;
    const auto bytes = read_ledger_file(path);
    if (bytes && !bytes->empty()) {
        replaying_ = true;
        const auto read = scan_ledger({bytes->data(), bytes->size()}, [this](const LedgerRecord& r) { replay(r); });
        replaying_ = false;
        if (!read) return read.error();
        if (unreadable_) return Error::refused;
        scan = *read;
        after_restart();
    } else if (!bytes && !(bytes.error() == Error::io && errno == ENOENT)) {
        return bytes.error();
    }
    const auto made = compact();
    if (!made) return made.error();
    return scan;
}

core::Result<LedgerFile> OrderLedger::rewrite() const {
    auto next = path_;
    next += ".new";
    auto file = LedgerFile::create(next);
    if (file && !write_snapshot(*file)) return Error::full;
    return file;
}

core::Result<bool> OrderLedger::compact() {
    auto file = rewrite();
    if (!file) return file.error();
    const auto renamed = file->rename_to(path_);
    if (!renamed) return renamed.error();
    file_ = std::move(*file);
    return true;
}

core::Result<bool> OrderLedger::begin_compaction() {
    if (compaction_) return true;
    auto file = rewrite();
    if (!file) return file.error();
    try {
        compaction_ = std::make_unique<LedgerCompaction>(std::move(*file), path_);
    } catch (const std::system_error&) {
        return Error::full;  // no thread to be had
    }
    return true;
}

std::optional<bool> OrderLedger::look_at_compaction() noexcept {
    if (!compaction_) return std::nullopt;
    switch (compaction_->state()) {
        case LedgerCompaction::State::writing: return std::nullopt;
        case LedgerCompaction::State::placed:
            if (taken_over_) return std::nullopt;  // the old file is being closed
            file_ = compaction_->take(std::move(file_));
            taken_over_ = true;
            return true;
        case LedgerCompaction::State::failed: compaction_.reset(); return false;
        case LedgerCompaction::State::over:
            compaction_.reset();
            taken_over_ = false;
            return std::nullopt;
    }
    return std::nullopt;
}

bool OrderLedger::record(LedgerRecordKind kind, const void* payload, std::size_t size) noexcept {
    if (replaying_ || !file_.open()) return true;
    const bool kept = file_.append(kind, payload, size);
    if (!compaction_ || taken_over_) [[likely]]
        return kept;
    return compaction_->append(kind, payload, size) && kept;
}

bool OrderLedger::write_snapshot(LedgerFile& file) const {
    bool written = true;
    const auto write = [&](LedgerRecordKind kind, const auto& payload) {
        written = written && file.append(kind, &payload, sizeof payload);
    };
    for (const auto& instrument : *instruments_) write(LedgerRecordKind::instrument, describe(instrument));
    orders_.for_each([&](const TrackedOrder& order) { write(LedgerRecordKind::tracked, order); });
    write(LedgerRecordKind::horizon, fills_.horizon());
    fills_.for_each([&](const FillKey& key) { write(LedgerRecordKind::fill, key); });
    for (const auto& instrument : *instruments_) {
        if (const auto held = position(instrument.id); held.units != 0)
            write(LedgerRecordKind::position,
                  PositionRecord{.instrument = instrument.id, .quantity = held, .time = core::Nanoseconds{}});
        write(LedgerRecordKind::opened,
              OpenedRecord{.instrument = instrument.id, .since = held_[instrument.id.value].since});
    }
    for (const auto id : highest_) write(LedgerRecordKind::highest, id);
    return written;
}

bool OrderLedger::learn(const InstrumentRecord& record) {
    const std::string_view name{record.name.data(), record.name_size};
    if (translation_.size() <= record.id.value) translation_.resize(record.id.value + 1u, core::no_instrument);
    for (const auto& instrument : *instruments_) {
        const auto mine = describe(instrument);
        if (std::string_view{mine.name.data(), mine.name_size} != name) continue;
        if (mine.price_decimals != record.price_decimals || mine.quantity_decimals != record.quantity_decimals)
            return false;  // its numbers would mean something else
        translation_[record.id.value] = instrument.id;
    }
    return true;
}

bool OrderLedger::translate(core::InstrumentId& id) const noexcept {
    if (id == core::no_instrument) return true;
    id = id.value < translation_.size() ? translation_[id.value] : core::no_instrument;
    return id != core::no_instrument;
}

void OrderLedger::replay(const LedgerRecord& record) {
    ignored_.clear();
    switch (record.kind) {
        case LedgerRecordKind::instrument: unreadable_ = unreadable_ || !learn(record.instrument); break;
        case LedgerRecordKind::created: {
            auto order = record.order;
            if (!translate(order.instrument)) {
                unreadable_ = true;
            } else if (create(order, order.time)) {
                sent(order.id);
            }
            break;
        }
        case LedgerRecordKind::cancel_asked: cancel_asked(record.cancel.id, record.cancel.time); break;
        case LedgerRecordKind::event: {
            auto event = record.event;
            if (translate(event.instrument)) on(event, ignored_);
            break;
        }
        case LedgerRecordKind::adjusted:
        case LedgerRecordKind::position: {
            auto held = record.position;
            if (translate(held.instrument))
                adjust(held.instrument, held.quantity, held.time);
            else
                unreadable_ = unreadable_ || held.quantity.units != 0;
            break;
        }
        case LedgerRecordKind::dropped: drop(record.cancel.id, record.cancel.time, ignored_); break;
        case LedgerRecordKind::tracked: {
            auto order = record.tracked;
            const bool listed = translate(order.order.instrument);
            if (!listed && !order.settled() && !order.outside) unreadable_ = true;
            if (listed && orders_.find(order.order.id) == nullptr) add(order);
            remember(order.order.id);
            break;
        }
        case LedgerRecordKind::fill: fills_.add(record.fill); break;
        case LedgerRecordKind::horizon: fills_.set_horizon(record.time); break;
        case LedgerRecordKind::opened: {
            auto opened = record.opened;
            if (translate(opened.instrument) && opened.instrument.value < held_.size())
                held_[opened.instrument.value].since = opened.since;
            break;
        }
        case LedgerRecordKind::highest: remember(core::OrderId{record.highest}); break;
    }
}

/// Whatever was on its way when the process died has an unknown outcome. Orders that the venue had are compared with
/// its open orders by reconciliation, all in one request.
void OrderLedger::after_restart() {
    orders_.for_each([&](TrackedOrder& order) {
        if (final(order.state()) || order.exists) return;
        const auto was = counted(order);
        order.sent = true;
        begin_doubt(order, order.created, settings_);
        order.next_ask = {};
        count(was, counted(order));
    });
}

}  // namespace gateways
