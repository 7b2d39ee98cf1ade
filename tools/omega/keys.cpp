#include "tools/omega/keys.hpp"

#include "core/domain/instrument.hpp"
#include "tools/omega/doctor_checks.hpp"
#include "tools/omega/key_permissions.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ostream.h>
#include <openssl/crypto.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>
#include <nlohmann/json.hpp>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <utility>

namespace omega {

using core::Credential;
using core::Keystore;
using core::KeystoreError;
using core::Secret;

namespace {

constexpr const char* passphrase_variable = "OMEGA_KEYSTORE_PASSPHRASE";

/// One line of a file descriptor, without buffer: nothing of a secret stays behind in one.
std::optional<Secret> read_line(int file) {
    std::string line;
    line.reserve(4096);
    char c = 0;
    ssize_t n = 0;
    while (line.size() < 4096 && (n = ::read(file, &c, 1)) == 1 && c != '\n') line.push_back(c);
    if (n != 1 && line.empty()) return std::nullopt;
    if (!line.empty() && line.back() == '\r') line.pop_back();
    return Secret{std::move(line)};
}

/// Asks on the terminal with the echo off, whatever stdin is; without a terminal a line of stdin.
std::optional<Secret> ask_terminal(const std::string& prompt) {
    if (::isatty(STDIN_FILENO) == 0) return read_line(STDIN_FILENO);
    const int terminal = ::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (terminal < 0) return std::nullopt;
    termios shown{};
    std::optional<Secret> line;
    if (::tcgetattr(terminal, &shown) == 0) {
        auto hidden = shown;
        hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        const auto text = prompt + ": ";
        if (::tcsetattr(terminal, TCSAFLUSH, &hidden) == 0 && ::write(terminal, text.data(), text.size()) > 0) {
            line = read_line(terminal);
            ::tcsetattr(terminal, TCSAFLUSH, &shown);
            if (::write(terminal, "\n", 1) != 1) line.reset();
        }
    }
    ::close(terminal);
    return line;
}

int say_error(const KeysRequest& request, const KeysConsole& console, KeystoreError error) {
    const bool system = error == KeystoreError::io && errno != 0;
    fmt::print(console.err, "omega keys: {}: {}: {}{}\n", request.store.string(), name(error), advice(error),
               system ? fmt::format(" ({})", std::strerror(errno)) : "");
    return error == KeystoreError::exists || error == KeystoreError::absent ? 1 : 2;
}

int refuse(const KeysConsole& console, std::string_view why) {
    fmt::print(console.err, "omega keys: {}\n", why);
    return 2;
}

/// nullopt, and it has been said: there is none.
std::optional<Secret> passphrase_of(const KeysRequest& request, const KeysConsole& console, bool twice) {
    if (!request.passphrase_file.empty()) {
        auto secret = core::read_secret_file(request.passphrase_file);
        if (secret) return std::move(*secret);
        fmt::print(console.err, "omega keys: {}: {}: {}\n", request.passphrase_file.string(), name(secret.error()),
                   advice(secret.error()));
        return std::nullopt;
    }
    if (auto secret = core::take_environment(passphrase_variable)) return secret;
    auto secret = console.ask(twice ? "Passphrase for the new keystore" : "Passphrase of the keystore");
    if (!secret || secret->empty()) {
        refuse(console, "no passphrase was given");
        return std::nullopt;
    }
    if (!twice) return secret;
    const auto again = console.ask("The same passphrase again");
    if (again && again->reveal() == secret->reveal()) return secret;
    refuse(console, "the two passphrases differ; nothing was written");
    return std::nullopt;
}

nlohmann::ordered_json to_json(std::optional<bool> right) {
    if (!right) return nullptr;
    return *right;
}

struct Judged {
    Verdict verdict;
    std::string text;
};

/// Fit to trade with: it reads and trades, and cannot take money away.
Judged judge(const KeyPermissions& permissions) {
    if (!permissions.problem.empty()) return {Verdict::bad, permissions.problem};
    if (auto reason = why_unfit(permissions)) return {Verdict::bad, std::move(*reason)};
    if (!permissions.withdraws || !permissions.trades)
        return {Verdict::unknown, "the venue does not say what it may do"};
    return {Verdict::ok, "trades, cannot withdraw"};
}

KeyPermissions ask_venue(const PermissionCheck& check, const Credential& credential) {
    if (check) return check(credential);
    return {.problem = fmt::format("not tested: this build cannot ask {}", credential.venue)};
}

}  // namespace

int keys_add(const KeysRequest& request, const KeysConsole& console) {
    if (!core::parse_venue(request.venue))
        return refuse(console, fmt::format("unknown venue \"{}\"; one of binance, bitget, bybit, okx", request.venue));
    const auto present = Keystore::inspect(request.store);
    const bool fresh = !present && present.error() == KeystoreError::absent;
    if (!present && !fresh) return say_error(request, console, present.error());
    const auto passphrase = passphrase_of(request, console, fresh);
    if (!passphrase) return 2;
    Keystore store;
    if (!fresh) {
        auto loaded = Keystore::load(request.store, *passphrase);
        if (!loaded) return say_error(request, console, loaded.error());
        store = std::move(*loaded);
    }
    if (store.find(request.name) != nullptr) return say_error(request, console, KeystoreError::exists);

    auto key = console.ask("API key");
    auto secret = console.ask("API secret");
    auto word = console.ask("API passphrase (empty if the venue has none)");
    if (!key || !secret || key->empty() || secret->empty())
        return refuse(console, "a key and its secret are needed; nothing was written");
    const auto added = store.add({.name = request.name,
                                  .venue = request.venue,
                                  .key = std::move(*key),
                                  .secret = std::move(*secret),
                                  .passphrase = word ? std::move(*word) : Secret{}});
    if (!added) return say_error(request, console, added.error());
    if (fresh && request.store.has_parent_path()) {
        std::error_code ignored;  // saving says what is wrong
        if (std::filesystem::create_directories(request.store.parent_path(), ignored))
            ::chmod(request.store.parent_path().c_str(), 0700);
    }
    const auto saved = store.save(request.store, *passphrase, request.cost);
    if (!saved) return say_error(request, console, saved.error());
    fmt::print(console.out, "added {} ({}) to {}\n", request.name, request.venue, request.store.string());
    return 0;
}

int keys_list(const KeysRequest& request, const KeysConsole& console) {
    const auto passphrase = passphrase_of(request, console, false);
    if (!passphrase) return 2;
    const auto store = Keystore::load(request.store, *passphrase);
    if (!store) return say_error(request, console, store.error());
    if (request.json) {
        auto list = nlohmann::ordered_json::array();
        for (const auto& entry : store->entries()) list.push_back({{"name", entry.name}, {"venue", entry.venue}});
        console.out << list.dump() << '\n';
    } else {
        for (const auto& entry : store->entries()) fmt::print(console.out, "{:<24} {}\n", entry.name, entry.venue);
    }
    return 0;
}

int keys_remove(const KeysRequest& request, const KeysConsole& console) {
    const auto passphrase = passphrase_of(request, console, false);
    if (!passphrase) return 2;
    auto store = Keystore::load(request.store, *passphrase);
    if (!store) return say_error(request, console, store.error());
    if (!store->remove(request.name)) {
        fmt::print(console.err, "omega keys: there is no key named {}; see `omega keys list`\n", request.name);
        return 1;
    }
    const auto saved = store->save(request.store, *passphrase, request.cost);
    if (!saved) return say_error(request, console, saved.error());
    fmt::print(console.out, "removed {}; delete it at the venue, too\n", request.name);
    return 0;
}

int keys_test(const KeysRequest& request, const KeysConsole& console, const PermissionCheck& check) {
    const auto passphrase = passphrase_of(request, console, false);
    if (!passphrase) return 2;
    const auto store = Keystore::load(request.store, *passphrase);
    if (!store) return say_error(request, console, store.error());
    if (!request.name.empty() && store->find(request.name) == nullptr) {
        fmt::print(console.err, "omega keys: there is no key named {}; see `omega keys list`\n", request.name);
        return 1;
    }
    int exit_code = 0;
    auto list = nlohmann::ordered_json::array();
    for (const auto& entry : store->entries()) {
        if (!request.name.empty() && entry.name != request.name) continue;
        const auto permissions = ask_venue(check, entry);
        const auto judged = judge(permissions);
        if (judged.verdict != Verdict::ok) exit_code = 1;
        if (!request.json) fmt::print(console.out, "{:<24} {:<8} {}\n", entry.name, name(judged.verdict), judged.text);
        list.push_back({{"name", entry.name},
                        {"venue", entry.venue},
                        {"verdict", name(judged.verdict)},
                        {"reads", to_json(permissions.reads)},
                        {"trades", to_json(permissions.trades)},
                        {"withdraws", to_json(permissions.withdraws)},
                        {"text", judged.text}});
    }
    if (request.json) console.out << list.dump() << '\n';
    return exit_code;
}

std::optional<Secret> keystore_passphrase() {
    if (auto secret = core::take_environment(passphrase_variable)) return secret;
    return ask_terminal("Passphrase of the keystore");
}

std::filesystem::path default_keystore() {
    if (const char* path = std::getenv("OMEGA_KEYSTORE"); path != nullptr && *path != '\0') return path;
    const char* home = std::getenv("HOME");
    return std::filesystem::path{home != nullptr ? home : "."} / ".config" / "omega" / "keys";
}

void check_keys(const std::filesystem::path& path, const PermissionCheck& check, DoctorReport& report) {
    const auto present = Keystore::inspect(path);
    if (!present) {
        const bool none = present.error() == KeystoreError::absent;
        return say(report, "keystore", none ? Verdict::ok : Verdict::bad,
                   fmt::format("{}: {}", path.string(), name(present.error())),
                   none ? std::string{} : std::string{advice(present.error())});
    }
    const auto passphrase = core::take_environment(passphrase_variable);
    if (!passphrase)
        return say(report, "keystore", Verdict::ok, fmt::format("{}: private, locked", path.string()),
                   fmt::format("to have the keys tested, too: {}", passphrase_variable));
    const auto store = Keystore::load(path, *passphrase);
    if (!store)
        return say(report, "keystore", Verdict::bad, std::string{name(store.error())},
                   std::string{advice(store.error())});
    say(report, "keystore", Verdict::ok, fmt::format("{}: {} keys", path.string(), store->entries().size()));
    for (const auto& entry : store->entries()) {
        const auto judged = judge(ask_venue(check, entry));
        say(report, "key " + entry.name, judged.verdict == Verdict::bad && !check ? Verdict::unknown : judged.verdict,
            judged.text);
    }
}

void add_keys(CLI::App& app, int& exit_code, PermissionCheck check) {
    static KeysRequest request;
    static const PermissionCheck bound = std::move(check);
    request.store = default_keystore();
    auto* verb = app.add_subcommand("keys", "The venues' keys, encrypted in one file");
    verb->require_subcommand(1);
    verb->footer(
        "Examples:\n  omega keys add bitget-main --venue bitget     asks for key and secret, without echo\n"
        "  omega keys test                               what each may do; one that may withdraw is refused\n"
        "Without a terminal the secrets are read from stdin, a line each: key, secret, passphrase of the key.\n"
        "The keystore's own passphrase: --passphrase-file (mode 0600), OMEGA_KEYSTORE_PASSPHRASE, or asked for.\n"
        "Exit codes: 0 done, 1 found a problem, 2 wrong usage or unreadable.");
    verb->add_option("--store", request.store, "the file; else OMEGA_KEYSTORE, else ~/.config/omega/keys");
    verb->add_option("--passphrase-file", request.passphrase_file, "a 0600 file with the keystore's passphrase");
    verb->add_flag("--json", request.json, "for machines");

    const auto console = [] { return KeysConsole{.ask = ask_terminal, .out = std::cout, .err = std::cerr}; };
    auto* add = verb->add_subcommand("add", "Adds a key");
    add->add_option("name", request.name, "yours, such as bitget-main")->required();
    add->add_option("--venue", request.venue, "binance, bitget, bybit, okx")->required();
    add->callback([&exit_code, console] { exit_code = keys_add(request, console()); });
    auto* list = verb->add_subcommand("list", "Names and venues");
    list->callback([&exit_code, console] { exit_code = keys_list(request, console()); });
    auto* test = verb->add_subcommand("test", "Asks the venues what the keys may do; trades nothing");
    test->add_option("name", request.name, "one key; else all");
    test->callback([&exit_code, console] { exit_code = keys_test(request, console(), bound); });
    auto* remove = verb->add_subcommand("remove", "Removes a key");
    for (auto* each : {add, list, test, remove}) each->fallthrough();  // `omega keys test --json`, too
    remove->add_option("name", request.name, "of the key")->required();
    remove->callback([&exit_code, console] { exit_code = keys_remove(request, console()); });
}

}  // namespace omega
