#include "core/net/tls.hpp"

#include "core/net/openssl_memory.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <map>
#include <mutex>
#include <stdexcept>

namespace core {
namespace {

/// Where an SSL keeps the key of its session, and an SSL_CTX its sessions.
int key_index() {
    static const int index = SSL_get_ex_new_index(
        0, nullptr, nullptr, nullptr,
        [](void*, void* key, CRYPTO_EX_DATA*, int, long, void*) { delete static_cast<Endpoint*>(key); });
    return index;
}

bool is_address(const std::string& host) {
    ASN1_OCTET_STRING* bytes = a2i_IPADDRESS(host.c_str());
    ASN1_OCTET_STRING_free(bytes);
    return bytes != nullptr;
}

/// How many certificates of the text the context trusts from now on.
std::size_t trust(SSL_CTX* context, const std::string& pem) {
    BIO* bio = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
    std::size_t found = 0;
    while (X509* certificate = PEM_read_bio_X509(bio, nullptr, nullptr, nullptr)) {
        if (X509_STORE_add_cert(SSL_CTX_get_cert_store(context), certificate) == 1) ++found;
        X509_free(certificate);
    }
    ERR_clear_error();  // the end of the text is one
    BIO_free(bio);
    return found;
}

}  // namespace

struct TlsContext::Impl {
    SSL_CTX* context{SSL_CTX_new(TLS_client_method())};
    std::mutex mutex;  // cold: handshakes only
    std::map<Endpoint, SSL_SESSION*> sessions;

    Impl() = default;
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;
    ~Impl() {
        for (auto& [key, session] : sessions) SSL_SESSION_free(session);
        SSL_CTX_free(context);
    }

    void keep(const Endpoint& key, SSL_SESSION* session) {
        const std::scoped_lock lock{mutex};
        auto& kept = sessions[key];
        SSL_SESSION_free(kept);
        kept = session;
    }
    SSL_SESSION* kept(const Endpoint& key) {
        const std::scoped_lock lock{mutex};
        const auto found = sessions.find(key);
        if (found == sessions.end()) return nullptr;
        SSL_SESSION_up_ref(found->second);
        return found->second;
    }
};

TlsContext::TlsContext(const TlsSettings& settings) : impl_{std::make_unique<Impl>()} {
    static_cast<void>(openssl_memory_is_ours());  // where it is not, each record costs an allocation
    SSL_CTX* context = impl_->context;
    if (context == nullptr) throw std::runtime_error{"TLS: no context"};
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_set_ex_data(context, 0, impl_.get());
    SSL_CTX_sess_set_new_cb(context, [](SSL* stream, SSL_SESSION* session) {
        auto* impl = static_cast<Impl*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(stream)));
        const auto* key = static_cast<const Endpoint*>(SSL_get_ex_data(stream, key_index()));
        if (key == nullptr) return 0;
        impl->keep(*key, session);
        return 1;  // the session is ours
    });
    if (settings.system_authorities && SSL_CTX_set_default_verify_paths(context) != 1)
        throw std::runtime_error{"TLS: the system's authorities cannot be read"};
    if (!settings.ca_file.empty() && SSL_CTX_load_verify_locations(context, settings.ca_file.c_str(), nullptr) != 1) {
        ERR_clear_error();
        throw std::runtime_error{"TLS: " + settings.ca_file + ": expected a file of certificates in PEM"};
    }
    if (!settings.ca_pem.empty() && trust(context, settings.ca_pem) == 0)
        throw std::runtime_error{"TLS: a text of authorities: expected certificates in PEM"};
}

TlsContext::~TlsContext() = default;

ssl_st* TlsContext::open(const Endpoint& to) const {
    SSL* stream = SSL_new(impl_->context);
    if (stream == nullptr) return nullptr;
    SSL_set_connect_state(stream);
    bool named = false;
    if (is_address(to.host))  // addresses are not sent as server name (RFC 6066)
        named = X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(stream), to.host.c_str()) == 1;
    else
        named = SSL_ctrl(stream, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                         const_cast<char*>(to.host.c_str())) == 1 &&
                SSL_set1_host(stream, to.host.c_str()) == 1;
    if (!named) {
        SSL_free(stream);
        return nullptr;
    }
    SSL_set_hostflags(stream, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    SSL_set_ex_data(stream, key_index(), new Endpoint{to});
    if (SSL_SESSION* session = impl_->kept(to)) {
        SSL_set_session(stream, session);
        SSL_SESSION_free(session);
    }
    return stream;
}

}  // namespace core
