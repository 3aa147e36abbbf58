// SPDX-License-Identifier: MIT
//
// The control endpoint: proto/openapi.yaml as code. One handler for all listeners.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "captures/routes/capture_answer.hpp"
#include "control/guard.hpp"
#include "http/server.hpp"
#include "library/routes/library_answer.hpp"
#include "run/engine.hpp"
#include "run/retry.hpp"
#include "specimens/routes/specimen_answer.hpp"

namespace vinny {

class control_api {
 public:
  /// `ready` tells why the daemon is not ready, or nothing.
  control_api(engine& work, tcp_policy policy, std::function<std::optional<std::string>()> ready);

  [[nodiscard]] task<server_response> handle(server_request request);

  /// Of a request whose head has come: a picture may be large, from somebody who may add one.
  [[nodiscard]] std::expected<std::uint64_t, server_response> largest_body(
      server_request const& head) const;

  /// Ends what goes on without a request.
  [[nodiscard]] task<> stop();

  /// After a reload.
  void set_policy(tcp_policy policy) { policy_ = std::move(policy); }

 private:
  using parameters = std::vector<std::string>;  // the {…} of the route
  using handler = task<server_response> (control_api::*)(server_request const&, parameters const&);
  struct route {
    std::string_view method;
    std::string_view path;
    handler call;
  };
  static std::span<route const> routes() noexcept;
  friend std::vector<std::string> route_list();

  task<server_response> start_run(server_request const& request, parameters const& at);
  task<server_response> list(server_request const& request, parameters const& at);
  task<server_response> show(server_request const& request, parameters const& at);
  task<server_response> cancel(server_request const& request, parameters const& at);
  task<server_response> follow(server_request const& request, parameters const& at);
  task<server_response> status(server_request const& request, parameters const& at);
  task<server_response> hosts(server_request const& request, parameters const& at);
  task<server_response> change_host(server_request const& request, parameters const& at);
  task<server_response> errors(server_request const& request, parameters const& at);
  task<server_response> logs(server_request const& request, parameters const& at);
  task<server_response> images(server_request const& request, parameters const& at);
  task<server_response> specimens(server_request const& request, parameters const& at);
  task<server_response> retry_specimens(server_request const& request, parameters const& at);
  task<server_response> retry_images(server_request const& request, parameters const& at);
  task<server_response> retry(server_request const& request, retry_of what);
  task<server_response> captures(server_request const& request, parameters const& at);
  task<server_response> add_capture(server_request const& request, parameters const& at);
  task<server_response> capture(server_request const& request, parameters const& at);
  task<server_response> remove_capture(server_request const& request, parameters const& at);
  task<server_response> thumbnail(server_request const& request, parameters const& at);
  task<server_response> report_missing(server_request const& request, parameters const& at);
  task<server_response> search_library(server_request const& request, parameters const& at);
  task<server_response> file(server_request const& request, parameters const& at);
  task<server_response> livez(server_request const& request, parameters const& at);
  task<server_response> readyz(server_request const& request, parameters const& at);
  task<server_response> metrics(server_request const& request, parameters const& at);
  task<server_response> openapi(server_request const& request, parameters const& at);
  task<server_response> page_file(server_request const& request, parameters const& at);

  engine& engine_;
  tcp_policy policy_;
  std::function<std::optional<std::string>()> ready_;
  specimen_answer specimens_;
  thumbnail_maker maker_;
  capture_answer captures_;
  library_answer library_;
};

/// "GET /v1/runs/{id}" …: what is served, for the test that compares it with openapi.yaml.
[[nodiscard]] std::vector<std::string> route_list();

/// A run's request from the body of POST /v1/runs. Errors: bad_json, config_invalid, each naming
/// the member.
[[nodiscard]] result<run_request> parse_run_request(std::string_view body);

}  // namespace vinny
