// What differs between the dialects when ccxt drives them. A new dialect is an entry here and a line in CMakeLists.txt.
export const dialects = {
  binance: {
    swap_amount: 0.01,  // in base units
    prepare(ex, base) {
      ex.urls.api.ws.spot = `ws://${base}/stream/ws`;  // ccxt knows spot by '/stream' in the URL
      // Its table of error codes is chosen by the venue's host: here by the path that goes with it.
      const chosen = ex.getExceptionsByUrl.bind(ex);
      ex.getExceptionsByUrl = (url, ...rest) => {
        const path = url.slice(url.indexOf('/', 8));
        return chosen(`https://${path.startsWith('/fapi') ? 'fapi' : 'api'}.${ex.hostname ?? 'binance.com'}${path}`, ...rest);
      };
    },
    against_the_rules: ex => ex.createOrder('BTC/USDT', 'limit', 'buy', 200000, 1000),
    faults: {429: 'DDoSProtection', 418: 'DDoSProtection', '5xx': 'OperationFailed'},
    wrong_clock: 'InvalidNonce',
  },
  okx: {
    swap_amount: 1,  // contracts
    leverage_params: {marginMode: 'cross'},
    open_stops_params: {ordType: 'conditional'},
    market_params: symbol => (symbol.includes(':') ? {} : {tgtCcy: 'base_ccy'}),
    against_the_rules: ex => ex.createOrder('BTC/USDT', 'limit', 'buy', 200000, 1000),
    faults: {429: 'RateLimitExceeded', '5xx': 'ExchangeNotAvailable', maintenance: 'ExchangeNotAvailable'},
    wrong_clock: 'InvalidNonce',
  },
  bitget: {
    swap_amount: 0.01,
    // Spot buys at the market for an amount: what the book asks for this quantity, and a little for the rounding.
    async market_params(symbol, ex, amount) {
      if (symbol.includes(':')) return {};
      let cost = 0;
      for (const [price, size] of (await ex.fetchOrderBook(symbol, 50)).asks) {
        const taken = Math.min(size, amount);
        cost += price * taken;
        amount -= taken;
      }
      return {cost: cost + 0.01};
    },
    stop_params: {triggerType: 'fill_price'},
    open_stops_params: {planType: 'profit_loss'},
    against_the_rules: ex => ex.createOrder('BTC/USDT', 'limit', 'buy', 0.00002, 1000),
    faults: {429: 'DDoSProtection', '5xx': 'ExchangeError', maintenance: 'ExchangeError'},
    wrong_clock: 'InvalidNonce',
  },
  bybit: {
    swap_amount: 0.01,
    async prepare(ex) {
      await ex.loadTimeDifference();  // a stamp may be 1 s ahead of the venue, no more
      ex.options.fetchOrder = {...ex.options.fetchOrder, acknowledged: true};
    },
    against_the_rules: ex => ex.createOrder('BTC/USDT', 'limit', 'buy', 0.00002, 1000),
    faults: {429: 'RateLimitExceeded', 418: 'RateLimitExceeded', '5xx': 'ExchangeError'},
    wrong_clock: 'InvalidNonce',
  },
};
