// SPDX-License-Identifier: MIT
//
// The control endpoint: proto/openapi.yaml as code. One handler for all listeners.
#pragma once

#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "control/guard.hpp"
#include "control/router.hpp"
#include "control/service.hpp"
#include "http/server.hpp"
#include "run/engine.hpp"

namespace vinny {

class control_api {
 public:
  /// `ready` tells why the daemon is not ready, or nothing.
  control_api(engine& work, tcp_policy policy, std::function<std::optional<std::string>()> ready);

  [[nodiscard]] task<server_response> handle(server_request request);

  /// Of a request whose head has come: a picture may be large, from somebody who may add one.
  [[nodiscard]] std::expected<std::uint64_t, server_response> largest_body(
      server_request const& head) const;

  /// What the systems do beside all runs goes on in `group`, until it is cancelled.
  void care(task_group& group);
  /// Ends what goes on without a request.
  [[nodiscard]] task<> stop();

  /// After a reload.
  void set_policy(tcp_policy policy) { policy_ = std::move(policy); }

  [[nodiscard]] router const& routes() const noexcept { return router_; }

 private:
  tcp_policy policy_;
  router router_;
  std::vector<std::unique_ptr<service>> services_;
};

}  // namespace vinny
