#pragma once

#include "tools/venue/engine/engine.hpp"

#include <map>
#include <utility>
#include <vector>

namespace venue {

/// Dead man's timers: when one runs out, the orders it stands for are cancelled and it is gone. `Scope` says which
/// orders of an account those are: a listing, a market, all.
template <class Scope>
class Countdowns {
public:
    /// From now on it runs out at `when`; an earlier one of the same account and scope is replaced.
    void set(AccountId account, Scope scope, core::Nanoseconds when) { ends_[{account, scope}] = when; }
    void stop(AccountId account, Scope scope) { ends_.erase({account, scope}); }
    /// Those that have run out; they are gone.
    std::vector<std::pair<AccountId, Scope>> take(core::Nanoseconds now) {
        std::vector<std::pair<AccountId, Scope>> due;
        std::erase_if(ends_, [&](const auto& one) {
            if (one.second > now) return false;
            due.push_back(one.first);
            return true;
        });
        return due;
    }

private:
    std::map<std::pair<AccountId, Scope>, core::Nanoseconds> ends_;
};

}  // namespace venue
