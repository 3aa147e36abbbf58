// SPDX-License-Identifier: MIT
#include "control/api.hpp"
#include "control/page.hpp"
#include "unit/control/desk.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

using namespace vinny;
namespace json = boost::json;

namespace {

std::set<std::string> documented() {
  std::set<std::string> out;
  auto const document = json::parse(page::openapi_json());
  for (auto const& [path, item] : document.at("paths").as_object()) {
    for (auto const& [key, operation] : item.as_object()) {
      std::string method{key};
      static std::set<std::string> const methods{"get",     "put",  "post",  "delete",
                                                 "options", "head", "patch", "trace"};
      if (!methods.contains(method)) continue;
      std::ranges::transform(method, method.begin(), [](char c) { return char(c - 'a' + 'A'); });
      out.insert(method + ' ' + std::string{path});
    }
  }
  return out;
}

/// Every "$ref" in the document.
void collect(json::value const& in, std::vector<std::string>& out) {
  if (auto const* const object = in.if_object()) {
    for (auto const& [key, value] : *object) {
      if (key == "$ref") out.emplace_back(value.as_string());
      collect(value, out);
    }
  } else if (auto const* const array = in.if_array()) {
    for (auto const& value : *array) collect(value, out);
  }
}

}  // namespace

TEST_CASE("what is served and what proto/openapi.yaml says are the same") {
  desk at;
  std::vector<std::string> served;
  for (auto const& one : at.api().routes().routes()) {
    if (one.method != "*") served.push_back(fmt::format("{} {}", one.method, one.path));
  }
  std::set<std::string> const unique{served.begin(), served.end()};
  CHECK(unique.size() == served.size());
  CHECK(unique == documented());
}

TEST_CASE("the parameters of each path are declared") {
  auto const document = json::parse(page::openapi_json());
  for (auto const& [path, item] : document.at("paths").as_object()) {
    auto const text = std::string{path};
    auto const count = std::ranges::count(text, '{');
    auto const* const declared = item.as_object().if_contains("parameters");
    std::ptrdiff_t in_path = 0;
    auto const add = [&](json::value const& list) {
      for (auto const& one : list.as_array()) {
        auto const* const in = one.as_object().if_contains("in");
        auto const* const ref = one.as_object().if_contains("$ref");
        std::string where = in != nullptr ? std::string{in->as_string()} : "";
        if (ref != nullptr) {
          auto const name = std::string{ref->as_string()}.substr(sizeof "#/components/parameters");
          where = document.at("components").at("parameters").at(name).at("in").as_string().c_str();
        }
        in_path += where == "path" ? 1 : 0;
      }
    };
    if (declared != nullptr) {
      add(*declared);
    } else {
      for (auto const& [method, operation] : item.as_object()) {
        if (auto const* const own = operation.as_object().if_contains("parameters")) add(*own);
      }
    }
    INFO(text);
    CHECK(in_path == count);
  }
}

TEST_CASE("references inside the document lead somewhere") {
  auto const document = json::parse(page::openapi_json());
  std::vector<std::string> references;
  collect(document, references);
  CHECK(references.size() > 10);
  for (auto const& one : references) {
    INFO(one);
    REQUIRE(one.starts_with("#/"));
    boost::system::error_code error;
    CHECK(document.find_pointer(one.substr(1), error) != nullptr);
  }
}

TEST_CASE("what needs no token is what the document says so of") {
  desk at;
  auto const document = json::parse(page::openapi_json());
  auto const& paths = document.at("paths").as_object();
  for (auto const& one : at.api().routes().routes()) {
    if (one.method == "*") continue;
    std::string method{one.method};
    std::ranges::transform(method, method.begin(), [](char c) { return char(c - 'A' + 'a'); });
    auto const& operation = paths.at(one.path).at(method).as_object();
    auto const* const security = operation.if_contains("security");
    INFO(one.method << ' ' << one.path);
    bool const open = security != nullptr && (security->as_array().empty() ||
                                              security->as_array().front().as_object().empty());
    CHECK(one.is_open == open);
  }
}

TEST_CASE("the page's files are there, and load nothing from elsewhere") {
  desk at;
  std::vector<std::string> files{at.ask("GET", "/").body, at.ask("GET", "/app.css").body,
                                 at.ask("GET", "/app.js").body};
  for (auto const script : at.api().routes().scripts()) {
    files.push_back(at.ask("GET", std::string{script}).body);
    CHECK(files.front().contains(fmt::format("<script src=\"{}\" defer>", script)));
  }
  CHECK(files.size() >= 7);
  for (auto const& file : files) {
    CHECK(file.size() > 100);
    for (auto const* const foreign :
         {"src=\"http", "href=\"http", "@import", "url(http", "eval("}) {
      INFO(foreign);
      CHECK(file.find(foreign) == std::string::npos);
    }
  }
}
