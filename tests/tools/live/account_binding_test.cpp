#include "tools/omega/live/account_binding.hpp"

#include "core/net/rate_limit.hpp"
#include "tests/feeds/capture/temporary.hpp"
#include "tools/omega/live/budgets.hpp"

#include <gmock/gmock.h>

#include <cstdlib>
#include <optional>
#include <stdexcept>
#include <string>

using omega::AccountIdentity;
using omega::RunMode;
using testing::HasSubstr;
using testing::Not;

namespace {

AccountIdentity identity(const char* world, const char* key) {
    return AccountIdentity::of(core::Venue::binance, world, core::Secret{std::string{key}});
}

std::string refusal(const std::filesystem::path& ledger, const AccountIdentity& who) {
    try {
        (void)omega::check_owner(ledger, who);
        return {};
    } catch (const std::runtime_error& error) {
        return error.what();
    }
}

/// Environment variables as a test wants them, put back afterwards.
class Variable {
public:
    Variable(const char* name, std::optional<std::string> value) : name_{name} {
        if (const char* was = std::getenv(name)) was_ = was;
        set(value);
    }
    ~Variable() { set(was_); }
    Variable(const Variable&) = delete;
    Variable& operator=(const Variable&) = delete;

private:
    void set(const std::optional<std::string>& value) const {
        if (value)
            ::setenv(name_, value->c_str(), 1);
        else
            ::unsetenv(name_);
    }
    const char* name_;
    std::optional<std::string> was_;
};

std::uint32_t used(omega::Budgets& budgets, core::Nanoseconds now) {
    auto& budget = budgets.of(core::Venue::binance);
    return budget.used(budget.window_of(core::RateScope::orders).value(), now);
}

omega::LiveSettings of_binance(const std::string& rest = {}) {
    omega::LiveSettings settings;
    settings.venues["binance"] = {.instruments = {"BTC/USDT:USDT"}, .rest = rest};
    return settings;
}

}  // namespace

TEST(AccountBinding, TheFirstUseBindsALedgerAndOthersAreRefused) {
    test::TemporaryFolder folder;
    const auto ledger = folder / "binance.ledger";
    const auto mine = identity("testnet", "key-of-mine");

    EXPECT_FALSE(omega::check_owner(ledger, mine)) << "nobody's yet";
    omega::bind_ledger(ledger, mine);
    EXPECT_TRUE(omega::check_owner(ledger, mine));

    for (const auto& other : {identity("prod", "key-of-mine"), identity("testnet", "another-key")}) {
        const auto said = refusal(ledger, other);
        EXPECT_THAT(said, HasSubstr(mine.text()));
        EXPECT_THAT(said, HasSubstr(other.text()));
        EXPECT_THAT(said, HasSubstr("binance.ledger.account"));
    }
    auto elsewhere = mine;
    elsewhere.venue = "okx";
    EXPECT_THAT(refusal(ledger, elsewhere), HasSubstr("okx testnet"));
}

TEST(AccountBinding, NeverWritesTheKey) {
    test::TemporaryFolder folder;
    const auto ledger = folder / "binance.ledger";
    const auto mine = identity("prod", "key-of-mine");
    omega::bind_ledger(ledger, mine);
    const auto text = test::read_file(folder / "binance.ledger.account");
    EXPECT_THAT(text, Not(HasSubstr("key-of-mine")));
    // printf 'binance key-of-mine' | sha256sum
    EXPECT_EQ(text, "omega-account binance prod e39c5de307337011\n");
    EXPECT_EQ(std::filesystem::status(folder / "binance.ledger.account").permissions(),
              std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST(AccountBinding, ADamagedOwnerIsNoOwner) {
    test::TemporaryFolder folder;
    for (const char* text :
         {"", "omega-account binance", "something binance prod 0123456789abcdef", "omega-account binance prod 0123"}) {
        test::write_file(folder / "x.ledger.account", text);
        EXPECT_THAT(refusal(folder / "x.ledger", identity("prod", "k")), HasSubstr("not readable")) << text;
    }
}

TEST(AccountBinding, TheDefaultFolderDoesNotHangOnWhereTheEngineStarts) {
    {
        const Variable state{"XDG_STATE_HOME", "/var/state"}, home{"HOME", "/home/someone"};
        EXPECT_EQ(omega::default_state(RunMode::prod), "/var/state/omega/prod");
        EXPECT_EQ(omega::default_state(RunMode::testnet), "/var/state/omega/testnet") << "not prod's";
    }
    {
        const Variable state{"XDG_STATE_HOME", "relative"}, home{"HOME", "/home/someone"};
        EXPECT_EQ(omega::default_state(RunMode::prod), "/home/someone/.local/state/omega/prod");
    }
    const Variable state{"XDG_STATE_HOME", std::nullopt}, home{"HOME", std::nullopt};
    EXPECT_THROW((void)omega::default_state(RunMode::prod), std::runtime_error);
}

TEST(Budgets, AreSharedByVenueAndWorld) {
    test::TemporaryFolder folder;
    const core::Nanoseconds now = std::chrono::hours{1};
    omega::Budgets prod{of_binance(), RunMode::prod, folder / ""};
    omega::Budgets again{of_binance(), RunMode::prod, folder / ""};
    omega::Budgets testnet{of_binance(), RunMode::testnet, folder / ""};
    omega::Budgets local{of_binance("https://127.0.0.1:1"), RunMode::testnet, folder / ""};
    ASSERT_TRUE(prod.of(core::Venue::binance).take(7, core::RateUse::normal, now).granted());
    EXPECT_EQ(used(again, now), 7u);
    EXPECT_EQ(used(testnet, now), 0u) << "another host counts there";
    EXPECT_EQ(used(local, now), 0u);
    EXPECT_TRUE(std::filesystem::exists(folder / "omega-rate-binance-prod"));
    EXPECT_TRUE(std::filesystem::exists(folder / "omega-rate-binance-testnet"));
    EXPECT_TRUE(prod.problems().empty());
}

TEST(Budgets, SayWhenTheyAreNotShared) {
    test::TemporaryFolder folder;
    test::write_file(folder / "omega-rate-binance-prod", "no budget at all");
    omega::Budgets budgets{of_binance(), RunMode::prod, folder / ""};
    ASSERT_EQ(budgets.problems().size(), 1u);
    EXPECT_THAT(budgets.problems()[0], HasSubstr("omega-rate-binance-prod is not shared ("));
    EXPECT_TRUE(budgets.of(core::Venue::binance).take(1, core::RateUse::normal, std::chrono::hours{1}).granted())
        << "its own";
}
