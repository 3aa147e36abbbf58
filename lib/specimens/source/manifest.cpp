// SPDX-License-Identifier: MIT
#include "specimens/source/manifest.hpp"

#include <boost/json.hpp>

namespace vinny {
namespace {

namespace json = boost::json;

constexpr std::size_t deepest = 32;

/// A member of an object; of a list's first object that has it. Null: there is none.
json::value const* first_member(json::value const* from, std::string_view name) {
  if (from == nullptr) return nullptr;
  if (auto const* const object = from->if_object()) return object->if_contains(name);
  if (auto const* const list = from->if_array()) {
    for (auto const& one : *list) {
      if (auto const* const found = first_member(&one, name)) return found;
    }
  }
  return nullptr;
}

std::string text(json::value const* from) {
  return from != nullptr && from->is_string() ? std::string{from->get_string()} : std::string{};
}

/// "id" (3) or "@id" (2); a plain string is its own.
std::string id_of(json::value const* from) {
  if (from != nullptr && from->is_string()) return text(from);
  auto const own = text(first_member(from, "id"));
  return own.empty() ? text(first_member(from, "@id")) : own;
}

/// A service says its version by its context, type or profile.
int version_of(json::value const* service) {
  auto const said = text(first_member(service, "type")) + text(first_member(service, "@context")) +
                    text(first_member(service, "profile")) + text(first_member(service, "@type"));
  bool const third = said.find("ImageService3") != std::string::npos ||
                     said.find("image/3") != std::string::npos || said.find("level") == 0;
  return third ? 3 : 2;
}

bool is_address(std::string const& id) {
  return id.starts_with("https://") || id.starts_with("http://");
}

void add_picture(json::value const* picture, std::vector<std::string>& out) {
  // A Choice holds several forms of one picture: the first is the default.
  if (auto const* const forms = first_member(picture, "items")) picture = forms;
  if (auto const* const form = first_member(picture, "default")) picture = form;
  if (auto const* const list = picture != nullptr ? picture->if_array() : nullptr) {
    if (list->empty()) return;
    picture = &list->front();
  }
  if (auto const* const service = first_member(picture, "service")) {
    if (auto base = id_of(service); is_address(base)) {
      for (auto& one : requests_of_service(std::move(base), version_of(service))) {
        out.push_back(std::move(one));
      }
    }
  }
  if (auto own = id_of(picture); is_address(own)) out.push_back(std::move(own));
}

}  // namespace

std::vector<std::string> requests_of_service(std::string base, int version) {
  while (base.ends_with('/')) base.pop_back();
  if (base.ends_with("/info.json")) base.resize(base.size() - 10);
  std::vector<std::string> out;
  for (auto const* const size : {version == 3 ? "max" : "full", "1600,", "1200,", "800,"}) {
    out.push_back(base + "/full/" + size + "/0/default.jpg");
  }
  return out;
}

result<std::vector<std::string>> images_of_manifest(std::string_view document) {
  json::parse_options options;
  options.max_depth = deepest;
  boost::system::error_code error;
  auto const parsed = json::parse(document, error, {}, options);
  if (error) return fail(errc::bad_json, "the manifest is no JSON");
  auto const* const root = &parsed;
  std::vector<std::string> out;
  // Image API: the description is the service itself.
  if (first_member(root, "width") != nullptr && first_member(root, "protocol") != nullptr) {
    auto base = id_of(root);
    if (!is_address(base)) return fail(errc::not_found, "the description has no address");
    return requests_of_service(std::move(base), version_of(root));
  }
  // Presentation 3: canvas, page, annotation, body; 2: sequence, canvas, image, resource.
  auto const* body = first_member(
      first_member(first_member(first_member(root, "items"), "items"), "items"), "body");
  if (body == nullptr) {
    body = first_member(
        first_member(first_member(first_member(root, "sequences"), "canvases"), "images"),
        "resource");
  }
  add_picture(body, out);
  if (out.empty()) return fail(errc::not_found, "the manifest shows no image");
  return out;
}

}  // namespace vinny
