// SPDX-License-Identifier: MIT
#include "control/answers/page_answer.hpp"

#include <fmt/format.h>

#include "control/page.hpp"

namespace vinny {
namespace {

constexpr std::string_view policy_header = "Content-Security-Policy";
constexpr std::string_view place_of_scripts = "<!-- scripts of the systems -->";

/// `pictures`: where else images may come from.
std::string content_policy(std::vector<std::string> const& pictures) {
  return fmt::format(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:{}{}; "
      "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      pictures.empty() ? "" : " ", fmt::join(pictures, " "));
}

std::string page_with(std::vector<std::string_view> const& scripts) {
  std::string tags;
  for (auto const path : scripts) {
    tags += fmt::format("{}<script src=\"{}\" defer></script>", tags.empty() ? "" : "\n", path);
  }
  std::string out{page::index_html()};
  out.replace(out.find(place_of_scripts), place_of_scripts.size(), tags);
  return out;
}

route page_file(std::string_view path, std::string text, std::string type) {
  return {.method = "GET",
          .path = path,
          .call = [text = std::move(text),
                   type = std::move(type)](routed_call const&) -> task<server_response> {
            auto answer = text_response(text, type);
            answer.headers.emplace_back("Cache-Control", "no-cache");
            co_return answer;
          },
          .is_open = true};
}

}  // namespace

void add_page(router& to) {
  auto index = page_file("/", page_with(to.scripts()), "text/html; charset=utf-8");
  index.call = [&to,
                send = std::move(index.call)](routed_call const& call) -> task<server_response> {
    auto answer = co_await send(call);
    answer.headers.emplace_back(policy_header, content_policy(to.picture_origins()));
    co_return answer;
  };
  to.add(std::move(index));
  to.add(page_file("/app.css", std::string{page::app_css()}, "text/css; charset=utf-8"));
  to.add(page_file("/app.js", std::string{page::app_js()}, "text/javascript; charset=utf-8"));
  // Browsers ask for it unasked.
  to.add({.method = "*",
          .path = "/favicon.ico",
          .call = [](routed_call const&) -> task<server_response> {
            co_return server_response{.status = 204};
          },
          .is_open = true});
}

void harden(server_response& answer) {
  answer.headers.emplace_back("X-Content-Type-Options", "nosniff");
  answer.headers.emplace_back("X-Frame-Options", "DENY");
  answer.headers.emplace_back("Referrer-Policy", "no-referrer");
  // A redirect leads to a picture, which is for any site's <img>.
  answer.headers.emplace_back("Cross-Origin-Resource-Policy",
                              answer.status == 302 ? "cross-origin" : "same-origin");
  if (find_header(answer.headers, policy_header).empty()) {
    answer.headers.emplace_back(policy_header, content_policy({}));
  }
}

}  // namespace vinny
