// SPDX-License-Identifier: MIT
//
// Cookies for the length of one chain of redirects: a host that sets one and sends us back wants to
// see it. Nothing is kept beyond the chain. Pure.
//
// Source: RFC 6265, sections 5.1.3, 5.1.4, 5.2 and 5.4.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/url.hpp"
#include "http/message.hpp"

namespace vinny {

class chain_cookies {
 public:
  static constexpr std::size_t most = 20;
  static constexpr std::size_t longest = 4096;  // bytes of name and value

  /// Takes what an answer of that address sets; a new value replaces, an expired one removes.
  void take(header_list const& headers, url const& from);
  /// Value of the Cookie field for that address; empty: none.
  [[nodiscard]] std::string for_address(url const& target) const;

 private:
  struct cookie {
    std::string name;
    std::string value;
    std::string domain;
    bool host_only = true;
    std::string path;
    bool secure = false;
  };
  void set(std::string_view line, url const& from);

  std::vector<cookie> cookies_;
};

}  // namespace vinny
