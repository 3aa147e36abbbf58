// SPDX-License-Identifier: MIT
#include "captures/routes/capture_service.hpp"

#include "captures/model/capture_settings.hpp"
#include "captures/page.hpp"
#include "captures/routes/capture_answer.hpp"
#include "captures/routes/capture_document.hpp"
#include "captures/stages/capture_care.hpp"
#include "core/text.hpp"
#include "core/url.hpp"

namespace vinny {
namespace {

class capture_service final : public service {
 public:
  explicit capture_service(engine& work)
      : engine_(work), maker_(work, work.loop()), answers_(work, maker_) {}

  void add_routes(router& to) override {
    // Before /v1/captures/{id}, which it would fit.
    to.add({.method = "*",
            .path = "/v1/captures/thumbnails",
            .call = [](routed_call const&) -> task<server_response> {
              co_return capture_answer::no_list();
            },
            .is_open = true});
    to.add({"GET", "/v1/captures",
            [this](routed_call const& call) { return answers_.list(call.request); }});
    to.add({.method = "POST",
            .path = "/v1/captures",
            .call = [this](routed_call const& call) { return answers_.add(call.request); },
            .largest_body = [this](server_request const& head) { return largest_picture(head); }});
    to.add({"GET", "/v1/captures/{id}",
            [this](routed_call const& call) { return answers_.show(call.request, call.at[0]); }});
    to.add({"DELETE", "/v1/captures/{id}",
            [this](routed_call const& call) { return answers_.remove(call.at[0]); }});
    to.add({"POST", "/v1/captures/{id}/report-missing",
            [this](routed_call const& call) { return answers_.report_missing(call.at[0]); }});
    // An <img> sends no token.
    to.add({.method = "GET",
            .path = "/v1/captures/thumbnails/{id}",
            .call =
                [this](routed_call const& call) {
                  return answers_.thumbnail(call.request, call.at[0], call.is_known);
                },
            .is_open = true});
    to.add_script("/captures.js", page::captures_js());
    to.show_pictures_of([this] {
      auto const where =
          url::parse(capture_addresses{*engine_.settings(), {}, now()}.of_object("x"));
      return where ? where->origin() : std::string{};
    });
  }
  task<> care() override { return care_for_captures(engine_); }
  task<> stop() override { return maker_.stop(); }

 private:
  [[nodiscard]] std::uint64_t largest_picture(server_request const& head) const {
    auto const type = to_lower(head.header("Content-Type"));
    if (type.starts_with("application/json")) return 0;
    return static_cast<std::uint64_t>(engine_.settings()->of<thumbnails_config>().max_bytes);
  }

  engine& engine_;
  thumbnail_maker maker_;
  capture_answer answers_;
};

}  // namespace

std::unique_ptr<service> serve_captures(engine& work) {
  return std::make_unique<capture_service>(work);
}

}  // namespace vinny
