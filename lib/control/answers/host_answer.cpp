// SPDX-License-Identifier: MIT
#include "control/answers/host_answer.hpp"

#include "control/answers/host_change.hpp"
#include "control/documents.hpp"
#include "control/problem.hpp"
#include "run/engine.hpp"

namespace vinny {
namespace {

class host_answer final : public service {
 public:
  explicit host_answer(engine& work) : engine_(work) {}

  void add_routes(router& to) override {
    to.add({"GET", "/v1/hosts", [this](routed_call const&) -> task<server_response> {
              co_return json_response(200, hosts_document(engine_.hosts().lanes()));
            }});
    to.add({"POST", "/v1/hosts/{host}",
            [this](routed_call const& call) { return change(call.request, call.at[0]); }});
  }

 private:
  task<server_response> change(server_request const& request, std::string name);

  engine& engine_;
};

task<server_response> host_answer::change(server_request const& request, std::string name) {
  auto const refuse = [](failure const& why) {
    return problem(400, "bad_request", "the request cannot be understood", why.message);
  };
  auto const host = parse_host_name(name);
  if (!host) co_return refuse(host.error());
  auto const change = parse_host_change(request.body);
  if (!change) co_return refuse(change.error());
  co_await engine_.change_host(*host, *change);
  co_return json_response(200, host_document(*host, engine_.hosts().lanes().of(*host)));
}

}  // namespace

std::unique_ptr<service> make_host_answer(engine& work) {
  return std::make_unique<host_answer>(work);
}

}  // namespace vinny
