// SPDX-License-Identifier: MIT
#include "events/routes/event_service.hpp"

#include <algorithm>

#include "control/answers/retry_request.hpp"
#include "control/problem.hpp"
#include "control/query.hpp"
#include "core/slug.hpp"
#include "core/text.hpp"
#include "events/page.hpp"
#include "events/routes/image_list.hpp"
#include "events/store/sweep.hpp"
#include "events/tables/image_retry.hpp"
#include "run/engine.hpp"
#include "task/offload.hpp"

namespace vinny {
namespace {

constexpr std::int64_t max_image_bytes = 64LL << 20;

class event_service final : public service {
 public:
  explicit event_service(engine& work) : engine_(work) {}

  void add_routes(router& to) override {
    to.add({"GET", "/v1/images", [this](routed_call const& call) { return images(call.request); }});
    to.add(retry_route(engine_, image_retry()));
    to.add({"GET", "/artists/{slug}/{file}",
            [this](routed_call const& call) { return file(call.at[0], call.at[1]); }});
    to.add_script("/events.js", page::events_js());
  }
  task<> care() override { return sweep(engine_); }

 private:
  task<server_response> images(server_request const& request);
  task<server_response> file(std::string slug, std::string name);

  engine& engine_;
};

task<server_response> event_service::images(server_request const& request) {
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

task<server_response> event_service::file(std::string slug, std::string name) {
  auto const stem =
      std::string_view{name}.substr(0, name.size() - std::min<std::size_t>(name.size(), 4));
  bool const sound = is_slug(slug) && name.ends_with(".jpg") && !stem.empty() &&
                     std::ranges::all_of(split(stem, '_'), is_slug);
  auto const key = "artists/" + slug + '/' + name;
  if (!sound) co_return problem(404, "not_found", "there is no such image");
  auto bytes = co_await offload(
      engine_.cpu(), [files = engine_.files(), key] { return files.read(key, max_image_bytes); });
  if (!bytes) co_return problem(404, "not_found", "there is no such image");
  auto answer = text_response(*bytes, "image/jpeg");
  answer.headers.emplace_back("Cache-Control", "private, max-age=60");
  co_return answer;
}

}  // namespace

std::unique_ptr<service> serve_events(engine& work) {
  return std::make_unique<event_service>(work);
}

}  // namespace vinny
