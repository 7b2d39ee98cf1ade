#include "gateways/binance/exchange_service.hpp"
#include "gateways/bitget/exchange_service.hpp"
#include "gateways/exchange/service.hpp"

namespace gateways::exchange {

std::unique_ptr<Service> make_service(core::Venue venue) {
    switch (venue) {
        case core::Venue::binance: return std::make_unique<binance::ExchangeService>();
        case core::Venue::bitget: return std::make_unique<bitget::ExchangeService>();
        default: return nullptr;
    }
}

}  // namespace gateways::exchange
