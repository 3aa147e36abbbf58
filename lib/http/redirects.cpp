// SPDX-License-Identifier: MIT
#include "http/redirects.hpp"

#include <fmt/format.h>

#include "core/text.hpp"

namespace vinny {
namespace {

/// "http:/host/path" is what a server makes of an address when it joins slashes: curl reads two.
std::string with_two_slashes(std::string_view location) {
  for (std::string_view const scheme : {"http:/", "https:/"}) {
    bool const begins = iequals(location.substr(0, scheme.size()), scheme);
    if (begins && location.size() > scheme.size() && location[scheme.size()] != '/') {
      return std::string{scheme} + '/' + std::string{location.substr(scheme.size())};
    }
  }
  return std::string{location};
}

std::unexpected<failure> broken(url const& from, int status, std::string_view location,
                                failure const& why) {
  return fail(errc::redirect_broken,
              fmt::format("{}: status {} leads to '{}': {}", from, status,
                          printable(valid_utf8(safe_url(clip(location, 200)))), why.message));
}

}  // namespace

result<url> redirect_chain::follow(response const& answer, url const& from, bool downgrade) {
  auto const location = trim(answer.header("Location"));
  if (location.empty()) {
    failure why{errc::http_unexpected,
                fmt::format("{}: status {} without a Location", from, answer.status)};
    why.http_status = answer.status;
    return std::unexpected(std::move(why));
  }
  auto next = from.resolve(with_two_slashes(location));
  if (!next) return broken(from, answer.status, location, next.error());
  if (from.is_https() && !next->is_https() && !downgrade) {
    return fail(errc::redirect_downgrade,
                fmt::format("{} redirects to {} without TLS (politeness.follow_to_http allows it)",
                            from, *next));
  }
  cookies_.take(answer.headers, from);
  bool const fresh = seen_.emplace(*next, cookies_.for_address(*next)).second;
  if (++hops_ > most_ || !fresh) {
    return fail(
        errc::too_many_redirects,
        fresh
            ? fmt::format("{}: more than {} redirects (http.max_redirects), the last to {}", start_,
                          most_, *next)
            : fmt::format("{}: redirected in a circle: {} leads to {} again", start_, from, *next));
  }
  return next;
}

}  // namespace vinny
