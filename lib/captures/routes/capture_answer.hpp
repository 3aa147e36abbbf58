// SPDX-License-Identifier: MIT
//
// The captures' part of the control endpoint: lists, single captures, what is added and removed,
// and the route that makes thumbnails.
#pragma once

#include "captures/stages/thumbnail_maker.hpp"
#include "http/server.hpp"

namespace vinny {

class capture_answer {
 public:
  capture_answer(engine& work, thumbnail_maker& maker) : work_(work), maker_(maker) {}

  /// GET /v1/captures?collection=&limit=&cursor=
  [[nodiscard]] task<server_response> list(server_request const& request);
  /// GET /v1/captures/{id}
  [[nodiscard]] task<server_response> show(server_request const& request, std::string const& id);
  /// POST /v1/captures: {"url","collection"}, or the bytes of a picture and ?collection=.
  [[nodiscard]] task<server_response> add(server_request const& request);
  /// DELETE /v1/captures/{id}
  [[nodiscard]] task<server_response> remove(std::string const& id);
  /// GET /v1/captures/thumbnails/{id}?label=; `known`: who asks may see private collections.
  [[nodiscard]] task<server_response> thumbnail(server_request const& request,
                                                std::string const& id, bool known);
  /// Any method of /v1/captures/thumbnails.
  [[nodiscard]] static server_response no_list();
  /// POST /v1/captures/{id}/report-missing
  [[nodiscard]] task<server_response> report_missing(std::string const& id);

 private:
  [[nodiscard]] task<server_response> add_url(server_request const& request);
  [[nodiscard]] task<server_response> add_upload(server_request const& request);
  [[nodiscard]] task<server_response> added(server_request const& request, capture what);
  [[nodiscard]] server_response redirect(world const& outside, std::string const& key) const;

  engine& work_;
  thumbnail_maker& maker_;
};

}  // namespace vinny
