// SPDX-License-Identifier: MIT
#include "blob/s3/s3_address.hpp"

#include <fmt/format.h>

#include "core/percent.hpp"
#include "core/text.hpp"

namespace vinny {
namespace {

bool is_utf8(std::string_view text) {
  return valid_utf8(text) == text;
}

}  // namespace

result<s3_address> s3_address::from(store_config const& settings) {
  if (settings.bucket.empty()) {
    return fail(errc::config_invalid, "store.bucket is empty: name the bucket");
  }
  auto const endpoint = url::parse(settings.endpoint);
  if (!endpoint) {
    return fail(errc::config_invalid, fmt::format("store.endpoint: {}; it is a URL such as "
                                                  "https://<account>.r2.cloudflarestorage.com",
                                                  endpoint.error().message));
  }
  s3_address out;
  out.bucket_ = settings.bucket;
  out.prefix_ = settings.prefix;
  out.path_ = endpoint->path();
  if (!out.path_.ends_with('/')) out.path_ += '/';
  if (settings.path_style) {
    out.base_ = *endpoint;
    out.path_ += uri_encode(settings.bucket, false) + '/';
    return out;
  }
  auto const hosted = url::parse(
      fmt::format("{}://{}.{}/", endpoint->scheme(), settings.bucket, endpoint->host_header()));
  if (!hosted) {
    return fail(errc::config_invalid,
                fmt::format("store.bucket: '{}' cannot be part of a host name; set "
                            "store.path_style = true",
                            settings.bucket));
  }
  out.base_ = *hosted;
  return out;
}

result<> s3_address::check(std::string_view full_key) const {
  auto const refuse = [&](std::string_view why) {
    return fail(errc::store_rejected,
                fmt::format("'{}': an object key {}", valid_utf8(clip(full_key, 80)), why));
  };
  if (full_key.empty()) return refuse("cannot be empty");
  if (full_key.size() > max_key_bytes) {
    return refuse(fmt::format("has at most {} bytes, not {}; shorten store.prefix", max_key_bytes,
                              full_key.size()));
  }
  if (!is_utf8(full_key)) return refuse("must be valid UTF-8 without NUL");
  // Stores disagree on such keys: some normalise the path before they check the signature.
  for (auto const part : split(full_key, '/')) {
    if (part == "." || part == "..") return refuse("cannot hold '.' or '..' as a part");
  }
  return {};
}

url s3_address::target(std::string_view full_key, query_list const& query) const {
  auto path = path_ + uri_encode(full_key, true);
  // A bucket in the path is asked without a slash at its end, a bucket in the host with one.
  if (full_key.empty() && path.size() > 1) path.pop_back();
  return base_.with_path(std::move(path), query_string(query));
}

}  // namespace vinny
