#include "core/config/document.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <sstream>

namespace core {

namespace {

/// What the handler throws to leave the parser: it never leaves this file.
struct Refusal {
    YAML::Mark mark;
    std::string expected;
    std::string hint;
};

/// Builds the tree from the parser's events and refuses as soon as something is out of bounds.
class Builder final : public YAML::EventHandler {
public:
    Node root;
    int documents{};

    void OnDocumentStart(const YAML::Mark& mark) override {
        if (++documents > 1) throw Refusal{mark, "expected one document", "remove what follows the second '---'"};
    }
    void OnDocumentEnd() override {}
    void OnAnchor(const YAML::Mark& mark, const std::string&) override { refuse_alias(mark); }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { refuse_alias(mark); }
    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        check(mark, "", anchor);
        place(at(mark, Node::Kind::null));
    }
    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override {
        check(mark, tag, anchor);
        auto node = at(mark, Node::Kind::scalar);
        node.quoted = tag == "!";
        node.text = value;
        place(std::move(node));
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override {
        check(mark, tag, anchor);
        open(at(mark, Node::Kind::list));
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override {
        check(mark, tag, anchor);
        open(at(mark, Node::Kind::map));
    }
    void OnMapEnd() override { close(); }

private:
    static Node at(const YAML::Mark& mark, Node::Kind kind) {
        Node node;
        node.kind = kind;
        node.line = mark.line + 1;
        node.column = mark.column + 1;
        return node;
    }
    [[noreturn]] static void refuse_alias(const YAML::Mark& mark) {
        throw Refusal{mark, "anchors and aliases are not allowed", "write the value out"};
    }
    void check(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
        if (anchor != 0) refuse_alias(mark);
        if (!tag.empty() && tag != "?" && tag != "!") throw Refusal{mark, "tags are not allowed", "remove " + tag};
        if (++nodes_ > max_document_nodes)
            throw Refusal{mark, fmt::format("more than {} values", max_document_nodes), ""};
    }
    void open(Node node) {
        if (stack_.size() >= max_document_depth) {
            const YAML::Mark mark = mark_of(node);
            throw Refusal{mark, fmt::format("nested deeper than {}", max_document_depth), ""};
        }
        stack_.push_back(std::move(node));
        keys_.emplace_back();
        has_key_.push_back(false);
    }
    void close() {
        Node node = std::move(stack_.back());
        stack_.pop_back();
        keys_.pop_back();
        has_key_.pop_back();
        place(std::move(node));
    }
    void place(Node node) {
        if (stack_.empty()) {
            root = std::move(node);
            return;
        }
        Node& parent = stack_.back();
        if (parent.kind == Node::Kind::list) {
            parent.entries.push_back({Node{}, std::move(node)});
        } else if (!has_key_.back()) {
            accept_key(parent, std::move(node));
        } else {
            parent.entries.push_back({std::move(keys_.back()), std::move(node)});
            has_key_.back() = false;
        }
    }
    void accept_key(const Node& parent, Node key) {
        if (key.kind != Node::Kind::scalar) throw Refusal{mark_of(key), "expected a name as key", ""};
        if (parent.entries.size() >= max_document_keys)
            throw Refusal{mark_of(key), fmt::format("more than {} keys in one map", max_document_keys), ""};
        for (const auto& [earlier, value] : parent.entries)
            if (earlier.text == key.text)
                throw Refusal{mark_of(key), fmt::format("{} is given twice", key.text),
                              fmt::format("the first is in line {}", earlier.line)};
        keys_.back() = std::move(key);
        has_key_.back() = true;
    }
    static YAML::Mark mark_of(const Node& node) {
        YAML::Mark mark;
        mark.line = node.line - 1;
        mark.column = node.column - 1;
        return mark;
    }

    std::vector<Node> stack_;  // containers still open, outermost first
    std::vector<Node> keys_;   // the pending key of each open map
    std::vector<bool> has_key_;
    std::size_t nodes_{};
};

Problem problem_at(const std::string& name, const YAML::Mark& mark, std::string expected, std::string hint) {
    return {.origin = {Layer::file, name, mark.line + 1, mark.column + 1},
            .key = {},
            .value = {},
            .expected = std::move(expected),
            .hint = std::move(hint)};
}

/// The first control character other than tab and line ends, or npos. They hide what a text says.
std::size_t control_character(std::string_view text) noexcept {
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if ((byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') || byte == 0x7f) return i;
    }
    return std::string_view::npos;
}

YAML::Mark mark_at(std::string_view text, std::size_t position) {
    YAML::Mark mark;
    mark.line = 0;
    mark.column = 0;
    for (const char c : text.substr(0, position)) {
        mark.column = c == '\n' ? 0 : mark.column + 1;
        mark.line += c == '\n' ? 1 : 0;
    }
    return mark;
}

}  // namespace

std::variant<Node, Problem> read_document(std::string_view text, const std::string& name) {
    if (text.size() > max_document_bytes)
        return Problem{{Layer::file, name, 0, 0},
                       "",
                       "",
                       fmt::format("larger than {} bytes", max_document_bytes),
                       "is this the configuration file?"};
    if (const auto position = control_character(text); position != std::string_view::npos)
        return problem_at(name, mark_at(text, position), "control character", "is this a text file?");

    Builder builder;
    builder.root.kind = Node::Kind::map;
    try {
        std::istringstream stream{std::string{text}};
        YAML::Parser parser{stream};
        while (parser.HandleNextDocument(builder)) {
        }
    } catch (const Refusal& refusal) {
        return problem_at(name, refusal.mark, refusal.expected, refusal.hint);
    } catch (const YAML::Exception& error) {
        return problem_at(name, error.mark, "not YAML: " + error.msg, "");
    }
    return std::move(builder.root);
}

}  // namespace core
