// SPDX-License-Identifier: MIT
#include "http/wire/message_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "core/text.hpp"
#include "policy/classify.hpp"

namespace vinny {
namespace {

constexpr int most_interim = 100;
// More at a time saves no call that would count; less does.
constexpr std::uint64_t read_at_once = 256 * 1024;
constexpr std::size_t shown_of_it = 40;

bool begins_as_http(std::string_view bytes) noexcept {
  constexpr std::string_view mark = "HTTP/";
  auto const start = std::min(bytes.find_first_not_of("\r\n"), bytes.size());
  bytes.remove_prefix(start);
  return mark.starts_with(bytes.substr(0, mark.size()));
}

}  // namespace

failure why_broken(moved const& step, bool expired, phase at, deadline limit) {
  if (expired) {
    return failure{clock::now() >= limit ? errc::total_timeout : at.timeout};
  }
  if (step.error == ECANCELED) return failure{errc::cancelled};
  auto const code = shortage_of(step.error).value_or(at.broken);
  return {code, fmt::format("{} ({})", describe(code), step.reason())};
}

task<moved> message_reader::fill() {
  if (begin_ > 0) {
    std::memmove(buffer_.get(), buffer_.get() + begin_, left());
    end_ -= std::exchange(begin_, 0);
  }
  auto const got = co_await stream_.read(buffer_.get() + end_, size_ - end_);
  end_ += got.bytes;
  co_return got;
}

task<result<std::size_t>> message_reader::await_head(deadline limit) {
  std::size_t searched = 0;
  for (;;) {
    auto const bytes = end_of_head(ahead(), searched);
    if (bytes != std::string_view::npos) co_return bytes;
    searched = left();
    if (searched == size_) {
      co_return fail(errc::bad_response, fmt::format("the head is longer than {} bytes", size_));
    }
    auto const got = co_await fill();
    if (got.how == moved::outcome::some) continue;
    auto why = why_broken(got, stream_.expired(), awaiting, limit);
    if (why.code == errc::connection_lost && left() > 0) why.code = errc::short_body;
    co_return std::unexpected(std::move(why));
  }
}

task<result<read_answer>> read_answer_head(message_reader& from, deadline limit) {
  for (int interim = 0; interim <= most_interim; ++interim) {
    auto const bytes = co_await from.await_head(limit);
    if (!bytes && bytes.error().code == errc::short_body && !begins_as_http(from.ahead())) {
      co_return fail(errc::bad_response, fmt::format("what came is no HTTP: it begins with '{}'",
                                                     printable(clip(from.ahead(), shown_of_it))));
    }
    if (!bytes) co_return std::unexpected(bytes.error());
    auto parsed = parse_answer_head(from.ahead().substr(0, *bytes));
    from.consume(*bytes);
    if (!parsed) co_return std::unexpected(parsed.error());
    if (!is_interim(parsed->status)) {
      co_return read_answer{.head = std::move(*parsed), .bytes = *bytes};
    }
  }
  co_return fail(errc::bad_response,
                 fmt::format("more than {} interim answers came, and no answer", most_interim));
}

task<result<std::size_t>> message_reader::read_body(body_reader& framed, std::string& into,
                                                    deadline limit) {
  moved got{.how = moved::outcome::some, .bytes = left()};
  auto const plain = framed.plain_ahead();
  if (got.bytes == 0 && plain > 0) {
    auto const had = into.size();
    auto const room = static_cast<std::size_t>(std::min(plain, read_at_once));
    into.resize_and_overwrite(had + room, [](char*, std::size_t size) { return size; });
    got = co_await stream_.read(into.data() + had, room);
    into.resize(had + got.bytes);
    framed.took(got.bytes);
  } else {
    if (got.bytes == 0) got = co_await fill();
    auto const taken = framed.feed(ahead(), into);
    if (!taken) co_return std::unexpected(taken.error());
    begin_ += *taken;
    got.bytes = got.how == moved::outcome::some ? *taken : 0;
  }
  if (got.how == moved::outcome::some) co_return got.bytes;
  bool const ended = got.how == moved::outcome::end || got.how == moved::outcome::cut;
  if (ended && framed.whole_at_end(got.how == moved::outcome::end)) co_return 0;
  if (ended && !stream_.expired()) {
    co_return fail(errc::short_body,
                   got.how == moved::outcome::cut
                       ? "the connection was cut off, perhaps in the middle of the body"
                       : std::string{describe(errc::short_body)});
  }
  co_return std::unexpected(why_broken(got, stream_.expired(), reading, limit));
}

}  // namespace vinny
