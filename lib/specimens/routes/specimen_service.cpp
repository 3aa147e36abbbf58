// SPDX-License-Identifier: MIT
#include "specimens/routes/specimen_service.hpp"

#include "control/answers/retry_request.hpp"
#include "control/problem.hpp"
#include "specimens/page.hpp"
#include "specimens/routes/specimen_answer.hpp"
#include "specimens/tables/specimen_retry.hpp"

namespace vinny {
namespace {

class specimen_service final : public service {
 public:
  explicit specimen_service(engine& work) : engine_(work), report_(work) {}

  void add_routes(router& to) override {
    to.add({"GET", "/v1/specimens", [this](routed_call const&) { return report(); }});
    to.add(retry_route(engine_, specimen_retry()));
    to.add_script("/specimens.js", page::specimens_js());
  }

 private:
  task<server_response> report() {
    auto made = co_await report_.get();
    co_return made ? json_response(200, std::move(*made)) : problem_of(made.error());
  }

  engine& engine_;
  specimen_answer report_;
};

}  // namespace

std::unique_ptr<service> serve_specimens(engine& work) {
  return std::make_unique<specimen_service>(work);
}

}  // namespace vinny
