// Compares `omega indicators` with TA-Lib itself, bar by bar, to 1e-9 relative.
// Usage: node compare.cjs OMEGA CANDLES.csv[.zst]
// TA-Lib is the package talib-web (the C sources as WebAssembly): `npm ci --prefix tests/tools/talib`, which tools/test.sh does where npm is.
// Exit code: 0 they agree, 1 they differ, 77 skipped (the package or the candles are not there).
'use strict';
const {execFileSync} = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

// Nothing here may reach the network, and without fetch the package reads its own file.
delete globalThis.fetch;

const [omega, candles] = process.argv.slice(2);

function skip(why) {
  console.log(`skipped: ${why}`);
  process.exit(77);
}

if (!candles || !fs.existsSync(candles)) skip('no ../shared/data');
let talib, wasm;
try {
  wasm = path.join(path.dirname(require.resolve('talib-web')), 'talib.wasm');
  talib = require('talib-web');
} catch {
  skip('the package talib-web is not installed (npm ci --prefix tests/tools/talib)');
}

const rows = execFileSync(omega, ['indicators', candles, '--json'], {maxBuffer: 1 << 30})
  .toString().trim().split('\n').map(line => JSON.parse(line));
const column = name => rows.map(row => Number(row[name]));
const [high, low, close, volume] = ['high', 'low', 'close', 'volume'].map(column);
const bar = {high, low, close};

// What "relative" is relative to where a value may cross 0: the size such values usually have.
const price = close[close.length - 1];
const ofPrice = 1e-4 * price, ofHundred = 1;
let worst = 0, failures = 0;

/** Our column against TA-Lib's values, which begin at index `first` and are followed by garbage. */
function compare(name, first, theirs, natural = 0) {
  for (let i = first; i < rows.length; ++i) {
    const a = rows[i][name], b = theirs[i - first];
    const error = a === null ? Infinity : Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b), natural, 1e-300);
    if (a !== b && error <= 1e-9) worst = Math.max(worst, error);
    if (a === b || error <= 1e-9) continue;
    console.log(`${name} at ${i}: ${a} but TA-Lib says ${b}`);
    ++failures;
    return;
  }
  console.log(`${name}: ${rows.length - first} bars agree`);
}

async function main() {
  await talib.init(wasm);
  compare('sma20', 19, talib.SMA({inReal: close, timePeriod: 20}).output);
  compare('ema12', 11, talib.EMA({inReal: close, timePeriod: 12}).output);
  compare('ema26', 25, talib.EMA({inReal: close, timePeriod: 26}).output);
  compare('wma10', 9, talib.WMA({inReal: close, timePeriod: 10}).output);
  compare('rsi14', 14, talib.RSI({inReal: close, timePeriod: 14}).output);
  const macd = talib.MACD({inReal: close, fastPeriod: 12, slowPeriod: 26, signalPeriod: 9});
  compare('macd', 33, macd.MACD, ofPrice);
  compare('macd_signal', 33, macd.MACDSignal, ofPrice);
  compare('macd_histogram', 33, macd.MACDHist, ofPrice);
  compare('tr', 1, talib.TRANGE(bar).output, ofPrice);
  compare('atr14', 14, talib.ATR({...bar, timePeriod: 14}).output);
  // talib-web gives TA-Lib one address for two results, which spoils the functions that work in several steps: bands and
  // stochastic are therefore composed of TA-Lib's simple ones.
  const mean = talib.SMA({inReal: close, timePeriod: 20}).output;
  const variance = talib.VAR({inReal: close, timePeriod: 20, nbDev: 1}).output;
  const band = k => mean.map((m, i) => m + k * Math.sqrt(Math.max(0, variance[i])));
  compare('bollinger_upper', 19, band(2));
  compare('bollinger_middle', 19, mean);
  compare('bollinger_lower', 19, band(-2));
  compare('plus_di14', 14, talib.PLUS_DI({...bar, timePeriod: 14}).output, ofHundred);
  compare('minus_di14', 14, talib.MINUS_DI({...bar, timePeriod: 14}).output, ofHundred);
  compare('adx14', 27, talib.ADX({...bar, timePeriod: 14}).output, ofHundred);
  const top = talib.MAX({inReal: high, timePeriod: 5}).output, bottom = talib.MIN({inReal: low, timePeriod: 5}).output;
  const k = close.slice(4).map((c, i) => top[i] > bottom[i] ? 100 * (c - bottom[i]) / (top[i] - bottom[i]) : 0);
  const slowK = talib.SMA({inReal: k, timePeriod: 3}).output.slice(0, k.length - 2);
  const slowD = talib.SMA({inReal: slowK, timePeriod: 3}).output;
  compare('stochastic_k', 4, k, ofHundred);
  compare('stochastic_slow_k', 6, slowK, ofHundred);
  compare('stochastic_slow_d', 8, slowD, ofHundred);
  compare('obv', 0, talib.OBV({inReal: close, volume}).output, 1);
  compare('cci20', 19, talib.CCI({...bar, timePeriod: 20}).output, 100);
  compare('momentum10', 10, talib.MOM({inReal: close, timePeriod: 10}).output, ofPrice);
  compare('roc10_bps', 10, talib.ROC({inReal: close, timePeriod: 10}).output.map(percent => percent * 100), 1);
  console.log(`largest relative difference ${worst.toExponential(1)}`);
  process.exit(failures === 0 ? 0 : 1);
}

main().catch(error => {
  console.error(error);
  process.exit(1);
});
