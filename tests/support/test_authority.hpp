// SPDX-License-Identifier: MIT
//
// A certificate authority that lives for one test, and the certificates it issues.
#pragma once

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>

#include "support/loopback_server.hpp"
#include "unit/scratch_folder.hpp"

namespace vinny::test {

class test_authority {
 public:
  test_authority() : key_(EVP_EC_gen("P-256")), certificate_(X509_new()) {
    describe(certificate_.get(), "Vinny wire test authority", key_.get(), -3600, 3600);
    extend(certificate_.get(), NID_basic_constraints, "critical,CA:TRUE");
    extend(certificate_.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
    X509_set_issuer_name(certificate_.get(), X509_get_subject_name(certificate_.get()));
    X509_sign(certificate_.get(), key_.get(), EVP_sha256());
  }

  /// `names`: "DNS:a.test,IP:127.0.0.1"; valid between the two moments, in seconds from now.
  [[nodiscard]] tls_identity issue(std::string const& names, long from = -3600,
                                   long until = 3600) const {
    return make(names, from, until, certificate_.get(), key_.get());
  }
  /// A certificate that vouches for itself.
  [[nodiscard]] static tls_identity self_signed(std::string const& names) {
    return make(names, -3600, 3600, nullptr, nullptr);
  }
  /// Writes the authority's certificate for http.ca_file.
  [[nodiscard]] std::filesystem::path write(scratch_folder const& folder) const {
    auto path = folder.path / "ca.pem";
    std::ofstream{path} << pem([&](BIO* bio) { PEM_write_bio_X509(bio, certificate_.get()); });
    return path;
  }

 private:
  using key_ptr = std::unique_ptr<EVP_PKEY, decltype([](EVP_PKEY* k) { EVP_PKEY_free(k); })>;
  using x509_ptr = std::unique_ptr<X509, decltype([](X509* c) { X509_free(c); })>;

  static tls_identity make(std::string const& names, long from, long until, X509* issuer,
                           EVP_PKEY* issuer_key) {
    key_ptr const key{EVP_EC_gen("P-256")};
    x509_ptr const made{X509_new()};
    describe(made.get(), "origin", key.get(), from, until);
    extend(made.get(), NID_basic_constraints, "CA:FALSE");
    extend(made.get(), NID_subject_alt_name, names);
    X509_set_issuer_name(made.get(), X509_get_subject_name(issuer ? issuer : made.get()));
    X509_sign(made.get(), issuer_key ? issuer_key : key.get(), EVP_sha256());
    return {.chain = pem([&](BIO* bio) { PEM_write_bio_X509(bio, made.get()); }),
            .key = pem([&](BIO* bio) {
              PEM_write_bio_PrivateKey(bio, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
            })};
  }

  static void describe(X509* what, char const* name, EVP_PKEY* key, long from, long until) {
    static long serial = 1;
    X509_set_version(what, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(what), serial++);
    X509_gmtime_adj(X509_getm_notBefore(what), from);
    X509_gmtime_adj(X509_getm_notAfter(what), until);
    X509_set_pubkey(what, key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(what), "CN", MBSTRING_ASC,
                               reinterpret_cast<unsigned char const*>(name), -1, -1, 0);
  }

  static void extend(X509* what, int kind, std::string const& value) {
    auto* const extension = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str());
    if (extension == nullptr) throw std::runtime_error{"not an extension: " + value};
    X509_add_ext(what, extension, -1);
    X509_EXTENSION_free(extension);
  }

  template <class Write>
  static std::string pem(Write write) {
    std::unique_ptr<BIO, decltype([](BIO* b) { BIO_free(b); })> const bio{BIO_new(BIO_s_mem())};
    write(bio.get());
    char* text = nullptr;
    auto const size = BIO_get_mem_data(bio.get(), &text);
    return {text, static_cast<std::size_t>(size)};
  }

  key_ptr key_;
  x509_ptr certificate_;
};

}  // namespace vinny::test
