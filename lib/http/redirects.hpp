// SPDX-License-Identifier: MIT
//
// One chain of redirects: where an answer leads, whether that may be followed, and what goes with
// the next request. Pure.
//
// Source: RFC 9110, section 15.4.
#pragma once

#include <set>
#include <string>
#include <utility>

#include "http/cookies.hpp"
#include "http/message.hpp"

namespace vinny {

[[nodiscard]] constexpr bool is_redirect(int status) noexcept {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

class redirect_chain {
 public:
  redirect_chain(url start, int most) : start_(std::move(start)), most_(most) {
    seen_.emplace(start_, "");
  }

  /// Where an answer of `from` leads. `downgrade`: from https to http is allowed. Fails with
  /// redirect_broken, redirect_downgrade, too_many_redirects and, without a Location,
  /// http_unexpected; the message tells who sends us where.
  [[nodiscard]] result<url> follow(response const& answer, url const& from, bool downgrade);

  /// Value of the Cookie field for the next request; empty: none.
  [[nodiscard]] std::string cookies(url const& target) const {
    return cookies_.for_address(target);
  }
  [[nodiscard]] int hops() const noexcept { return hops_; }

 private:
  url start_;
  int most_;
  int hops_ = 0;
  chain_cookies cookies_;
  std::set<std::pair<url, std::string>> seen_;  // with the cookies that were sent
};

}  // namespace vinny
