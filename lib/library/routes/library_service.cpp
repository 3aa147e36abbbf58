// SPDX-License-Identifier: MIT
#include "library/routes/library_service.hpp"

#include "library/page.hpp"
#include "library/routes/library_answer.hpp"

namespace vinny {
namespace {

class library_service final : public service {
 public:
  explicit library_service(engine& work) : searches_(work) {}

  void add_routes(router& to) override {
    to.add({"GET", "/v1/library/search",
            [this](routed_call const& call) { return searches_.search(call.request); }});
    to.add_script("/library.js", page::library_js());
  }
  task<> stop() override { return searches_.stop(); }

 private:
  library_answer searches_;
};

}  // namespace

std::unique_ptr<service> serve_library(engine& work) {
  return std::make_unique<library_service>(work);
}

}  // namespace vinny
