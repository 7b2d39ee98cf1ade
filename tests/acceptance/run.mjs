// Drives `omega venue` by ccxt, a client that is not ours: REST and WebSocket, spot and perpetual.
// Usage: node run.mjs OMEGA DIALECT        (npm ci --prefix tests/acceptance installs ccxt)
// Exit code: 0 everything accepted, 1 something was not, 77 skipped (ccxt is not installed).
import {spawn} from 'node:child_process';
import {createInterface} from 'node:readline';
import {dialects} from './dialects.mjs';
import assert from 'node:assert/strict';

const [omega, id] = process.argv.slice(2);
let ccxt;
try {
  ccxt = (await import('ccxt')).default;
} catch {
  console.log('skipped: the package ccxt is not installed (npm ci --prefix tests/acceptance)');
  process.exit(77);
}
const dialect = dialects[id];
assert.ok(dialect, `no dialect ${id}`);

const child = spawn(omega, ['venue', '--dialect', id, '--listen', '127.0.0.1:0', '--warm-up', '5m', '--events', '5', '--hold', '--json'],
                    {stdio: ['ignore', 'pipe', 'inherit']});
const stopped = new Promise(resolve => child.on('exit', (code, signal) => resolve({code, signal})));
const first = await new Promise((resolve, reject) => {
  createInterface({input: child.stdout}).once('line', line => resolve(JSON.parse(line)));
  child.once('exit', code => reject(new Error(`omega venue ended with ${code}`)));
});
const base = first.listening;

async function sim(path, body, method = 'POST') {
  const reply = await fetch(`http://${base}/sim/${path}`, {method, body: body && JSON.stringify(body)});
  const answer = await reply.json();
  assert.equal(reply.status, 200, `${path}: ${JSON.stringify(answer)}`);
  return answer;
}

/// A client of this dialect, every URL of it turned to the simulator.
async function client(overrides = {}) {
  const ex = new ccxt.pro[id]({apiKey: first.account.key, secret: first.account.secret,
                               password: first.account.passphrase, enableRateLimit: false, ...overrides});
  const turn = o => {
    for (const k in o) {
      const v = o[k];
      if (typeof v === 'string')
        o[k] = v.replace(/^https?:\/\/[^/]+/, `http://${base}`).replace(/^wss?:\/\/[^/]+/, `ws://${base}`);
      else if (v && typeof v === 'object') turn(v);
    }
  };
  for (const k of ['api', 'test', 'demo', 'demotrading']) if (ex.urls[k]) turn(ex.urls[k]);
  await ex.loadHttpProxyAgent();
  await dialect.prepare?.(ex, base);
  return ex;
}

let failed = 0, passed = 0;
async function check(name, what) {
  let timer;
  const late = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error('took more than 20 s')), 20e3); });
  try {
    await Promise.race([what(), late]);
    ++passed;
    console.log(`ok - ${name}`);
  } catch (error) {
    ++failed;
    console.log(`FAIL - ${name}: ${error.stack ?? error}`);
  } finally {
    clearTimeout(timer);
  }
}
const close = (a, b, why) => assert.ok(Math.abs(a - b) < 1e-7 * Math.max(1, Math.abs(b)), `${why}: ${a}, expected ${b}`);
async function refused(kind, what) {
  await assert.rejects(what, error => {
    assert.ok(error instanceof ccxt[kind], `expected ${kind}, got ${error.constructor.name}: ${error.message}`);
    return true;
  });
}

const spot = 'BTC/USDT', swap = 'BTC/USDT:USDT';
const ex = await client();
const venue_symbol = s => ex.market(s).id;
const best = side => Array.from(side).slice(0, 10).map(level => [level[0], level[1]]);
const kind_of = s => (s === spot ? 'spot' : 'linear');
const move = (s, price) => sim('trade', {symbol: venue_symbol(s), market: kind_of(s), price: String(price)});
const tick = price => Math.round(price * 10) / 10;

await check('loadMarkets', async () => {
  const markets = await ex.loadMarkets();
  assert.equal(markets[spot].type, 'spot');
  assert.equal(markets[swap].type, 'swap');
  assert.equal(markets[swap].linear, true);
});

for (const s of [spot, swap]) {
  await check(`fetchTicker ${s}`, async () => {
    const t = await ex.fetchTicker(s);
    assert.ok(t.last > 0 && t.high >= t.low, JSON.stringify(t));
  });
  await check(`fetchOrderBook ${s}`, async () => {
    const b = await ex.fetchOrderBook(s, 20);
    assert.ok(b.bids.length > 5 && b.asks.length > 5);
    assert.ok(b.bids[0][0] < b.asks[0][0] && b.bids[0][0] > b.bids[1][0] && b.asks[0][0] < b.asks[1][0]);
  });
  await check(`fetchOHLCV ${s}`, async () => {
    const bars = await ex.fetchOHLCV(s, '1m');
    assert.ok(bars.length >= 4, `${bars.length} bars`);
    for (let i = 1; i < bars.length; ++i) {
      assert.equal(bars[i][0] - bars[i - 1][0], 60e3);
      assert.ok(bars[i][2] >= bars[i][3]);
    }
  });
  await check(`fetchTrades ${s}`, async () => {
    const trades = await ex.fetchTrades(s);
    assert.ok(trades.length > 0 && trades[0].price > 0);
  });
}

await check('fetchBalance', async () => {
  const b = await ex.fetchBalance();
  assert.ok(b.USDT.free >= 100000 && b.BTC.free === 2, JSON.stringify({USDT: b.USDT, BTC: b.BTC}));
});
await check('fetchPositions, none', async () => {
  const held = (await ex.fetchPositions([swap])).filter(p => p.contracts);
  assert.equal(held.length, 0);
});

for (const s of [spot, swap]) {
  const amount = s === spot ? 0.01 : dialect.swap_amount;
  await check(`limit order, edit, cancel ${s}`, async () => {
    const book = await ex.fetchOrderBook(s, 5);
    const price = tick(book.bids[0][0] * 0.99);
    const made = await ex.createOrder(s, 'limit', 'buy', amount, price);
    const open = await ex.fetchOpenOrders(s);
    assert.equal(open.length, 1);
    assert.equal(open[0].id, made.id);
    close(open[0].price, price, 'price');
    close(open[0].amount, amount, 'amount');
    const better = tick(price * 1.001);
    const edited = await ex.editOrder(made.id, s, 'limit', 'buy', amount * 2, better);
    const now = (await ex.fetchOpenOrders(s))[0];
    close(now.price, better, 'edited price');
    close(now.amount, amount * 2, 'edited amount');
    await ex.cancelOrder(edited.id ?? now.id, s);
    assert.equal((await ex.fetchOpenOrders(s)).length, 0);
    const seen = await ex.fetchOrder(now.id, s);
    assert.equal(seen.status, 'canceled');
  });
  await check(`market order and its trades ${s}`, async () => {
    const made = await ex.createOrder(s, 'market', 'buy', amount, undefined, await dialect.market_params?.(s, ex, amount) ?? {});
    const order = await ex.fetchOrder(made.id, s);
    assert.equal(order.status, 'closed');
    close(order.filled, amount, 'filled');
    const trades = (await ex.fetchMyTrades(s)).filter(t => t.order === made.id);
    close(trades.reduce((sum, t) => sum + t.amount, 0), amount, 'sum of trades');
    assert.ok(trades.every(t => t.fee.cost > 0 && t.takerOrMaker === 'taker'), JSON.stringify(trades[0]));
  });
}

await check('positions, leverage and reduce-only', async () => {
  const held = (await ex.fetchPositions([swap])).filter(p => p.contracts);
  assert.equal(held.length, 1);
  close(held[0].contracts, dialect.swap_amount, 'contracts');
  assert.equal(held[0].side, 'long');
  assert.ok(held[0].entryPrice > 0);
  await ex.setLeverage(10, swap, dialect.leverage_params ?? {});
  await ex.createOrder(swap, 'market', 'sell', dialect.swap_amount, undefined, {reduceOnly: true});
  assert.equal((await ex.fetchPositions([swap])).filter(p => p.contracts).length, 0);
});

await check('stop order waits, is released by the market, and closes', async () => {
  await ex.createOrder(swap, 'market', 'buy', dialect.swap_amount);
  const last = (await ex.fetchTicker(swap)).last;
  const trigger = tick(last * 0.995);
  const stop = await ex.createOrder(swap, 'market', 'sell', dialect.swap_amount, undefined,
                                    {stopLossPrice: trigger, reduceOnly: true, ...dialect.stop_params});
  assert.ok(stop.id);
  const waiting = await ex.fetchOpenOrders(swap, undefined, undefined, {stop: true, trigger: true, ...dialect.open_stops_params});
  assert.equal(waiting.length, 1);
  close(waiting[0].triggerPrice ?? waiting[0].stopPrice ?? waiting[0].stopLossPrice, trigger, 'trigger');
  await move(swap, tick(last * 0.994));
  assert.equal((await ex.fetchPositions([swap])).filter(p => p.contracts).length, 0);
});

await check('a resting order is filled by the market that comes to it', async () => {
  const last = (await ex.fetchTicker(spot)).last;
  const price = tick(last * 0.998);
  const made = await ex.createOrder(spot, 'limit', 'buy', 0.01, price);
  await move(spot, tick(last * 0.997));
  const order = await ex.fetchOrder(made.id, spot);
  assert.equal(order.status, 'closed');
  const [trade] = (await ex.fetchMyTrades(spot)).filter(t => t.order === made.id);
  assert.equal(trade.takerOrMaker, 'maker');
  close(trade.price, price, 'price');
});

await sim('hold', {held: false});
for (const s of [spot, swap]) {
  await check(`watchOrderBook ${s}`, async () => {
    let book, nonce = -1;
    for (let i = 0; i < 10; ++i) {
      book = await ex.watchOrderBook(s);
      assert.ok(book.bids.length > 5 && book.bids[0][0] < book.asks[0][0],
                JSON.stringify([best(book.bids), best(book.asks)]));
      if (book.nonce !== undefined) assert.ok(book.nonce >= nonce);
      nonce = book.nonce ?? nonce;
    }
    // The book kept by increments is the book that REST shows.
    await sim('hold', {held: true});
    for (let i = 0; i < 40; ++i) {
      const rest = await ex.fetchOrderBook(s, 20);
      const kept = ex.orderbooks[s];
      try {
        assert.deepEqual(best(kept.bids), best(rest.bids));
        assert.deepEqual(best(kept.asks), best(rest.asks));
        break;
      } catch (error) {
        if (i === 39) throw error;
        await ex.sleep(50);
      }
    }
    await sim('hold', {held: false});
  });
  await check(`watchTrades ${s}`, async () => {
    const seen = ex.watchTrades(s);
    seen.catch(() => {});  // if something else fails first
    const last = (await ex.fetchTicker(s)).last;
    await move(s, tick(last * 1.0005));
    const trades = await seen;
    assert.ok(trades.length > 0 && trades[0].price > 0 && trades[0].symbol === s);
  });
  await check(`watchOrders ${s}`, async () => {
    const amount = s === spot ? 0.01 : dialect.swap_amount;
    let seen = ex.watchOrders(s);
    seen.catch(() => {});
    await ex.sleep(500);  // ccxt begins to wait some time after the subscription's answer, and says nothing of it
    const price = tick((await ex.fetchTicker(s)).last * 0.98);
    const made = await ex.createOrder(s, 'limit', 'buy', amount, price);
    let order = (await seen).find(o => o.id === made.id);
    assert.equal(order?.status, 'open');
    seen = ex.watchOrders(s);
    await ex.cancelOrder(made.id, s);
    order = (await seen).filter(o => o.id === made.id).at(-1);
    assert.equal(order?.status, 'canceled');
  });
}
await sim('hold', {held: true});

await check('errors: wrong secret', async () => {
  const wrong = await client({secret: 'not it'});
  await refused('AuthenticationError', () => wrong.fetchBalance());
  await wrong.close();
});
await check('errors: not enough money', () =>
  refused('InsufficientFunds', () => ex.createOrder(spot, 'limit', 'buy', 50, 50000)));
await check('errors: not enough margin', () =>
  refused('InsufficientFunds', () => ex.createOrder(swap, 'limit', 'buy', 5000 * dialect.swap_amount, 60000)));
await check('errors: cancel of an order that is not there', () =>
  refused('OrderNotFound', () => ex.cancelOrder('987654321', spot)));
await check('errors: order against the rules', () =>
  refused('InvalidOrder', () => dialect.against_the_rules(ex)));
for (const [kind, want] of Object.entries(dialect.faults)) {
  await check(`errors: ${kind}`, async () => {
    await sim('faults', {kind, count: 1});
    await refused(want, () => ex.fetchTicker(spot));
    await sim('faults', undefined, 'DELETE');
    assert.ok((await ex.fetchTicker(spot)).last > 0);
  });
}
await check('errors: a clock that is wrong', async () => {
  await sim('clock', {ahead: '90s'});
  await refused(dialect.wrong_clock, () => ex.fetchBalance());
});

await ex.close();
child.kill('SIGTERM');
const begun = Date.now();
const end = await Promise.race([stopped, new Promise(r => setTimeout(r, 3000, 'late'))]);
await check('SIGTERM ends it within 3 s', async () => {
  assert.notEqual(end, 'late');
  assert.equal(end.code, 0);
  assert.ok(Date.now() - begun < 3000);
});
if (end === 'late') child.kill('SIGKILL');
console.log(`${passed} accepted, ${failed} not`);
process.exit(failed ? 1 : 0);
