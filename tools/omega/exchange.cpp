#include "tools/omega/exchange.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
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

core::Secret secret_of(const std::string& name) {
    const char* value = std::getenv(name.c_str());
    return value != nullptr ? core::Secret{std::string{value}} : core::Secret{};
}

/// The account's keys, or nothing without a key in the environment.
std::optional<Credentials> keys_of(core::Venue venue) {
    std::string prefix = "OMEGA_";
    for (const char c : core::name(venue)) prefix += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    Credentials keys{.key = secret_of(prefix + "_API_KEY"),
                     .secret = secret_of(prefix + "_API_SECRET"),
                     .passphrase = secret_of(prefix + "_PASSPHRASE")};
    if (keys.key.empty()) return std::nullopt;
    return keys;
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

Expected<int> ask(const Job& job, const Transport& transport, std::ostream& out) {
    auto result = [&]() -> Expected<Unified> {
        if (!job.options.response.empty()) return recorded(job);
        if (!transport) return refused(ErrorKind::network, "this build has no transport: use --dry-run or --response");
        const auto keys = keys_of(job.service.venue());
        return perform(job.service, job.call, job.arguments, job.context, keys ? &*keys : nullptr, now,
                       job.environment(), transport);
    }();
    if (!result) return result.error();
    out << to_json(*result).write() << '\n';
    return done;
}

Expected<int> run(const ExchangeOptions& options, const Transport& transport, std::ostream& out) {
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

std::string footer() {
    std::string text =
        "Examples:\n"
        "  omega exchange binance fetch_ticker BTC/USDT\n"
        "  omega exchange binance create_order --dry-run -- BTC/USDT:USDT limit buy 0.01 60000 '{\"postOnly\":true}'\n"
        "  omega exchange bitget fetch_order_book --response answer.json -- BTC/USDT 5\n"
        "Arguments are ccxt's positional ones, each JSON or a bare word; an object at the end are the options.\n"
        "Keys come from OMEGA_<VENUE>_API_KEY, _API_SECRET and _PASSPHRASE.\n"
        "Exit codes: 0 done, 1 the venue refused, 2 wrong usage or unreadable input, 3 not reached or outcome "
        "unknown.\n"
        "Calls:";
    for (const auto& row : all_calls()) {
        text += "\n  " + std::string{row.name};
        if (!row.arguments.empty()) text += " " + std::string{row.arguments};
    }
    return text;
}

}  // namespace

int exchange_command(const ExchangeOptions& options, const Transport& transport, std::ostream& out, std::ostream& err) {
    const auto result = run(options, transport, out);
    if (result) return *result;
    const auto& error = result.error();
    if (error.status != 0 || !error.code.empty())  // the venue's words
        out << to_json(error).write() << '\n';
    err << "omega exchange: " << name(error.kind) << ": " << error.message
        << (error.code.empty() ? std::string{} : " (" + error.code + ")") << '\n';
    return exit_code_of(error);
}

void add_exchange(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<ExchangeOptions>();
    auto* verb = app.add_subcommand("exchange", "The unified exchange calls, by hand");
    verb->footer(footer());
    verb->add_option("venue", options->venue, "binance, bitget, bybit, okx")->required();
    verb->add_option("call", options->call, "one of the calls below")->required();
    // Without extra arguments CLI11 leaves a JSON array in one piece.
    verb->add_option("arguments", options->arguments, "the call's arguments, behind --")
        ->expected(0, 1 << 10)
        ->allow_extra_args(false);
    auto* dry_run = verb->add_flag("--dry-run", options->dry_run, "print the request, send nothing");
    verb->add_option("--response", options->response, "read this recorded answer, send nothing")->excludes(dry_run);
    verb->add_option("--markets", options->markets, "a recorded answer to fetch_markets (built in: the main pairs)");
    verb->add_flag("--testnet", options->testnet, "where the venue lets one practise");
    verb->callback([options, &exit_code] { exit_code = exchange_command(*options, {}, std::cout, std::cerr); });
}

}  // namespace omega
