// SPDX-License-Identifier: MIT
#include "http/wire/tls_stream.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <map>
#include <stdexcept>

#include "http/wire/certificate.hpp"

namespace vinny {
namespace {

constexpr std::size_t most_sessions = 4'096;
constexpr std::int64_t most_bytes_a_step = 128 * 1024;

template <auto Free>
struct freed_by {
  template <class T>
  void operator()(T* it) const noexcept {
    Free(it);
  }
};
using kept_session = std::unique_ptr<SSL_SESSION, freed_by<SSL_SESSION_free>>;

/// By host and port; when it is full, any other goes. On the loop only.
using session_cache = std::map<std::string, kept_session>;

tls_session& session_of(BIO* bio) noexcept {
  return *static_cast<tls_session*>(BIO_get_data(bio));
}

}  // namespace

struct tls_context::impl {
  std::unique_ptr<SSL_CTX, freed_by<SSL_CTX_free>> context{SSL_CTX_new(TLS_client_method())};
  session_cache sessions;
};

/// What OpenSSL's callbacks are given.
struct tls_session {
  std::string host;
  std::string key;  // of what is kept for the next connection
  session_cache* sessions = nullptr;
  int socket = -1;
  int error = 0;               // of the socket, the last
  std::int64_t step_left = 0;  // bytes that the step under way may still receive
  bool ended = false;
  bool broken = false;  // nothing more may be said on it
  std::string refusal{};
  std::unique_ptr<SSL, freed_by<SSL_free>> ssl{};
};

namespace {

tls_session& session_of(SSL const* ssl) noexcept {
  return *static_cast<tls_session*>(SSL_get_app_data(ssl));
}

// OpenSSL's own socket BIO would raise SIGPIPE. And it reads on as long as what comes is nothing
// for its caller (empty messages, tickets): after so many bytes in a step it is told to wait, so
// that others run and the deadline is looked at.
int receive(BIO* bio, char* into, int most) {
  auto& session = session_of(bio);
  BIO_clear_retry_flags(bio);
  if (session.step_left <= 0) {
    BIO_set_retry_read(bio);
    session.error = EAGAIN;
    return -1;
  }
  auto const got = ::recv(session.socket, into, static_cast<std::size_t>(most), MSG_DONTWAIT);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) BIO_set_retry_read(bio);
  session.error = got < 0 ? errno : 0;
  session.ended = got == 0;
  session.step_left -= std::max<std::int64_t>(got, 0);
  return static_cast<int>(got);
}

int transmit(BIO* bio, char const* from, int bytes) {
  auto& session = session_of(bio);
  BIO_clear_retry_flags(bio);
  auto const sent =
      ::send(session.socket, from, static_cast<std::size_t>(bytes), MSG_DONTWAIT | MSG_NOSIGNAL);
  if (sent < 0 && (errno == EAGAIN || errno == EINTR)) BIO_set_retry_write(bio);
  session.error = sent < 0 ? errno : 0;
  return static_cast<int>(sent);
}

long control(BIO* bio, int command, long, void*) {
  if (command == BIO_CTRL_EOF) return session_of(bio).ended ? 1 : 0;
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

BIO_METHOD* socket_method() {
  static BIO_METHOD* const method = [] {
    auto* const made = BIO_meth_new(BIO_TYPE_SOURCE_SINK | BIO_get_new_index(), "socket");
    BIO_meth_set_read(made, receive);
    BIO_meth_set_write(made, transmit);
    BIO_meth_set_ctrl(made, control);
    return made;
  }();
  return method;
}

int certificate_verified(int good, X509_STORE_CTX* store) {
  if (good == 1) return 1;
  auto& session = session_of(static_cast<SSL const*>(
      X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx())));
  if (session.refusal.empty()) session.refusal = why_refused(store, session.host);
  return 0;
}

int session_made(SSL* ssl, SSL_SESSION* fresh) {
  auto& session = session_of(ssl);
  auto& cache = *session.sessions;
  if (cache.size() >= most_sessions && !cache.contains(session.key)) cache.erase(cache.begin());
  cache[session.key].reset(fresh);
  return 1;  // it is ours from now on
}

bool expect_host(SSL* ssl, std::string const& host) {
  std::array<unsigned char, 16> bytes{};
  bool const is_address = ::inet_pton(AF_INET, host.c_str(), bytes.data()) == 1 ||
                          ::inet_pton(AF_INET6, host.c_str(), bytes.data()) == 1;
  if (is_address) return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host.c_str()) == 1;
  SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  return SSL_set1_host(ssl, host.c_str()) == 1 && SSL_set_tlsext_host_name(ssl, host.c_str()) == 1;
}

}  // namespace

tls_context::tls_context(std::filesystem::path const& ca_file) : impl_(std::make_unique<impl>()) {
  auto* const context = impl_->context.get();
  if (context == nullptr) throw std::runtime_error{"TLS cannot begin: OpenSSL made no context"};
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_read_ahead(context, 1);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, &certificate_verified);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_sess_set_new_cb(context, &session_made);
  SSL_CTX_set_default_verify_paths(context);
  if (!ca_file.empty() && SSL_CTX_load_verify_file(context, ca_file.c_str()) != 1) {
    auto const* const why = ERR_reason_error_string(ERR_peek_last_error());
    ERR_clear_error();
    throw std::runtime_error{
        fmt::format("http.ca_file: '{}' cannot be read as PEM certificates ({})", ca_file.string(),
                    why == nullptr ? "no reason is known" : why)};
  }
}
tls_context::~tls_context() = default;
tls_context::tls_context(tls_context&&) noexcept = default;

result<std::unique_ptr<tls_stream>> tls_stream::over(stream_socket socket, tls_context& with,
                                                     std::string const& host, std::uint16_t port) {
  auto session = std::make_unique<tls_session>(tls_session{.host = host,
                                                           .key = fmt::format("{}:{}", host, port),
                                                           .sessions = &with.get().sessions,
                                                           .socket = socket.native_handle()});
  session->ssl.reset(SSL_new(with.get().context.get()));
  auto* const ssl = session->ssl.get();
  auto* const bio = BIO_new(socket_method());
  if (ssl == nullptr || bio == nullptr) {
    BIO_free(bio);
    return fail(errc::out_of_memory, "TLS cannot begin: there is no memory");
  }
  BIO_set_data(bio, session.get());
  BIO_set_init(bio, 1);
  SSL_set_bio(ssl, bio, bio);  // it is freed with it
  SSL_set_app_data(ssl, session.get());
  if (!expect_host(ssl, host)) return fail(errc::tls_failed, "the host's name does not fit TLS");
  auto const known = session->sessions->find(session->key);
  if (known != session->sessions->end()) SSL_set_session(ssl, known->second.get());
  SSL_set_connect_state(ssl);
  return std::unique_ptr<tls_stream>{new tls_stream{std::move(socket), std::move(session)}};
}

tls_stream::tls_stream(stream_socket socket, std::unique_ptr<tls_session> session)
    : byte_stream(std::move(socket)), session_(std::move(session)) {}

tls_stream::~tls_stream() {
  // Who goes without a word does not come back by the same session.
  ERR_clear_error();
  if (!session_->broken && SSL_is_init_finished(session_->ssl.get()) == 1) {
    SSL_shutdown(session_->ssl.get());
  }
}

moved tls_stream::outcome_of(int returned) const {
  switch (SSL_get_error(session_->ssl.get(), returned)) {
    case SSL_ERROR_WANT_READ:
      return {.how = moved::outcome::wait_read};
    case SSL_ERROR_WANT_WRITE:
      return {.how = moved::outcome::wait_write};
    case SSL_ERROR_ZERO_RETURN:
      return {.how = moved::outcome::end};
    default:
      session_->broken = true;
      break;
  }
  if (session_->error != 0) return {.how = moved::outcome::failed, .error = session_->error};
  if (session_->ended) return {.how = moved::outcome::cut};
  return {.how = moved::outcome::failed, .tls_why = ERR_reason_error_string(ERR_peek_error())};
}

void tls_stream::begin_step() {
  ERR_clear_error();
  session_->step_left = most_bytes_a_step;
}

moved tls_stream::handshake() {
  begin_step();
  auto const done = SSL_do_handshake(session_->ssl.get());
  return done == 1 ? moved{.how = moved::outcome::some} : outcome_of(done);
}

std::string const& tls_stream::refused_certificate() const noexcept {
  return session_->refusal;
}

bool tls_stream::resumed() const noexcept {
  return SSL_session_reused(session_->ssl.get()) == 1;
}

moved tls_stream::read(char* into, std::size_t most) {
  begin_step();
  std::size_t got = 0;
  auto const done = SSL_read_ex(session_->ssl.get(), into, most, &got);
  return done == 1 ? moved{.how = moved::outcome::some, .bytes = got} : outcome_of(done);
}

moved tls_stream::write(char const* from, std::size_t bytes) {
  begin_step();
  std::size_t sent = 0;
  auto const done = SSL_write_ex(session_->ssl.get(), from, bytes, &sent);
  return done == 1 ? moved{.how = moved::outcome::some, .bytes = sent} : outcome_of(done);
}

bool tls_stream::silent() {
  // Reading is the only way to tell: what has come may be a session's ticket, which is no answer.
  char byte = 0;
  return read(&byte, 1).how == moved::outcome::wait_read && session_->step_left > 0;
}

}  // namespace vinny
