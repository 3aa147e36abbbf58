// SPDX-License-Identifier: MIT
#include "http/server/connection.hpp"

#include <poll.h>

#include <algorithm>
#include <array>
#include <functional>

#include "core/percent.hpp"
#include "core/text.hpp"
#include "http/server/answer_text.hpp"
#include "task/condition.hpp"
#include "task/task_group.hpp"

namespace vinny {
namespace {

using namespace std::chrono_literals;

constexpr auto write_time = 30s;
constexpr auto swallow_time = 2s;
constexpr std::size_t swallow_bytes = 4 << 20;
constexpr auto look_again = 500ms;  // whether a client that has said more is still there
constexpr std::uint64_t slowest_bytes_per_second = 1 << 20;
constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";

constexpr request_refusal head_too_large{431, "the head of the request is too large"};
constexpr request_refusal body_too_large{413, "the body of the request is too large"};
constexpr request_refusal too_slow{408, "the request did not come in time"};
constexpr request_refusal no_place{503, "too many clients are connected; try again in a second"};

std::map<std::string, std::string> query_of(std::string_view text) {
  std::map<std::string, std::string> out;
  if (text.empty()) return out;
  for (auto const part : split(text, '&')) {
    auto const equals = part.find('=');
    auto const value =
        equals == std::string_view::npos ? std::string_view{} : part.substr(equals + 1);
    out.emplace(percent_decode(part.substr(0, equals)), percent_decode(value));
  }
  return out;
}

server_request request_of(request_head head, peer const& from) {
  server_request out;
  out.method = std::move(head.method);
  std::string_view const target = head.target;
  auto const mark = target.find('?');
  out.path = percent_decode(target.substr(0, mark));
  if (mark != std::string_view::npos) out.query = query_of(target.substr(mark + 1));
  out.headers = std::move(head.fields);
  out.from = from;
  return out;
}

bool has_gone(int fd) noexcept {
  pollfd one{.fd = fd, .events = POLLRDHUP, .revents = 0};
  return ::poll(&one, 1, 0) > 0;
}

task<> then(task<> first, std::function<void()> second) {
  co_await std::move(first);
  second();
}

class stream_body_writer final : public stream_writer {
 public:
  stream_body_writer(waiting_stream& to, bool chunked) : to_(to), chunked_(chunked) {}
  task<bool> write(std::string piece) override {
    if (piece.empty()) co_return true;
    auto const text = chunked_ ? chunk_text(piece) : std::move(piece);
    co_return co_await write_text(text);
  }
  task<bool> end() { co_return !chunked_ || co_await write_text(last_chunk); }

 private:
  task<bool> write_text(std::string_view text) {
    to_.expires_at(within(write_time));
    auto const sent = co_await to_.write(text);
    to_.expires_never();
    co_return sent.how == moved::outcome::some;
  }
  waiting_stream& to_;
  bool chunked_;
};

}  // namespace

server_connection::server_connection(stream_socket socket, peer from, server_handler const& handler,
                                     server_limits const& limits)
    : stream_(std::make_unique<plain_stream>(std::move(socket))),
      reader_(stream_, limits.max_head_bytes),
      from_(from),
      handler_(handler),
      limits_(limits) {}

task<> server_connection::serve() {
  for (bool first = true;; first = false) {
    auto next = co_await next_request(first ? limits_.head_timeout : limits_.idle_timeout);
    if (!next) co_return;
    delivery const how{.head_only = next->request.method == "HEAD",
                       .keep_alive = next->framing.keep_alive,
                       .minor_version = next->minor_version};
    auto what = co_await handler_(std::move(next->request));
    if (!co_await answer(std::move(what), how)) break;
  }
  boost::system::error_code ignored;
  stream_.bytes().socket().shutdown(asio::socket_base::shutdown_send, ignored);
}

task<> server_connection::turn_away() {
  co_await refuse(no_place);
}

task<std::optional<server_connection::asked>> server_connection::next_request(
    std::chrono::seconds patience) {
  stream_.expires_at(within(patience));
  auto const bytes = co_await reader_.await_head(no_deadline);
  if (!bytes) {
    if (bytes.error().code == errc::bad_response) {
      co_await refuse(head_too_large);
    } else if (bytes.error().code == awaiting.timeout && reader_.left() > 0) {
      co_await refuse(too_slow);
    }
    co_return std::nullopt;
  }
  auto head = parse_request_head(reader_.ahead().substr(0, *bytes));
  reader_.consume(*bytes);
  auto const framing =
      head ? frame_request(*head) : readable<request_framing>{std::unexpected(head.error())};
  if (!framing) {
    co_await refuse(framing.error());
    co_return std::nullopt;
  }
  asked out{.request = {}, .framing = *framing, .minor_version = head->minor_version};
  out.request = request_of(std::move(*head), from_);
  if (!co_await read_body(out)) co_return std::nullopt;
  stream_.expires_never();
  co_return out;
}

task<bool> server_connection::read_body(asked& what) {
  if (what.framing.end == body_end::at_once) co_return true;
  auto most = limits_.max_body_bytes;
  bool const may_be_large = what.framing.end != body_end::length || what.framing.length > most;
  if (may_be_large && limits_.larger_body) {
    auto larger = limits_.larger_body(what.request);
    if (!larger) {
      co_await send_off(std::move(larger).error());
      co_return false;
    }
    most = std::max(most, *larger);
  }
  if (what.framing.length > most) {
    co_await refuse(body_too_large);
    co_return false;
  }
  stream_.expires_at(
      within(limits_.body_timeout + std::chrono::seconds{most / slowest_bytes_per_second}));
  // Who has sent some of it already does not wait for leave.
  if (what.framing.wants_word && reader_.left() == 0) {
    auto const said = co_await stream_.write(go_on);
    if (said.how != moved::outcome::some) co_return false;
  }
  body_reader framed{{.end = what.framing.end, .length = what.framing.length},
                     limits_.max_head_bytes,
                     chunk_reader::manner::strict};
  auto& body = what.request.body;
  while (!framed.done()) {
    auto const got = co_await reader_.read_body(framed, body, no_deadline);
    if (body.size() > most) {
      co_await refuse(body_too_large);
      co_return false;
    }
    if (got) continue;
    if (got.error().code == errc::bad_response) {
      co_await refuse({400, "the chunks of its body cannot be read"});
    } else if (got.error().code == reading.timeout) {
      co_await refuse(too_slow);
    }
    co_return false;
  }
  co_return true;
}

task<bool> server_connection::answer(server_response what, delivery how) {
  if (what.stream) {
    how.keep_alive = how.keep_alive && how.head_only;
    if (!how.head_only) {
      co_await stream(std::move(what), how);
      co_return false;
    }
  }
  auto text = head_text(what, how, now());
  if (!how.head_only) text += what.body;
  stream_.expires_at(within(write_time));
  auto const sent = co_await stream_.write(text);
  co_return sent.how == moved::outcome::some&& how.keep_alive;
}

task<> server_connection::stream(server_response what, delivery how) {
  bool over = false;
  condition ended;
  auto const tell = [&] {
    over = true;
    ended.notify_all();
  };
  (void)co_await with_group([&](task_group& both) -> task<bool> {
    both.spawn("answer", then(stream_body(std::move(what), how), tell));
    both.spawn("client", then(until_gone(), tell));
    while (!over) (void)co_await ended.wait();
    both.cancel();
    co_return true;
  });
}

task<> server_connection::stream_body(server_response what, delivery how) {
  stream_.expires_at(within(write_time));
  auto const sent = co_await stream_.write(head_text(what, how, now()));
  stream_.expires_never();
  if (sent.how != moved::outcome::some) co_return;
  stream_body_writer writer{stream_, how.chunked()};
  co_await what.stream(writer);
  (void)co_await writer.end();
}

task<> server_connection::until_gone() {
  auto& socket = stream_.bytes().socket();
  while (!has_gone(socket.native_handle())) {
    // What it says meanwhile stays unread, and makes the socket ready for ever.
    if (reader_.left() > 0 || !stream_.bytes().silent()) {
      co_await sleep_for(look_again);
      continue;
    }
    (void)co_await socket.async_wait(stream_socket::wait_read, as_values);
  }
}

task<> server_connection::refuse(request_refusal why) {
  auto what = refusal_answer(why);
  if (why.status == no_place.status) what.headers.emplace_back("Retry-After", "1");
  co_await send_off(std::move(what));
}

task<> server_connection::send_off(server_response what) {
  (void)co_await answer(std::move(what), {.keep_alive = false});
  boost::system::error_code ignored;
  stream_.bytes().socket().shutdown(asio::socket_base::shutdown_send, ignored);
  stream_.expires_at(within(swallow_time));
  std::array<char, 16 * 1024> sink;  // NOLINT(cppcoreguidelines-pro-type-member-init)
  for (std::size_t total = 0; total < swallow_bytes;) {
    auto const got = co_await stream_.read(sink.data(), sink.size());
    if (got.how != moved::outcome::some) co_return;
    total += got.bytes;
  }
}

}  // namespace vinny
