#pragma once

#include "pipeline/indicators/hot_batch.hpp"

#include <cstddef>

/// The hot indicators over a vector of lanes. Included by one source per instruction set, which is compiled for it.
/// Everything here has internal linkage, and nothing of the standard library is called that is not a builtin: what a
/// source compiled for AVX-512 emitted under a shared name, the linker might keep for every processor. A test reads the
/// object's symbols. The order of operations is that of the scalar classes, line by line: their headers say what and
/// why.
namespace pipeline::detail {
namespace {

/// V: a vector of doubles, M: of as many integers, as comparisons give them. Both come with
/// `root(V)` and `any(M)`.
template <class V, class M>
struct Kernel {
    static V all(double x) noexcept { return x - V{}; }
    static V choose(M mask, V yes, V no) noexcept { return mask ? yes : no; }
    static V greater_of(V a, V b) noexcept { return a < b ? b : a; }  // std::max, to the bit
    static V lesser_of(V a, V b) noexcept { return b < a ? b : a; }   // std::min
    static V true_range(V high, V low, V close) noexcept { return greater_of(high, close) - lesser_of(low, close); }
    static V movement(V forward, V backward) noexcept {
        return choose((forward > backward) & (forward > all(0)), all(1), all(0)) * forward;
    }
    static V magnitude(V x) noexcept { return choose(x < all(0), -x, x); }
    static V nothing() noexcept { return all(__builtin_nan("")); }

    explicit Kernel(const IndicatorSettings& s)
        : ema_n(s.ema_fast),
          rsi_n(s.rsi),
          atr_n(s.atr),
          adx_n(s.adx),
          ema_k(2.0 / (s.ema_fast + 1)),
          rsi_inverse(1.0 / s.rsi),
          atr_inverse(1.0 / s.atr),
          adx_inverse(1.0 / s.adx),
          ring_size(static_cast<std::size_t>(s.bollinger)),
          ring(new V[ring_size]{}),
          ring_inverse(1.0 / s.bollinger),
          band_k(s.bollinger_k) {}
    Kernel(const Kernel&) = delete;
    Kernel& operator=(const Kernel&) = delete;
    ~Kernel() { delete[] ring; }

    V add_ema(V x) noexcept {
        if (ema_count == ema_n) [[likely]]
            return ema += ema_k * (x - ema);
        ema += x;
        if (++ema_count < ema_n) return nothing();
        return ema /= all(ema_n);
    }

    V add_rsi(V x) noexcept {
        const V change = x - rsi_previous;
        const V up = greater_of(change, all(0)), down = greater_of(-change, all(0));
        rsi_previous = x;
        if (rsi_count > rsi_n) [[likely]] {
            gain += (up - gain) * rsi_inverse;
            loss += (down - loss) * rsi_inverse;
        } else {
            if (rsi_count++ == 0) return nothing();
            gain += up;
            loss += down;
            if (rsi_count <= rsi_n) return nothing();
            gain /= all(rsi_n);
            loss /= all(rsi_n);
        }
        return 100 * gain / (gain + loss);
    }

    V add_atr(V range) noexcept {
        if (atr_count > atr_n) [[likely]]
            return atr += (range - atr) * atr_inverse;
        if (atr_count++ == 0) return nothing();
        atr += range;
        if (atr_count <= atr_n) return nothing();
        return atr /= all(atr_n);
    }

    void add_adx(V up, V down, V range, V& plus_di, V& minus_di, V& average) noexcept {
        if (adx_count < adx_n) [[unlikely]] {
            if (adx_count++ != 0) {
                plus += movement(up, down);
                minus += movement(down, up);
                ranges += range;
            }
            plus_di = minus_di = average = nothing();
            return;
        }
        plus += movement(up, down) - plus * adx_inverse;
        minus += movement(down, up) - minus * adx_inverse;
        ranges += range - ranges * adx_inverse;
        const V scale = 100 / ranges, both = plus + minus;
        const M known = ranges > all(0), moved = known & (both > all(0));
        const bool averaging = averaged < adx_n;
        const V dx = choose(moved, 100 * magnitude(plus - minus) / both, averaging ? all(0) : adx);
        if (averaging) [[unlikely]] {
            adx += dx;
            if (++averaged == adx_n) adx /= all(adx_n);
        } else {
            adx += (dx - adx) * adx_inverse;
        }
        plus_di = choose(known, plus * scale, nothing());
        minus_di = choose(known, minus * scale, nothing());
        average = averaged < adx_n ? nothing() : adx;
    }

    /// The ring's sums about `about`, in the lanes of `mask`.
    [[gnu::noinline]] void resum(M mask, V about) noexcept {
        V total = all(0), total_squares = all(0);
        for (std::size_t i = 0; i < ring_size; ++i) {
            const V d = ring[i] - about;
            total += d;
            total_squares += d * d;
        }
        centre = choose(mask, about, centre);
        sum = choose(mask, total, sum);
        squares = choose(mask, total_squares, squares);
        peak = choose(mask, total_squares, peak);
    }

    void add_window(V x) noexcept {
        const V old = ring[ring_next];
        ring[ring_next] = x;
        const bool was_full = ring_full;
        if (++ring_next == ring_size) {
            ring_next = 0;
            ring_full = true;
            const V zero = all(0);
            resum(zero == all(0), x);  // every lane
            return;
        }
        if (!was_full) return;
        const V in = x - centre, out = old - centre;
        sum += in - out;
        squares += in * in - out * out;
        peak = greater_of(peak, squares);
        const M fell = squares - sum * sum * ring_inverse < 1e-6 * peak;
        if (any(fell)) [[unlikely]]
            resum(fell, x);
    }

    void add_bands(V x, V& lower, V& middle, V& upper) noexcept {
        add_window(x);
        if (!ring_full) [[unlikely]] {
            lower = middle = upper = nothing();
            return;
        }
        middle = centre + sum * ring_inverse;
        const V away = sum * ring_inverse;
        const V width = root(greater_of(all(0), squares * ring_inverse - away * away));
        lower = middle - band_k * width;
        upper = middle + band_k * width;
    }

    static V load(const Lanes& from, std::size_t first) noexcept {
        V v;
        __builtin_memcpy(&v, from.lane + first, sizeof v);
        return v;
    }
    static void store(Lanes& to, std::size_t first, V v) noexcept { __builtin_memcpy(to.lane + first, &v, sizeof v); }

    void add(const BarOfEight& bar, HotOfEight& out, std::size_t first) noexcept {
        const V bar_high = load(bar.high, first), bar_low = load(bar.low, first), bar_close = load(bar.close, first);
        store(out.ema, first, add_ema(bar_close));
        store(out.rsi, first, add_rsi(bar_close));
        const V range = true_range(bar_high, bar_low, close);
        store(out.atr, first, add_atr(range));
        V a, b, c;
        add_adx(bar_high - high, low - bar_low, range, a, b, c);
        store(out.plus_di, first, a);
        store(out.minus_di, first, b);
        store(out.adx, first, c);
        high = bar_high;
        low = bar_low;
        close = bar_close;
        add_bands(bar_close, a, b, c);
        store(out.bollinger_lower, first, a);
        store(out.bollinger_middle, first, b);
        store(out.bollinger_upper, first, c);
    }

    int ema_n, rsi_n, atr_n, adx_n;
    int ema_count{}, rsi_count{}, atr_count{}, adx_count{}, averaged{};
    double ema_k, rsi_inverse, atr_inverse, adx_inverse;
    V ema{}, rsi_previous{}, gain{}, loss{}, atr{}, high{}, low{}, close{};
    V plus{}, minus{}, ranges{}, adx{};
    std::size_t ring_size;
    V* ring;  // no container: its functions would be shared ones
    std::size_t ring_next{};
    bool ring_full{};
    double ring_inverse, band_k;
    V centre{}, sum{}, squares{}, peak{};
};

template <class V, class M>
struct KernelEngine {
    static constexpr std::size_t width = sizeof(V) / sizeof(double);
    Kernel<V, M> kernels[batch_lanes / width];

    explicit KernelEngine(const IndicatorSettings& settings) requires(width == batch_lanes)
        : kernels{Kernel<V, M>{settings}} {}
    explicit KernelEngine(const IndicatorSettings& settings) requires(width * 2 == batch_lanes)
        : kernels{Kernel<V, M>{settings}, Kernel<V, M>{settings}} {}

    static void add(void* state, const BarOfEight* bars, HotOfEight* out, std::size_t count) noexcept {
        auto& kernels = static_cast<KernelEngine*>(state)->kernels;
        for (std::size_t i = 0; i < count; ++i)
            for (std::size_t half = 0; half < batch_lanes / width; ++half)
                kernels[half].add(bars[i], out[i], half * width);
    }
    static void destroy(void* state) noexcept { delete static_cast<KernelEngine*>(state); }
    static HotEngine make(const IndicatorSettings& settings) { return {new KernelEngine{settings}, destroy, add}; }
};

}  // namespace
}  // namespace pipeline::detail
