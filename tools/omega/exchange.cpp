#include "tools/omega/exchange.hpp"

#include "core/net/keystore.hpp"

#include <chrono>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>

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

/// What one run of the verb works with.
struct Job {
    const ExchangeOptions& options;
    const Service& service;
    Call call;
    const Arguments& arguments;
    const Context& context;

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

Expected<int> ask(const Job& job, const TransportMaker& transport, std::ostream& out) {
    auto result = [&]() -> Expected<Unified> {
        if (!job.options.response.empty()) return recorded(job);
        const auto keys = keys_of(job.service.venue());
        return perform(job.service, job.call, job.arguments, job.context, keys ? &*keys : nullptr, now,
                       job.environment(), transport());
    }();
    if (!result) return result.error();
    out << to_json(*result).write() << '\n';
    return done;
}

Expected<int> run(const ExchangeOptions& options, const TransportMaker& transport, std::ostream& out) {
    const auto venue = core::parse_venue(options.venue);
    const auto service = venue ? make_service(*venue) : nullptr;
    if (!service) return refused(ErrorKind::bad_request, "no venue " + options.venue);
    const auto call = parse_call(options.call);
    if (!call) return refused(ErrorKind::bad_request, "no call " + options.call + ": omega exchange --help lists them");
    std::vector<Value> positional;
    for (const auto& text : options.arguments) positional.push_back(Arguments::read(text));
    const auto arguments = Arguments::bind(*call, std::move(positional));
    if (!arguments) return arguments.error();
    auto markets = main_market_table(*service);
    if (!options.markets.empty()) {
        const auto text = read_file(options.markets);
        if (!text) return refused(ErrorKind::malformed, options.markets.string() + " cannot be read");
        auto table = read_markets(*service, *text);
        if (!table) return table.error();
        markets = std::move(*table);
    }
    const Context context{.markets = markets, .fresh_id = "omega-" + std::to_string(now().count())};
    const Job job{.options = options, .service = *service, .call = *call, .arguments = *arguments, .context = context};
    return options.dry_run ? dry_run(job, out) : ask(job, transport, out);
}

}  // namespace

int exchange_command(const ExchangeOptions& options, const TransportMaker& transport, std::ostream& out,
                     std::ostream& err) {
    const auto result = run(options, transport, out);
    if (result) return *result;
    const auto& error = result.error();
    if (error.status != 0 || !error.code.empty())  // the venue's words
        out << to_json(error).write() << '\n';
    err << "omega exchange: " << name(error.kind) << ": " << error.message
        << (error.code.empty() ? std::string{} : " (" + error.code + ")") << '\n';
    return exit_code_of(error);
}

}  // namespace omega
