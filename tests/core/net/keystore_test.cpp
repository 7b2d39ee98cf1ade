#include "core/net/keystore.hpp"

#include "core/net/keystore_format.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

using namespace core;

namespace {

constexpr ScryptCost cheap{.n = 16, .r = 1, .p = 1};

Secret secret_of(std::string text) {
    return Secret{std::move(text)};
}

Credential credential_of(std::string name) {
    return {.name = std::move(name),
            .venue = "bitget",
            .key = secret_of("the-key-0123456789abcdef"),
            .secret = secret_of("the-secret-0123456789abcdef"),
            .passphrase = secret_of("the-passphrase")};
}

struct KeystoreFile : testing::Test {
    std::filesystem::path folder = [] {
        std::string name = (std::filesystem::temp_directory_path() / "omega-keys-XXXXXX").string();
        return std::filesystem::path{::mkdtemp(name.data())};
    }();
    std::filesystem::path path = folder / "keys";
    ~KeystoreFile() override { std::filesystem::remove_all(folder); }

    std::string bytes() const {
        std::ifstream file{path, std::ios::binary};
        return {std::istreambuf_iterator<char>{file}, {}};
    }
    void save() const {
        Keystore store;
        ASSERT_TRUE(store.add(credential_of("main")));
        ASSERT_TRUE(store.save(path, secret_of("open sesame"), cheap));
    }
};

}  // namespace

TEST_F(KeystoreFile, GivesBackWhatWasSavedToTheRightPassphraseAlone) {
    save();

    const auto store = Keystore::load(path, secret_of("open sesame"));
    ASSERT_TRUE(store);
    const auto* entry = store->find("main");
    ASSERT_NE(entry, nullptr);
    EXPECT_EQ(entry->venue, "bitget");
    EXPECT_EQ(entry->key.reveal(), "the-key-0123456789abcdef");
    EXPECT_EQ(entry->secret.reveal(), "the-secret-0123456789abcdef");
    EXPECT_EQ(entry->passphrase.reveal(), "the-passphrase");
    EXPECT_EQ(Keystore::load(path, secret_of("open sesam")).error(), KeystoreError::wrong_passphrase);
    EXPECT_EQ(Keystore::load(path, Secret{}).error(), KeystoreError::wrong_passphrase);
}

TEST_F(KeystoreFile, ShowsNothingAtRestAndIsNeverTheSameTwice) {
    save();
    const auto first = bytes();
    save();

    for (const auto* word : {"main", "bitget", "the-key", "the-secret", "the-passphrase", "sesame"})
        EXPECT_EQ(first.find(word), std::string::npos) << word;
    EXPECT_NE(first.substr(24), bytes().substr(24)) << "a fresh salt and nonce each time";
    struct stat status {};
    ASSERT_EQ(::stat(path.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600u);
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator{folder}, {}), 1) << "no half-written file is left";
}

TEST_F(KeystoreFile, NoticesEveryChangedByte) {
    save();
    const auto whole = bytes();
    ASSERT_TRUE(Keystore::decrypt(whole, secret_of("open sesame")));
    for (std::size_t i = 0; i < whole.size(); ++i) {
        if (i >= 8 && i < 24) continue;  // scrypt's cost: tried below, with values that are not expensive
        auto changed = whole;
        changed[i] = static_cast<char>(changed[i] ^ 1);
        EXPECT_FALSE(Keystore::decrypt(changed, secret_of("open sesame"))) << i;
    }
    auto cheaper = whole;
    cheaper[8] = 8;  // N 16 → 8
    EXPECT_EQ(Keystore::decrypt(cheaper, secret_of("open sesame")).error(), KeystoreError::wrong_passphrase);
    cheaper[8] = 7;
    EXPECT_EQ(Keystore::decrypt(cheaper, secret_of("open sesame")).error(), KeystoreError::malformed);
    auto enormous = whole;
    enormous[14] = 1;  // N = 2^48: more memory than anyone has
    enormous[8] = 0;
    EXPECT_EQ(Keystore::decrypt(enormous, secret_of("open sesame")).error(), KeystoreError::malformed);
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_FALSE(Keystore::decrypt(whole.substr(0, size), secret_of("open sesame"))) << size;
}

TEST_F(KeystoreFile, RefusesAFileThatOthersMayRead) {
    save();
    for (const unsigned mode : {0640u, 0604u, 0620u, 0660u, 0666u}) {
        ASSERT_EQ(::chmod(path.c_str(), mode), 0);
        EXPECT_EQ(Keystore::load(path, secret_of("open sesame")).error(), KeystoreError::too_open) << mode;
    }
    ASSERT_EQ(::chmod(path.c_str(), 0400), 0);
    EXPECT_TRUE(Keystore::load(path, secret_of("open sesame")));
    EXPECT_TRUE(Keystore::inspect(path));
    EXPECT_EQ(Keystore::inspect(folder / "none").error(), KeystoreError::absent);
    EXPECT_EQ(Keystore::load(folder / "none", secret_of("x")).error(), KeystoreError::absent);
    EXPECT_EQ(Keystore::load(folder, secret_of("x")).error(), KeystoreError::not_ours);
    const auto pipe = folder / "pipe";
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    EXPECT_EQ(Keystore::load(pipe, secret_of("x")).error(), KeystoreError::not_ours)
        << "and does not wait for a writer";
}

TEST_F(KeystoreFile, KeepsTheOldFileWhenTheNewOneCannotBeWritten) {
    save();
    const auto before = bytes();
    Keystore store;
    EXPECT_EQ(store.save(folder / "no" / "such" / "folder", secret_of("x"), cheap).error(), KeystoreError::io);
    EXPECT_EQ(store.save(path, Secret{}, cheap).error(), KeystoreError::wrong_passphrase);
    EXPECT_EQ(bytes(), before);
}

TEST_F(KeystoreFile, AnotherFilesSecretMustBePrivateToo) {
    std::ofstream{path} << "pass phrase\n";
    ASSERT_EQ(::chmod(path.c_str(), 0644), 0);
    EXPECT_EQ(read_secret_file(path).error(), KeystoreError::too_open);
    ASSERT_EQ(::chmod(path.c_str(), 0600), 0);
    EXPECT_EQ(read_secret_file(path)->reveal(), "pass phrase");
}

TEST(Keystore, RefusesNamesThatAreTakenOrNone) {
    Keystore store;
    EXPECT_TRUE(store.add(credential_of("a.b-c_1")));
    EXPECT_EQ(store.add(credential_of("a.b-c_1")).error(), KeystoreError::exists);
    for (const auto* bad : {"", "a b", "../x", "a/b", "ä"})
        EXPECT_EQ(store.add(credential_of(bad)).error(), KeystoreError::bad_name) << bad;
    EXPECT_TRUE(store.remove("a.b-c_1"));
    EXPECT_FALSE(store.remove("a.b-c_1"));
}

TEST(Keystore, TakesKeysFromTheEnvironmentAndLeavesNothingThere) {
    ::setenv("OMEGA_KEY_BITGET_MAIN", "k", 1);
    EXPECT_FALSE(credential_from_environment("bitget-main", "bitget")) << "a key without its secret is none";
    ::setenv("OMEGA_KEY_BITGET_MAIN", "k", 1);
    ::setenv("OMEGA_SECRET_BITGET_MAIN", "s", 1);
    const auto credential = credential_from_environment("bitget-main", "bitget");
    ASSERT_TRUE(credential);
    EXPECT_EQ(credential->key.reveal(), "k");
    EXPECT_TRUE(credential->passphrase.empty());
    EXPECT_EQ(std::getenv("OMEGA_SECRET_BITGET_MAIN"), nullptr);
}

RC_GTEST_PROP(KeystoreEntries, SurviveARoundTripAndAnyBytesAreReadSafely, (std::string garbage)) {
    std::vector<Credential> entries;
    const auto count = *rc::gen::inRange(0, 5);
    for (int i = 0; i < count; ++i) {
        auto entry = credential_of("n" + std::to_string(i));
        entry.key = Secret{*rc::gen::arbitrary<std::string>()};
        entries.push_back(std::move(entry));
    }
    const auto text = write_entries(entries);
    const auto again = read_entries(text);
    RC_ASSERT(again);
    RC_ASSERT(write_entries(*again) == text);
    RC_ASSERT(!read_entries(text + "x"));
    (void)read_entries(garbage);
}
