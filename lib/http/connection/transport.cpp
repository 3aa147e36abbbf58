// SPDX-License-Identifier: MIT
#include "http/connection/transport.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "core/text.hpp"
#include "http/wire/message_reader.hpp"
#include "policy/classify.hpp"

namespace vinny {
namespace {

// A body that goes with its head in one piece.
constexpr std::size_t small_body = 16 * 1024;
constexpr int proxy_wants_credentials = 407;
// Of an answer that is no content the head is the verdict: so much of its body is kept for what it
// may tell, and so long is it waited for. How that body ends is nobody's concern.
constexpr std::int64_t most_of_refusal = 64 * 1024;
constexpr std::chrono::seconds refusal_patience{5};

std::unexpected<failure> at(url const& target, failure why) {
  why.message = fmt::format("{}: {}", target, why.message);
  return std::unexpected(std::move(why));
}

bool is_encoded(header_list const& fields) {
  auto const encoding = find_header(fields, "Content-Encoding");
  return !encoding.empty() && !iequals(encoding, "identity");
}

bool refused_early(moved const& step) noexcept {
  return step.error == EPIPE || step.error == ECONNRESET;
}

/// Request line and fields. `proxy`: it is asked for the whole address.
std::string compose_head(request const& what, proxy_hop const* proxy) {
  auto const target = proxy == nullptr ? what.target.target() : what.target.str();
  auto out =
      fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\n", what.method, target, what.target.host_header());
  for (auto const& [name, value] : what.headers) {
    out.append(name).append(": ").append(value).append("\r\n");
  }
  if (proxy != nullptr && !proxy->authorization.empty()) {
    out.append("Proxy-Authorization: ").append(proxy->authorization).append("\r\n");
  }
  out.append("Accept-Encoding: ").append(what.accept_gzip ? "gzip" : "identity").append("\r\n");
  if (!what.body.empty() || what.method == "POST" || what.method == "PUT") {
    out += fmt::format("Content-Length: {}\r\n", what.body.size());
  }
  return out + "\r\n";
}

/// How much of a body is taken, and where it goes.
struct body_rules {
  bool content = false;    // the body is what was asked for
  bool overflows = false;  // to what.overflow, a mebibyte at a time
  bool cut = false;        // the beginning is enough
  std::int64_t most = 0;   // of all of it
  std::size_t cut_at = 0;

  body_rules(request const& what, response const& answer) {
    bool const may = static_cast<bool>(what.overflow);
    content = is_whole_answer(answer.status) || (!may && is_success(answer.status));
    overflows = may && is_whole_answer(answer.status) && !is_encoded(answer.headers);
    cut = what.cut_body || !content;
    most = may && !overflows ? std::min(what.max_body, most_encoded) : what.max_body;
    if (!content) most = std::min(most, most_of_refusal);
    cut_at = static_cast<std::size_t>(most);
  }
};

class http_connection final : public connection {
 public:
  http_connection(http_config const& limits, std::unique_ptr<byte_stream> stream,
                  proxy_hop const* proxy)
      : limits_(limits), stream_(std::move(stream)), reader_(stream_) {
    if (proxy != nullptr) proxy_ = *proxy;
  }

  task<result<response>> exchange(request const& what, exchange_hooks const& hooks,
                                  deadline limit) override {
    ready_ = false;  // until the answer has been read to its end
    auto const unsent = co_await send(what, limit);
    if (unsent && !(what.send_time.count() > 0 && refused_early(*unsent))) {
      co_return at(what.target, why_broken(*unsent, stream_.expired(), awaiting, limit));
    }
    if (what.send_time.count() > 0) {
      stream_.expires_at(within(limits_.first_byte_timeout, limit));
    }
    if (hooks.written) hooks.written();

    auto head = co_await read_answer_head(reader_, limit);
    if (!head) co_return at(what.target, std::move(head.error()));
    used_ = true;
    auto const frame = frame_answer(head->head, what.method);
    if (!frame) co_return at(what.target, frame.error());
    response out{.status = head->head.status, .headers = std::move(head->head.fields)};
    if (proxy_ && out.status == proxy_wants_credentials) {
      co_return fail(errc::proxy_credentials,
                     fmt::format("{}: the proxy {} wants other credentials (407)", what.target,
                                 proxy_->address));
    }
    if (hooks.head) hooks.head(out.status, find_header(out.headers, "Retry-After"));
    body_rules const rules{what, out};
    if (frame->end == body_end::length && !rules.cut &&
        frame->length > static_cast<std::uint64_t>(what.max_body)) {
      co_return fail(errc::body_too_large, fmt::format("{}: the body has {} bytes; {} are allowed",
                                                       what.target, frame->length, what.max_body));
    }
    body_reader framed{*frame, max_head_bytes - head->bytes};
    auto const until = rules.content ? limit : within(refusal_patience, limit);
    auto const overflowed = co_await read_body(framed, what, rules, out.body, until);
    if (!overflowed && (rules.content || overflowed.error().code == errc::cancelled)) {
      co_return at(what.target, overflowed.error());
    }
    ready_ = !unsent && overflowed && framed.done() && frame->keep_alive && reader_.left() == 0;
    stream_.expires_never();
    out.overflowed = overflowed.value_or(0);
    if (rules.cut && out.body.size() > rules.cut_at) out.body.resize(rules.cut_at);
    out.final_url = what.target;
    co_return out;
  }

  bool ready() override {
    return ready_ && stream_.bytes().socket().is_open() && stream_.bytes().silent();
  }
  bool used() const noexcept override { return used_; }

 private:
  /// Nothing, or the step that failed.
  task<std::optional<moved>> send(request const& what, deadline limit) {
    stream_.expires_at(within(limits_.first_byte_timeout + what.send_time, limit));
    auto head = compose_head(what, proxy_ ? &*proxy_ : nullptr);
    bool const together = what.body.size() <= small_body;
    if (together) head += what.body;
    auto sent = co_await stream_.write(head);
    if (sent.how == moved::outcome::some && !together) sent = co_await stream_.write(what.body);
    if (sent.how == moved::outcome::some) co_return std::nullopt;
    co_return sent;
  }

  /// How much of the body overflowed.
  task<result<std::int64_t>> read_body(body_reader& framed, request const& what, body_rules rules,
                                       std::string& body, deadline limit) {
    auto const too_large = [&] {
      if (rules.most == most_encoded && what.max_body > most_encoded) {
        return fail(errc::bad_encoding,
                    fmt::format("a coded body of more than {} bytes, where none was asked for",
                                most_encoded));
      }
      return fail(errc::body_too_large,
                  fmt::format("{} ({} bytes)", describe(errc::body_too_large), rules.most));
    };
    std::int64_t overflowed = 0;
    std::int64_t in_window = 0;
    stream_.expires_at(within(limits_.stall_timeout, limit));
    while (!framed.done() && !(rules.cut && body.size() >= rules.cut_at)) {
      auto const got = co_await reader_.read_body(framed, body, limit);
      if (!got) co_return std::unexpected(got.error());
      if (*got == 0) break;
      in_window += static_cast<std::int64_t>(*got);
      if (rules.overflows && body.size() >= most_in_memory) {
        auto piece = std::exchange(body, {});
        auto const size = static_cast<std::int64_t>(piece.size());
        if (overflowed + size > rules.most) co_return too_large();
        auto const began = clock::now();
        auto const taken = co_await what.overflow(std::move(piece), overflowed == 0);
        if (!taken) co_return std::unexpected(taken.error());
        overflowed += size;
        if (limit != no_deadline) limit += clock::now() - began;  // it was not the host that waited
      } else if (std::cmp_greater(body.size(), rules.most) && !rules.cut) {
        co_return too_large();
      } else if (in_window < limits_.stall_bytes) {
        continue;
      }
      in_window = 0;
      stream_.expires_at(within(limits_.stall_timeout, limit));
    }
    auto const all = overflowed + static_cast<std::int64_t>(body.size());
    if (all > rules.most && !rules.cut) co_return too_large();
    co_return overflowed;
  }

  http_config const& limits_;
  std::optional<proxy_hop> proxy_;
  waiting_stream stream_;
  message_reader reader_;
  bool ready_ = true;
  bool used_ = false;
};

/// Asks a proxy for a way through to the host (RFC 9110, section 9.3.6).
task<result<stream_socket>> tunnel(stream_socket socket, url const& target, proxy_hop const& proxy,
                                   http_config const& limits, deadline limit) {
  waiting_stream stream{std::make_unique<plain_stream>(std::move(socket))};
  stream.expires_at(within(limits.first_byte_timeout, limit));
  auto wish = fmt::format("CONNECT {0} HTTP/1.1\r\nHost: {0}\r\n", target.host_and_port());
  if (!proxy.authorization.empty()) {
    wish.append("Proxy-Authorization: ").append(proxy.authorization).append("\r\n");
  }
  auto const sent = co_await stream.write(wish + "\r\n");
  auto const refused = [&](errc code, std::string_view why) {
    return fail(code, fmt::format("{}: the proxy {} {}", target, proxy.address, why));
  };
  if (sent.how != moved::outcome::some) {
    auto const why = why_broken(sent, stream.expired(), awaiting, limit);
    co_return why.code == errc::cancelled ? std::unexpected(why)
                                          : refused(errc::proxy_failed, why.message);
  }
  message_reader reader{stream};
  auto const head = co_await read_answer_head(reader, limit);
  if (!head && head.error().code == errc::cancelled) co_return std::unexpected(head.error());
  if (!head) co_return refused(errc::proxy_failed, "does not answer: " + head.error().message);
  auto const status = head->head.status;
  if (status == proxy_wants_credentials) {
    co_return refused(errc::proxy_credentials, "wants other credentials (407)");
  }
  if (status < 200 || status > 299 || reader.left() > 0) {
    co_return refused(errc::proxy_failed, fmt::format("answers {} to CONNECT", status));
  }
  stream.expires_never();
  co_return stream.bytes().release();
}

task<result<std::unique_ptr<byte_stream>>> shake_hands(stream_socket socket, tls_context& tls,
                                                       url const& target, http_config const& limits,
                                                       deadline limit) {
  auto made = tls_stream::over(std::move(socket), tls, target.host(), target.port());
  if (!made) co_return at(target, made.error());
  auto& secured = **made;
  waiting_stream stream{std::move(*made)};
  stream.expires_at(within(limits.tls_timeout, limit));
  auto const done = co_await stream.settle([&secured] { return secured.handshake(); });
  if (done.how == moved::outcome::some) {
    stream.expires_never();
    co_return stream.take();
  }
  if (!secured.refused_certificate().empty()) {
    co_return fail(errc::tls_certificate,
                   fmt::format("{}: the TLS certificate was not accepted: {}", target,
                               secured.refused_certificate()));
  }
  co_return at(target, why_broken(done, stream.expired(), handshaking, limit));
}

}  // namespace

task<result<std::unique_ptr<connection>>> dial(tls_context& tls, url target,
                                               endpoint_list addresses, http_config const& limits,
                                               proxy_hop const* proxy, asio::ip::address& remote,
                                               deadline limit) {
  auto socket = co_await connect_first(std::move(addresses), limits.connect_timeout, limit);
  if (!socket && proxy != nullptr && !is_own_shortage(socket.error().code) &&
      socket.error().code != errc::cancelled) {
    co_return fail(errc::proxy_unreachable, fmt::format("{}: the proxy {}: {}", target,
                                                        proxy->address, socket.error().message));
  }
  if (!socket) co_return at(target, socket.error());
  boost::system::error_code unknown;
  remote = socket->remote_endpoint(unknown).address();
  result<stream_socket> way{stream_socket{std::move(*socket)}};
  if (!target.is_https()) {
    co_return std::make_unique<http_connection>(
        limits, std::make_unique<plain_stream>(std::move(*way)), proxy);
  }
  if (proxy != nullptr) {
    way = co_await tunnel(std::move(*way), target, *proxy, limits, limit);
    if (!way) co_return std::unexpected(way.error());
  }
  auto secured = co_await shake_hands(std::move(*way), tls, target, limits, limit);
  if (!secured) co_return std::unexpected(secured.error());
  co_return std::make_unique<http_connection>(limits, std::move(*secured), nullptr);
}

}  // namespace vinny
