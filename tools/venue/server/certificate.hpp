#pragma once

#include <string>

namespace venue {

/// An authority made for one run, and a certificate of this machine's loopback names that it signed. PEM.
struct Identity {
    std::string authority;    ///< what clients trust
    std::string certificate;  ///< of 127.0.0.1, ::1 and localhost
    std::string key;          ///< of the certificate; nobody but the server sees it
};

/// Throws std::runtime_error when OpenSSL refuses.
Identity make_identity();

}  // namespace venue
