#pragma once

namespace pipeline {

/// On-balance volume: begins with the first volume; a higher close adds, a lower one takes away. Known from index 0.
/// Source: TA-Lib OBV.
class Obv {
public:
    double add(double close, double volume) noexcept {
        const bool up = close > previous_ || !begun_;
        value_ += up ? volume : close < previous_ ? -volume : 0;
        begun_ = true;
        previous_ = close;
        return value_;
    }

private:
    bool begun_{};
    double previous_{}, value_{};
};

}  // namespace pipeline
