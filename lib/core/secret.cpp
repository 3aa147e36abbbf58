// SPDX-License-Identifier: MIT
#include "core/secret.hpp"

#include <openssl/crypto.h>

namespace vinny {

secret::~secret() {
  if (!value_.empty()) OPENSSL_cleanse(value_.data(), value_.size());
}

}  // namespace vinny
