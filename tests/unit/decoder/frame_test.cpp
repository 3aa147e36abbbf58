// SPDX-License-Identifier: MIT
#include "decoder/frame.hpp"

#include <catch2/catch.hpp>

using namespace vinny;

namespace {

render_order const order{
    .limits = {.min_width = 1, .min_height = 2, .min_bytes = 3, .max_bytes = 4, .max_pixels = 5},
    .profile = {.apply_orientation = false, .quality = 82},
    .specs = {{"small", 240, 0}, {"wide", 1024, 300}}};

rendered_image image() {
  return {
      .source = {.type = image_type::png, .width = 3000, .height = 2000},
      .made = {{"small", 240, 160, "\xFF\xD8\xFF one"}, {"wide", 450, 300, "\xFF\xD8\xFF two"}}};
}
std::string body_of(rendered_image const& one) {
  return one.made[0].bytes + one.made[1].bytes;
}

}  // namespace

TEST_CASE("an order arrives as it was sent, but for the labels") {
  auto const read = read_order(pack(order));
  REQUIRE(read);
  CHECK(read->limits.max_pixels == 5);
  CHECK(read->limits.min_bytes == 3);
  CHECK_FALSE(read->profile.apply_orientation);
  CHECK(read->profile.quality == 82);
  REQUIRE(read->specs.size() == 2);
  CHECK(read->specs[1].box_height == 300);
}

TEST_CASE("an answer arrives as it was sent") {
  auto const sent = image();
  auto const read = read_answer(pack(result<rendered_image>{sent}), body_of(sent), order);
  REQUIRE(read);
  CHECK(read->source.width == 3000);
  CHECK(read->made[0].bytes == sent.made[0].bytes);
  CHECK(read->made[1].label == "wide");
  auto const refused =
      read_answer(pack(result<rendered_image>{fail(errc::image_corrupt, "broken\xFF")}), {}, order);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::image_corrupt);
  CHECK(refused.error().message.starts_with("broken"));
}

TEST_CASE("whatever has become of the decoder, nonsense is not believed") {
  auto const sent = image();
  auto const head = pack(result<rendered_image>{sent});
  auto const body = body_of(sent);
  auto const refused = [&](std::string_view h, std::string_view b) {
    auto const read = read_answer(h, b, order);
    return !read && read.error().code == errc::bad_response;
  };
  for (std::size_t cut = 0; cut < head.size(); ++cut) CHECK(refused(head.substr(0, cut), body));
  CHECK(refused(head + 'x', body));
  CHECK(refused(head, body + 'x'));
  CHECK(refused(head, body.substr(1)));
  auto other = sent;
  other.made[0].bytes = "<svg>onload";
  CHECK(refused(pack(result<rendered_image>{other}), body_of(other)));
  std::string const unknown_code{"\xFF\xFF\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00", 12};
  CHECK(refused(unknown_code, {}));
  CHECK_FALSE(read_prefix(pack(frame_prefix{.head = most_head_bytes + 1, .body = 0})));
  CHECK_FALSE(read_prefix("short"));
}
