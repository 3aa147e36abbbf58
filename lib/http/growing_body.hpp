// SPDX-License-Identifier: MIT
//
// A body that takes memory for what has come, not for what is announced: a length in a header is
// anybody's word. For Beast's parsers.
#pragma once

#include <boost/beast/core/buffers_range.hpp>
#include <boost/beast/http/message.hpp>

#include <algorithm>
#include <cstdint>
#include <string>

namespace vinny {

struct growing_body {
  using value_type = std::string;
  static constexpr std::uint64_t believed = 1 << 20;  // bytes

  static std::uint64_t size(value_type const& body) { return body.size(); }

  class reader {
   public:
    template <bool is_request, class Fields>
    reader(boost::beast::http::header<is_request, Fields>&, value_type& body) : body_(body) {}

    void init(boost::optional<std::uint64_t> const& length, boost::system::error_code& error) {
      if (length) body_.reserve(static_cast<std::size_t>(std::min(*length, believed)));
      error = {};
    }
    template <class Buffers>
    std::size_t put(Buffers const& buffers, boost::system::error_code& error) {
      error = {};
      std::size_t got = 0;
      for (auto const one : boost::beast::buffers_range_ref(buffers)) {
        body_.append(static_cast<char const*>(one.data()), one.size());
        got += one.size();
      }
      return got;
    }
    void finish(boost::system::error_code& error) { error = {}; }

   private:
    value_type& body_;
  };
};

}  // namespace vinny
