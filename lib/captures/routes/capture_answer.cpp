// SPDX-License-Identifier: MIT
#include "captures/routes/capture_answer.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include <algorithm>
#include <charconv>

#include "captures/model/capture_settings.hpp"
#include "captures/routes/capture_document.hpp"
#include "captures/routes/form_upload.hpp"
#include "captures/stages/capture_care.hpp"
#include "control/json_body.hpp"
#include "control/problem.hpp"
#include "control/query.hpp"
#include "core/digest.hpp"
#include "core/slug.hpp"
#include "core/text.hpp"

namespace vinny {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t usual_page = 50;
constexpr std::size_t longest_page = 200;
constexpr std::string_view usual_collection = "main";
constexpr auto answer_time = 60s;
constexpr std::int64_t least_retry_after = 1;  // seconds
constexpr std::int64_t usual_retry_after = 5;

std::optional<std::int64_t> number_in(std::string_view text) {
  std::int64_t out = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  bool const whole = error == std::errc{} && end == text.data() + text.size() && out > 0;
  return whole ? std::optional{out} : std::nullopt;
}

server_response unknown_capture(std::string_view id) {
  return problem(404, "not_found", "there is no such thing",
                 fmt::format("there is no capture '{}'", clip(id, 40)));
}

server_response bad_request(std::string_view detail) {
  return problem(400, "bad_request", "the request cannot be understood", detail);
}

result<std::string> collection_named(std::string const& name) {
  if (is_slug(name)) return name;
  return fail(errc::bad_url, "'collection' must be 1 to 80 of a-z, 0-9 and '-'");
}

result<std::string> collection_in(server_request const& request) {
  auto const it = request.query.find("collection");
  if (it == request.query.end() || it->second.empty()) return std::string{usual_collection};
  return collection_named(it->second);
}

/// Where browsers reach this endpoint.
std::string base_for(server_request const& request, config const& settings) {
  if (!settings.control.public_url.empty()) return settings.control.public_url;
  return request.from.tcp ? "http://" + std::string{request.header("Host")} : std::string{};
}

/// What it means for a thumbnail: the source's fault, the picture's, or ours for a while.
int thumbnail_status(errc code) noexcept {
  switch (code) {
    case errc::not_found:
      return 404;
    case errc::not_an_image:
    case errc::image_type_unsupported:
    case errc::image_too_few_bytes:
    case errc::image_too_small:
    case errc::image_too_large:
    case errc::image_bomb:
    case errc::image_corrupt:
    case errc::image_corrupt_again:
    case errc::body_too_large:
      return 422;
    case errc::resolve_timeout:
    case errc::connect_timeout:
    case errc::tls_timeout:
    case errc::first_byte_timeout:
    case errc::stalled:
    case errc::total_timeout:
      return 504;
    case errc::overloaded:
    case errc::host_cooling_down:
    case errc::host_breaker_open:
    case errc::http_too_many_requests:
    case errc::catalog_busy:
    case errc::cancelled:
    case errc::disk_full:
    case errc::store_digest:
      return 503;
    case errc::internal:
    case errc::config_invalid:
    case errc::read_only:
    case errc::permission_denied:
    case errc::io_error:
    case errc::catalog_corrupt:
    case errc::store_credentials:
    case errc::store_missing:
    case errc::store_rejected:
    case errc::store_tampered:
    case errc::clock_skewed:
      return 500;
    default:
      return 502;
  }
}

/// A stranger learns what is wrong, but not with which host or file.
enum class listener { known, stranger };

server_response no_thumbnail(failure const& why, listener who = listener::known) {
  auto const usual = thumbnail_status(why.code);
  // Who says when to come again says that it is not for good.
  auto const status = usual == 502 && why.retry_at ? 503 : usual;
  auto answer =
      problem(status, name(why.code), describe(why.code),
              who == listener::known ? std::string_view{why.message} : std::string_view{});
  if (status == 503) {
    auto const wait =
        why.retry_at ? (to_ms(*why.retry_at) - to_ms(now())) / 1000 + 1 : usual_retry_after;
    answer.headers.emplace_back("Retry-After", std::to_string(std::max(wait, least_retry_after)));
  }
  return answer;
}

}  // namespace

server_response capture_answer::no_list() {
  auto answer = problem(405, "method_not_allowed", "thumbnails have no list",
                        "ask for one: /v1/captures/thumbnails/{id}?label=…");
  answer.headers.emplace_back("Allow", "");
  return answer;
}

task<server_response> capture_answer::list(server_request const& request) {
  auto const limit = number_of(request, "limit", usual_page, longest_page);
  if (!limit || *limit == 0) {
    co_return bad_request(fmt::format("'limit' must be a number from 1 to {}", longest_page));
  }
  capture_filter which{.collection = {}, .limit = *limit + 1};
  if (request.query.contains("collection")) {
    auto const collection = collection_in(request);
    if (!collection) co_return bad_request(collection.error().message);
    which.collection = *collection;
  }
  if (auto const it = request.query.find("cursor"); it != request.query.end()) {
    auto const before = number_in(it->second);
    if (!before) co_return bad_request("'cursor' must be what 'next' said");
    which.before = *before;
  }
  auto const outside = work_.hold_outside();
  auto body = co_await work_.facts().read(
      [outside, which, base = base_for(request, *outside->settings)](database& db) {
        capture_addresses const addresses{*outside->settings, base, now()};
        return addresses.page(list_captures(db, which), which.limit - 1);
      });
  co_return body ? json_response(200, std::move(*body)) : problem_of(body.error());
}

task<server_response> capture_answer::show(server_request const& request, std::string const& id) {
  auto const number = number_in(id);
  if (!number) co_return unknown_capture(id);
  auto const outside = work_.hold_outside();
  auto body = co_await work_.facts().read(
      [outside, number, base = base_for(request, *outside->settings)](database& db) {
        std::string out;
        if (auto const found = find_capture(db, *number)) {
          capture_addresses{*outside->settings, base, now()}.append(out, *found);
        }
        return out;
      });
  if (!body) co_return problem_of(body.error());
  co_return body->empty() ? unknown_capture(id) : json_response(200, std::move(*body));
}

task<server_response> capture_answer::add(server_request const& request) {
  auto const type = to_lower(request.header("Content-Type"));
  if (type.starts_with("application/json")) return add_url(request);
  return add_upload(request);
}

task<server_response> capture_answer::add_url(server_request const& request) {
  auto const document = read_json_body(request.body);
  if (!document) co_return bad_request(document.error().message);
  capture what{.collection = std::string{usual_collection}, .location = {}};
  for (auto const& [member, value] : *document) {
    auto const text = value.is_string() ? std::string_view{value.get_string()} : std::string_view{};
    if (member == "url") {
      auto const target = url::parse(text);
      if (!target) co_return bad_request(fmt::format("'url': {}", target.error().message));
      what.location = target->str();
    } else if (member == "collection") {
      auto named = collection_named(std::string{text});
      if (!named) co_return bad_request(named.error().message);
      what.collection = std::move(*named);
    } else {
      co_return bad_request(unknown_member(member, "url, collection").error().message);
    }
  }
  if (what.location.empty()) co_return bad_request("'url' is missing: where is the picture?");
  co_return co_await added(request, std::move(what));
}

task<server_response> capture_answer::add_upload(server_request const& request) {
  auto const type = request.header("Content-Type");
  auto form = is_form(type) ? read_form(type, request.body)
                            : std::expected<form_upload, std::string>{{.file = request.body}};
  if (!form) co_return bad_request(form.error());
  auto const collection =
      form->collection ? collection_named(*form->collection) : collection_in(request);
  if (!collection) co_return bad_request(collection.error().message);
  if (form->file.empty()) {
    co_return problem(415, "unsupported_media_type", "there is nothing to add",
                      "send a JPEG or PNG as the body or in a form, or {\"url\": …} as "
                      "application/json");
  }
  auto what = co_await store_upload(work_, *collection, std::string{form->file});
  if (!what) co_return no_thumbnail(what.error());
  co_return co_await added(request, std::move(*what));
}

task<server_response> capture_answer::added(server_request const& request, capture what) {
  struct outcome {
    added_capture one;
    std::string document;
  };
  auto const outside = work_.hold_outside();
  auto out =
      co_await work_.facts().write([outside, what, base = base_for(request, *outside->settings)](
                                       database& db) -> result<outcome> {
        if (what.origin == capture_origin::store && !spare_object(db, what.location)) {
          return fail(errc::overloaded, "storing it took too long; send it again");
        }
        outcome made{add_capture(db, what), {}};
        capture_addresses{*outside->settings, base, now()}.append(made.document,
                                                                  *find_capture(db, made.one.id));
        return made;
      });
  if (!out) co_return no_thumbnail(out.error());
  auto answer = json_response(out->one.fresh ? 201 : 200, std::move(out->document));
  answer.headers.emplace_back("Location", fmt::format("/v1/captures/{}", out->one.id));
  co_return answer;
}

task<server_response> capture_answer::remove(std::string const& id) {
  auto const number = number_in(id);
  if (!number) co_return unknown_capture(id);
  auto const removed = co_await work_.facts().write(
      [number, doomed = to_ms(now() + 2 * redirect_lifetime)](database& db) {
        return remove_capture(db, *number, doomed);
      });
  if (!removed) co_return problem_of(removed.error());
  if (!*removed) co_return unknown_capture(id);
  co_return server_response{.status = 204};
}

server_response capture_answer::redirect(world const& outside, std::string const& key) const {
  server_response answer{.status = 302};
  answer.headers.emplace_back("Location",
                              capture_addresses{*outside.settings, {}, now()}.of_object(key));
  answer.headers.emplace_back("Cache-Control",
                              fmt::format("private, max-age={}", redirect_lifetime.count()));
  return answer;
}

task<server_response> capture_answer::thumbnail(server_request const& request,
                                                std::string const& id, bool known) {
  auto const outside = work_.hold_outside();
  auto const& settings = *outside->settings;
  auto const& sizes = settings.of<thumbnails_config>().sizes;
  if (sizes.empty()) {
    co_return problem(404, "not_found", "there is no such thing",
                      "No thumbnail sizes are configured");
  }
  auto const it = request.query.find("label");
  auto const label =
      it == request.query.end() || it->second.empty() ? sizes.front().label : it->second;
  auto const* const size = settings.of<thumbnails_config>().find(label);
  if (size == nullptr) {
    std::vector<std::string_view> labels;
    labels.reserve(sizes.size());
    for (auto const& one : sizes) labels.push_back(one.label);
    co_return bad_request(fmt::format("there is no size '{}'; known are {}",
                                      printable(clip(label, 40)), fmt::join(labels, ", ")));
  }
  auto const number = number_in(id);
  if (!number) co_return unknown_capture(id);
  auto const found =
      co_await work_.facts().read([number](database& db) { return find_capture(db, *number); });
  if (!found) co_return no_thumbnail(found.error());
  if (!*found) co_return unknown_capture(id);
  if (!known && settings.of<collections_config>().of((*found)->what.collection).is_private) {
    auto answer = problem(401, "unauthorized", "the collection is private",
                          "send 'Authorization: Bearer …' with the content of control.token_file");
    answer.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"vinny\"");
    co_return answer;
  }
  if (auto const* const made = capture_addresses::valid(**found, *size)) {
    co_return redirect(*outside, made->key);
  }
  auto const key = co_await maker_.get(*number, *size);
  if (key) co_return redirect(*outside, *key);
  co_return no_thumbnail(key.error(), known ? listener::known : listener::stranger);
}

task<server_response> capture_answer::report_missing(std::string const& id) {
  auto const number = number_in(id);
  auto const found = co_await work_.facts().read([number](database& db) {
    return number ? find_capture(db, *number) : std::optional<listed_capture>{};
  });
  if (!found) co_return problem_of(found.error());
  if (!*found) co_return unknown_capture(id);
  auto const outside = work_.hold_outside();
  std::int64_t checked = 0;
  std::int64_t repaired = 0;
  for (auto const& one : (*found)->thumbnails) {
    auto const lost = co_await check_thumbnail(work_.facts(), *outside->store,
                                               {*number, one.label, one.key}, within(answer_time));
    if (!lost) co_return no_thumbnail(lost.error());
    ++checked;
    auto const* const size = outside->settings->of<thumbnails_config>().find(one.label);
    if (!*lost || size == nullptr) continue;
    if (auto const made = co_await maker_.get(*number, *size); !made) {
      co_return no_thumbnail(made.error());
    }
    ++repaired;
  }
  co_return json_response(200, fmt::format(R"({{"checked":{},"repaired":{}}})", checked, repaired));
}

}  // namespace vinny
