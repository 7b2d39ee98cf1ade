#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/order.hpp"
#include "core/domain/time.hpp"
#include "core/net/sign.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace gateways::binance {

enum class Method : std::uint8_t { post, del };
std::string_view name(Method method) noexcept;  ///< "POST", "DELETE"

/// A request ready to be sent. `query` is the query string, or the form body, exactly as signed.
struct Request {
    Method method{};
    std::string_view path;   ///< "/fapi/v1/order", …: static text
    std::string_view query;  ///< valid until the encoder's next call
};

/// Orders into signed requests of Binance spot, USD-M and COIN-M. Everything about an instrument that is known at start
/// (symbol, side, type, time in force, and the signature's state behind the first 64 bytes of them) is prepared in the
/// constructor; an order adds numbers, its id and the time. encode() neither allocates nor throws.
///
/// Spot cannot reduce only, posts only as LIMIT_MAKER and stops as STOP_LOSS; futures post only as GTX. A stop of USD-M
/// is a conditional algo order, and so is its cancel, known by its trigger: a cancel is
/// a copy of the order that it cancels. Source: protocols of
/// Binance: REST security, endpoints, "Conditional orders moved".
class OrderEncoder {
public:
    static constexpr std::string_view receive_window_ms = "5000";

    OrderEncoder(const core::InstrumentTable& instruments, core::Signer signer);

    /// The signed request for an order, which the venue accepts from `timestamp` (Unix time, by the venue's clock) on
    /// for the receive window. Precondition: the order's instrument is Binance's and was in the table at construction;
    /// of any other the query is empty.
    [[nodiscard]] Request encode(const core::Order& order, core::Nanoseconds timestamp) noexcept;

    /// The same without "&signature=…".
    [[nodiscard]] Request write(const core::Order& order, core::Nanoseconds timestamp) noexcept;

private:
    /// The text of one kind of order up to its first number, and the signature's state behind its whole blocks.
    struct Template {
        std::array<char, 256> text;
        std::uint16_t size;
        std::uint16_t started;  ///< characters that `start` has seen
        core::Signer::Start start;
    };
    static constexpr std::size_t kinds = 6;                  ///< four limits, market, stop
    static constexpr std::size_t templates = 2 * kinds + 2;  ///< per instrument: both sides, and two cancels
    struct Rules {
        core::Market market;
        std::uint8_t price_decimals, quantity_decimals;
        std::uint32_t first;  ///< index of its templates; `none` for other venues' instruments
    };
    static constexpr std::uint32_t none = 0xffffffff;

    void prepare(const core::Instrument& instrument);
    [[nodiscard]] const Template& template_of(const core::Order& order, const Rules& rules) const noexcept;
    char* write_numbers(char* to, const core::Order& order, const Rules& rules) const noexcept;

    core::Signer signer_;
    std::vector<Rules> rules_;  ///< by instrument
    std::vector<Template> templates_;
    const Template* used_{};  ///< by the last write()
    alignas(64) std::array<char, 1024> buffer_;
};

}  // namespace gateways::binance
