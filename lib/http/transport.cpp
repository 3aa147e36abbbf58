// SPDX-License-Identifier: MIT
// The one translation unit that instantiates Beast over TLS for clients.
#include "http/transport.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

#include <openssl/err.h>

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <utility>

#include "core/text.hpp"
#include "http/growing_body.hpp"

namespace vinny {

namespace beast = boost::beast;
namespace bhttp = boost::beast::http;
namespace ssl = boost::asio::ssl;
using tcp = asio::ip::tcp;
using boost::system::error_code;

struct tls_context::impl {
  ssl::context context{ssl::context::tls_client};
};

tls_context::tls_context(std::filesystem::path const& ca_file) : impl_(std::make_unique<impl>()) {
  auto& context = impl_->context;
  context.set_options(ssl::context::default_workarounds | ssl::context::no_sslv2 |
                      ssl::context::no_sslv3 | ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1);
  context.set_verify_mode(ssl::verify_peer);
  error_code ignored;
  context.set_default_verify_paths(ignored);
  if (!ca_file.empty()) {
    error_code error;
    context.load_verify_file(ca_file.string(), error);
    if (error) {
      throw std::runtime_error{
          fmt::format("http.ca_file: '{}' cannot be read as PEM certificates ({})",
                      ca_file.string(), error.message())};
    }
  }
}
tls_context::~tls_context() = default;
tls_context::tls_context(tls_context&&) noexcept = default;

namespace {

constexpr std::size_t read_buffer_bytes = 64 * 1024;
constexpr std::uint32_t max_head_bytes = 64 * 1024;
constexpr auto as_values = asio::as_tuple(asio::use_awaitable);

/// Which deadline a timeout means depends on the phase it struck in.
struct phase {
  errc timeout;
  errc broken;
};
constexpr phase connecting{errc::connect_timeout, errc::connect_failed};
constexpr phase handshaking{errc::tls_timeout, errc::tls_failed};
constexpr phase awaiting{errc::first_byte_timeout, errc::connection_lost};
constexpr phase reading{errc::stalled, errc::connection_lost};

/// RFC 9110, section 15.2: others of this class may come before the answer, any number of them.
bool is_interim(unsigned status) noexcept {
  return status >= 100 && status < 200 && status != 101;
}

template <class Message>
bool is_encoded(Message const& answer) {
  std::string_view const encoding{answer[bhttp::field::content_encoding]};
  return !encoding.empty() && !iequals(encoding, "identity");
}

errc code_of(error_code error, phase at, deadline limit) {
  if (error == beast::error::timeout) {
    return clock::now() >= limit ? errc::total_timeout : at.timeout;
  }
  if (error == asio::error::operation_aborted) return errc::cancelled;
  if (error == bhttp::error::body_limit) return errc::body_too_large;
  if (error == bhttp::error::partial_message) return errc::short_body;
  if (error == bhttp::error::end_of_stream) return errc::connection_lost;
  if (error.category() == make_error_code(bhttp::error::bad_version).category()) {
    return errc::bad_response;
  }
  return at.broken;
}

bool refused_early(error_code error) noexcept {
  return error == asio::error::broken_pipe || error == asio::error::connection_reset;
}

std::unexpected<failure> broken(error_code error, phase at, url const& target, deadline limit) {
  auto const code = code_of(error, at, limit);
  bool const timeout = error == beast::error::timeout;
  return fail(code, timeout ? fmt::format("{}: {}", target, describe(code))
                            : fmt::format("{}: {} ({})", target, describe(code), error.message()));
}

template <class Stream>
class basic_connection final : public connection {
 public:
  template <class... Args>
  explicit basic_connection(http_config const& limits, Args&&... args)
      : limits_(limits), stream_(std::forward<Args>(args)...) {
    buffer_.reserve(read_buffer_bytes);
  }
  Stream& stream() noexcept { return stream_; }
  beast::tcp_stream& tcp_layer() noexcept { return beast::get_lowest_layer(stream_); }

  task<result<response>> exchange(request const& what, exchange_hooks const& hooks,
                                  deadline limit) override {
    reusable_ = false;  // until the answer has been read to its end
    auto message = compose(what);
    tcp_layer().expires_at(within(limits_.first_byte_timeout + what.send_time, limit));
    auto const [unsent, sent] = co_await bhttp::async_write(stream_, message, as_values);
    // A server may refuse a body before it has read it all, and close: its answer tells why.
    if (unsent && !(what.send_time.count() > 0 && refused_early(unsent))) {
      co_return broken(unsent, awaiting, what.target, limit);
    }
    if (what.send_time.count() > 0) {
      tcp_layer().expires_at(within(limits_.first_byte_timeout, limit));
    }
    if (hooks.written) hooks.written();

    std::optional<bhttp::response_parser<growing_body>> place;
    do {
      place.emplace();
      place->header_limit(max_head_bytes);
      if (what.cut_body || what.overflow) {
        place->body_limit(boost::none);
      } else {
        place->body_limit(static_cast<std::uint64_t>(what.max_body));
      }
      place->eager(true);
      if (what.method == "HEAD") place->skip(true);
      if (auto const read = co_await read_head(*place, what.target, limit); !read) {
        co_return std::unexpected(read.error());
      }
    } while (is_interim(place->get().result_int()));
    auto& parser = *place;
    used_ = true;
    if (hooks.head) {
      std::string_view const rest{parser.get()[bhttp::field::retry_after]};
      hooks.head(static_cast<int>(parser.get().result_int()), rest);
    }
    if (auto const length = parser.content_length();
        !what.cut_body && length && *length > static_cast<std::uint64_t>(what.max_body) &&
        !parser.is_done()) {
      co_return fail(errc::body_too_large, fmt::format("{}: the body has {} bytes; {} are allowed",
                                                       what.target, *length, what.max_body));
    }
    auto const overflowed = co_await read_body(parser, what, limit);
    if (!overflowed) co_return std::unexpected(overflowed.error());
    reusable_ = !unsent && parser.is_done() && parser.keep_alive() && buffer_.size() == 0;
    tcp_layer().expires_never();
    auto out = take(parser, what);
    out.overflowed = *overflowed;
    co_return out;
  }

  bool reusable() override {
    if (!reusable_ || !tcp_layer().socket().is_open()) return false;
    // A kept connection that has become readable was closed, or speaks out of turn.
    char byte = 0;
    auto const got =
        ::recv(tcp_layer().socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
  }
  bool used() const noexcept override { return used_; }

 private:
  /// Refers to the body, which is not copied.
  static bhttp::request<bhttp::span_body<char const>> compose(request const& what) {
    bhttp::request<bhttp::span_body<char const>> message;
    message.version(11);
    message.method_string(what.method);
    message.target(what.target.target());
    message.set(bhttp::field::host, what.target.host_header());
    for (auto const& [key, value] : what.headers) message.insert(key, value);
    message.set(bhttp::field::accept_encoding, what.accept_gzip ? "gzip" : "identity");
    message.body() = {what.body.data(), what.body.size()};
    if (!what.body.empty() || what.method == "POST" || what.method == "PUT") {
      message.prepare_payload();
    }
    return message;
  }

  template <class Parser>
  task<result<>> read_head(Parser& parser, url const& target, deadline limit) {
    while (!parser.is_header_done()) {
      auto const [error, got] =
          co_await bhttp::async_read_some(stream_, buffer_, parser, as_values);
      if (error) co_return broken(error, awaiting, target, limit);
    }
    co_return result<>{};
  }

  /// How much of the body overflowed.
  template <class Parser>
  task<result<std::int64_t>> read_body(Parser& parser, request const& what, deadline limit) {
    auto const& target = what.target;
    bool const may = static_cast<bool>(what.overflow);
    bool const success = parser.get().result_int() == 200;
    bool const overflows = may && success && !is_encoded(parser.get());
    bool const cut = what.cut_body || (may && !success);
    auto const most = may && !overflows ? std::min(what.max_body, most_encoded) : what.max_body;
    auto const cut_at = may ? most_in_memory : static_cast<std::size_t>(most);
    auto const too_large = [&] { return broken(bhttp::error::body_limit, reading, target, limit); };
    auto& body = parser.get().body();
    std::int64_t overflowed = 0;
    std::int64_t in_window = 0;
    tcp_layer().expires_at(within(limits_.stall_timeout, limit));
    while (!parser.is_done() && !(cut && body.size() >= cut_at)) {
      auto const [error, got] =
          co_await bhttp::async_read_some(stream_, buffer_, parser, as_values);
      if (error == ssl::error::stream_truncated && parser.need_eof()) {
        error_code done;
        parser.put_eof(done);
        if (!done) break;
      }
      if (error == ssl::error::stream_truncated) {
        co_return broken(bhttp::error::partial_message, reading, target, limit);
      }
      if (error) co_return broken(error, reading, target, limit);
      in_window += static_cast<std::int64_t>(got);
      if (overflows && body.size() >= most_in_memory) {
        auto piece = std::exchange(body, {});
        auto const size = static_cast<std::int64_t>(piece.size());
        if (overflowed + size > most) co_return too_large();
        auto const began = clock::now();
        auto const taken = co_await what.overflow(std::move(piece), overflowed == 0);
        if (!taken) co_return std::unexpected(taken.error());
        overflowed += size;
        if (limit != no_deadline) limit += clock::now() - began;  // it was not the host that waited
      } else if (std::cmp_greater(body.size(), most) && !cut) {
        co_return too_large();
      } else if (in_window < limits_.stall_bytes) {
        continue;
      }
      in_window = 0;
      tcp_layer().expires_at(within(limits_.stall_timeout, limit));
    }
    auto const all = overflowed + static_cast<std::int64_t>(body.size());
    if (all > most && !cut) co_return too_large();
    co_return overflowed;
  }

  template <class Parser>
  static response take(Parser& parser, request const& what) {
    response out;
    auto message = parser.release();
    out.status = message.result_int();
    for (auto const& field : message) {
      out.headers.emplace_back(std::string{field.name_string()}, std::string{field.value()});
    }
    out.body = std::move(message.body());
    if (what.cut_body && out.body.size() > static_cast<std::size_t>(what.max_body)) {
      out.body.resize(static_cast<std::size_t>(what.max_body));
    }
    out.final_url = what.target;
    return out;
  }

  http_config const& limits_;
  Stream stream_;
  beast::flat_buffer buffer_;
  bool reusable_ = false;
  bool used_ = false;
};

using plain_connection = basic_connection<beast::tcp_stream>;
using tls_connection = basic_connection<ssl::stream<beast::tcp_stream>>;

task<result<>> connect_tcp(beast::tcp_stream& stream, url const& target,
                           std::span<tcp::endpoint const> addresses, http_config const& limits,
                           deadline limit) {
  error_code last = asio::error::host_unreachable;
  for (auto const& address : addresses) {
    stream.expires_at(within(limits.connect_timeout, limit));
    auto const [error] = co_await stream.async_connect(address, as_values);
    if (!error) {
      error_code ignored;
      stream.socket().set_option(tcp::no_delay{true}, ignored);
      co_return result<>{};
    }
    last = error;
    stream.close();  // the next address may be of the other family
    if (error == asio::error::operation_aborted || clock::now() >= limit) break;
  }
  co_return broken(last, connecting, target, limit);
}

task<result<>> shake_hands(tls_connection& link, url const& target, http_config const& limits,
                           deadline limit) {
  auto& stream = link.stream();
  error_code is_name;
  asio::ip::make_address(target.host(), is_name);
  if (is_name && SSL_set_tlsext_host_name(stream.native_handle(), target.host().c_str()) != 1) {
    co_return fail(errc::tls_failed, fmt::format("{}: the host name does not fit TLS", target));
  }
  stream.set_verify_callback(ssl::host_name_verification{target.host()});
  link.tcp_layer().expires_at(within(limits.tls_timeout, limit));
  auto const [error] = co_await stream.async_handshake(ssl::stream_base::client, as_values);
  if (!error) co_return result<>{};
  auto const verified = SSL_get_verify_result(stream.native_handle());
  if (verified != X509_V_OK) {
    co_return fail(errc::tls_certificate,
                   fmt::format("{}: the TLS certificate was not accepted ({})", target,
                               X509_verify_cert_error_string(verified)));
  }
  co_return broken(error, handshaking, target, limit);
}

}  // namespace

task<result<std::unique_ptr<connection>>> dial(tls_context& tls, url const& target,
                                               std::span<tcp::endpoint const> addresses,
                                               http_config const& limits, deadline limit) {
  auto const loop = co_await asio::this_coro::executor;
  if (!target.is_https()) {
    auto link = std::make_unique<plain_connection>(limits, loop);
    auto const connected =
        co_await connect_tcp(link->tcp_layer(), target, addresses, limits, limit);
    if (!connected) co_return std::unexpected(connected.error());
    co_return std::unique_ptr<connection>{std::move(link)};
  }
  auto link = std::make_unique<tls_connection>(limits, beast::tcp_stream{loop}, tls.get().context);
  auto const connected = co_await connect_tcp(link->tcp_layer(), target, addresses, limits, limit);
  if (!connected) co_return std::unexpected(connected.error());
  auto const secured = co_await shake_hands(*link, target, limits, limit);
  if (!secured) co_return std::unexpected(secured.error());
  co_return std::unique_ptr<connection>{std::move(link)};
}

}  // namespace vinny
