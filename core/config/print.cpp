#include "core/config/print.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace core {

namespace {

/// One line of the tree that YAML wants: a group has members, a setting has a value.
struct Branch {
    std::string name;
    const Setting* setting{};
    std::vector<Branch> members;

    Branch& member(const std::string& wanted) {
        const auto at = std::ranges::find(members, wanted, &Branch::name);
        return at != members.end() ? *at : members.emplace_back(Branch{wanted, nullptr, {}});
    }
};

void grow(Branch& root, const Schema& schema) {
    const auto group_of = [&root](const std::string& key) -> Branch& {
        Branch* at = &root;
        for (std::size_t start = 0; start <= key.size();) {
            const auto dot = std::min(key.find('.', start), key.size());
            at = &at->member(key.substr(start, dot - start));
            start = dot + 1;
        }
        return *at;
    };
    for (const auto& setting : schema.settings()) group_of(setting.key).setting = &setting;
    for (const auto& map : schema.maps())
        for (const auto& [name, entry] : map.entries) grow(group_of(map.key).member(name), *entry);
}

/// A key as YAML: names of entries may look like numbers or carry a colon.
std::string yaml_key(const std::string& name) {
    const bool plain =
        std::ranges::all_of(name, [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; });
    return plain && name != "null" && name != "Null" && name != "NULL" ? name : quoted(name);
}

void print(const Branch& branch, int depth, PrintStyle style, std::string& to) {
    const std::string indent(static_cast<std::size_t>(depth) * 2, ' ');
    for (const auto& member : branch.members) {
        if (member.setting == nullptr) {
            if (member.members.empty()) continue;
            to += indent + yaml_key(member.name) + ":\n";
            print(member, depth + 1, style, to);
            continue;
        }
        if (style.help) to += fmt::format("{}# {}\n", indent, member.setting->help);
        to += fmt::format("{}{}: {}", indent, yaml_key(member.name), member.setting->write());
        if (style.origins) to += "  # " + to_text(member.setting->origin);
        to += '\n';
    }
}

std::vector<std::pair<std::string, const Setting*>> sorted(const Schema& schema) {
    auto all = schema.flat();
    std::ranges::sort(all, {}, [](const auto& entry) { return std::string_view{entry.first}; });
    return all;
}

}  // namespace

std::string to_yaml(const Schema& schema, PrintStyle style) {
    Branch root;
    grow(root, schema);
    std::string text;
    print(root, 0, style, text);
    return text;
}

std::string canonical_text(const Schema& schema) {
    std::string text;
    for (const auto& [key, setting] : sorted(schema)) text += fmt::format("{}: {}\n", key, setting->write());
    return text;
}

std::string config_hash(const Schema& schema) {
    const std::string text = canonical_text(schema);
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size{};
    if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1)
        throw std::runtime_error{"OpenSSL has no SHA-256"};
    return fmt::format("{:02x}", fmt::join(digest.data(), digest.data() + size, ""));
}

std::vector<Difference> diff(const Schema& left, const Schema& right) {
    const auto a = sorted(left), b = sorted(right);
    std::vector<Difference> all;
    for (std::size_t i = 0, j = 0; i < a.size() || j < b.size();) {
        const bool has_left = i < a.size() && (j == b.size() || a[i].first <= b[j].first);
        const bool has_right = j < b.size() && (i == a.size() || b[j].first <= a[i].first);
        Difference difference{has_left ? a[i].first : b[j].first, "", "", {}, {}};
        if (has_left) {
            difference.left = a[i].second->write();
            difference.left_origin = a[i++].second->origin;
        }
        if (has_right) {
            difference.right = b[j].second->write();
            difference.right_origin = b[j++].second->origin;
        }
        if (difference.left != difference.right) all.push_back(std::move(difference));
    }
    return all;
}

std::string to_text(const Difference& difference) {
    const auto side = [](const std::string& value, const Origin& origin) {
        return value.empty() ? std::string{"(none)"} : fmt::format("{} ({})", value, to_text(origin));
    };
    return fmt::format("{}: {} -> {}", difference.key, side(difference.left, difference.left_origin),
                       side(difference.right, difference.right_origin));
}

}  // namespace core
