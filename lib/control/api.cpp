// SPDX-License-Identifier: MIT
#include "control/api.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>

#include "captures/routes/capture_document.hpp"
#include "catalog/runs.hpp"
#include "control/documents.hpp"
#include "control/host_change.hpp"
#include "control/log_answer.hpp"
#include "control/page.hpp"
#include "control/problem.hpp"
#include "control/query.hpp"
#include "control/retry_request.hpp"
#include "core/text.hpp"
#include "observe/log.hpp"
#include "observe/metrics.hpp"
#include "task/offload.hpp"

namespace vinny {
namespace {

using namespace std::chrono_literals;

constexpr auto script_type = "text/javascript; charset=utf-8";
constexpr std::int64_t max_image_bytes = 64LL << 20;

server_response text_response(std::string_view body, std::string_view type) {
  server_response out{.status = 200, .headers = {}, .body = std::string{body}};
  out.headers.emplace_back("Content-Type", std::string{type});
  return out;
}

/// The parameters of a path that fits a template, or nothing.
std::optional<std::vector<std::string>> match(std::string_view pattern, std::string_view path) {
  auto const wanted = split(pattern, '/');
  auto const given = split(path, '/');
  if (wanted.size() != given.size()) return std::nullopt;
  std::vector<std::string> out;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (wanted[i].starts_with('{')) {
      if (given[i].empty()) return std::nullopt;
      out.emplace_back(given[i]);
    } else if (wanted[i] != given[i]) {
      return std::nullopt;
    }
  }
  return out;
}

/// `pictures`: where else images may come from.
void harden(server_response& answer, std::string_view pictures) {
  answer.headers.emplace_back("X-Content-Type-Options", "nosniff");
  answer.headers.emplace_back("X-Frame-Options", "DENY");
  answer.headers.emplace_back("Referrer-Policy", "no-referrer");
  // The way to a thumbnail is for any site's <img>.
  bool const shared = answer.status == 302;
  answer.headers.emplace_back("Cross-Origin-Resource-Policy",
                              shared ? "cross-origin" : "same-origin");
  answer.headers.emplace_back(
      "Content-Security-Policy",
      fmt::format(
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:{}; "
          "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
          pictures));
}

/// The page shows thumbnails, which are the store's.
std::string picture_origins(config const& settings) {
  auto const where = url::parse(capture_addresses{settings, {}, now()}.of_object("x"));
  return where ? ' ' + where->origin() : std::string{};
}

}  // namespace

std::span<control_api::route const> control_api::routes() noexcept {
  static constexpr std::array<route, 31> table{{
      {"POST", "/v1/runs", &control_api::start_run},
      {"GET", "/v1/runs", &control_api::list},
      {"GET", "/v1/runs/{id}", &control_api::show},
      {"DELETE", "/v1/runs/{id}", &control_api::cancel},
      {"GET", "/v1/runs/{id}/events", &control_api::follow},
      {"GET", "/v1/status", &control_api::status},
      {"GET", "/v1/hosts", &control_api::hosts},
      {"POST", "/v1/hosts/{host}", &control_api::change_host},
      {"GET", "/v1/errors", &control_api::errors},
      {"GET", "/v1/logs", &control_api::logs},
      {"GET", "/v1/images", &control_api::images},
      {"POST", "/v1/images/retry", &control_api::retry_images},
      {"GET", "/v1/specimens", &control_api::specimens},
      {"POST", "/v1/specimens/retry", &control_api::retry_specimens},
      {"GET", "/v1/captures", &control_api::captures},
      {"POST", "/v1/captures", &control_api::add_capture},
      {"GET", "/v1/captures/{id}", &control_api::capture},
      {"DELETE", "/v1/captures/{id}", &control_api::remove_capture},
      {"POST", "/v1/captures/{id}/report-missing", &control_api::report_missing},
      {"GET", "/v1/captures/thumbnails/{id}", &control_api::thumbnail},
      {"GET", "/v1/library/search", &control_api::search_library},
      {"GET", "/artists/{slug}/{file}", &control_api::file},
      {"GET", "/livez", &control_api::livez},
      {"GET", "/readyz", &control_api::readyz},
      {"GET", "/metrics", &control_api::metrics},
      {"GET", "/v1/openapi.json", &control_api::openapi},
      {"GET", "/", &control_api::page_file},
      {"GET", "/app.css", &control_api::page_file},
      {"GET", "/app.js", &control_api::page_file},
      {"GET", "/specimens.js", &control_api::page_file},
      {"GET", "/captures.js", &control_api::page_file},
  }};
  return table;
}

std::vector<std::string> route_list() {
  std::vector<std::string> out;
  for (auto const& one : control_api::routes()) {
    out.push_back(fmt::format("{} {}", one.method, one.path));
  }
  return out;
}

control_api::control_api(engine& work, tcp_policy policy,
                         std::function<std::optional<std::string>()> ready)
    : engine_(work),
      policy_(std::move(policy)),
      ready_(std::move(ready)),
      specimens_(work),
      maker_(work, work.loop()),
      captures_(work, maker_),
      library_(work) {}

task<> control_api::stop() {
  co_await library_.stop();
  co_await maker_.stop();
}

std::expected<std::uint64_t, server_response> control_api::largest_body(
    server_request const& head) const {
  if (auto refused = refusal(head, policy_)) return std::unexpected(std::move(*refused));
  bool const upload = head.method == "POST" && head.path == "/v1/captures" &&
                      !to_lower(head.header("Content-Type")).starts_with("application/json");
  if (!upload) return 0;
  return static_cast<std::uint64_t>(engine_.settings()->thumbnails.max_bytes);
}

task<server_response> control_api::handle(server_request request) {
  auto const began = clock::now();
  std::string_view served = "other";
  server_response answer;
  if (auto refused = refusal(request, policy_)) {
    answer = std::move(*refused);
  } else if (request.path == "/v1/captures/thumbnails") {
    answer = capture_answer::no_list();
  } else if (request.path == "/favicon.ico") {
    answer.status = 204;
  } else {
    std::string allowed;
    bool found = false;
    for (auto const& one : routes()) {
      auto const at = match(one.path, request.path);
      if (!at) continue;
      served = one.path;
      bool const fits =
          one.method == request.method || (request.method == "HEAD" && one.method == "GET");
      if (!fits) {
        allowed += (allowed.empty() ? "" : ", ") + std::string{one.method};
        if (one.method == std::string_view{"GET"}) allowed += ", HEAD";
        continue;
      }
      found = true;
      answer = co_await (this->*one.call)(request, *at);
      break;
    }
    if (!found && !allowed.empty()) {
      answer = problem(405, "method_not_allowed", "the method is not allowed here",
                       "allowed: " + allowed);
      answer.headers.emplace_back("Allow", allowed);
    } else if (!found) {
      answer = problem(404, "not_found", "there is nothing under this path",
                       "the document at /v1/openapi.json tells what there is");
    }
  }
  harden(answer, served == "/" ? picture_origins(*engine_.settings()) : std::string{});
  instruments::global().answered(served, answer.status, clock::now() - began);
  if (request.method != "GET" && request.method != "HEAD") {
    log(log_level::info, "control", "request", field("method", request.method),
        field("path", request.path), field("status", answer.status),
        field("uid",
              !request.from.tcp && request.from.uid ? std::to_string(*request.from.uid) : "tcp"));
  }
  co_return answer;
}

task<server_response> control_api::start_run(server_request const& request, parameters const&) {
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
    auto const active = engine_.active();
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
  auto answer = json_response(202, run_document(engine_.current()->record));
  answer.headers.emplace_back("Location", "/v1/runs/" + *id);
  answer.headers.emplace_back("Retry-After", "1");
  co_return answer;
}

task<server_response> control_api::list(server_request const& request, parameters const&) {
  auto const limit = number_of(request, "limit", 100, 1000);
  auto const offset = number_of(request, "offset", 0, 1'000'000);
  if (!limit) co_return problem_of(limit.error());
  if (!offset) co_return problem_of(offset.error());
  auto document = co_await engine_.facts().read(
      [n = *limit, o = *offset](database& db) { return runs_document(db, n, o); });
  co_return document ? json_response(200, std::move(*document)) : problem_of(document.error());
}

task<server_response> control_api::show(server_request const&, parameters const& at) {
  std::optional<run_record> live;
  if (engine_.current() && engine_.current()->record.id == at[0]) live = engine_.current()->record;
  auto document =
      co_await engine_.facts().read([id = at[0], live](database& db) -> result<std::string> {
        auto const run = live ? live : find_run(db, id);
        if (!run) return fail(errc::not_found, fmt::format("there is no run '{}'", clip(id, 40)));
        return run_with_errors_document(db, *run);
      });
  co_return document ? json_response(200, std::move(*document)) : problem_of(document.error());
}

task<server_response> control_api::cancel(server_request const& request, parameters const& at) {
  if (auto const run = engine_.running(); run && run->record.id == at[0]) {
    engine_.cancel();
    co_await engine_.idle();
  }
  co_return co_await show(request, at);
}

task<server_response> control_api::follow(server_request const& request, parameters const& at) {
  auto const run = engine_.current();
  if (!run || run->record.id != at[0]) {
    auto const known =
        co_await engine_.facts().read([id = at[0]](database& db) { return find_run(db, id); });
    if (!known) co_return problem_of(known.error());
    if (!*known) co_return problem(404, "not_found", "there is no such run");
    co_return problem(410, "events_gone", "the events of that run are no longer kept",
                      "its outcome is at /v1/runs/" + at[0]);
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

task<server_response> control_api::status(server_request const&, parameters const&) {
  std::optional<run_record> active;
  if (auto const run = engine_.running()) active = run->record;
  auto document = co_await engine_.facts().read([settings = engine_.settings(), active,
                                                 ready = !ready_()](database& db) {
    return status_document(db, *settings, {.ready = ready, .active = active ? &*active : nullptr});
  });
  co_return document ? json_response(200, std::move(*document)) : problem_of(document.error());
}

task<server_response> control_api::hosts(server_request const&, parameters const&) {
  co_return json_response(200, hosts_document(engine_.hosts().lanes()));
}

task<server_response> control_api::specimens(server_request const&, parameters const&) {
  auto report = co_await specimens_.get();
  co_return report ? json_response(200, std::move(*report)) : problem_of(report.error());
}

task<server_response> control_api::retry(server_request const& request, retry_of what) {
  auto const wish = parse_retry_wish(request.body, what);
  if (!wish) {
    co_return problem(400, "bad_request", "the request cannot be understood", wish.error().message);
  }
  auto const step = co_await retry_refused(engine_.facts(), *wish);
  if (!step) co_return problem_of(step.error());
  if (wish->apply && step->total() > 0) engine_.work_came_back();
  co_return json_response(200, to_json(*step, wish->apply));
}

task<server_response> control_api::retry_specimens(server_request const& request,
                                                   parameters const&) {
  return retry(request, retry_of::specimens);
}

task<server_response> control_api::retry_images(server_request const& request, parameters const&) {
  return retry(request, retry_of::images);
}

task<server_response> control_api::captures(server_request const& request, parameters const&) {
  return captures_.list(request);
}

task<server_response> control_api::add_capture(server_request const& request, parameters const&) {
  return captures_.add(request);
}

task<server_response> control_api::capture(server_request const& request, parameters const& at) {
  return captures_.show(request, at[0]);
}

task<server_response> control_api::remove_capture(server_request const&, parameters const& at) {
  return captures_.remove(at[0]);
}

task<server_response> control_api::thumbnail(server_request const& request, parameters const& at) {
  return captures_.thumbnail(request, at[0], is_known(request, policy_));
}

task<server_response> control_api::report_missing(server_request const&, parameters const& at) {
  return captures_.report_missing(at[0]);
}

task<server_response> control_api::change_host(server_request const& request,
                                               parameters const& at) {
  auto const refuse = [](failure const& why) {
    return problem(400, "bad_request", "the request cannot be understood", why.message);
  };
  auto const host = parse_host_name(at[0]);
  if (!host) co_return refuse(host.error());
  auto const change = parse_host_change(request.body);
  if (!change) co_return refuse(change.error());
  co_await engine_.change_host(*host, *change);
  co_return json_response(200, host_document(*host, engine_.hosts().lanes().of(*host)));
}

task<server_response> control_api::errors(server_request const& request, parameters const&) {
  auto const limit = number_of(request, "limit", 100, 1000);
  if (!limit) co_return problem_of(limit.error());
  co_return json_response(200, errors_document(*limit));
}

task<server_response> control_api::logs(server_request const& request, parameters const&) {
  auto const run = engine_.current();
  co_return log_answer(request, run ? run->record.id : std::string{});
}

task<server_response> control_api::images(server_request const& request, parameters const&) {
  auto const limit = number_of(request, "limit", 100, 1000);
  auto const offset = number_of(request, "offset", 0, 1'000'000'000);
  if (!limit) co_return problem_of(limit.error());
  if (!offset) co_return problem_of(offset.error());
  auto document = co_await engine_.facts().read(
      [settings = engine_.settings(), n = *limit, o = *offset](database& db) {
        return images_document(db, *settings, n, o);
      });
  co_return document ? json_response(200, std::move(*document)) : problem_of(document.error());
}

task<server_response> control_api::file(server_request const&, parameters const& at) {
  auto const stem =
      std::string_view{at[1]}.substr(0, at[1].size() - std::min<std::size_t>(at[1].size(), 4));
  bool const sound = is_slug(at[0]) && at[1].ends_with(".jpg") && !stem.empty() &&
                     std::ranges::all_of(split(stem, '_'), is_slug);
  auto const key = "artists/" + at[0] + '/' + at[1];
  if (!sound) co_return problem(404, "not_found", "there is no such image");
  auto bytes = co_await offload(
      engine_.cpu(), [files = engine_.files(), key] { return files.read(key, max_image_bytes); });
  if (!bytes) co_return problem(404, "not_found", "there is no such image");
  auto answer = text_response(*bytes, "image/jpeg");
  answer.headers.emplace_back("Cache-Control", "private, max-age=60");
  co_return answer;
}

task<server_response> control_api::search_library(server_request const& request,
                                                  parameters const&) {
  return library_.search(request);
}

task<server_response> control_api::livez(server_request const&, parameters const&) {
  co_return text_response("ok\n", "text/plain; charset=utf-8");
}

task<server_response> control_api::readyz(server_request const& request, parameters const&) {
  auto const why = ready_();
  auto answer = text_response(why ? *why + '\n' : "ok\n", "text/plain; charset=utf-8");
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

task<server_response> control_api::metrics(server_request const&, parameters const&) {
  co_return text_response(metrics_page(vinny::metrics::global()), metrics_content_type);
}

task<server_response> control_api::openapi(server_request const&, parameters const&) {
  co_return json_response(200, std::string{page::openapi_json()});
}

task<server_response> control_api::page_file(server_request const& request, parameters const&) {
  auto answer = request.path == "/app.css"
                    ? text_response(page::app_css(), "text/css; charset=utf-8")
                : request.path == "/app.js"       ? text_response(page::app_js(), script_type)
                : request.path == "/specimens.js" ? text_response(page::specimens_js(), script_type)
                : request.path == "/captures.js"
                    ? text_response(page::captures_js(), script_type)
                    : text_response(page::index_html(), "text/html; charset=utf-8");
  answer.headers.emplace_back("Cache-Control", "no-cache");
  co_return answer;
}

}  // namespace vinny
