#include "tools/venue/server/certificate.hpp"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <memory>
#include <stdexcept>
#include <string>

namespace venue {

namespace {

template <auto free>
struct Free {
    template <class T>
    void operator()(T* object) const noexcept {
        free(object);
    }
};
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Free<X509_free>>;
using Bio = std::unique_ptr<BIO, Free<BIO_free_all>>;

template <class T>
T must(T object) {
    if (!object) throw std::runtime_error{"venue simulator: OpenSSL could not make a certificate"};
    return object;
}

void extend(X509* certificate, X509* issuer, int what, const char* value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    const std::unique_ptr<X509_EXTENSION, Free<X509_EXTENSION_free>> extension{
        must(X509V3_EXT_conf_nid(nullptr, &context, what, value))};
    must(X509_add_ext(certificate, extension.get(), -1));
}

Certificate make(const char* name, EVP_PKEY* key, X509* issuer, EVP_PKEY* issuer_key, bool authority) {
    Certificate made{must(X509_new())};
    X509_set_version(made.get(), 2);
    unsigned char serial[8];
    must(RAND_bytes(serial, sizeof serial) == 1);
    std::int64_t number = 1;
    for (const auto byte : serial) number = (number << 7) ^ byte;
    ASN1_INTEGER_set_int64(X509_get_serialNumber(made.get()), number & 0x7fffffffffffffff);
    X509_gmtime_adj(X509_getm_notBefore(made.get()), -3600);
    X509_gmtime_adj(X509_getm_notAfter(made.get()), 30L * 24 * 3600);
    X509_set_pubkey(made.get(), key);
    auto* subject = X509_get_subject_name(made.get());
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
    // Authorities are looked for by name: two of one name in a client's list, and the wrong one is asked.
    const auto own = std::to_string(number & 0x7fffffffffffffff);
    X509_NAME_add_entry_by_txt(subject, "serialNumber", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(own.c_str()), -1, -1, 0);
    auto* by = issuer == nullptr ? made.get() : issuer;
    X509_set_issuer_name(made.get(), X509_get_subject_name(by));
    extend(made.get(), by, NID_basic_constraints, authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
    extend(made.get(), by, NID_key_usage, authority ? "critical,keyCertSign,cRLSign" : "critical,digitalSignature");
    extend(made.get(), by, NID_subject_key_identifier, "hash");
    if (!authority) extend(made.get(), by, NID_subject_alt_name, "IP:127.0.0.1,IP:::1,DNS:localhost");
    must(X509_sign(made.get(), issuer_key, EVP_sha256()));
    return made;
}

template <class Write>
std::string pem(Write write) {
    const Bio out{must(BIO_new(BIO_s_mem()))};
    must(write(out.get()) == 1);
    char* bytes = nullptr;
    const auto size = BIO_get_mem_data(out.get(), &bytes);
    return {bytes, static_cast<std::size_t>(size)};
}

}  // namespace

Identity make_identity() {
    const Key authority_key{must(EVP_EC_gen("P-256"))}, key{must(EVP_EC_gen("P-256"))};
    const auto authority = make("omega venue simulator CA", authority_key.get(), nullptr, authority_key.get(), true);
    const auto certificate = make("localhost", key.get(), authority.get(), authority_key.get(), false);
    return {pem([&](BIO* out) { return PEM_write_bio_X509(out, authority.get()); }),
            pem([&](BIO* out) { return PEM_write_bio_X509(out, certificate.get()); }), pem([&](BIO* out) {
                return PEM_write_bio_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
            })};
}

}  // namespace venue
