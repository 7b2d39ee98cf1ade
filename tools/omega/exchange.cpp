#include "tools/omega/exchange.hpp"

#include "core/net/keystore.hpp"
#include "tools/omega/live/host_budget.hpp"
#include "tools/omega/live/questions.hpp"

#include <fmt/format.h>

#include <chrono>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <random>

namespace omega {

namespace {

using namespace gateways::exchange;
constexpr int done = 0, refused_by_venue = 1, wrong_usage = 2, not_reached = 3;

std::optional<std::string> read_file(const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    if (!file) return std::nullopt;
    std::string text{std::istreambuf_iterator<char>{file}, {}};
    if (file.bad()) return std::nullopt;
    return text;
}

int exit_code_of(const ApiError& error) noexcept {
    switch (error.kind) {
        case ErrorKind::network:
        case ErrorKind::maintenance:
        case ErrorKind::unknown_outcome: return not_reached;
        case ErrorKind::bad_request:
        case ErrorKind::not_supported: return error.status == 0 ? wrong_usage : refused_by_venue;
        case ErrorKind::malformed: return wrong_usage;
        default: return refused_by_venue;
    }
}

/// A request for a reader's eyes: no key, signature or passphrase in it.
Value shown(const WireRequest& wire, const Request& request) {
    auto headers = Value::object();
    for (const auto& header : wire.headers) headers.set(header.name, header.secret ? "***" : header.value);
    auto json = Value::object();
    json.set("method", name(wire.method)).set("url", wire.base + request.path);
    auto query = Value::object();
    for (std::size_t i = 0; i < request.query.size(); ++i) {
        const auto& value = request.query.items()[i];
        query.set(request.query.keys()[i], value.is_array() || value.is_object() ? value.write() : value.text());
    }
    json.set("query", std::move(query)).set("headers", std::move(headers));
    switch (request.body_kind) {
        case BodyKind::none: json.set("body", Value{}); break;
        case BodyKind::form: json.set("body", query_string(request.body)); break;
        case BodyKind::json: json.set("body", request.body); break;
    }
    return json;
}

/// The account's keys, or nothing unless key and secret are in the environment.
std::optional<Credentials> keys_of(core::Venue venue) {
    const auto name = core::name(venue);
    auto found = core::credential_from_environment(name, name);
    if (!found) return std::nullopt;
    return Credentials{
        .key = std::move(found->key), .secret = std::move(found->secret), .passphrase = std::move(found->passphrase)};
}

core::Nanoseconds now() {
    return std::chrono::duration_cast<core::Nanoseconds>(std::chrono::system_clock::now().time_since_epoch());
}

constexpr std::string_view client_id_options[] = {"clientOrderId", "newClientOrderId", "clientAlgoId", "clientOid",
                                                  "orderLinkId",   "clOrdId",          "algoClOrdId"};

/// A client order id that no engine takes for its own, in the grammar of every venue: letters and digits, 28 of them.
std::string fresh_client_id() {
    std::random_device chance;
    return fmt::format("hand{:016x}{:08x}", static_cast<std::uint64_t>(now().count()), chance());
}

/// The id that the options of an order name; else a fresh one, which they name from now on.
std::string named_in(Value& params) {
    for (const auto option : client_id_options)
        if (const auto& given = params[option].text(); !given.empty()) return given;
    auto id = fresh_client_id();
    params.set("clientOrderId", id);
    return id;
}

/// Sees that every order of a call that makes some bears a client order id, so that one whose answer is lost can be
/// asked for. Returns the ids in the call's order. An edit names the order it changes.
std::vector<std::string> name_orders(Call call, Arguments& arguments) {
    std::vector<std::string> ids;
    if (call == Call::create_orders && arguments["orders"].is_array()) {
        auto orders = Value::array();
        for (auto order : arguments["orders"].items()) {
            auto params = order["params"].is_object() ? order["params"] : Value::object();
            ids.push_back(named_in(params));
            order.set("params", std::move(params));
            orders.push(std::move(order));
        }
        arguments.set("orders", std::move(orders));
    } else if (makes_orders(call) && call != Call::create_orders && call < Call::edit_order) {
        auto params = arguments.params().is_object() ? arguments.params() : Value::object();
        ids.push_back(named_in(params));
        arguments.set_params(std::move(params));
    }
    return ids;
}

/// What one run of the verb works with.
struct Job {
    const ExchangeOptions& options;
    const Service& service;
    Call call;
    const Arguments& arguments;
    const Context& context;
    std::vector<std::string> client_ids{};  ///< of the orders that are sent

    [[nodiscard]] Environment environment() const { return options.testnet ? Environment::testnet : Environment::live; }
};

Expected<int> dry_run(const Job& job, std::ostream& out) {
    const auto requests = job.service.build(job.call, job.arguments, job.context);
    if (!requests) return requests.error();
    const auto keys = keys_of(job.service.venue());
    for (const auto& request : *requests) {
        const auto wire = job.service.prepare(request, keys ? &*keys : nullptr, now(), job.environment());
        out << shown(wire, request).write() << '\n';
    }
    return done;
}

Expected<Unified> recorded(const Job& job) {
    const auto body = read_file(job.options.response);
    if (!body) return refused(ErrorKind::malformed, job.options.response.string() + " cannot be read");
    if (job.call == Call::fetch_markets) {
        const auto answer = Value::parse(*body);
        if (!answer) return refused(ErrorKind::malformed, "the answer is no JSON document");
        auto markets = job.service.parse_markets(*answer);
        if (!markets) return markets.error();
        return Unified{std::move(*markets)};
    }
    const auto requests = job.service.build(job.call, job.arguments, job.context);
    if (!requests) return requests.error();
    return job.service.parse(job.call, job.arguments, job.context, requests->front(),
                             Response{.status = 200, .headers = {}, .body = *body});
}

/// Sends it, each request paid for from the budget that the engines of this host share.
Expected<Unified> send(const Job& job, const TransportMaker& maker) {
    const auto venue = job.service.venue();
    const auto keys = keys_of(venue);
    auto transport = maker();
    std::optional<core::RateLedger> budget;
    if (!job.options.budgets.empty()) {
        auto requests = job.service.build(job.call, job.arguments, job.context);
        if (!requests) return requests.error();
        budget = host_budget(venue, job.options.testnet ? "testnet" : "prod", job.options.budgets);
        transport = paying(std::move(transport), venue, *budget, std::move(*requests));
    }
    return perform(job.service, job.call, job.arguments, job.context, keys ? &*keys : nullptr, now, job.environment(),
                   transport);
}

Expected<int> ask(const Job& job, const TransportMaker& transport, std::ostream& out, std::ostream& err) {
    const bool sends = job.options.response.empty();
    for (const auto& id : job.client_ids) err << "omega exchange: client order id " << id << std::endl;
    auto result = sends ? send(job, transport) : recorded(job);
    if (!result) {
        if (result.error() == ErrorKind::unknown_outcome)
            for (const auto& id : job.client_ids)
                err << "omega exchange: it may stand there; ask before you repeat it: omega exchange "
                    << job.options.venue << " fetch_order_with_client_order_id -- " << id << " SYMBOL\n";
        return result.error();
    }
    out << to_json(*result).write() << '\n';
    return done;
}

Expected<int> run(const ExchangeOptions& options, const TransportMaker& transport, std::ostream& out,
                  std::ostream& err) {
    const auto venue = core::parse_venue(options.venue);
    const auto service = venue ? make_service(*venue) : nullptr;
    if (!service) return refused(ErrorKind::bad_request, "no venue " + options.venue);
    const auto call = parse_call(options.call);
    if (!call) return refused(ErrorKind::bad_request, "no call " + options.call + ": omega exchange --help lists them");
    std::vector<Value> positional;
    for (const auto& text : options.arguments) positional.push_back(Arguments::read(text));
    auto arguments = Arguments::bind(*call, std::move(positional));
    if (!arguments) return arguments.error();
    // Only what is really sent: a dry run shows the request as its caller gave it.
    std::vector<std::string> client_ids;
    if (!options.dry_run && options.response.empty()) client_ids = name_orders(*call, *arguments);
    auto markets = main_market_table(*service);
    if (!options.markets.empty()) {
        const auto text = read_file(options.markets);
        if (!text) return refused(ErrorKind::malformed, options.markets.string() + " cannot be read");
        auto table = read_markets(*service, *text);
        if (!table) return table.error();
        markets = std::move(*table);
    }
    const Context context{.markets = markets, .fresh_id = "omega-" + std::to_string(now().count())};
    const Job job{.options = options,
                  .service = *service,
                  .call = *call,
                  .arguments = *arguments,
                  .context = context,
                  .client_ids = std::move(client_ids)};
    return options.dry_run ? dry_run(job, out) : ask(job, transport, out, err);
}

}  // namespace

int exchange_command(const ExchangeOptions& options, const TransportMaker& transport, std::ostream& out,
                     std::ostream& err) {
    const auto result = run(options, transport, out, err);
    if (result) return *result;
    const auto& error = result.error();
    if (error.status != 0 || !error.code.empty())  // the venue's words
        out << to_json(error).write() << '\n';
    err << "omega exchange: " << name(error.kind) << ": " << error.message
        << (error.code.empty() ? std::string{} : " (" + error.code + ")") << '\n';
    return exit_code_of(error);
}

}  // namespace omega
