#pragma once

#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <filesystem>
#include <string>
#include <utility>

namespace test {

/// A key and a certificate that is its own authority, made now.
struct Certificate {
    EVP_PKEY* key{EVP_EC_gen("P-256")};
    X509* certificate{X509_new()};

    /// `name`: "IP:127.0.0.1", "DNS:host", …; valid from an hour ago for `valid_s` seconds from now (negative: it was).
    explicit Certificate(const char* name = "IP:127.0.0.1,IP:::1,DNS:localhost", long valid_s = 3600) {
        X509_set_version(certificate, 2);
        ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
        X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
        X509_gmtime_adj(X509_getm_notAfter(certificate), valid_s);
        X509_set_pubkey(certificate, key);
        auto* subject = X509_get_subject_name(certificate);
        X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("test"), -1, -1,
                                   0);
        X509_set_issuer_name(certificate, subject);
        for (const auto& [id, value] :
             {std::pair{NID_basic_constraints, "critical,CA:TRUE"}, std::pair{NID_subject_alt_name, name}}) {
            auto* extension = X509V3_EXT_conf_nid(nullptr, nullptr, id, value);
            X509_add_ext(certificate, extension, -1);
            X509_EXTENSION_free(extension);
        }
        X509_sign(certificate, key, EVP_sha256());
        char pattern[] = "/tmp/omega-certificate-XXXXXX";
        const int descriptor = ::mkstemp(pattern);
        std::FILE* out = ::fdopen(descriptor, "w");
        PEM_write_X509(out, certificate);
        std::fclose(out);
        file = pattern;
    }
    ~Certificate() {
        X509_free(certificate);
        EVP_PKEY_free(key);
        std::filesystem::remove(file);
    }
    Certificate(const Certificate&) = delete;
    Certificate& operator=(const Certificate&) = delete;

    std::string file;  ///< the certificate as PEM, gone with this object
};

}  // namespace test
