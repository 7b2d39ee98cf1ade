#pragma once

#include "tools/omega/live/budgets.hpp"
#include "tools/omega/live/net.hpp"
#include "tools/omega/live/questions.hpp"
#include "tools/omega/live/settings.hpp"

#include <utility>
#include <vector>

namespace omega {

/// The ways to the venues of a run, for its questions at the start: each request is paid for.
class Ways {
public:
    /// Both outlive it.
    Ways(Net& net, Budgets& budgets) : net_{&net}, budgets_{&budgets} {}

    /// For a call with these requests.
    [[nodiscard]] gateways::exchange::Transport to(core::Venue venue, const VenueSettings& configured,
                                                   std::vector<gateways::exchange::Request> requests = {}) const {
        return paying(blocking_transport(*net_, configured.rest), venue, budgets_->of(venue), std::move(requests));
    }

private:
    Net* net_;
    Budgets* budgets_;
};

}  // namespace omega
