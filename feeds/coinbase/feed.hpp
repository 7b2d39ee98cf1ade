#pragma once

#include "feeds/coinbase/decoder.hpp"
#include "feeds/coinbase/synchroniser.hpp"
#include "feeds/feed.hpp"

namespace feeds::coinbase {

using Feed = feeds::Feed<Decoder, Synchroniser>;

}  // namespace feeds::coinbase
