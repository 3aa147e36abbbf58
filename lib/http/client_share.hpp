// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>
#include <utility>

#include "http/message.hpp"

namespace vinny {

/// A client whose requests are all of one share.
class client_share final : public client {
 public:
  /// Lifetime: `inner` and the text of `share` outlive it.
  client_share(client& inner, std::string_view share) : inner_(inner), share_(share) {}

  [[nodiscard]] task<result<response>> send(request what, deadline limit) override {
    what.share = share_;
    return inner_.send(std::move(what), limit);
  }

 private:
  client& inner_;
  std::string_view share_;
};

}  // namespace vinny
