#include "tools/omega/engine/session_file.hpp"

#include "core/config/load.hpp"
#include "core/config/print.hpp"
#include "tools/omega/engine/digest.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <stdexcept>

namespace omega {

namespace {

using nlohmann::json;

json to_json(const core::Instrument& i) {
    return {{"venue", name(i.venue)},
            {"market", name(i.market)},
            {"symbol", i.symbol},
            {"price_decimals", i.price_decimals},
            {"quantity_decimals", i.quantity_decimals},
            {"tick_size", i.tick_size.units},
            {"lot_size", i.lot_size.units},
            {"min_quantity", i.min_quantity.units},
            {"min_notional", i.min_notional.units},
            {"contract_value", i.contract_value.units}};
}

core::Instrument from_json(const json& j) {
    core::Instrument i;
    const auto venue = core::parse_venue(j.at("venue").get<std::string>());
    const auto market = core::parse_market(j.at("market").get<std::string>());
    if (!venue || !market) throw std::runtime_error{"unknown venue or market"};
    i.venue = *venue;
    i.market = *market;
    i.symbol = j.at("symbol");
    i.price_decimals = j.at("price_decimals");
    i.quantity_decimals = j.at("quantity_decimals");
    i.tick_size = {j.at("tick_size")};
    i.lot_size = {j.at("lot_size")};
    i.min_quantity = {j.at("min_quantity")};
    i.min_notional = {j.at("min_notional")};
    i.contract_value = {j.at("contract_value")};
    return i;
}

std::filesystem::path file_of(const std::filesystem::path& directory) {
    return directory / "session.json";
}

std::string read_whole(const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

std::string hash_of(const std::string& text) {
    Digest digest;
    digest.add(text);
    return digest.hex();
}

/// The tables that the AI monitor reads beside the configuration: what they held is part of the session, too.
json trees_of(const Settings& settings) {
    json trees = json::object();
    for (const auto& file : {settings.ai.trees_direction, settings.ai.trees_trap})
        if (!file.empty()) trees[file] = hash_of(read_whole(file));
    return trees;
}

/// Throws where a table is not the one that the session knew.
void expect_trees(const json& trees) {
    for (const auto& [file, hash] : trees.items())
        if (hash_of(read_whole(file)) != hash.get<std::string>())
            throw std::runtime_error{
                fmt::format("{}: not the table of trees that the session was run with; expected SHA-256 {}", file,
                            hash.get<std::string>())};
}

}  // namespace

bool holds_session(const std::string& journal) {
    std::error_code failed;
    return std::filesystem::exists(file_of(journal), failed);
}

std::string write_session_file(const Settings& settings, const core::InstrumentTable& instruments) {
    Settings copy = settings;
    copy.journal.clear();
    json session{{"format", "omega-session-1"},
                 {"version", OMEGA_VERSION},
                 {"compiler", __VERSION__},
                 {"instruments", json::array()}};
    for (const auto& instrument : instruments) session["instruments"].push_back(to_json(instrument));
    session["trees"] = trees_of(copy);
    session["configuration"] = core::to_yaml(make_schema(copy));
    const auto text = session.dump(2) + "\n";

    std::filesystem::create_directories(settings.journal);
    if (holds_session(settings.journal))  // the journal beside it could never be read again
        throw std::runtime_error{fmt::format(
            "journal {}: holds a session already; expected a directory without an older journal", settings.journal)};
    std::ofstream file{file_of(settings.journal), std::ios::binary | std::ios::trunc};
    file << text << std::flush;
    if (!file)
        throw std::runtime_error{fmt::format(
            "journal {}: cannot write session.json; expected a writable directory with room", settings.journal)};
    return hash_of(text);
}

std::string read_session_file(const std::filesystem::path& directory, Settings& settings,
                              core::InstrumentTable& instruments) {
    const auto path = file_of(directory);
    std::ifstream file{path, std::ios::binary};
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    if (!file || text.empty())
        throw std::runtime_error{
            fmt::format("{}: cannot be read; expected the session file that `--journal` writes beside its segments",
                        path.string())};
    try {
        const auto session = json::parse(text);
        if (session.at("format") != "omega-session-1") throw std::runtime_error{"unknown format"};
        for (const auto& entry : session.at("instruments")) instruments.add(from_json(entry));
        auto schema = make_schema(settings);
        core::load_or_throw(schema, {.file = path.string() + " (configuration)",
                                     .text = session.at("configuration").get<std::string>()});
        if (session.contains("trees")) expect_trees(session["trees"]);  // older ones do not say
    } catch (const std::exception& error) {
        throw std::runtime_error{
            fmt::format("{}: damaged ({}); the journal cannot be replayed without it", path.string(), error.what())};
    }
    return hash_of(text);
}

}  // namespace omega
