#pragma once

#include "feeds/feed.hpp"
#include "feeds/kraken/decoder.hpp"
#include "feeds/kraken/synchroniser.hpp"

namespace feeds::kraken {

using Feed = feeds::Feed<Decoder, Synchroniser>;

}  // namespace feeds::kraken
