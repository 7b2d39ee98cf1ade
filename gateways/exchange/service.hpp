#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/result.hpp"
#include "gateways/exchange/arguments.hpp"
#include "gateways/exchange/call.hpp"
#include "gateways/exchange/error.hpp"
#include "gateways/exchange/market.hpp"
#include "gateways/exchange/request.hpp"
#include "gateways/exchange/unified.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace gateways::exchange {

/// What a call may use besides its arguments.
struct Context {
    const MarketTable& markets;
    /// Text for a client order id where a venue demands one and the caller gave none; "" then refuses the call.
    std::string fresh_id{};
};

template <class T>
using Expected = core::Result<T, ApiError>;

/// The unified calls of one venue: requests are built and answers read, all of it pure; sockets live elsewhere.
class Service {
public:
    virtual ~Service() = default;
    Service() = default;
    Service(const Service&) = delete;
    Service& operator=(const Service&) = delete;

    [[nodiscard]] virtual core::Venue venue() const noexcept = 0;

    /// The requests of a call, in their order; more than one where the venue splits what ccxt has in one (markets of
    /// three hosts). Errors: bad_request, not_supported, invalid_order (of what can be seen before asking).
    [[nodiscard]] virtual Expected<std::vector<Request>> build(Call call, const Arguments& arguments,
                                                               const Context& context) const = 0;

    /// Reads the answer to one request of a call. Errors: the venue's own, typed; unknown_outcome when a writing call
    /// was answered by a broken server; malformed.
    [[nodiscard]] virtual Expected<Unified> parse(Call call, const Arguments& arguments, const Context& context,
                                                  const Request& request, const Response& response) const = 0;

    /// Markets from a venue's recorded answer to fetch_markets, whichever of its hosts it came from.
    [[nodiscard]] virtual Expected<std::vector<Market>> parse_markets(const Value& answer) const = 0;

    /// The main pairs, with the precision the venue had when they were written down; for use without a recorded answer.
    [[nodiscard]] virtual const std::vector<Market>& main_markets() const = 0;

    /// The request as it goes out: encoded, and signed if it is private and keys are given. `timestamp` is the venue's
    /// clock. Without keys a private request comes out unsigned, to be looked at.
    [[nodiscard]] virtual WireRequest prepare(const Request& request, const Credentials* keys,
                                              core::Nanoseconds timestamp, Environment environment) const = 0;
};

/// The service of a venue, or nullptr where there is none.
std::unique_ptr<Service> make_service(core::Venue venue);

/// Sends one request: status, headers and body of the answer; without one `network` when the venue certainly did not
/// get the request, else `unknown_outcome`.
using Transport = std::function<Expected<Response>(const WireRequest&)>;

/// One call from beginning to end: build, sign, send, read, merge. What is an unknown_outcome of a writing call is
/// `network` of a reading one, which may just be repeated.
Expected<Unified> perform(const Service& service, Call call, const Arguments& arguments, const Context& context,
                          const Credentials* keys, const std::function<core::Nanoseconds()>& clock,
                          Environment environment, const Transport& transport);

/// The table that a call uses: the venue's recorded answer or our own output of fetch_markets, else its main pairs.
Expected<MarketTable> read_markets(const Service& service, std::string_view json);
MarketTable main_market_table(const Service& service);

/// The market of a unified symbol, or bad_request that says how to name it.
Expected<const Market*> market_named(const Context& context, std::string_view symbol);

/// The answer's JSON document, or why there is none: an empty or broken body of a server error is maintenance of a
/// reading call and an unknown_outcome of a writing one.
Expected<Value> document_of(Call call, const Response& response);

}  // namespace gateways::exchange
