// SPDX-License-Identifier: MIT
#include "http/wire/certificate.hpp"

#include <fmt/format.h>
#include <openssl/x509v3.h>

#include <array>
#include <ctime>
#include <memory>
#include <vector>

#include "core/text.hpp"

namespace vinny {
namespace {

constexpr std::size_t names_told = 3;

struct free_names {
  void operator()(GENERAL_NAMES* names) const noexcept { GENERAL_NAMES_free(names); }
};

std::string text_of(ASN1_STRING const* name) {
  auto const* const bytes = reinterpret_cast<char const*>(ASN1_STRING_get0_data(name));
  return printable(valid_utf8({bytes, static_cast<std::size_t>(ASN1_STRING_length(name))}));
}

std::string subject_of(X509 const* certificate) {
  std::array<char, 256> subject{};
  X509_NAME_oneline(X509_get_subject_name(certificate), subject.data(),
                    static_cast<int>(subject.size()));
  return printable(valid_utf8(subject.data()));
}

/// The names that a certificate is for (RFC 6125), the first of them; else its subject's.
std::string names_of(X509 const* certificate) {
  std::unique_ptr<GENERAL_NAMES, free_names> const all{static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr))};
  std::vector<std::string> names;
  auto const count = all ? sk_GENERAL_NAME_num(all.get()) : 0;
  for (int i = 0; i < count && names.size() < names_told; ++i) {
    auto const* const name = sk_GENERAL_NAME_value(all.get(), i);
    if (name->type == GEN_DNS) names.push_back(text_of(name->d.dNSName));
  }
  if (names.empty()) return subject_of(certificate);
  return fmt::format("{}{}", fmt::join(names, ", "),
                     count > static_cast<int>(names.size()) ? " …" : "");
}

std::string date_of(ASN1_TIME const* at) {
  std::tm when{};
  if (at == nullptr || ASN1_TIME_to_tm(at, &when) != 1) return "an unknown date";
  return fmt::format("{:04}-{:02}-{:02}", when.tm_year + 1900, when.tm_mon + 1, when.tm_mday);
}

}  // namespace

std::string why_refused(X509_STORE_CTX* store, std::string const& host) {
  auto const code = X509_STORE_CTX_get_error(store);
  auto const* const certificate = X509_STORE_CTX_get_current_cert(store);
  if (certificate == nullptr) return X509_verify_cert_error_string(code);
  switch (code) {
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return fmt::format("it is for {}, not for {}", names_of(certificate), host);
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return fmt::format("it expired on {}", date_of(X509_get0_notAfter(certificate)));
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return fmt::format("it is valid from {} on; is this machine's clock right?",
                         date_of(X509_get0_notBefore(certificate)));
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      return fmt::format(
          "{}: the host sends no certificate of its issuer, or http.ca_file lacks "
          "the root",
          X509_verify_cert_error_string(code));
    default:
      return X509_verify_cert_error_string(code);
  }
}

}  // namespace vinny
