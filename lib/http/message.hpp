// SPDX-License-Identifier: MIT
//
// Requests and responses as plain values, and what every client can do with them.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/failure.hpp"
#include "core/url.hpp"
#include "task/task.hpp"

namespace vinny {

using header_list = std::vector<std::pair<std::string, std::string>>;

/// The value of the first header of that name (ASCII case ignored), or empty.
[[nodiscard]] std::string_view find_header(header_list const& headers,
                                           std::string_view name) noexcept;

struct request {
  std::string method = "GET";
  url target;
  header_list headers{};
  std::string body{};
  std::int64_t max_body = 16LL << 20;   // of the answer, before and after decoding
  bool cut_body = false;                // true: the first max_body bytes are enough
  bool accept_gzip = true;              // false: identity only (images)
  std::chrono::seconds send_time{};     // for a large body, on top of first_byte_timeout
  std::chrono::seconds connect_time{};  // less than the configured times; 0: those
  std::chrono::seconds read_time{};     // from the connection on
  std::string_view share{};             // whose it is: shares take turns; a constant's text
  std::vector<std::string> hosts{};     // where it may go, hop by hop; empty: anywhere public
  /// Asked when all else is ready, at each hop and attempt: for room for the answer. Null: there
  /// was none before the deadline. The room is held while the answer comes, and goes with it. A
  /// failure is the request's.
  std::function<task<result<std::shared_ptr<void>>>(deadline limit)> admit{};
  /// Takes the body of a plain 200 or 203 piece by piece once it is large, so that memory holds
  /// little of it; `first`: of this answer, and what came before is of none. So that no host fills
  /// the memory instead, another status is cut off at most_in_memory, and what is encoded may have
  /// most_encoded.
  std::function<task<result<>>(std::string piece, bool first)> overflow{};
};

/// Of a body that can overflow.
inline constexpr std::size_t most_in_memory = 1 << 20;
inline constexpr std::int64_t most_encoded = 8 << 20;

struct response {
  int status = 0;
  header_list headers{};
  std::string body{};  // without what has overflowed
  std::int64_t overflowed = 0;
  std::shared_ptr<void> room{};  // what request::admit gave
  url final_url{};               // after redirects

  /// Bytes of the body that came.
  [[nodiscard]] std::size_t received() const noexcept {
    return body.size() + static_cast<std::size_t>(overflowed);
  }
  [[nodiscard]] std::string_view header(std::string_view name) const noexcept {
    return find_header(headers, name);
  }
};

[[nodiscard]] constexpr bool is_success(int status) noexcept {
  return status >= 200 && status < 300;
}
/// The representation itself, and not a part of it or a word about it; 203: as a proxy on the way
/// has changed it (RFC 9110, section 15.3).
[[nodiscard]] constexpr bool is_whole_answer(int status) noexcept {
  return status == 200 || status == 203;
}

/// Anything that can answer a request. An HTTP status is an answer, not a failure: failures are
/// what prevented one.
class client {
 public:
  virtual ~client() = default;
  [[nodiscard]] virtual task<result<response>> send(request what, deadline limit) = 0;
};

}  // namespace vinny
