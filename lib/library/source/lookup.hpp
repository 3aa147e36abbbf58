// SPDX-License-Identifier: MIT
//
// What the lookup service is asked and what its answers are worth. Pure.
//
//   POST <base>/api/v1/lookup {"artist","album","raw_message"}
//   → {"results":[{"library_item":{…},"artwork":{…}|null}],"search_type":…,"timeout","degraded",…}
#pragma once

#include <string>
#include <string_view>

#include "core/failure.hpp"
#include "core/time.hpp"
#include "http/message.hpp"
#include "library/model/library.hpp"

namespace vinny {

/// The service's address without "/api/v1" and slashes at its end. Fails with bad_url.
[[nodiscard]] result<url> lookup_address(std::string_view base);

/// `artist` and `album` as they are; `album` is left out when it is empty.
[[nodiscard]] std::string lookup_body(library_question const& what);

/// Which answers are believed. `strict`: direct, of this artist and album, and of the release
/// itself; `fallback`: whatever comes first.
enum class artwork_trust { strict, fallback };

/// Artwork's URL, or why there is none: "no result", "another album", …
struct lookup_outcome {
  std::string url{};  // empty: none
  std::string why{};
};

/// Errors: lookup_degraded (it gave up early: ask again), lookup_credentials (401, 403),
/// config_invalid (404, 405: it is another address),
/// http_too_many_requests and http_server_error (with retry_at when the answer tells), those of
/// other statuses, bad_json.
[[nodiscard]] result<lookup_outcome> read_lookup(response const& answer,
                                                 library_question const& what, artwork_trust trust,
                                                 instant at);

}  // namespace vinny
