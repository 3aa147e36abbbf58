// SPDX-License-Identifier: MIT
#include "control/api.hpp"

#include <fmt/format.h>

#include "control/answers/daemon_answer.hpp"
#include "control/answers/host_answer.hpp"
#include "control/answers/page_answer.hpp"
#include "control/answers/run_answer.hpp"
#include "control/problem.hpp"
#include "model/subsystem.hpp"
#include "observe/log.hpp"
#include "observe/names.hpp"

namespace vinny {
namespace {

/// Of a request that reached no handler.
server_response nothing_there(router::found const& place) {
  if (place.allowed.empty()) {
    return problem(404, "not_found", "there is nothing under this path",
                   "the document at /v1/openapi.json tells what there is");
  }
  auto answer = problem(405, "method_not_allowed", "the method is not allowed here",
                        "allowed: " + place.allowed);
  answer.headers.emplace_back("Allow", place.allowed);
  return answer;
}

/// Who changed something, and how.
void log_change(server_request const& request, int status) {
  if (request.method == "GET" || request.method == "HEAD") return;
  log(log_level::info, "control", "request", field("method", request.method),
      field("path", request.path), field("status", status),
      field("uid",
            !request.from.tcp && request.from.uid ? std::to_string(*request.from.uid) : "tcp"));
}

}  // namespace

control_api::control_api(engine& work, tcp_policy policy,
                         std::function<std::optional<std::string>()> ready)
    : policy_(std::move(policy)) {
  services_.push_back(make_run_answer(work));
  services_.push_back(make_host_answer(work));
  services_.push_back(make_daemon_answer(work, std::move(ready)));
  for (auto const* const system : systems()) {
    if (system->serve != nullptr) services_.push_back(system->serve(work));
  }
  for (auto const& one : services_) one->add_routes(router_);
  add_page(router_);
}

void control_api::care(task_group& group) {
  for (auto const& one : services_) group.spawn("care", one->care());
}

task<> control_api::stop() {
  for (auto const& one : services_) co_await one->stop();
}

std::expected<std::uint64_t, server_response> control_api::largest_body(
    server_request const& head) const {
  auto const place = router_.find(head.method, head.path);
  auto refused = refusal(head, policy_, place.is_open);
  if (refused) return std::unexpected(std::move(*refused));
  return place.to != nullptr && place.to->largest_body ? place.to->largest_body(head) : 0;
}

task<server_response> control_api::handle(server_request request) {
  auto const began = clock::now();
  auto place = router_.find(request.method, request.path);
  server_response answer;
  if (auto refused = refusal(request, policy_, place.is_open)) {
    answer = std::move(*refused);
    place.served = "other";
  } else if (place.to != nullptr) {
    routed_call const call{request, std::move(place.at), is_known(request, policy_)};
    answer = co_await place.to->call(call);
  } else {
    answer = nothing_there(place);
  }
  harden(answer);
  instruments::global().answered(place.served, answer.status, clock::now() - began);
  log_change(request, answer.status);
  co_return answer;
}

}  // namespace vinny
