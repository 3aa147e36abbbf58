// SPDX-License-Identifier: MIT
#include "control/answers/daemon_answer.hpp"

#include <fmt/format.h>

#include <utility>

#include "control/answers/log_answer.hpp"
#include "control/documents.hpp"
#include "control/page.hpp"
#include "control/problem.hpp"
#include "control/query.hpp"
#include "observe/metrics.hpp"
#include "run/engine.hpp"

namespace vinny {
namespace {

constexpr std::string_view plain_text = "text/plain; charset=utf-8";

class daemon_answer final : public service {
 public:
  daemon_answer(engine& work, std::function<std::optional<std::string>()> ready)
      : engine_(work), ready_(std::move(ready)) {}

  void add_routes(router& to) override {
    to.add({"GET", "/v1/status", [this](routed_call const&) { return status(); }});
    to.add({"GET", "/v1/errors", [this](routed_call const& call) { return errors(call.request); }});
    to.add({"GET", "/v1/logs", [this](routed_call const& call) { return logs(call.request); }});
    to.add({"GET", "/livez",
            [](routed_call const&) -> task<server_response> {
              co_return text_response("ok\n", plain_text);
            },
            true});
    to.add(
        {"GET", "/readyz", [this](routed_call const& call) { return readyz(call.request); }, true});
    to.add({"GET", "/metrics", [](routed_call const&) -> task<server_response> {
              co_return text_response(metrics_page(metrics::global()), metrics_content_type);
            }});
    to.add({"GET", "/v1/openapi.json", [](routed_call const&) -> task<server_response> {
              co_return json_response(200, std::string{page::openapi_json()});
            }});
  }

 private:
  task<server_response> status();
  task<server_response> errors(server_request const& request);
  task<server_response> logs(server_request const& request);
  task<server_response> readyz(server_request const& request);

  engine& engine_;
  std::function<std::optional<std::string>()> ready_;
};

task<server_response> daemon_answer::status() {
  std::vector<run_record> active;
  for (auto const& run : engine_.running()) active.push_back(run->snapshot());
  auto document = co_await engine_.facts().read(
      [settings = engine_.settings(), active = std::move(active), ready = !ready_()](database& db) {
        return status_document(db, *settings, {.ready = ready, .active = &active});
      });
  co_return document ? json_response(200, std::move(*document)) : problem_of(document.error());
}

task<server_response> daemon_answer::errors(server_request const& request) {
  auto const limit = number_of(request, "limit", 100, 1000);
  if (!limit) co_return problem_of(limit.error());
  co_return json_response(200, errors_document(*limit));
}

task<server_response> daemon_answer::logs(server_request const& request) {
  auto const active = engine_.running();
  auto const latest = active.empty() ? engine_.last_ended() : active.back();
  co_return log_answer(request, latest ? latest->record.id : std::string{});
}

task<server_response> daemon_answer::readyz(server_request const& request) {
  auto const why = ready_();
  auto answer = text_response(why ? *why + '\n' : "ok\n", plain_text);
  if (request.query.contains("verbose")) {
    answer.body = why ? fmt::format("[-]daemon {}\n", *why)
                      : "[+]catalog ok\n[+]disk ok\n[+]configuration ok\n";
  }
  if (why) {
    answer.status = 503;
    answer.headers.emplace_back("Retry-After", "5");
  }
  co_return answer;
}

}  // namespace

std::unique_ptr<service> make_daemon_answer(engine& work,
                                            std::function<std::optional<std::string>()> ready) {
  return std::make_unique<daemon_answer>(work, std::move(ready));
}

}  // namespace vinny
