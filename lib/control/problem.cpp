// SPDX-License-Identifier: MIT
#include "control/problem.hpp"

#include <boost/json.hpp>

#include "core/text.hpp"

namespace vinny {
namespace {

int status_of(errc code) noexcept {
  switch (code) {
    case errc::not_found:
      return 404;
    case errc::run_active:
    case errc::catalog_locked:
      return 409;
    case errc::config_invalid:
    case errc::bad_url:
    case errc::bad_json:
      return 400;
    case errc::cancelled:
    case errc::catalog_busy:
    case errc::postgres_unavailable:
      return 503;
    default:
      return 500;
  }
}

}  // namespace

server_response problem(int status, std::string_view name, std::string_view title,
                        std::string_view detail, std::string_view extra_member,
                        std::string_view extra_value) {
  boost::json::object out;
  out["type"] = "urn:vinny:problem:" + std::string{name};
  out["title"] = valid_utf8(title);
  out["status"] = status;
  if (!detail.empty()) out["detail"] = valid_utf8(detail);
  if (!extra_member.empty()) out[extra_member] = valid_utf8(extra_value);
  server_response answer{.status = status};
  answer.headers.emplace_back("Content-Type", "application/problem+json");
  answer.headers.emplace_back("Cache-Control", "no-store");
  answer.body = boost::json::serialize(out);
  return answer;
}

server_response problem_of(failure const& why) {
  return problem(status_of(why.code), name(why.code), describe(why.code), why.message);
}

server_response json_response(int status, std::string body) {
  server_response answer{.status = status, .headers = {}, .body = std::move(body)};
  answer.headers.emplace_back("Content-Type", "application/json");
  answer.headers.emplace_back("Cache-Control", "no-store");
  return answer;
}

}  // namespace vinny
