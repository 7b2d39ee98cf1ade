#include "tools/omega/keys.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <deque>
#include <sstream>

using namespace omega;
using testing::HasSubstr;
using testing::Not;

namespace {

struct Keys : testing::Test {
    std::filesystem::path folder = [] {
        std::string name = (std::filesystem::temp_directory_path() / "omega-keys-XXXXXX").string();
        return std::filesystem::path{::mkdtemp(name.data())};
    }();
    ~Keys() override { std::filesystem::remove_all(folder); }

    std::deque<std::string> lines;  ///< what the person will type
    std::ostringstream out, err;
    KeysConsole console{.ask = [this](const std::string&) -> std::optional<core::Secret> {
                            if (lines.empty()) return std::nullopt;
                            core::Secret secret{std::move(lines.front())};
                            lines.pop_front();
                            return secret;
                        },
                        .out = out,
                        .err = err};

    KeysRequest request(std::string name = {}, std::string venue = "bitget") const {
        return {.store = folder / "new" / "keys",
                .passphrase_file = {},
                .name = std::move(name),
                .venue = std::move(venue),
                .json = false,
                .cost = {.n = 16, .r = 1, .p = 1}};
    }
    int add(const std::string& name) {
        lines = {"sesame", "KEY-" + name, "SECRET-" + name, "WORD-" + name};
        if (!std::filesystem::exists(folder / "new")) lines.insert(lines.begin(), "sesame");
        return keys_add(request(name), console);
    }
};

}  // namespace

TEST_F(Keys, AreAddedListedAndRemovedWithoutEverBeingShown) {
    ASSERT_EQ(add("main"), 0) << err.str();
    ASSERT_EQ(add("second"), 0) << err.str();
    struct stat status {};
    ASSERT_EQ(::stat((folder / "new").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0700u);

    lines = {"sesame"};
    EXPECT_EQ(keys_list(request(), console), 0);
    EXPECT_THAT(out.str(), HasSubstr("main"));
    EXPECT_THAT(out.str(), HasSubstr("second"));
    lines = {"sesame"};
    EXPECT_EQ(keys_remove(request("main"), console), 0);
    lines = {"sesame"};
    EXPECT_EQ(keys_remove(request("main"), console), 1);
    for (const auto* word : {"KEY-", "SECRET-", "WORD-", "sesame"}) {
        EXPECT_THAT(out.str(), Not(HasSubstr(word)));
        EXPECT_THAT(err.str(), Not(HasSubstr(word)));
    }
}

TEST_F(Keys, RefuseWhatIsWrongAndWriteNothing) {
    lines = {"sesame", "sesami"};
    EXPECT_EQ(keys_add(request("main"), console), 2);
    EXPECT_FALSE(std::filesystem::exists(folder / "new"));
    EXPECT_EQ(keys_add(request("main", "nowhere"), console), 2);
    lines = {"sesame", "sesame", "KEY"};
    EXPECT_EQ(keys_add(request("main"), console), 2);
    EXPECT_FALSE(std::filesystem::exists(folder / "new"));

    ASSERT_EQ(add("main"), 0);
    EXPECT_EQ(add("main"), 1);
    lines = {"wrong"};
    EXPECT_EQ(keys_list(request(), console), 2);
    EXPECT_THAT(err.str(), HasSubstr("wrong_passphrase"));
    ASSERT_EQ(::chmod((folder / "new" / "keys").c_str(), 0644), 0);
    EXPECT_EQ(add("third"), 2);
    EXPECT_THAT(err.str(), HasSubstr("chmod 600"));
}

TEST_F(Keys, ThatMayWithdrawAreRefusedAndThoseNobodyCanJudgeAreNotCalledGood) {
    ASSERT_EQ(add("main"), 0);
    const auto test = [&](const KeyPermissions& permissions) {
        lines = {"sesame"};
        out.str({});
        return keys_test(request(), console, [&](const core::Credential& credential) {
            EXPECT_EQ(credential.key.reveal(), "KEY-main");
            return permissions;
        });
    };

    EXPECT_EQ(test({.reads = true, .trades = true, .withdraws = false}), 0);
    EXPECT_THAT(out.str(), HasSubstr("cannot withdraw"));
    EXPECT_EQ(test({.reads = true, .trades = true, .withdraws = true}), 1);
    EXPECT_THAT(out.str(), HasSubstr("refused"));
    EXPECT_EQ(test({.reads = true, .trades = false, .withdraws = false}), 1);
    EXPECT_EQ(test({.reads = true, .trades = true}), 1);
    EXPECT_THAT(out.str(), HasSubstr("unknown"));
    EXPECT_EQ(test({.problem = "the venue refuses the key (40006)"}), 1);
    lines = {"sesame"};
    EXPECT_EQ(keys_test(request(), console, {}), 1);
    EXPECT_THAT(out.str(), HasSubstr("not tested"));
}

TEST_F(Keys, AreLookedAtByTheDoctor) {
    const auto finding = [&](const std::string& name) {
        DoctorReport report;
        check_keys(
            request().store, [](const core::Credential&) { return KeyPermissions{.withdraws = true}; }, report);
        const auto* found = report.find(name);
        return found == nullptr ? Finding{} : *found;
    };
    EXPECT_EQ(finding("keystore").verdict, Verdict::ok);
    EXPECT_THAT(finding("keystore").value, HasSubstr("absent"));
    ASSERT_EQ(add("main"), 0);
    EXPECT_THAT(finding("keystore").value, HasSubstr("locked"));
    ::setenv("OMEGA_KEYSTORE_PASSPHRASE", "sesame", 1);
    EXPECT_EQ(finding("key main").verdict, Verdict::bad);
    ASSERT_EQ(::chmod(request().store.c_str(), 0640), 0);
    EXPECT_EQ(finding("keystore").verdict, Verdict::bad);
}
