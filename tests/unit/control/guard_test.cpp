// SPDX-License-Identifier: MIT
#include "control/guard.hpp"

#include <catch2/catch.hpp>

#include <map>

using namespace vinny;

namespace {

constexpr std::string_view token = "0123456789abcdef0123456789abcdef";

// Each choice says what it is, so that what is expected follows from the words of
// proto/openapi.yaml and not from the texts that the guard looks at.
struct choice {
  std::optional<std::string> text;  // none: the header is missing
  bool good;
};
struct place {
  std::string_view path;
  bool open;  // `security: []` in proto/openapi.yaml
};
struct verb {
  std::string_view name;
  bool changes;
};

std::vector<choice> const hosts{
    {"127.0.0.1:8787", true},     {"localhost:8787", true},
    {"[::1]:8787", true},         {"LocalHost:8787", true},
    {std::nullopt, false},        {"", false},
    {"127.0.0.1", false},         {"localhost", false},
    {"127.0.0.1:80", false},      {"localhost:87870", false},
    {"evil.example:8787", false}, {"127.0.0.1.nip.io:8787", false},
    {"localhost.:8787", false},   {"127.0.0.1:8787 ", false},
    {"127.0.0.2:8787", false},    {"localhost:8787,evil.example", false},
};
// SAME stands for "http://" and the Host of the request.
std::vector<choice> const origins{
    {std::nullopt, true},
    {"SAME", true},
    {"null", false},
    {"http://evil.example", false},
    {"http://localhost:1", false},
    {"https://127.0.0.1:8787", false},
    {"http://127.0.0.1:8788", false},
};
// Sec-Fetch-Site, which browsers set and pages cannot; `good`: by the user or by our own page.
std::vector<choice> const sites{
    {std::nullopt, true}, {"same-origin", true}, {"none", true},
    {"same-site", false}, {"cross-site", false}, {"anything", false},
};
std::vector<choice> const tokens{
    {"Bearer " + std::string{token}, true},
    {"bearer " + std::string{token}, true},
    {std::nullopt, false},
    {"", false},
    {"Bearer", false},
    {"Bearer ", false},
    {std::string{token}, false},
    {"Basic " + std::string{token}, false},
    {"Bearer " + std::string{token.substr(1)}, false},
    {"Bearer " + std::string{token.substr(0, 31)}, false},
    {"Bearer " + std::string{token} + "0", false},
    {"Bearer 0123456789ABCDEF0123456789ABCDEF", false},
};
std::vector<verb> const verbs{{"GET", false}, {"HEAD", false}, {"POST", true},    {"DELETE", true},
                              {"PUT", true},  {"PATCH", true}, {"OPTIONS", true}, {"BREW", true}};
std::vector<place> const places{
    {"/v1/runs", false},         {"/v1/status", false},
    {"/metrics", false},         {"/v1/openapi.json", false},
    {"/artists/a/b.jpg", false}, {"/nothing", false},
    {"/livez/", false},          {"//", false},
    {"/LIVEZ", false},           {"/livez", true},
    {"/readyz", true},           {"/", true},
    {"/app.js", true},           {"/specimens.js", true},
    {"/app.css", true},
};

tcp_policy policy() {
  return {.token = secret{std::string{token}}, .hosts = host_names(8787)};
}

struct asked {
  bool tcp;
  choice host;
  choice origin;
  choice site;
  verb method;
  choice authorization;
  place at;
};

server_request request_of(asked const& what) {
  server_request out{.method = std::string{what.method.name},
                     .path = std::string{what.at.path},
                     .query = {},
                     .headers = {},
                     .body = {},
                     .from = {.tcp = what.tcp, .uid = {}}};
  auto const put = [&](char const* name, std::optional<std::string> const& value) {
    if (value) out.headers.emplace_back(name, *value);
  };
  put("Host", what.host.text);
  auto const origin =
      what.origin.text == "SAME" ? "http://" + what.host.text.value_or("") : what.origin.text;
  put("origin", origin);
  put("Sec-Fetch-Site", what.site.text);
  put("Authorization", what.authorization.text);
  return out;
}

/// 0: it may pass.
int expected(asked const& what) {
  bool const foreign = what.site.text ? !what.site.good : !what.origin.good;
  if (what.tcp && !what.host.good) return 421;
  if (what.method.changes && foreign) return 403;
  if (what.tcp && !what.at.open && !what.authorization.good) return 401;
  return 0;
}

template <class Do>
void each_case(Do check) {
  for (bool const tcp : {true, false})
    for (auto const& host : hosts)
      for (auto const& origin : origins)
        for (auto const& site : sites)
          for (auto const& method : verbs)
            for (auto const& authorization : tokens)
              for (auto const& at : places) {
                check(asked{tcp, host, origin, site, method, authorization, at});
              }
}

}  // namespace

TEST_CASE("the guard decides as proto/openapi.yaml says, over the whole matrix") {
  auto const rules = policy();
  std::map<int, std::size_t> outcomes;
  std::size_t cases = 0;
  each_case([&](asked const& what) {
    auto const answer = refusal(request_of(what), rules, what.at.open);
    auto const status = answer ? answer->status : 0;
    ++cases;
    ++outcomes[status];
    if (status == expected(what)) return;  // a million assertions take their time
    CAPTURE(what.tcp, what.host.text.value_or("(none)"), what.origin.text.value_or("(none)"),
            what.site.text.value_or("(none)"), what.method.name,
            what.authorization.text.value_or("(none)"), what.at.path);
    CHECK(status == expected(what));
  });
  CHECK(cases >= 400);
  for (int const status : {0, 401, 403, 421}) CHECK(outcomes[status] >= 400);
  CHECK(outcomes.size() == 4);
}

TEST_CASE("refusals are problem documents that open no door to other sites") {
  auto const [host, method, site, type] =
      GENERATE(table<std::string, std::string, std::string, std::string>({
          {"evil.example", "GET", "none", "wrong_host"},
          {"localhost:8787", "POST", "cross-site", "cross_origin"},
          {"localhost:8787", "GET", "none", "unauthorized"},
      }));
  server_request request{.method = method,
                         .path = "/v1/runs",
                         .query = {},
                         .headers = {},
                         .body = {},
                         .from = {.tcp = true, .uid = {}}};
  request.headers = {{"Host", host}, {"Sec-Fetch-Site", site}};
  auto const answer = refusal(request, policy(), false);
  REQUIRE(answer);
  CHECK(find_header(answer->headers, "Content-Type") == "application/problem+json");
  CHECK(answer->body.find("urn:vinny:problem:" + type) != std::string::npos);
  CHECK(answer->body.find(token) == std::string::npos);
  for (auto const& [name, value] : answer->headers) {
    CHECK_FALSE(name.starts_with("Access-Control-"));
  }
  bool const says_how = !find_header(answer->headers, "WWW-Authenticate").empty();
  CHECK(says_how == (answer->status == 401));
}

TEST_CASE("without a token configured, nothing on TCP but the open paths passes") {
  tcp_policy const rules{.token = secret{}, .hosts = host_names(8787)};
  for (auto const* given : {"Bearer ", "Bearer", "Bearer  ", "", "Bearer x"}) {
    server_request request{.method = "GET",
                           .path = "/v1/runs",
                           .query = {},
                           .headers = {},
                           .body = {},
                           .from = {.tcp = true, .uid = {}}};
    request.headers = {{"Host", "localhost:8787"}, {"Authorization", given}};
    INFO('"' << given << '"');
    REQUIRE(refusal(request, rules, false));
    CHECK(refusal(request, rules, false)->status == 401);
    CHECK_FALSE(refusal(request, rules, true));
  }
}

TEST_CASE("the names of a listener are those of loopback, with its port") {
  CHECK(host_names(8787) ==
        std::vector<std::string>{"127.0.0.1:8787", "localhost:8787", "[::1]:8787"});
}
