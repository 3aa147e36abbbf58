// SPDX-License-Identifier: MIT
//
// Why a certificate was not accepted, in words that an operator can act on.
#pragma once

#include <openssl/types.h>

#include <string>

namespace vinny {

/// Of the certificate that is being looked at, after OpenSSL has refused it; `host`: whom it should
/// have been for.
[[nodiscard]] std::string why_refused(X509_STORE_CTX* store, std::string const& host);

}  // namespace vinny
