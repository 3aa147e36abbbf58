// SPDX-License-Identifier: MIT
//
// Routes as values: what is served, to whom, and how much may be sent to it. Everything that must
// know the routes (metrics, guard, body limits, the page, the test of openapi.yaml) asks here.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "http/server.hpp"

namespace vinny {

/// One request on its way to its handler. Lives until the handler has ended.
struct routed_call {
  server_request const& request;
  std::vector<std::string> at;  // the {…} of the route, in order
  bool is_known = false;        // over the Unix socket, or with the token: may see what is private
};

struct route {
  using handler = std::function<task<server_response>(routed_call const&)>;

  std::string_view method;  // "*": every one; such a route is for no list and has no metrics
  std::string_view path;    // as in openapi.yaml: "/v1/runs/{id}"
  handler call;
  bool is_open = false;  // on TCP it needs no token
  /// Bytes of a body that may be longer than usual; null: none.
  std::function<std::uint64_t(server_request const& head)> largest_body{};
};

class router {
 public:
  /// The first of two that fit is taken. Its metrics begin at 0.
  void add(route one);
  /// A script of the page: served at `path`, and named by the page itself.
  void add_script(std::string_view path, std::string_view text);

  /// The page may show pictures of that origin ("https://cdn.example"; empty: none), asked anew
  /// each time: it is a matter of configuration.
  void show_pictures_of(std::function<std::string()> origin);

  struct found {
    route const* to = nullptr;  // null: nothing is there, or not by that method
    std::vector<std::string> at{};
    std::string_view served = "other";  // the template, for metrics
    std::string allowed{};              // methods; empty: nothing is under that path
    bool is_open = false;               // what is under that path needs no token
  };
  [[nodiscard]] found find(std::string_view method, std::string_view path) const;
  [[nodiscard]] std::vector<route> const& routes() const noexcept { return routes_; }
  [[nodiscard]] std::vector<std::string_view> const& scripts() const noexcept { return scripts_; }
  [[nodiscard]] std::vector<std::string> picture_origins() const;

 private:
  std::vector<route> routes_;
  std::vector<std::string_view> scripts_;
  std::vector<std::function<std::string()>> origins_;
};

/// 200 with a text of that media type.
[[nodiscard]] server_response text_response(std::string_view body, std::string_view type);

}  // namespace vinny
