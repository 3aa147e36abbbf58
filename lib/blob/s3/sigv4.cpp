// SPDX-License-Identifier: MIT
#include "blob/s3/sigv4.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <map>
#include <stdexcept>

#include "core/digest.hpp"
#include "core/percent.hpp"
#include "core/text.hpp"

namespace vinny {
namespace {

constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";

using sha256_bytes = std::array<unsigned char, 32>;

sha256_bytes hmac_sha256(std::string_view key, std::string_view text) {
  sha256_bytes out{};
  unsigned size = 0;
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
           reinterpret_cast<unsigned char const*>(text.data()), text.size(), out.data(),
           &size) == nullptr) {
    throw std::runtime_error{"the digest library failed"};
  }
  return out;
}

std::string_view view(sha256_bytes const& bytes) {
  return {reinterpret_cast<char const*>(bytes.data()), bytes.size()};
}

/// Trimmed, and runs of spaces made one.
std::string canonical_value(std::string_view value) {
  std::string out;
  for (auto const c : trim(value)) {
    if (c != ' ' || out.empty() || out.back() != ' ') out += c;
  }
  return out;
}

struct canonical_headers {
  std::string lines;  // "host:example.org\n…"
  std::string names;  // "host;x-amz-date"
};

canonical_headers canonical(header_list const& headers) {
  std::map<std::string, std::string> sorted;
  for (auto const& [name, value] : headers) {
    auto const [place, fresh] = sorted.emplace(to_lower(name), canonical_value(value));
    if (!fresh) place->second += ',' + canonical_value(value);
  }
  canonical_headers out;
  for (auto const& [name, value] : sorted) {
    out.lines.append(name).append(1, ':').append(value).append(1, '\n');
    if (!out.names.empty()) out.names += ';';
    out.names += name;
  }
  return out;
}

std::string scope_of(sigv4_identity const& who, std::string_view time) {
  return fmt::format("{}/{}/{}/aws4_request", time.substr(0, 8), who.region, who.service);
}

sha256_bytes derive(sigv4_identity const& who, std::string_view date) {
  secret const start{"AWS4" + who.secret_access_key.reveal()};
  auto const day = hmac_sha256(start.reveal(), date);
  auto const region = hmac_sha256(view(day), who.region);
  auto const service = hmac_sha256(view(region), who.service);
  return hmac_sha256(view(service), "aws4_request");
}

std::string signature_of(sigv4_identity const& who, std::string_view time,
                         std::string_view string_to_sign, sigv4_key& known) {
  auto const date = time.substr(0, 8);
  if (known.date != date) known = {std::string{date}, derive(who, date)};
  return to_hex(hmac_sha256(view(known.bytes), string_to_sign));
}

sigv4_signature signed_form(sigv4_identity const& who, sigv4_request const& what,
                            canonical_headers const& headers, std::string_view time,
                            sigv4_key& known) {
  sigv4_signature out;
  out.canonical_request =
      fmt::format("{}\n{}\n{}\n{}\n{}\n{}", what.method, what.path.empty() ? "/" : what.path,
                  query_string(what.query), headers.lines, headers.names, what.payload_hash);
  out.string_to_sign = fmt::format("{}\n{}\n{}\n{}", algorithm, time, scope_of(who, time),
                                   sha256_hex(out.canonical_request));
  out.signature = signature_of(who, time, out.string_to_sign, known);
  return out;
}

}  // namespace

std::string query_string(query_list const& query) {
  std::vector<std::pair<std::string, std::string>> encoded;
  encoded.reserve(query.size());
  for (auto const& [name, value] : query) {
    encoded.emplace_back(uri_encode(name, false), uri_encode(value, false));
  }
  std::ranges::sort(encoded);
  std::string out;
  for (auto const& [name, value] : encoded) {
    if (!out.empty()) out += '&';
    out.append(name).append(1, '=').append(value);
  }
  return out;
}

std::string amz_time(instant at) {
  auto const text = to_rfc3339(at);  // 2013-05-24T00:00:00.000Z
  std::string out;
  for (auto const c : std::string_view{text}.substr(0, 19)) {
    if (c != '-' && c != ':') out += c;
  }
  return out + 'Z';
}

sigv4_signature sign(sigv4_identity const& who, sigv4_request const& what, instant at,
                     sigv4_key& known) {
  auto const time = amz_time(at);
  auto const headers = canonical(what.headers);
  auto out = signed_form(who, what, headers, time, known);
  out.authorization =
      fmt::format("{} Credential={}/{},SignedHeaders={},Signature={}", algorithm, who.access_key_id,
                  scope_of(who, time), headers.names, out.signature);
  return out;
}

std::string presigned_query(sigv4_identity const& who, sigv4_request what,
                            std::chrono::seconds lasts, instant at) {
  auto const time = amz_time(at);
  auto const headers = canonical(what.headers);
  what.query.emplace_back("X-Amz-Algorithm", algorithm);
  what.query.emplace_back("X-Amz-Credential", who.access_key_id + '/' + scope_of(who, time));
  what.query.emplace_back("X-Amz-Date", time);
  what.query.emplace_back("X-Amz-Expires", std::to_string(lasts.count()));
  what.query.emplace_back("X-Amz-SignedHeaders", headers.names);
  sigv4_key once;
  auto const made = signed_form(who, what, headers, time, once);
  return query_string(what.query) + "&X-Amz-Signature=" + made.signature;
}

}  // namespace vinny
