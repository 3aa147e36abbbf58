// SPDX-License-Identifier: MIT
#include "image/sniff.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "core/text.hpp"

namespace vinny {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t evidence_bytes = 512;

struct magic {
  std::size_t offset;
  std::string_view bytes;
  std::string_view name;
};

constexpr std::array other_images{
    magic{0, "GIF8"sv, "GIF"},
    magic{8, "WEBP"sv, "WebP"},  // after "RIFF" and a length
    magic{0, "II*\0"sv, "TIFF or camera raw"},
    magic{0, "MM\0*"sv, "TIFF or camera raw"},
    magic{0, "\0\0\1\0"sv, "ICO"},
    magic{0, "\0\0\2\0"sv, "CUR"},
    magic{0, "\0\0\0\x0CjP  "sv, "JPEG 2000"},
    magic{0, "\xFF\x4F\xFF\x51"sv, "JPEG 2000"},
    magic{0, "\0\0\0\x0CJXL "sv, "JPEG XL"},
    magic{0, "\xFF\x0A"sv, "JPEG XL"},
    magic{0, "8BPS"sv, "PSD"},
    magic{0, "II\xBC"sv, "JPEG XR"},
};

bool has(std::string_view bytes, std::size_t offset, std::string_view part) {
  return bytes.size() >= offset + part.size() && bytes.substr(offset, part.size()) == part;
}

/// "BM" alone also begins plain words: the two reserved fields must be zero as well.
bool is_bmp(std::string_view bytes) {
  return has(bytes, 0, "BM"sv) && has(bytes, 6, "\0\0\0\0"sv);
}

/// ISO base media files carry their brand in the first box (ISO/IEC 14496-12, 4.3).
std::string_view iso_media_image(std::string_view bytes) {
  if (!has(bytes, 4, "ftyp"sv) || bytes.size() < 12) return {};
  auto const brand = bytes.substr(8, 4);
  if (brand == "avif" || brand == "avis") return "AVIF";
  for (auto const heic : {"heic"sv, "heix"sv, "hevc"sv, "heim"sv, "mif1"sv, "msf1"sv}) {
    if (brand == heic) return "HEIC or AVIF";
  }
  return {};
}

bool looks_like_text(std::string_view head) {
  return std::ranges::none_of(head, [](char c) {
    auto const byte = static_cast<unsigned char>(c);
    return byte == 0x7F || (byte < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f');
  });
}

struct text_kind {
  errc code;
  std::string_view name;
};

text_kind kind_of_text(std::string_view head) {
  auto const text = to_lower(head);
  auto const begins = [&](std::string_view with) { return text.starts_with(with); };
  bool const markup = begins("<");
  if (begins("<svg") || (markup && text.contains("<svg") && !text.contains("<html"))) {
    return {errc::image_type_unsupported, "SVG"};
  }
  if (begins("<?xml") && !text.contains("<html")) return {errc::not_an_image, "an XML document"};
  for (auto const tag : {"<!doctype html"sv, "<html"sv, "<head"sv, "<body"sv, "<title"sv}) {
    if (markup && text.contains(tag)) return {errc::not_an_image, "an HTML page"};
  }
  if (markup) return {errc::not_an_image, "markup"};
  if (begins("{") || begins("[")) return {errc::not_an_image, "JSON"};
  return {errc::not_an_image, "text"};
}

std::unexpected<failure> refuse(errc code, std::string message, std::string_view bytes) {
  failure why{code, std::move(message)};
  why.evidence = valid_utf8(bytes.substr(0, evidence_bytes));
  return std::unexpected(std::move(why));
}

std::unexpected<failure> unsupported(std::string_view name, std::string_view bytes) {
  return refuse(errc::image_type_unsupported,
                "the image is " + std::string(name) + ": only JPEG and PNG are taken", bytes);
}

}  // namespace

result<image_type> sniff(std::string_view bytes) {
  if (has(bytes, 0, "\xFF\xD8\xFF"sv)) return image_type::jpeg;
  if (has(bytes, 0, "\x89PNG\r\n\x1A\n"sv)) return image_type::png;
  for (auto const& other : other_images) {
    if (has(bytes, other.offset, other.bytes)) return unsupported(other.name, bytes);
  }
  if (is_bmp(bytes)) return unsupported("BMP", bytes);
  if (auto const name = iso_media_image(bytes); !name.empty()) return unsupported(name, bytes);

  auto head = bytes.substr(0, 2 * evidence_bytes);
  if (has(head, 0, "\xFF\xFE"sv) || has(head, 0, "\xFE\xFF"sv)) {
    return refuse(errc::not_an_image, "not an image: UTF-16 text", bytes);
  }
  if (has(head, 0, "\xEF\xBB\xBF"sv)) head.remove_prefix(3);
  head = trim(head);
  if (!looks_like_text(head)) {
    return refuse(errc::not_an_image, "not an image: bytes of no known image type", bytes);
  }
  auto const kind = kind_of_text(head);
  if (kind.code == errc::image_type_unsupported) return unsupported(kind.name, bytes);
  // A page of maintenance, a login, a note about an error: another day the image may be there.
  auto refused = refuse(kind.code, "not an image: the body is " + std::string(kind.name), bytes);
  refused.error().in_place = true;
  return refused;
}

}  // namespace vinny
