// SPDX-License-Identifier: MIT
#include "control/answers/run_answer.hpp"

#include <fmt/format.h>

#include <charconv>

#include "catalog/runs.hpp"
#include "control/answers/run_request.hpp"
#include "control/documents.hpp"
#include "control/problem.hpp"
#include "control/query.hpp"
#include "core/text.hpp"
#include "run/engine.hpp"

namespace vinny {
namespace {

class run_answer final : public service {
 public:
  explicit run_answer(engine& work) : engine_(work) {}

  void add_routes(router& to) override {
    to.add({"POST", "/v1/runs", [this](routed_call const& call) { return start(call.request); }});
    to.add({"GET", "/v1/runs", [this](routed_call const& call) { return list(call.request); }});
    to.add({"GET", "/v1/runs/{id}", [this](routed_call const& call) { return show(call.at[0]); }});
    to.add({"DELETE", "/v1/runs/{id}",
            [this](routed_call const& call) { return cancel(call.at[0]); }});
    to.add({"GET", "/v1/runs/{id}/events",
            [this](routed_call const& call) { return follow(call.request, call.at[0]); }});
  }

 private:
  task<server_response> start(server_request const& request);
  task<server_response> list(server_request const& request);
  task<server_response> show(std::string id);
  task<server_response> cancel(std::string id);
  task<server_response> follow(server_request const& request, std::string id);

  engine& engine_;
};

task<server_response> run_answer::start(server_request const& request) {
  auto const type = to_lower(request.header("Content-Type"));
  if (!request.body.empty() && !type.starts_with("application/json")) {
    co_return problem(415, "unsupported_media_type", "the body must be application/json");
  }
  auto parsed = parse_run_request(request.body.empty() ? "{}" : std::string_view{request.body});
  if (!parsed) {
    co_return problem(400, "bad_request", "the request cannot be understood",
                      parsed.error().message);
  }
  auto const id = co_await engine_.start(std::move(*parsed));
  if (!id && id.error().code == errc::run_active) {
    auto const active = id.error().evidence;
    auto answer = problem(409, "run_active", "a run is already active",
                          fmt::format("follow it at /v1/runs/{}", active), "active_run", active);
    answer.headers.emplace_back("Location", "/v1/runs/" + active);
    co_return answer;
  }
  if (!id && id.error().code == errc::not_found) {
    co_return problem(400, "bad_request", "the request names something unknown",
                      id.error().message);
  }
  if (!id) co_return problem_of(id.error());
  auto answer = json_response(202, run_document(engine_.find(*id)->snapshot()));
  answer.headers.emplace_back("Location", "/v1/runs/" + *id);
  answer.headers.emplace_back("Retry-After", "1");
  co_return answer;
}

task<server_response> run_answer::list(server_request const& request) {
  auto const limit = number_of(request, "limit", 100, 1000);
  auto const offset = number_of(request, "offset", 0, 1'000'000);
  if (!limit) co_return problem_of(limit.error());
  if (!offset) co_return problem_of(offset.error());
  auto document = co_await engine_.facts().read(
      [n = *limit, o = *offset](database& db) { return runs_document(db, n, o); });
  co_return document ? json_response(200, std::move(*document)) : problem_of(document.error());
}

task<server_response> run_answer::show(std::string id) {
  std::optional<run_record> live;
  if (auto const run = engine_.find(id)) live = run->snapshot();
  auto document = co_await engine_.facts().read([id, live](database& db) -> result<std::string> {
    auto const run = live ? live : find_run(db, id);
    if (!run) return fail(errc::not_found, fmt::format("there is no run '{}'", clip(id, 40)));
    return run_with_errors_document(db, *run);
  });
  co_return document ? json_response(200, std::move(*document)) : problem_of(document.error());
}

task<server_response> run_answer::cancel(std::string id) {
  co_await engine_.cancel(id);
  co_return co_await show(std::move(id));
}

task<server_response> run_answer::follow(server_request const& request, std::string id) {
  auto const run = engine_.find(id);
  if (!run) {
    auto const known =
        co_await engine_.facts().read([id](database& db) { return find_run(db, id); });
    if (!known) co_return problem_of(known.error());
    if (!*known) co_return problem(404, "not_found", "there is no such run");
    co_return problem(410, "events_gone", "the events of that run are no longer kept",
                      "its outcome is at /v1/runs/" + id);
  }
  std::int64_t last = 0;
  auto text = request.header("Last-Event-ID");
  std::from_chars(text.data(), text.data() + text.size(), last);
  // A number from before a restart, or from nowhere: begin at the beginning.
  if (last < 0 || last > run->feed.last()) last = 0;

  server_response answer{.status = 200};
  answer.headers.emplace_back("Content-Type", "text/event-stream");
  answer.headers.emplace_back("Cache-Control", "no-cache");
  answer.headers.emplace_back("X-Accel-Buffering", "no");
  answer.stream = [run, last](stream_writer& out) -> task<> {
    auto seen = last;
    for (;;) {
      std::string piece;
      for (auto const& one : run->feed.after(seen)) {
        piece += fmt::format("id: {}\nevent: {}\ndata: {}\n\n", one.id, one.kind, one.data);
        seen = one.id;
      }
      if (!piece.empty() && !co_await out.write(std::move(piece))) co_return;
      if (run->feed.closed() && run->feed.last() <= seen) co_return;
      bool const more = co_await run->feed.wait(seen, within(stream_heartbeat));
      if (!more && !co_await out.write(": still here\n\n")) co_return;
    }
  };
  co_return answer;
}

}  // namespace

std::unique_ptr<service> make_run_answer(engine& work) {
  return std::make_unique<run_answer>(work);
}

}  // namespace vinny
