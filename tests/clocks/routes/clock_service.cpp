// SPDX-License-Identifier: MIT
#include "clocks/routes/clock_service.hpp"

#include <boost/json.hpp>

#include "clocks/tables/clocks.hpp"
#include "control/problem.hpp"
#include "run/engine.hpp"

namespace vinny {

namespace page {
std::string_view clocks_js();
}

namespace {

class clock_service final : public service {
 public:
  explicit clock_service(engine& work) : engine_(work) {}

  void add_routes(router& to) override {
    to.add({"GET", "/v1/clocks", [this](routed_call const&) { return list(); }});
    to.add_script("/clocks.js", page::clocks_js());
  }

 private:
  task<server_response> list() {
    auto const rows =
        co_await engine_.facts().read([](database& db) { return list_clocks(db, false); });
    if (!rows) co_return problem_of(rows.error());
    boost::json::array clocks;
    for (auto const& one : *rows) clocks.push_back({{"name", one.name}, {"wound", one.is_wound}});
    co_return json_response(200, boost::json::serialize(boost::json::object{{"clocks", clocks}}));
  }

  engine& engine_;
};

}  // namespace

std::unique_ptr<service> serve_clocks(engine& work) {
  return std::make_unique<clock_service>(work);
}

}  // namespace vinny
