#include <immintrin.h>

namespace pipeline::detail {

using Four = double __attribute__((vector_size(32)));
using FourMasks = long long __attribute__((vector_size(32)));

inline Four root(Four x) noexcept {
    return _mm256_sqrt_pd(x);
}

}  // namespace pipeline::detail

#include "pipeline/indicators/hot_kernel.hpp"

namespace pipeline::detail {

std::unique_ptr<HotBatch::Engine> make_avx2_engine(const IndicatorSettings& settings) {
    return std::make_unique<KernelEngine<Four, FourMasks>>(settings);
}

}  // namespace pipeline::detail
