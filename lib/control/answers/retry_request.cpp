// SPDX-License-Identifier: MIT
#include "control/answers/retry_request.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include "control/answers/host_change.hpp"
#include "control/json_body.hpp"
#include "control/problem.hpp"
#include "core/text.hpp"
#include "run/engine.hpp"

namespace vinny {

namespace json = boost::json;

result<retry_wish> parse_retry_wish(std::string_view body, retry_kind const& what) {
  retry_wish out{.apply = true};
  if (trim(body).empty()) return out;
  auto const document = read_json_body(body);
  if (!document) return std::unexpected(document.error());
  for (auto const& [key, value] : *document) {
    std::string_view const member = key;
    bool const left_out = value.is_null();
    if (member == "dry_run") {
      if (!value.is_bool()) return wrong_member(member, "true or false");
      out.apply = !value.get_bool();
    } else if (member == "after") {
      if (!left_out && !value.is_int64()) return wrong_member(member, "a number, or null");
      out.after = left_out ? 0 : value.get_int64();
    } else if (member != "reason" && member != "host" && member != "since") {
      return unknown_member(member, "reason, host, since, dry_run, after");
    } else if (left_out) {
      continue;
    } else if (!value.is_string()) {
      return wrong_member(member, "text, or null");
    } else if (member == "reason") {
      auto reason = kept_reason(what, value.get_string());
      if (!reason) return std::unexpected(reason.error());
      out.reason = std::move(*reason);
    } else if (member == "host") {
      auto host = parse_host_name(value.get_string());
      if (!host) return wrong_member(member, "a host's name, such as iiif.example.org");
      out.host = std::move(*host);
    } else {
      out.since = parse_since(value.get_string(), now());
      if (!out.since) return wrong_member(member, "a date, a moment, or a span such as 3d or 12h");
    }
  }
  return out;
}

std::string to_json(retry_wish const& wish) {
  json::object out;
  if (wish.reason) out["reason"] = *wish.reason;
  if (wish.host) out["host"] = *wish.host;
  if (wish.since) out["since"] = to_rfc3339(*wish.since);
  out["dry_run"] = !wish.apply;
  if (wish.after > 0) out["after"] = wish.after;
  return json::serialize(out);
}

std::string to_json(retry_step const& step, bool opened) {
  json::object reasons;
  for (auto const& [reason, count] : step.by_reason) reasons[valid_utf8(reason)] = count;
  json::object out;
  out["total"] = step.total();
  out["reasons"] = std::move(reasons);
  out["opened"] = opened;
  out["after"] = step.after > 0 ? json::value(step.after) : json::value{};
  return json::serialize(out);
}

result<retry_step> parse_retry_step(std::string_view body) {
  auto const document = read_json_body(body);
  if (!document) return std::unexpected(document.error());
  retry_step out;
  auto const* const reasons = document->if_contains("reasons");
  if (reasons == nullptr || !reasons->is_object()) return wrong_member("reasons", "an object");
  for (auto const& [reason, count] : reasons->get_object()) {
    if (count.is_int64()) out.by_reason[std::string{reason}] = count.get_int64();
  }
  auto const* const after = document->if_contains("after");
  if (after != nullptr && after->is_int64()) out.after = after->get_int64();
  return out;
}

namespace {

task<server_response> answer_retry(engine& work, retry_kind const& what, std::string_view body) {
  auto const wish = parse_retry_wish(body, what);
  if (!wish) {
    co_return problem(400, "bad_request", "the request cannot be understood", wish.error().message);
  }
  auto const step = co_await retry_refused(work.facts(), what, *wish);
  if (!step) co_return problem_of(step.error());
  if (wish->apply && step->total() > 0) work.work_came_back();
  co_return json_response(200, to_json(*step, wish->apply));
}

}  // namespace

route retry_route(engine& work, retry_kind const& what) {
  return {.method = "POST", .path = what.path, .call = [&work, &what](routed_call const& call) {
            return answer_retry(work, what, call.request.body);
          }};
}

}  // namespace vinny
