// SPDX-License-Identifier: MIT
#include "blob/s3/s3_answer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <pugixml.hpp>

#include "core/percent.hpp"
#include "core/text.hpp"

namespace vinny {
namespace {

/// The root of a document, when it has the wanted name; namespaces and their prefixes are ignored.
struct document {
  pugi::xml_document tree;
  pugi::xml_node root{};

  document(std::string_view body, std::string_view name) {
    // Without DOCTYPE processing: entities other than the five are left as they are.
    if (!tree.load_buffer(body.data(), body.size(), pugi::parse_default, pugi::encoding_utf8))
      return;
    auto const found = tree.document_element();
    if (local(found.name()) == name) root = found;
  }
  static std::string_view local(std::string_view name) {
    auto const colon = name.find(':');
    return colon == std::string_view::npos ? name : name.substr(colon + 1);
  }
};

pugi::xml_node child(pugi::xml_node parent, std::string_view name) {
  for (auto const one : parent.children()) {
    if (document::local(one.name()) == name) return one;
  }
  return {};
}

std::string text(pugi::xml_node parent, std::string_view name) {
  return child(parent, name).child_value();
}

std::int64_t number(pugi::xml_node parent, std::string_view name) {
  auto const digits = text(parent, name);
  std::int64_t out = 0;
  auto const* const end = digits.data() + digits.size();
  auto const [last, error] = std::from_chars(digits.data(), end, out);
  return error == std::errc{} && last == end && out >= 0 ? out : 0;
}

bool truncated(pugi::xml_node root) {
  return text(root, "IsTruncated") == "true";
}

std::unexpected<failure> unreadable(std::string_view what) {
  return fail(errc::bad_response, fmt::format("the store's {} cannot be read", what));
}

/// Of a listing that was asked for with encoding-type=url. A store that does not know the
/// parameter does not repeat it, and sends its names as they are.
class decoder {
 public:
  explicit decoder(pugi::xml_node root) : encoded_(text(root, "EncodingType") == "url") {}
  [[nodiscard]] std::string operator()(std::string name) const {
    if (!encoded_) return name;
    std::ranges::replace(name, '+', ' ');
    return percent_decode(name);
  }

 private:
  bool encoded_;
};

}  // namespace

std::optional<s3_error> parse_s3_error(std::string_view body) {
  document const parsed{body, "Error"};
  if (!parsed.root) return std::nullopt;
  s3_error out{.code = text(parsed.root, "Code"),
               .message = text(parsed.root, "Message"),
               .request_id = text(parsed.root, "RequestId"),
               .server_time = text(parsed.root, "ServerTime")};
  if (out.code.empty()) return std::nullopt;
  return out;
}

result<object_page> parse_object_page(std::string_view body) {
  document const parsed{body, "ListBucketResult"};
  if (!parsed.root) return unreadable("list of objects");
  decoder const decoded{parsed.root};
  object_page out;
  for (auto const one : parsed.root.children()) {
    if (document::local(one.name()) != "Contents") continue;
    out.objects.push_back({.key = decoded(text(one, "Key")),
                           .etag = bare_etag(text(one, "ETag")),
                           .bytes = number(one, "Size"),
                           .last_modified = text(one, "LastModified")});
  }
  if (truncated(parsed.root)) {
    out.next = text(parsed.root, "NextContinuationToken");
    if (out.next.empty()) return unreadable("list of objects (it has no continuation token)");
  }
  return out;
}

result<upload_page> parse_upload_page(std::string_view body) {
  document const parsed{body, "ListMultipartUploadsResult"};
  if (!parsed.root) return unreadable("list of multipart uploads");
  decoder const decoded{parsed.root};
  upload_page out;
  for (auto const one : parsed.root.children()) {
    if (document::local(one.name()) != "Upload") continue;
    out.uploads.push_back({.key = decoded(text(one, "Key")),
                           .id = text(one, "UploadId"),
                           .initiated = text(one, "Initiated")});
  }
  if (truncated(parsed.root)) {
    out.next_key = decoded(text(parsed.root, "NextKeyMarker"));
    out.next_id = text(parsed.root, "NextUploadIdMarker");
    if (out.next_key.empty()) return unreadable("list of multipart uploads (it has no marker)");
  }
  return out;
}

result<part_page> parse_part_page(std::string_view body) {
  document const parsed{body, "ListPartsResult"};
  if (!parsed.root) return unreadable("list of parts");
  part_page out;
  for (auto const one : parsed.root.children()) {
    if (document::local(one.name()) != "Part") continue;
    out.parts.push_back(
        {.number = static_cast<int>(std::min<std::int64_t>(number(one, "PartNumber"), 10'001)),
         .etag = bare_etag(text(one, "ETag")),
         .bytes = number(one, "Size")});
  }
  if (truncated(parsed.root)) {
    out.next = text(parsed.root, "NextPartNumberMarker");
    if (out.next.empty()) return unreadable("list of parts (it has no marker)");
  }
  return out;
}

result<std::string> parse_upload_id(std::string_view body) {
  document const parsed{body, "InitiateMultipartUploadResult"};
  auto id = text(parsed.root, "UploadId");
  if (id.empty()) return unreadable("answer to a new multipart upload");
  return id;
}

std::optional<std::string> parse_completed_etag(std::string_view body) {
  document const parsed{body, "CompleteMultipartUploadResult"};
  if (!parsed.root) return std::nullopt;
  return bare_etag(text(parsed.root, "ETag"));
}

std::string completion_document(std::vector<stored_part> const& parts) {
  std::string out = R"(<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">)";
  for (auto const& one : parts) {
    out += fmt::format("<Part><PartNumber>{}</PartNumber><ETag>&quot;{}&quot;</ETag></Part>",
                       one.number, one.etag);
  }
  return out + "</CompleteMultipartUpload>";
}

std::string bare_etag(std::string_view etag) {
  etag = trim(etag);
  if (etag.size() >= 2 && etag.starts_with('"') && etag.ends_with('"')) {
    etag = etag.substr(1, etag.size() - 2);
  }
  return std::string{etag};
}

bool is_md5_etag(std::string_view bare) noexcept {
  return bare.size() == 32 && bare.find_first_not_of("0123456789abcdefABCDEF") == bare.npos;
}

}  // namespace vinny
