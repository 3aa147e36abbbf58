// SPDX-License-Identifier: MIT
//
// From a store's refusal to a failure: what it means, and what the operator can do about it. One
// table of S3's error codes; a code that is not in it is judged by its status. Pure.
#pragma once

#include <string>
#include <string_view>

#include "core/time.hpp"
#include "http/message.hpp"

namespace vinny {

/// What the messages name.
struct s3_place {
  std::string host;
  std::string bucket;
  std::string region;
  std::string access_key_id;  // only to keep it out of the store's own words
};

/// Of an answer that is no success. `what` is "PUT artists/x/x_liv_hd.jpg". A store that asks for
/// a rest gives host_cooling_down, with Retry-After as retry_at.
[[nodiscard]] failure s3_refusal(response const& answer, std::string_view what,
                                 s3_place const& place, instant at);

/// The Code of the answer's error document, or empty.
[[nodiscard]] std::string s3_error_code(response const& answer);

/// True when the answer asks for fewer requests, not for another one.
[[nodiscard]] bool asks_for_rest(response const& answer);

}  // namespace vinny
