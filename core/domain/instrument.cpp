#include "core/domain/instrument.hpp"

#include "core/domain/wide.hpp"

#include <cstring>
#include <stdexcept>

namespace core {

namespace {

constexpr Notional one_to_one{100'000'000};

Result<Notional> money(std::optional<std::int64_t> units) noexcept {
    if (!units) return Error::out_of_range;
    return Notional{*units};
}

/// `value` × contract value, from units of 10^-digits to units of 1e-8 of the currency.
void value_contracts(Wide& value, Notional contract_value, int digits) noexcept {
    if (contract_value == one_to_one) {
        if (digits <= Notional::decimals) {
            value.scale_up(Notional::decimals - digits);
            return;
        }
        value.scale_down(digits - Notional::decimals);
        return;
    }
    value *= contract_value.units;
    value.scale_down(digits);
}

std::uint64_t load8(const char* from) noexcept {
    std::uint64_t word;
    std::memcpy(&word, from, sizeof word);
    return word;
}
std::uint64_t load4(const char* from) noexcept {
    std::uint32_t word;
    std::memcpy(&word, from, sizeof word);
    return word;
}
std::uint64_t load1(const char* from) noexcept {
    return static_cast<unsigned char>(*from);
}

std::uint64_t mix(std::uint64_t a, std::uint64_t b) noexcept {
    const auto product = static_cast<Uint128>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

}  // namespace

std::string Instrument::name() const {
    std::string text{core::name(venue)};
    if (market != Market::spot) text.append(1, '.').append(core::name(market));
    return text.append(1, '.').append(symbol);
}

Result<Notional> Instrument::notional(Price price, Quantity quantity) const noexcept {
    if (market == Market::inverse) {
        Wide value{quantity.units};
        value_contracts(value, contract_value, quantity_decimals);
        return money(value.towards_zero());
    }
    Wide value{static_cast<Int128>(price.units) * quantity.units};
    value_contracts(value, contract_value, price_decimals + quantity_decimals);
    return money(value.towards_zero());
}

Result<Notional> Instrument::gain(Price entry, Price exit, Quantity quantity) const noexcept {
    std::int64_t difference{};
    if (__builtin_sub_overflow(exit.units, entry.units, &difference)) return Error::out_of_range;
    Wide value{static_cast<Int128>(difference) * quantity.units};
    if (market == Market::inverse) {
        // quantity·contract·(1/entry − 1/exit) coins, each worth `exit`: quantity·contract·(exit − entry)/entry.
        if (entry.units <= 0) return Error::out_of_range;
        value *= contract_value.units;
        value /= static_cast<std::uint64_t>(entry.units);
        value.scale_down(quantity_decimals);
    } else {
        value_contracts(value, contract_value, price_decimals + quantity_decimals);
    }
    return money(value.floor());
}

double Instrument::to_double(Price price) const noexcept {
    return static_cast<double>(price.units) / static_cast<double>(pow10[static_cast<std::size_t>(price_decimals)]);
}

double Instrument::to_double(Quantity quantity) const noexcept {
    return static_cast<double>(quantity.units) /
           static_cast<double>(pow10[static_cast<std::size_t>(quantity_decimals)]);
}

InstrumentTable::Key InstrumentTable::key_of(std::string_view symbol) noexcept {
    // Overlapping loads that end with the symbol's last byte: no loop, and nothing beyond the symbol is read.
    const auto* const p = symbol.data();
    const auto n = symbol.size();
    if (n >= 8) {
        const auto tail = load8(p + n - 8) >> (~(n - 1) % 8 * 8);
        if (n <= 8) return {tail};
        if (n <= 16) return {load8(p), tail};
        if (n <= 24) return {load8(p), load8(p + 8), tail};
        return {load8(p), load8(p + 8), load8(p + 16), tail};
    }
    if (n >= 4) return {load4(p) | load4(p + n - 4) << (n - 4) * 8};
    if (n > 0) return {load1(p) | load1(p + n / 2) << n / 2 * 8 | load1(p + n - 1) << (n - 1) * 8};
    return {};
}

std::uint64_t InstrumentTable::hash_of(const Key& key, Venue venue, Market market) noexcept {
    const auto place = static_cast<std::uint64_t>(venue) << 8 | static_cast<std::uint64_t>(market) << 16;
    const auto head = mix(key[0] ^ 0x9e3779b97f4a7c15 ^ place, key[1] ^ 0xbf58476d1ce4e5b9);
    if ((key[2] | key[3]) == 0) return head;
    return head ^ mix(key[2] ^ 0x94d049bb133111eb, key[3] ^ 0xd6e8feb86659fd93);
}

InstrumentId InstrumentTable::add(Instrument instrument) {
    if (instrument.symbol.size() > max_symbol)
        throw std::invalid_argument{"symbol of more than 31 characters: " + instrument.symbol};
    if (const auto* known = find(instrument.venue, instrument.market, instrument.symbol)) return known->id;
    if (size() == max_instruments) throw std::length_error{"more than 8192 instruments"};
    if (2 * (size() + 1) > slots_.size()) rehash(std::max<std::size_t>(64, 2 * slots_.size()));

    instrument.id = {static_cast<std::uint16_t>(size())};
    const auto key = key_of(instrument.symbol);
    const auto hash = hash_of(key, instrument.venue, instrument.market);
    keys_.push_back(key);
    instruments_.push_back(std::move(instrument));
    const auto& added = instruments_.back();
    place({.check = static_cast<std::uint32_t>(hash >> 32),
           .length = static_cast<std::uint16_t>(added.symbol.size()),
           .id = added.id.value},
          hash);
    return added.id;
}

const Instrument* InstrumentTable::find(Venue venue, Market market, std::string_view symbol) const noexcept {
    if (symbol.size() > max_symbol || slots_.empty()) return nullptr;
    const auto key = key_of(symbol);
    const auto hash = hash_of(key, venue, market);
    const auto mask = slots_.size() - 1;
    for (auto i = hash & mask;; i = (i + 1) & mask) {
        const auto& slot = slots_[i];
        if (slot.id == no_instrument.value) return nullptr;
        if (slot.check != static_cast<std::uint32_t>(hash >> 32) || slot.length != symbol.size()) continue;
        const auto& held = keys_[slot.id];
        if (((held[0] ^ key[0]) | (held[1] ^ key[1]) | (held[2] ^ key[2]) | (held[3] ^ key[3])) != 0) continue;
        const auto& instrument = instruments_[slot.id];
        if (instrument.venue == venue && instrument.market == market) return &instrument;
    }
}

void InstrumentTable::place(const Slot& slot, std::uint64_t hash) noexcept {
    const auto mask = slots_.size() - 1;
    auto i = hash & mask;
    while (slots_[i].id != no_instrument.value) i = (i + 1) & mask;
    slots_[i] = slot;
}

void InstrumentTable::rehash(std::size_t slots) {
    slots_.assign(slots, Slot{});
    for (const auto& instrument : instruments_) {
        const auto hash = hash_of(keys_[instrument.id.value], instrument.venue, instrument.market);
        place({.check = static_cast<std::uint32_t>(hash >> 32),
               .length = static_cast<std::uint16_t>(instrument.symbol.size()),
               .id = instrument.id.value},
              hash);
    }
}

}  // namespace core
