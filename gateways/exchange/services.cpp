#include "gateways/binance/exchange_service.hpp"
#include "gateways/bitget/exchange_service.hpp"
#include "gateways/bybit/exchange_service.hpp"
#include "gateways/exchange/service.hpp"
#include "gateways/okx/exchange_service.hpp"

namespace gateways::exchange {

std::unique_ptr<Service> make_service(core::Venue venue) {
    switch (venue) {
        case core::Venue::binance: return std::make_unique<binance::ExchangeService>();
        case core::Venue::bitget: return std::make_unique<bitget::ExchangeService>();
        case core::Venue::bybit: return std::make_unique<bybit::ExchangeService>();
        case core::Venue::okx: return std::make_unique<okx::ExchangeService>();
        default: return nullptr;
    }
}

}  // namespace gateways::exchange
