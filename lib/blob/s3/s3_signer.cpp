// SPDX-License-Identifier: MIT
#include "blob/s3/s3_signer.hpp"

namespace vinny {

result<s3_signer> s3_signer::from(store_config const& settings) {
  if (settings.access_key_id.empty() || settings.secret_access_key.empty()) {
    return fail(errc::config_invalid, "an address cannot be signed without the store's keys");
  }
  auto where = s3_address::from(settings);
  if (!where) return std::unexpected(where.error());
  return s3_signer{std::move(*where),
                   {.access_key_id = std::string{settings.access_key_id.reveal()},
                    .secret_access_key = settings.secret_access_key,
                    .region = settings.region}};
}

std::string s3_signer::address(std::string_view key, std::chrono::seconds lasts, instant at) const {
  auto const target = where_.target(where_.full_key(key), {});
  sigv4_request what{.method = "GET",
                     .path = target.path(),
                     .query = {},
                     .headers = {{"Host", target.host_header()}},
                     .payload_hash = std::string{unsigned_payload}};
  return target.str() + '?' + presigned_query(who_, std::move(what), lasts, at);
}

}  // namespace vinny
